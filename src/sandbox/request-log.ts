/**
 * What was asked of the sandbox and what it answered, for tests to read: enough to see retries, preconditions and
 * whether credentials came along, never the credentials themselves.
 */
import type { IncomingHttpHeaders } from 'node:http';

export type LoggedRequest = {
  /** Server time at which the request arrived, as an ISO instant. */
  readonly at: string;
  readonly method: string;
  /** Path and query as sent, e.g. `/fhir/Task?owner=Organization/massage`. */
  readonly path: string;
  readonly authorization: 'none' | 'basic' | 'bearer' | 'other';
  readonly headers: Readonly<Partial<Record<LoggedHeader, string>>>;
  /** The status that the server decided on, whether or not it reached the client; 0 while there is none. */
  readonly status: number;
  /** The fault that struck this request. */
  readonly fault?: string;
};

const loggedHeaders = [
  'accept',
  'cache-control',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-exist',
  'if-none-match',
  'prefer',
  'user-agent',
  'x-correlation-id',
  'x-request-id',
] as const;
export type LoggedHeader = (typeof loggedHeaders)[number];

/** A sandbox that runs for weeks forgets its oldest requests. */
const maxKept = 10_000;

export type OpenEntry = { -readonly [K in keyof LoggedRequest]: LoggedRequest[K] };

export class RequestLog {
  readonly #entries: OpenEntry[] = [];

  get entries(): readonly LoggedRequest[] {
    return this.#entries;
  }

  /** Adds a request; the caller fills in `status` and `fault` as they become known. */
  open(at: Date, method: string, path: string, headers: IncomingHttpHeaders): OpenEntry {
    const entry: OpenEntry = {
      at: at.toISOString(),
      method,
      path,
      authorization: schemeOf(headers.authorization),
      headers: Object.fromEntries(
        loggedHeaders.flatMap((name) => {
          const value = headers[name];
          return value === undefined ? [] : [[name, String(value)]];
        }),
      ),
      status: 0,
    };
    this.#entries.push(entry);
    if (this.#entries.length > maxKept) this.#entries.shift();
    return entry;
  }
}

function schemeOf(authorization: string | undefined): LoggedRequest['authorization'] {
  const scheme = authorization?.split(' ')[0]?.toLowerCase();
  if (scheme === undefined) return 'none';
  return scheme === 'basic' || scheme === 'bearer' ? scheme : 'other';
}
