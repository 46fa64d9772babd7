/**
 * What an answer means that is not what was asked for, as one coded error: first by the product's own issue codes, then
 * by FHIR's issue types, then by the HTTP status (Q14). For a write the question is always whether the hospital may have
 * processed it: then it is `write-unclear`, and somebody looks before it is sent again (invariant I2). Messages name
 * method, path, status and issue codes; never a query value, a body or the server's own prose (invariant I7).
 */
import { AdapterError, type ErrorCode, type ErrorDetails } from '../core/errors.ts';
import { type MeaningOf, meaningsOf, senseOf, VendorSaid } from './issue-meanings.ts';
import { localDay } from './local-day.ts';
import { describeIssues, type Issue, issuesOf } from './outcome.ts';
import { retryAfterMs } from './retry-after.ts';

export type Method = 'GET' | 'POST' | 'PUT';

/** The request that went wrong, as far as it may be named. */
export interface Asked {
  readonly method: Method;
  /** As `loggedPath` gives it. */
  readonly path: string;
  /** Sent with If-None-Exist: a 412 then means several matches, not a stale version (R4 http.html#ccreate). */
  readonly ifNoneExist?: boolean;
  /** A look before or after a write: part of it, as far as the budget of a day goes. */
  readonly forWrite?: boolean;
}

/** An answer whose status or body is not what was asked for. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** What answers of one hospital are judged by, beside what they say. */
export interface Judging {
  readonly nowMs: number;
  readonly meaningOf?: MeaningOf | undefined;
  /** Whose day a spent day lasts; UTC where it is not known. */
  readonly timezone?: string | undefined;
}

const statusCodes: Readonly<Record<number, ErrorCode>> = {
  401: 'sign-in-refused',
  403: 'not-allowed',
  404: 'not-found',
  409: 'version-conflict',
  410: 'gone',
  412: 'version-conflict',
  423: 'version-conflict',
  425: 'hospital-busy',
  429: 'hospital-busy',
  501: 'hospital-refused',
};

// For an OperationOutcome that came with 200 instead of the resource (Q13): only its issue types can be judged.
const issueCodes: Readonly<Record<string, ErrorCode>> = {
  'not-found': 'not-found',
  deleted: 'gone',
  login: 'sign-in-refused',
  expired: 'sign-in-refused',
  security: 'not-allowed',
  forbidden: 'not-allowed',
  suppressed: 'not-allowed',
  throttled: 'hospital-busy',
  conflict: 'version-conflict',
  transient: 'hospital-fault',
  'lock-error': 'hospital-fault',
  'no-store': 'hospital-fault',
  timeout: 'hospital-fault',
  exception: 'hospital-fault',
};

// Some servers answer a faulty request with 500; these issue types say that repeating it cannot help (Q14).
const lasting: ReadonlySet<string> = new Set([
  'invalid',
  'structure',
  'required',
  'value',
  'invariant',
  'not-supported',
  'business-rule',
  'code-invalid',
  'extension',
  'too-long',
  'duplicate',
]);

// And these that the request was let in by nobody, whatever the status.
const barred: readonly string[] = ['login', 'security', 'forbidden', 'suppressed', 'conflict'];

// And some answer a passing fault with 400 or 422: the types below `transient` in R4 issue-type, where the request was
// not carried out. A `timeout` leaves that open.
const passing: ReadonlySet<string> = new Set(['transient', 'lock-error', 'no-store']);

