/**
 * The connection pool of one hospital and the rules that hold below every client: nothing leaves for another origin,
 * no answer is larger than the cap once decoded, and what arrived is noted per request, also when the body is cut off.
 * These live in the dispatcher since fhir-kit-client has no timeout, no size limit and sends its token to any address.
 */
import { gunzip } from 'node:zlib';
import { Agent, type Dispatcher } from 'undici';
import { AdapterError } from '../core/errors.ts';
import type { Timeouts } from './connection.ts';
import { insideBase, type ServiceBase } from './service-base.ts';
import { type Slots, slots } from './slots.ts';

export const defaultTimeouts: Timeouts = { connectMs: 10_000, headersMs: 60_000, bodyMs: 60_000 };

export interface TransportLimits {
  readonly timeouts: Timeouts;
  /** Sockets to this hospital, and so exchanges at the same time. */
  readonly connections: number;
  /** Bytes of one decoded answer. */
  readonly maxBytes: number;
}

export const defaultLimits: TransportLimits = {
  timeouts: defaultTimeouts,
  connections: 4,
  maxBytes: 64 * 1024 * 1024,
};

/** What arrived in answer to one request so far. */
export interface Arrival {
  status?: number;
  headers?: Headers;
  /** Of the decoded body. */
  bytes: number;
}

export interface Transport {
  readonly dispatcher: Dispatcher;
  readonly slot: Slots;
  /** Starts noting what arrives for this request id; `forget` ends it. */
  watch(requestId: string): Arrival;
  forget(requestId: string): void;
  /** Ends an exchange that drips on for longer than all timeouts together. */
  deadline(): AbortSignal;
  close(): Promise<void>;
}

/** Opens the pool; no socket is opened before the first request. */
export function openTransport(
  base: ServiceBase,
  limits: TransportLimits = defaultLimits,
): Transport {
  const { connectMs, headersMs, bodyMs } = limits.timeouts;
  const arrivals = new Map<string, Arrival>();
  const agent = new Agent({
    connections: limits.connections,
    connect: { timeout: connectMs },
    headersTimeout: headersMs,
    bodyTimeout: bodyMs,
  });
  const dispatcher = agent.compose((dispatch) => (options, handler) => {
    const target =
      URL.canParse(options.path, options.origin) && new URL(options.path, options.origin);
    if (!target || !insideBase(base, target)) {
      throw new AdapterError('foreign-origin', 'A request to another address was stopped.', {
        about: base.href,
      });
    }
    const arrival = arrivals.get(requestIdOf(options)) ?? { bytes: 0 };
    return dispatch(options, noting(handler, arrival, limits.maxBytes));
  });
  return {
    dispatcher,
    slot: slots(limits.connections),
    watch(requestId) {
      const arrival: Arrival = { bytes: 0 };
      arrivals.set(requestId, arrival);
      return arrival;
    },
    forget: (requestId) => void arrivals.delete(requestId),
    deadline: () => AbortSignal.timeout(connectMs + headersMs + bodyMs),
    close: () => agent.close(),
  };
}

/** fetch hands its headers to the dispatcher as a plain record. */
function requestIdOf(options: Dispatcher.DispatchOptions): string {
  const headers = new Headers(options.headers as Record<string, string>);
  return headers.get('x-request-id') ?? '';
}

/** Aborts an answer that cannot be taken in: too large once decoded, or in an encoding that was not asked for. */
export class AnswerNotTaken extends Error {}

/**
 * Notes status, headers and size on the way to fetch. A gzip body is decoded here with the cap, not by fetch, which has
 * none: a few kilobytes of zeros would fill the memory. It is held back until complete, as the client buffers it anyway.
 */
function noting(
  inner: Dispatcher.DispatchHandler,
  arrival: Arrival,
  maxBytes: number,
): Dispatcher.DispatchHandler {
  const zipped: Buffer[] = [];
  let isZipped = false;
  let received = 0;
  return {
    onRequestStart: (controller, context) => inner.onRequestStart?.(controller, context),
    onRequestUpgrade: (...upgrade) => inner.onRequestUpgrade?.(...upgrade),
    onResponseStarted: () => inner.onResponseStarted?.(),
    onBodySent: (chunk) => inner.onBodySent?.(chunk),
    onRequestSent: () => inner.onRequestSent?.(),
    onResponseError: (controller, error) => inner.onResponseError?.(controller, error),
    onResponseStart(controller, status, headers, message) {
      if (status < 200) return inner.onResponseStart?.(controller, status, headers, message);
      arrival.status = status;
      arrival.headers = headersOf(headers);
      const encoding = arrival.headers.get('content-encoding') ?? 'identity';
      isZipped = /^(x-)?gzip$/i.test(encoding);
      if (isZipped) dropEncoding(controller, headers);
      else if (!/^identity$/i.test(encoding)) {
        return controller.abort(new AnswerNotTaken('in an encoding that was not asked for'));
      }
      return inner.onResponseStart?.(controller, status, headers, message);
    },
    onResponseData(controller, chunk) {
      received += chunk.length;
      if (received > maxBytes) {
        controller.abort(new AnswerNotTaken(`larger than ${maxBytes} bytes`));
      } else if (isZipped) {
        zipped.push(chunk);
      } else {
        arrival.bytes = received;
        return inner.onResponseData?.(controller, chunk);
      }
    },
    onResponseEnd(controller, trailers) {
      if (!isZipped) return inner.onResponseEnd?.(controller, trailers);
      gunzip(Buffer.concat(zipped), { maxOutputLength: maxBytes }, (error, body) => {
        if (error) return inner.onResponseError?.(controller, unpackFault(error, maxBytes));
        arrival.bytes = body.length;
        inner.onResponseData?.(controller, body);
        inner.onResponseEnd?.(controller, trailers);
      });
    },
  };
}

function unpackFault(error: NodeJS.ErrnoException, maxBytes: number): Error {
  if (error.code !== 'ERR_BUFFER_TOO_LARGE') return error;
  return new AnswerNotTaken(`larger than ${maxBytes} bytes`);
}

function headersOf(
  record: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2],
): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(record)) {
    for (const value of [values ?? []].flat()) headers.append(name, value);
  }
  return headers;
}

/** Takes Content-Encoding and the length of the encoded body out, in both forms that fetch may look at. */
function dropEncoding(
  controller: Dispatcher.DispatchController,
  headers: Record<string, string | string[] | undefined>,
): void {
  const dropped = /^content-(encoding|length)$/i;
  for (const name of Object.keys(headers)) if (dropped.test(name)) delete headers[name];
  const raw = controller.rawHeaders;
  if (!Array.isArray(raw)) return;
  for (let i = raw.length - 2; i >= 0; i -= 2) if (dropped.test(String(raw[i]))) raw.splice(i, 2);
}
