/**
 * How the sandbox says no: a Refusal carries the HTTP status and becomes an OperationOutcome at the edge. Handlers
 * throw it, so that a refusal inside a transaction also undoes what the transaction wrote.
 */
import type { JsonObject } from './json.ts';

/** The codes of http://hl7.org/fhir/issue-type that the sandbox uses. */
export type IssueCode =
  | 'invalid'
  | 'structure'
  | 'required'
  | 'value'
  | 'security'
  | 'login'
  | 'forbidden'
  | 'processing'
  | 'not-supported'
  | 'duplicate'
  | 'multiple-matches'
  | 'not-found'
  | 'deleted'
  | 'too-long'
  | 'conflict'
  | 'transient'
  | 'throttled'
  | 'exception'
  | 'business-rule'
  | 'informational';

export type Issue = {
  severity: 'fatal' | 'error' | 'warning' | 'information';
  code: IssueCode;
  diagnostics: string;
  /** FHIRPath of the element that is wrong, e.g. `ServiceRequest.status`. */
  expression?: string;
};

export function outcome(issues: readonly Issue[]): JsonObject {
  return {
    resourceType: 'OperationOutcome',
    issue: issues.map(({ expression, ...issue }) => ({
      ...issue,
      ...(expression === undefined ? {} : { expression: [expression] }),
    })),
  };
}

export class Refusal extends Error {
  readonly status: number;
  readonly issues: readonly Issue[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, issues: readonly Issue[], headers: Record<string, string> = {}) {
    super(issues.map((issue) => issue.diagnostics).join('; '));
    this.status = status;
    this.issues = issues;
    this.headers = headers;
  }
}

/** A refusal with one issue, the usual case. */
export function refuse(
  status: number,
  code: IssueCode,
  diagnostics: string,
  headers: Record<string, string> = {},
): Refusal {
  return new Refusal(status, [{ severity: 'error', code, diagnostics }], headers);
}
