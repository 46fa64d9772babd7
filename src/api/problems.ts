/**
 * Errors as answers: problem details (RFC 9457) on the API, OperationOutcome on FHIR routes. The one place where an error
 * code becomes an HTTP status. What an unknown fault says stays inside: it may quote anything.
 */
import { canonical } from '../core/concept.ts';
import { type AdapterError, type ErrorCode, errorCodes } from '../core/errors.ts';
import { RefusedError } from '../desk/desk.ts';

export const statusOf = {
  'hospital-unreachable': 503,
  'hospital-busy': 503,
  'hospital-fault': 502,
  'answer-broken': 502,
  'write-unclear': 502,
  'sign-in-refused': 502,
  'not-allowed': 502,
  'hospital-refused': 502,
  'version-conflict': 409,
  'not-found': 404,
  gone: 410,
  'several-matches': 409,
  'foreign-origin': 502,
  'not-fhir-r4': 502,
  'search-not-honoured': 502,
  'paging-broken': 502,
  'server-changed': 502,
  'rung-lost': 502,
  'rung-missing': 502,
  'outbound-invalid': 422,
  'not-possible-now': 409,
  'not-ours': 404,
  overlap: 409,
  'stale-version': 412,
  'bad-request': 400,
  'key-missing': 401,
  'key-refused': 401,
  'not-permitted': 403,
  'idempotency-reused': 422,
  'too-many-requests': 429,
  'body-too-large': 413,
  'wrong-media-type': 415,
  'wrong-method': 405,
  'settings-wrong': 500,
  'arguments-wrong': 400,
  'file-unreadable': 500,
  'store-unusable': 500,
  'store-busy': 503,
  'store-newer': 500,
  'port-taken': 500,
  'run-in-progress': 409,
  'definitions-missing': 500,
  internal: 500,
} as const satisfies Record<ErrorCode, number>;

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly fix: string;
  readonly instance: string;
  readonly problems?: readonly string[];
  readonly possible?: readonly string[];
}

export function problemOf(error: AdapterError, requestId: string): ProblemBody {
  const { code } = error;
  const { problems } = error.details;
  const unknown = code === 'internal';
  return {
    type: `${canonical}/problem/${code}`,
    title: titleOf(code),
    status: statusOf[code],
    detail: unknown ? 'Something here went wrong.' : error.message,
    code,
    fix: unknown ? errorCodes.internal.fix : error.fix,
    instance: requestId,
    ...(problems && problems.length > 0 && { problems }),
    ...(error instanceof RefusedError && { possible: error.possible }),
  };
}

function titleOf(code: ErrorCode): string {
  const words = code.replaceAll('-', ' ');
  return words[0]?.toUpperCase() + words.slice(1);
}

/** Codes of http://hl7.org/fhir/issue-type that say the same. */
const issueTypes: Readonly<Record<number, fhir4.OperationOutcomeIssue['code']>> = {
  400: 'invalid',
  401: 'login',
  403: 'forbidden',
  404: 'not-found',
  405: 'not-supported',
  409: 'conflict',
  412: 'conflict',
  413: 'too-long',
  415: 'not-supported',
  429: 'throttled',
  503: 'transient',
};

export function outcomeOf(problem: ProblemBody): fhir4.OperationOutcome {
  const says = problem.problems ?? [problem.detail];
  return {
    resourceType: 'OperationOutcome',
    issue: says.map((one) => ({
      severity: 'error',
      code: issueTypes[problem.status] ?? 'exception',
      details: { coding: [{ system: `${canonical}/problem`, code: problem.code }], text: one },
      diagnostics: `${problem.fix} (request ${problem.instance})`,
    })),
  };
}
