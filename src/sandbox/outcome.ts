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
  | 'suppressed'
  | 'too-costly'
  | 'lock-error'
  | 'incomplete'
  | 'informational';

export type Issue = {
  severity: 'fatal' | 'error' | 'warning' | 'information';
  code: IssueCode;
  diagnostics: string;
  /** A code of the server's own for what happened. */
  details?: { readonly system: string; readonly code: string; readonly text?: string };
  /** FHIRPath of the element that is wrong, e.g. `ServiceRequest.status`. */
  expression?: string;
};

export function outcome(issues: readonly Issue[]): JsonObject {
  return {
    resourceType: 'OperationOutcome',
    issue: issues.map(({ expression, details, ...issue }) => ({
      ...issue,
      ...(details === undefined ? {} : { details: concept(details) }),
      ...(expression === undefined ? {} : { expression: [expression] }),
    })),
  };
}

function concept({ system, code, text }: NonNullable<Issue['details']>): JsonObject {
  return { coding: [{ system, code }], ...(text === undefined ? {} : { text }) };
}

export class Refusal extends Error {
  readonly status: number;
  readonly issues: readonly Issue[];
  readonly headers: Readonly<Record<string, string>>;
  /** Said as plain text, by a server that has no OperationOutcome for this. */
  readonly text: string | undefined;

  constructor(
    status: number,
    issues: readonly Issue[],
    headers: Record<string, string> = {},
    text?: string,
  ) {
    super(issues.map((issue) => issue.diagnostics).join('; '));
    this.status = status;
    this.issues = issues;
    this.headers = headers;
    this.text = text;
  }

  /** The answer that says so over HTTP. */
  answer(): { status: number; headers: Record<string, string>; body?: JsonObject; text?: string } {
    const { status, headers, issues, text } = this;
    if (text === undefined) return { status, headers: { ...headers }, body: outcome(issues) };
    return { status, headers: { ...headers, 'Content-Type': 'text/plain' }, text };
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
