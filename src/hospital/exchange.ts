/**
 * One HTTP request and its answer, under our rules: a slot, a deadline, our headers, redirects only within the base, an
 * answer that is judged before anybody sees it, and a report of each to the listener. Knows nothing of FHIR types.
 */
import type { Instant } from '../core/concept.ts';
import { AdapterError, asAdapterError, type ErrorCode } from '../core/errors.ts';
import type { Received } from './answer.ts';
import type { Environment, HospitalConnection } from './connection.ts';
import { thrownFault } from './connection-faults.ts';
import { type Asked, isWrite, type Judging, type Refusal, refusalFault } from './faults.ts';
import type { Gate } from './gate.ts';
import { loggedPath, resolveInside, type ServiceBase } from './service-base.ts';
import type { SignedIn } from './sign-in/signed-in.ts';
import type { Allowance, Progress, Transport } from './transport.ts';

/** One exchange as it may be logged and stored: no query values, no bodies, no tokens. */
export interface Exchange {
  readonly hospital: string;
  readonly requestId: string;
  readonly method: string;
  /** `ServiceRequest/123`, `ServiceRequest?_lastUpdated&_sort&_count`. */
  readonly path: string;
  readonly status?: number;
  readonly ms: number;
  /** Of the decoded answer. */
  readonly bytes?: number;
  readonly errorCode?: ErrorCode;
}

export interface ExchangeDeps {
  /** Makes the X-Request-Id of each exchange. */
  readonly ids: () => string;
  readonly clock: () => Instant;
  readonly env: Environment;
  readonly onExchange: (exchange: Exchange) => void;
  /** Ends what is under way when the process is asked to stop; a write then counts as unclear. */
  readonly stop?: AbortSignal | undefined;
}

/** A request as it goes out; `path` is its loggable form. */
export interface Ask extends Asked {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** What it needs beyond the limits of all. */
  readonly allowed?: Allowance;
  /** Whether a refusal (400 and above) is one that `accept` can make something of. */
  readonly takes?: (refusal: Refusal) => boolean;
}

/** The seam to the HTTP client: resolves with any whole answer, also 4xx; throws when there is none. */
export type Send = (
  ask: Ask,
  init: { readonly headers: Record<string, string>; readonly signal: AbortSignal },
) => Promise<Pick<Received, 'status' | 'headers' | 'body'>>;

/** Sends, judges the answer with `accept`, reports. Throws only AdapterErrors. */
export type Exchanging = <T>(ask: Ask, accept: (received: Received) => T) => Promise<T>;

/** What an exchange goes through and with. */
export interface Means {
  readonly signedIn: SignedIn;
  readonly gate: Gate;
  readonly send: Send;
}

const mostRedirects = 3;

/** Binds the rules to one hospital. */
export function exchanging(
  connection: HospitalConnection,
  base: ServiceBase,
  transport: Transport,
  { signedIn, gate, send }: Means,
  deps: ExchangeDeps,
): Exchanging {
  const { ids, clock, onExchange, stop } = deps;
  const nowMs = () => Date.parse(clock());
  const { meaningOf, timezone } = connection;
  const judging = (): Judging => ({ nowMs: nowMs(), meaningOf, timezone });
  const proxy = connection.proxy && new URL(connection.proxy.url).origin;

  function headersFor(
    ask: Ask,
    requestId: string,
    authorization: string | undefined,
  ): Record<string, string> {
    return {
      accept: 'application/fhir+json',
      // Only what the transport can decode under its cap.
      'accept-encoding': 'gzip',
      'user-agent': 'massage-fhir',
      'x-request-id': requestId,
      ...(isWrite(ask)
        ? { 'content-type': 'application/fhir+json', prefer: 'return=representation' }
        : { 'cache-control': 'no-cache' }), // HAPI answers a repeated search from its memory for a minute
      ...ask.headers,
      ...(authorization !== undefined && { authorization }),
    };
  }

  async function receive(
    ask: Ask,
    requestId: string,
    authorization: string | undefined,
    progress: Progress,
  ) {
    const deadline = transport.deadline(stop, ask.allowed);
    try {
      return await send(ask, {
        headers: headersFor(ask, requestId, authorization),
        signal: deadline.signal,
      });
    } catch (thrown) {
      const { status, headers } = progress;
      // The headers of a success prove the write, whatever became of the body; they may name what was made.
      if (isWrite(ask) && status !== undefined && headers && status >= 200 && status < 300) {
        return { status, headers: headers(), body: undefined };
      }
      throw thrownFault(thrown, ask, progress, proxy);
    } finally {
      deadline.done();
    }
  }

  /**
   * Follows redirects of reads, each as an exchange of its own; the token goes along only within the base. After a 401 it
   * is tried once more with a new token, also a write: what was not let in was not carried out.
   */
  async function once<T>(
    ask: Ask,
    accept: (received: Received) => T,
    redirects = 0,
    isSecondTry = false,
  ): Promise<T> {
    const passage = await gate.enter(ask);
    const authorization = await signedIn.header().catch((thrown: unknown) => {
      // A token endpoint that is down keeps us out of the hospital as much as its server would; a refusal says nothing.
      const fault = asAdapterError(thrown);
      if (fault.kind === 'transient') passage.left(fault);
      else passage.unused();
      throw fault;
    });
    const requestId = ids();
    const startedMs = nowMs();
    const progress = transport.watch(requestId, ask.allowed);
    let status: number | undefined;
    let next: Ask | undefined;
    let result: { readonly value: T } | undefined;
    let error: AdapterError | undefined;
    try {
      const got = await receive(ask, requestId, authorization, progress);
      status = got.status;
      if (status >= 300 && status < 400) next = redirected(ask, got.headers, redirects);
      else if (status >= 400 && !ask.takes?.(got)) throw refusalFault(got, ask, judging());
      else result = { value: accept({ ...got, requestId, ms: nowMs() - startedMs }) };
    } catch (thrown) {
      error = asAdapterError(thrown);
    } finally {
      transport.forget(requestId);
    }
    status ??= progress.status;
    passage.left(error);
    onExchange({
      hospital: connection.id,
      requestId,
      method: ask.method,
      path: ask.path,
      ...(status !== undefined && { status }),
      ms: nowMs() - startedMs,
      ...(progress.bytes > 0 && { bytes: progress.bytes }),
      ...(error && { errorCode: error.code }),
    });
    if (next) return once(next, accept, redirects + 1, isSecondTry);
    if (status !== undefined && status !== 401) signedIn.accepted(authorization);
    if (result) return result.value;
    if (status === 401 && !isSecondTry && (await signedIn.refused(authorization)))
      return once(ask, accept, redirects, true);
    throw error && (status === 401 || status === 403) ? signedIn.explained(error) : error;
  }

  /** Where a redirect leads; throws when it leads out of the base, in a circle, or away from a write. */
  function redirected(ask: Ask, headers: Headers, redirects: number): Ask {
    const location = headers.get('location');
    if (isWrite(ask) || location === null || redirects >= mostRedirects) {
      throw new AdapterError(
        'hospital-refused',
        `${ask.method} ${ask.path} was answered with a redirect.`,
        {
          about: ask.path,
          fix: 'Set base of this hospital to the address that it redirects to.',
        },
      );
    }
    const absolute = URL.canParse(location, ask.url) ? new URL(location, ask.url).href : location;
    const url = resolveInside(base, absolute);
    return { ...ask, url, path: loggedPath(base, url) };
  }

  return (ask, accept) => transport.slots.run(() => once(ask, accept));
}
