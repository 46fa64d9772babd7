/**
 * Requests to the doors of a sign-in: discovery and the token endpoint. They carry no bearer token and may go to another
 * origin than the base, so they do not pass through the transport of the FHIR server. No redirect is followed, since a
 * secret or an assertion would follow it; the answer has a cap; each is reported like any other exchange.
 */
import { type Dispatcher, request } from 'undici';
import { AdapterError, asAdapterError, type ErrorCode } from '../../core/errors.ts';
import type { HospitalConnection } from '../connection.ts';
import { openDispatcher } from '../dispatcher.ts';
import type { ExchangeDeps } from '../exchange.ts';
import { defaultTimeouts } from '../transport.ts';

export interface PlainAsk {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly form?: URLSearchParams;
  /** Of a client that signs in with its secret. */
  readonly authorization?: string;
}

export interface PlainAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** By our clock. */
  readonly receivedMs: number;
}

/**
 * Sends, hands the answer to `accept`, reports. `accept` is not called when there was no whole answer. `faultOf` names
 * what is no success although it was not thrown.
 */
export type PlainRequest = <T>(
  ask: PlainAsk,
  accept: (answer: PlainAnswer) => T,
  faultOf?: (value: T) => ErrorCode | undefined,
) => Promise<T>;

export interface PlainRequests {
  readonly ask: PlainRequest;
  close(): Promise<void>;
}

export type PlainDeps = Pick<ExchangeDeps, 'ids' | 'clock' | 'env' | 'onExchange' | 'stop'> & {
  readonly connection: HospitalConnection;
};

/** Of one origin; discovery and token are asked for one after the other. */
const connections = 2;
/** A statement may be large; a token or a SMART configuration never is. */
const maxBytes = { GET: 16 * 1024 * 1024, POST: 256 * 1024 } as const;

/** By the TLS, proxy and timeouts of the hospital. No socket is opened before the first request. */
export function plainRequests(deps: PlainDeps): PlainRequests {
  const { ids, clock, env, onExchange, stop, connection } = deps;
  const { tls, proxy, timeouts = defaultTimeouts } = connection;
  const { connectMs, headersMs, bodyMs } = timeouts;
  const nowMs = () => Date.parse(clock());
  const pool = openDispatcher(
    { timeouts, connections, ...(tls && { tls }), ...(proxy && { proxy }) },
    env,
  );

  async function receive(ask: PlainAsk, requestId: string): Promise<PlainAnswer> {
    const { method, url, form, authorization } = ask;
    const deadline = AbortSignal.timeout(connectMs + headersMs + bodyMs);
    const answer = await request(url, {
      dispatcher: pool,
      method,
      signal: stop === undefined ? deadline : AbortSignal.any([deadline, stop]),
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': 'massage-fhir',
        'x-request-id': requestId,
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(authorization !== undefined && { authorization }),
      },
      ...(form && { body: form.toString() }),
    });
    const headers = headersOf(answer.headers);
    const receivedMs = nowMs();
    const text = await textOf(answer.body, maxBytes[method]);
    return { status: answer.statusCode, headers, text, receivedMs };
  }

  return {
    async ask(ask, accept, faultOf) {
      const requestId = ids();
      const startedMs = nowMs();
      let status: number | undefined;
      let bytes = 0;
      let errorCode: ErrorCode | undefined;
      try {
        const answer = await receive(ask, requestId).catch((thrown: unknown) => {
          throw noAnswer(thrown, ask);
        });
        ({ status } = answer);
        bytes = Buffer.byteLength(answer.text);
        const value = accept(answer);
        errorCode = faultOf?.(value);
        return value;
      } catch (thrown) {
        const error = asAdapterError(thrown);
        errorCode = error.code;
        throw error;
      } finally {
        onExchange({
          hospital: connection.id,
          requestId,
          method: ask.method,
          path: loggedAddress(ask.url),
          ...(status !== undefined && { status }),
          ms: nowMs() - startedMs,
          ...(bytes > 0 && { bytes }),
          ...(errorCode && { errorCode }),
        });
      }
    },
    close: () => pool.close(),
  };
}

/** An address as it may be logged: without user and query. */
export function loggedAddress(address: string): string {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`.slice(0, 200);
}

async function textOf(body: Dispatcher.ResponseData['body'], most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop destroys the body, and with it the socket.
    if (size > most) throw new AnswerTooLarge(`larger than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

class AnswerTooLarge extends Error {
  readonly code = 'TOO_LARGE';
}

function headersOf(record: Dispatcher.ResponseData['headers']): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(record))
    for (const value of [values ?? []].flat()) headers.append(name, value);
  return headers;
}

/** Token requests and discovery may be repeated, so whatever broke is one thing: there was no answer. */
function noAnswer(thrown: unknown, { method, url }: PlainAsk): AdapterError {
  const ours = chainOf(thrown).find((one) => one instanceof AdapterError);
  if (ours) return ours;
  const code = codeOf(thrown);
  const isUntrusted = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/.test(code);
  return new AdapterError(
    'hospital-unreachable',
    `${method} ${loggedAddress(url)} had no whole answer (${code}).`,
    {
      about: loggedAddress(url),
      fix: isUntrusted
        ? 'The certificate of this server is not trusted here: make its certificate authority known in the settings of this hospital.'
        : 'Check the network path to this server, with which we sign in; the sync tries again by itself.',
    },
  );
}

/** The most telling machine code. */
function codeOf(thrown: unknown): string {
  for (const cause of chainOf(thrown)) {
    if (cause instanceof DOMException) return cause.name;
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
  }
  return 'no code';
}

function chainOf(thrown: unknown): readonly Error[] {
  const chain: Error[] = [];
  let at = thrown;
  while (at instanceof Error && !chain.includes(at)) {
    chain.push(at);
    at = at.cause ?? (at instanceof AggregateError ? at.errors[0] : undefined);
  }
  return chain;
}
