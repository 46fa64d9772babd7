/**
 * The connection pool of one hospital and the rules that hold below every client: nothing leaves for another origin,
 * no answer is larger than the cap once decoded, and what arrived is noted per request, also when the body is cut off.
 * These live in the dispatcher since fhir-kit-client has no timeout, no size limit and sends its token to any address.
 */
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { AdapterError } from '../core/errors.ts';
import { type HttpProxy, openDispatcher, type TlsFiles } from './dispatcher.ts';
import type { Environment } from './environment.ts';
import { Lasting } from './retry.ts';
import { insideBase, type ServiceBase } from './service-base.ts';
import { type Slots, slots } from './slots.ts';
import type { Timeouts } from './timeouts.ts';

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

/** What one request needs beyond the limits of all; a smaller figure than theirs changes nothing. */
export interface Allowance {
  /** For the headers, and for the silence within the body. */
  readonly waitMs?: number;
  readonly maxBytes?: number;
}

/** The way to the hospital, where it is not a plain one. */
export interface Way {
  readonly tls?: TlsFiles | undefined;
  readonly proxy?: HttpProxy | undefined;
  readonly env: Environment;
}

/** How far one request has come. */
export interface Progress {
  /** Bytes of it may have left: a connection was open and writing began. */
  sent: boolean;
  status?: number;
  /** Made when they are asked for: only the answer of a write that broke off is judged by them. */
  headers?: () => Headers;
  /** Of the decoded body. */
  bytes: number;
  readonly allowed: Allowance;
}

/** The end of one exchange. `done` must be called when it is over. */
export interface Deadline {
  readonly signal: AbortSignal;
  done(): void;
}

export interface Transport {
  readonly dispatcher: Dispatcher;
  readonly slots: Slots;
  /** Starts noting how far the request with this id comes; `forget` ends it. */
  watch(requestId: string, allowed?: Allowance): Progress;
  forget(requestId: string): void;
  /** Ends an exchange that drips on for longer than all timeouts together, or when we are asked to stop. */
  deadline(stop?: AbortSignal, allowed?: Allowance): Deadline;
  /** Waits for exchanges under way, then closes the sockets. */
  close(): Promise<void>;
}

/** Opens the pool; no socket is opened before the first request. */
export function openTransport(
  base: ServiceBase,
  limits: TransportLimits = defaultLimits,
  { tls, proxy, env }: Way = { env: {} },
): Transport {
  const { timeouts, connections, maxBytes } = limits;
  const underway = new Map<string, Progress>();
  const pool = openDispatcher(
    { timeouts, connections, ...(tls && { tls }), ...(proxy && { proxy }) },
    env,
  );
  const places = slots(connections);
  let closing: Promise<void> | undefined;
  const dispatcher = pool.compose((dispatch) => (options, handler) => {
    const target = URL.parse(options.path, options.origin);
    if (!target || !insideBase(base, target)) {
      throw new AdapterError('foreign-origin', 'A request to another address was stopped.', {
        about: base.href,
      });
    }
    const progress = underway.get(requestIdOf(options)) ?? { sent: false, bytes: 0, allowed: {} };
    const { headersMs, bodyMs } = allowedTimeouts(timeouts, progress.allowed);
    return dispatch(
      { ...options, headersTimeout: headersMs, bodyTimeout: bodyMs },
      noting(handler, progress, Math.max(maxBytes, progress.allowed.maxBytes ?? 0)),
    );
  });
  return {
    dispatcher,
    slots: places,
    watch(requestId, allowed = {}) {
      const progress: Progress = { sent: false, bytes: 0, allowed };
      underway.set(requestId, progress);
      return progress;
    },
    forget: (requestId) => void underway.delete(requestId),
    deadline(stop, allowed = {}) {
      const { connectMs, headersMs, bodyMs } = allowedTimeouts(timeouts, allowed);
      return deadlineAfter(connectMs + headersMs + bodyMs, stop);
    },
    close() {
      closing ??= places.idle().then(() => pool.close());
      return closing;
    },
  };
}

/**
 * Leaves nothing behind when it is done. AbortSignal.timeout and AbortSignal.any would: a timer that runs on for minutes,
 * and an entry at the signal of the whole process until it is collected, for each of the thousands of exchanges of a night.
 */