/** The error for an answer with this status, with the codes of its OperationOutcome. */
export function refusalFault(refusal: Refusal, asked: Asked, judging: Judging): AdapterError {
  const { status, headers, body } = refusal;
  const { nowMs, meaningOf, timezone = 'UTC' } = judging;
  const issues = issuesOf(body);
  const [meaning] = meaningsOf(issues, meaningOf);
  const sense = meaning && senseOf(meaning);
  const waitMs =
    meaning === 'day-spent'
      ? localDay(nowMs, timezone).endsMs - nowMs
      : retryAfterMs(headers, nowMs);
  const code = sense?.code ?? answerFault(status, issues, asked, waitMs !== undefined);
  const said = [issues.length > 0 && describeIssues(issues), sense?.says]
    .filter(Boolean)
    .join(': ');
  return new AdapterError(
    code,
    `${asked.method} ${asked.path} was answered with ${status}${said && ` (${said})`}.`,
    {
      about: asked.path,
      status,
      ...(code === 'hospital-busy' && waitMs !== undefined && { retryAfterMs: waitMs }),
      ...(issues.length > 0 && { problems: issues.map((issue) => describeIssues([issue])) }),
      ...(sense?.fix !== undefined && { fix: sense.fix }),
      ...(meaning !== undefined && { cause: new VendorSaid(meaning) }),
    },
  );
}

/**
 * Throws for a page of results in which the hospital says that our day is spent: what it shows then is not the answer, and
 * nothing may be asked until its next day.
 */
export function refuseSpentDay(got: Refusal, asked: Asked, judging: Judging): void {
  const { body } = got;
  if (judging.meaningOf === undefined || typeof body !== 'object' || body === null) return;
  const entries = 'entry' in body && Array.isArray(body.entry) ? body.entry : [];
  for (const entry of entries as readonly { readonly resource?: unknown }[]) {
    const outcome = entry?.resource;
    if (meaningsOf(issuesOf(outcome), judging.meaningOf).includes('day-spent'))
      throw refusalFault({ ...got, body: outcome }, asked, judging);
  }
}

function answerFault(
  status: number,
  issues: readonly Issue[],
  asked: Asked,
  saysWhen: boolean,
): ErrorCode {
  // A warning explains; only an error is why the answer is what it is.
  const types = issues
    .filter(({ severity }) => severity === 'error' || severity === 'fatal')
    .map(({ code }) => code);
  if (status < 300) {
    const all = issues.map(({ code }) => code);
    return [...types, ...all].map((code) => issueCodes[code]).find(Boolean) ?? 'hospital-refused';
  }
  return (
    typeFault(status, types, asked) ?? statusFault(status, asked, saysWhen) ?? 'hospital-refused'
  );
}

/** What the issue types say where the status says less, or something else. */
function typeFault(status: number, types: readonly string[], asked: Asked): ErrorCode | undefined {
  if (status < 400 || status === 401) return undefined;
  if (types.includes('throttled')) return 'hospital-busy';
  if (status >= 500) {
    const bar = types.find((type) => barred.includes(type));
    if (bar !== undefined) return issueCodes[bar];
    if (types.some((type) => lasting.has(type))) return 'hospital-refused';
    const missing = types.find((type) => type === 'not-found' || type === 'deleted');
    // What a write did not find is something that it refers to: it was refused, its own target is not gone.
    if (missing !== undefined) return isWrite(asked) ? 'hospital-refused' : issueCodes[missing];
    return undefined;
  }
  if (statusCodes[status] !== undefined || types.some((type) => lasting.has(type)))
    return undefined;
  if (types.includes('timeout')) return isWrite(asked) ? 'write-unclear' : 'hospital-fault';
  if (types.some((type) => passing.has(type)))
    return isWrite(asked) ? 'hospital-busy' : 'hospital-fault';
  return undefined;
}

function statusFault(status: number, asked: Asked, saysWhen: boolean): ErrorCode | undefined {
  if (status === 412 && asked.ifNoneExist) return 'several-matches';
  const known = statusCodes[status];
  if (known) return known;
  if (status === 503 && (saysWhen || isWrite(asked))) return 'hospital-busy';
  if (status >= 500 || status === 408) return isWrite(asked) ? 'write-unclear' : 'hospital-fault';
  return undefined;
}

/** A 2xx answer that does not hold what was asked for: after a write nobody knows what it did. */
export function broken(asked: Asked, message: string, details: ErrorDetails = {}): AdapterError {
  return new AdapterError(isWrite(asked) ? 'write-unclear' : 'answer-broken', message, {
    about: asked.path,
    ...details,
  });
}

export function isWrite({ method }: Asked): boolean {
  return method !== 'GET';
}
