/**
 * OperationOutcomes, as far as they may be repeated: severities, codes and paths. `diagnostics` and `details.text` are
 * left behind, since servers write patient data into them ("No match for <name>"), and this ends in logs and messages.
 */

export type Severity = 'fatal' | 'error' | 'warning' | 'information';

export interface Issue {
  readonly severity: Severity;
  /** R4 issue-type, e.g. `required`; `unknown` when the server sent none. */
  readonly code: string;
  /** Codes of details.coding: the server's own numbers, e.g. `59204`. */
  readonly details: readonly string[];
  /** Paths of the elements concerned. */
  readonly expression: readonly string[];
}

// Only plain paths: a filter such as `where(value = '…')` would carry a value.
const plainPath = /^[A-Za-z0-9_.[\]:-]{1,200}$/;
const plainCode = /^[A-Za-z0-9_-]{1,40}$/;
const severities: readonly string[] = ['fatal', 'error', 'warning', 'information'];

/** The issues of an OperationOutcome; none when the body is something else. */
export function issuesOf(body: unknown): readonly Issue[] {
  if (!isOutcome(body)) return [];
  const issues = Array.isArray(body.issue) ? body.issue : [];
  return issues.map((issue) => ({
    severity: severities.includes(issue.severity) ? issue.severity : 'error',
    code: plainCode.test(issue.code) ? issue.code : 'unknown',
    details: (issue.details?.coding ?? []).flatMap(({ code }) =>
      code && plainCode.test(code) ? [code] : [],
    ),
    expression: (issue.expression ?? issue.location ?? []).filter((path) => plainPath.test(path)),
  }));
}

export function isOutcome(body: unknown): body is fhir4.OperationOutcome {
  return (
    typeof body === 'object' &&
    body !== null &&
    'resourceType' in body &&
    body.resourceType === 'OperationOutcome'
  );
}

/** Whether the answer may be incomplete or refused, in the server's own judgement. */
export function isSerious(issue: Issue): boolean {
  return issue.severity !== 'information';
}

/** `required at Procedure.status; invalid`: for messages. */
export function describeIssues(issues: readonly Issue[]): string {
  return issues
    .map(({ code, expression }) =>
      expression.length === 0 ? code : `${code} at ${expression.join(', ')}`,
    )
    .join('; ');
}