function deadlineAfter(ms: number, stop: AbortSignal | undefined): Deadline {
  const ending = new AbortController();
  const end = () => ending.abort(stop?.reason);
  const timer = setTimeout(() => {
    ending.abort(new DOMException('The exchange took too long.', 'TimeoutError'));
  }, ms).unref();
  stop?.addEventListener('abort', end);
  if (stop?.aborted) end();
  return {
    signal: ending.signal,
    done() {
      clearTimeout(timer);
      stop?.removeEventListener('abort', end);
    },
  };
}

function allowedTimeouts(timeouts: Timeouts, { waitMs = 0 }: Allowance): Timeouts {
  const { connectMs, headersMs, bodyMs } = timeouts;
  return { connectMs, headersMs: Math.max(headersMs, waitMs), bodyMs: Math.max(bodyMs, waitMs) };
}

/** fetch hands its headers to the dispatcher as a plain record, with the names as we wrote them. */
function requestIdOf({ headers }: Dispatcher.DispatchOptions): string {
  const ours = (headers as Record<string, unknown> | null | undefined)?.['x-request-id'];
  return typeof ours === 'string' ? ours : '';
}

/** Aborts an answer that cannot be taken in: too large once decoded, or in an encoding that was not asked for. */
export class AnswerNotTaken extends Lasting {}

/**
 * Notes status, headers and size on the way to fetch. A gzip body is decoded here with the cap, not by fetch, which has
 * none: a few kilobytes of zeros would fill the memory. It is held back until complete, as the client buffers it anyway.
 */
function noting(
  inner: Dispatcher.DispatchHandler,
  progress: Progress,
  maxBytes: number,
): Dispatcher.DispatchHandler {
  const zipped: Buffer[] = [];
  let isZipped = false;
  let isOver = false;
  let received = 0;
  // Told to fetch here, since undici is silent about an abort once the end of the body is in; and in a later turn, since
  // fetch waits for ever when the error comes in the same turn as the headers (both measured, undici 8).
  function refuse(controller: Dispatcher.DispatchController, error: Error) {
    isOver = true;
    setImmediate(() => {
      inner.onResponseError?.(controller, error);
      controller.abort(error);
    });
  }
  return {
    onRequestStart(controller, context) {
      progress.sent = true;
      inner.onRequestStart?.(controller, context);
    },
    onRequestUpgrade: (...upgrade) => inner.onRequestUpgrade?.(...upgrade),
    onResponseStarted: () => inner.onResponseStarted?.(),
    onBodySent: (chunk) => inner.onBodySent?.(chunk),
    onRequestSent: () => inner.onRequestSent?.(),
    onResponseError(controller, error) {
      if (!isOver) inner.onResponseError?.(controller, error);
      isOver = true;
    },
    onResponseStart(controller, status, headers, message) {
      if (status < 200) return inner.onResponseStart?.(controller, status, headers, message);
      progress.status = status;
      const whole = { ...headers };
      progress.headers = () => headersOf(whole);
      const encoding = String(headers['content-encoding'] ?? 'identity');
      isZipped = /^(x-)?gzip$/i.test(encoding);
      if (isZipped) dropEncoding(controller, headers);
      else if (!/^identity$/i.test(encoding)) {
        return refuse(controller, new AnswerNotTaken('in an encoding that was not asked for'));
      }
      return inner.onResponseStart?.(controller, status, headers, message);
    },
    onResponseData(controller, chunk) {
      if (isOver) return;
      received += chunk.length;
      if (received > maxBytes) {
        return refuse(controller, new AnswerNotTaken(`larger than ${maxBytes} bytes`));
      }
      if (isZipped) {
        zipped.push(chunk);
        return;
      }
      progress.bytes = received;
      return inner.onResponseData?.(controller, chunk);
    },
    onResponseEnd(controller, trailers) {
      if (isOver) return;
      if (!isZipped) return inner.onResponseEnd?.(controller, trailers);
      gunzip(Buffer.concat(zipped), { maxOutputLength: maxBytes }, (error, body) => {
        if (isOver) return;
        if (error) return inner.onResponseError?.(controller, unpackFault(error, maxBytes));
        progress.bytes = body.length;
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
