/**
 * Everything that can go wrong on the wire, as one coded error. Two tables decide: what an HTTP status means, and what
 * a broken connection means. For a write the second question is always whether the hospital may have processed it: then
 * it is `write-unclear`, and somebody looks before it is sent again (invariant I2). Messages name method, path, status
 * and issue codes; never a query value, a body or the server's own prose (invariant I7).
 */
import { AdapterError, type ErrorCode, type ErrorDetails } from '../core/errors.ts';
import { describeIssues, type Issue, issuesOf } from './outcome.ts';
import { retryAfterMs } from './retry-after.ts';
import { AnswerNotTaken, type Progress } from './transport.ts';

export type Method = 'GET' | 'POST' | 'PUT';

/** The request that went wrong, as far as it may be named. */
export interface Asked {
  readonly method: Method;
  /** As `loggedPath` gives it. */
  readonly path: string;
  /** Sent with If-None-Exist: a 412 then means several matches, not a stale version (R4 http.html#ccreate). */
  readonly ifNoneExist?: boolean;
}

/** An answer whose status or body is not what was asked for. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
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
const lasting = new Set([
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

/** The error for an answer with this status, with the codes of its OperationOutcome. */
export function refusalFault(refusal: Refusal, asked: Asked, nowMs: number): AdapterError {
  const { status, headers, body } = refusal;
  const issues = issuesOf(body);
  const waitMs = retryAfterMs(headers, nowMs);
  const code = statusFault(status, issues, asked, waitMs !== undefined);
  const said = issues.length > 0 ? ` (${describeIssues(issues)})` : '';
  return new AdapterError(
    code,
    `${asked.method} ${asked.path} was answered with ${status}${said}.`,
    {
      about: asked.path,
      status,
      ...(code === 'hospital-busy' && waitMs !== undefined && { retryAfterMs: waitMs }),
      ...(issues.length > 0 && { problems: issues.map((issue) => describeIssues([issue])) }),
    },
  );
}

function statusFault(
  status: number,
  issues: readonly Issue[],
  asked: Asked,
  saysWhen: boolean,
): ErrorCode {
  if (status < 300)
    return issues.map(({ code }) => issueCodes[code]).find(Boolean) ?? 'hospital-refused';
  if (status === 412 && asked.ifNoneExist) return 'several-matches';
  const known = statusCodes[status];
  if (known) return known;
  if (status === 503 && (saysWhen || isWrite(asked))) return 'hospital-busy';
  if (status >= 500 && issues.some(({ code }) => lasting.has(code))) return 'hospital-refused';
  if (status >= 500 || status === 408) return isWrite(asked) ? 'write-unclear' : 'hospital-fault';
  return 'hospital-refused';
}

const notTrusted = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/;
const neverConnected =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/** The error for something that was thrown before the whole answer was there. */
export function thrownFault(
  thrown: unknown,
  asked: Asked,
  progress: Pick<Progress, 'sent' | 'status'>,
): AdapterError {
  const what = `${asked.method} ${asked.path}`;
  const about = { about: asked.path };
  const chain = causes(thrown);
  const ours = chain.find((cause) => cause instanceof AdapterError);
  if (ours) return ours;
  const notTaken = chain.find((cause) => cause instanceof AnswerNotTaken);
  if (notTaken) {
    return broken(asked, `The answer to ${what} was not taken in: it is ${notTaken.message}.`, {
      fix: 'Ask for smaller pages (pageSize of this hospital), or for answers in gzip or without compression.',
    });
  }
  const code = causeCode(chain);
  if (notTrusted.test(code)) {
    return new AdapterError(
      'hospital-unreachable',
      `${what} was not sent: certificate not trusted (${code}).`,
      {
        ...about,
        fix: 'Make the hospital’s certificate authority known with NODE_EXTRA_CA_CERTS, or correct the base address.',
      },
    );
  }
  if (!progress.sent || neverConnected.test(code)) {
    return new AdapterError('hospital-unreachable', `${what} could not be sent (${code}).`, about);
  }
  if (isWrite(asked)) {
    return new AdapterError(
      'write-unclear',
      `${what} was sent, but its answer did not come whole (${code}).`,
      about,
    );
  }
  if (progress.status !== undefined)
    return broken(asked, `The answer to ${what} is broken (${code}).`);
  return new AdapterError(
    'hospital-unreachable',
    `The answer to ${what} did not come (${code}).`,
    about,
  );
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

/** The chain of causes; an AggregateError (one failure per address tried) is followed into its first. */
function causes(thrown: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  let at = thrown;
  while (at instanceof Error && !chain.includes(at)) {
    chain.push(at);
    at = at.cause ?? (at instanceof AggregateError ? at.errors[0] : undefined);
  }
  return chain;
}

/** The most telling machine code: fetch wraps it once, an abort has only its name, unreadable JSON has none. */
function causeCode(chain: readonly unknown[]): string {
  for (const cause of chain) {
    if (cause instanceof DOMException) return cause.name;
    if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string')
      return cause.code;
  }
  return 'no code';
}
