/**
 * A reverse proxy in front of a FHIR server that loses answers on demand: the server has done the write and said so,
 * and the client never hears it. That is the one fault which no retry policy can tell from "nothing happened".
 */

import {
  request as forward,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { serveOnLoopback } from './loopback.ts';

/** Which answers to lose: `type` is the first step of the path below the base (`''` for a transaction), any when left out. */
export type Drop = { method: string; type?: string; times: number };

/** One request as the proxy saw it; `path` is below the base and keeps the query. `status` is the server's. */
export type Seen = { method: string; path: string; type: string; status: number; dropped: boolean };

export type DroppingProxy = {
  /** The proxy's address for the server's base. */
  base: string;
  /** Loses the next `times` answers to matching writes that succeeded. Rules add up; the oldest that matches counts. */
  dropAnswers(drop: Drop): void;
  /** How many answers were lost so far. */
  readonly dropped: number;
  /** Every request that reached the server, in the order of its answers. */
  readonly requests: readonly Seen[];
  stop(): Promise<void>;
};

export type ProxyOptions = {
  /**
   * Puts the proxy's base for the server's own in headers and bodies of answers. Servers put their own address into
   * Location and next links; without this a client leaves the proxy at the first page, or refuses the foreign link.
   */
  rewriteBase?: boolean;
  /** Called just before a write goes to the server and just after its answer came: the two moments to kill a client. */
  onWrite?(
    moment: 'before' | 'after',
    write: { method: string; path: string },
  ): void | Promise<void>;
};

type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer };

/** Starts a proxy on a loopback port for the FHIR base `target` (`http://127.0.0.1:8080/fhir`, plain HTTP only). */
export async function startDroppingProxy(
  target: string,
  { rewriteBase = false, onWrite }: ProxyOptions = {},
): Promise<DroppingProxy> {
  const upstream = new URL(target);
  const root = upstream.pathname.replace(/\/$/, '');
  const drops: Drop[] = [];
  const requests: Seen[] = [];

  const server = await serveOnLoopback((req, res) => {
    relay(req, res).catch((error: Error) => {
      if (req.socket.destroyed) return; // the client hung up first: nobody is left to tell
      res.writeHead(502, { 'Content-Type': 'text/plain' }).end(`No answer: ${error.message}\n`);
    });
  });

  async function relay(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const method = req.method ?? 'GET';
    const url = req.url ?? '/';
    const path = url.slice(root.length).replace(/^\//, '');
    const type = path.split(/[/?]/)[0] ?? '';
    const isWrite = method !== 'GET' && method !== 'HEAD' && !/\/_search(\?|$)/.test(path);
    const body = await whole(req);
    if (isWrite) await onWrite?.('before', { method, path });
    const answer = await ask(method, url, req.headers, body);
    if (isWrite) await onWrite?.('after', { method, path });

    const succeeded = answer.status >= 200 && answer.status < 300;
    const dropped = isWrite && succeeded && takeDrop(method, type);
    requests.push({ method, path, type, status: answer.status, dropped });
    if (dropped) {
      res.destroy();
      return;
    }
    const told = rewriteBase ? rewritten(answer, target, `${server.origin}${root}`) : answer;
    res.writeHead(told.status, told.headers).end(told.body);
  }

  /** A connection of its own for each request: a kept-alive one that the server just closed would look like a fault. */
  async function ask(
    method: string,
    path: string,
    headers: IncomingHttpHeaders,
    body: Buffer,
  ): Promise<Answer> {
    const sent: IncomingHttpHeaders = { ...headers, host: upstream.host, connection: 'close' };
    if (rewriteBase) sent['accept-encoding'] = 'identity'; // a compressed body cannot be rewritten
    return await new Promise((resolve, reject) => {
      const outgoing = forward(
        { host: upstream.hostname, port: upstream.port, method, path, headers: sent, agent: false },
        (incoming) => {
          whole(incoming).then((received) => {
            const { connection: _, 'transfer-encoding': __, ...kept } = incoming.headers;
            resolve({ status: incoming.statusCode ?? 0, headers: kept, body: received });
          }, reject);
        },
      );
      outgoing.once('error', reject).end(body);
    });
  }

  function takeDrop(method: string, type: string): boolean {
    const drop = drops.find(
      (each) =>
        each.times > 0 && each.method === method && (each.type === undefined || each.type === type),
    );
    if (drop) drop.times -= 1;
    return drop !== undefined;
  }

  return {
    base: `${server.origin}${root}`,
    dropAnswers: (drop) => void drops.push({ ...drop }),
    get dropped() {
      return requests.filter((seen) => seen.dropped).length;
    },
    requests,
    stop: server.stop,
  };
}

/** The answer with `theirs` replaced by `ours`, in the headers that carry addresses and in the body. */
function rewritten({ status, headers, body }: Answer, theirs: string, ours: string): Answer {
  const text = Buffer.from(body.toString('utf8').replaceAll(theirs, ours));
  const changed: IncomingHttpHeaders = { ...headers };
  for (const name of ['location', 'content-location'] as const) {
    const address = headers[name];
    if (address) changed[name] = address.replaceAll(theirs, ours);
  }
  if (headers['content-length']) changed['content-length'] = String(text.length);
  return { status, headers: changed, body: text };
}

async function whole(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
