/**
 * A FHIR server that does not know conditional create: its statement says so, and it ignores If-None-Exist, as servers do
 * with headers that they do not know. Stands in front of a server that does.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Loopback, serveOnLoopback } from '../support/loopback.ts';

const passedOn = ['accept', 'content-type', 'if-match', 'prefer', 'authorization'];
const passedBack = ['content-type', 'etag', 'last-modified', 'location', 'date'];

/** Serves what is at the FHIR base `target` without conditional create; the result has the base to use instead. */
export async function startPlainServer(
  target: string,
): Promise<{ base: string; stop(): Promise<void> }> {
  const theirs = new URL(target);
  let server: Loopback | undefined;
  const here = () => `${server?.origin}${theirs.pathname}`;
  server = await serveOnLoopback((req, res) => {
    // A connection that was cut behind us is cut in front of us too.
    relay(req, res).catch((error: Error) => res.destroy(error));
  });
  return { base: here(), stop: server.stop };

  async function relay(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await text(req);
    const headers = Object.fromEntries(
      passedOn.flatMap((name) => (req.headers[name] ? [[name, String(req.headers[name])]] : [])),
    );
    const answer = await fetch(theirs.origin + req.url, {
      method: req.method ?? 'GET',
      headers,
      ...(body !== '' && { body }),
    });
    const said = (await answer.text()).replaceAll(target, here());
    const isStatement = new URL(req.url ?? '/', theirs).pathname.endsWith('/metadata');
    res.writeHead(
      answer.status,
      Object.fromEntries(
        passedBack.flatMap((name) => {
          const value = answer.headers.get(name)?.replaceAll(target, here());
          return value === undefined ? [] : [[name, value]];
        }),
      ),
    );
    res.end(isStatement ? withoutConditionalCreate(said) : said);
  }
}

function withoutConditionalCreate(statement: string): string {
  return statement.replaceAll('"conditionalCreate":true', '"conditionalCreate":false');
}
