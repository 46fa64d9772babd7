/**
 * The codes that an Epic-like server puts into its OperationOutcomes (hospital-servers §7: Q2, Q10, Q12, Q15, Q21,
 * Q31). The system is an OID that differs from site to site, so a client has to know them by code alone (Q24).
 */
import { type Issue, type IssueCode, Refusal } from '../outcome.ts';

/** The site number in it is invented. */
export const epicCodeSystem = 'urn:oid:1.2.840.114350.1.13.999.1.7.2.657369';

type Row = readonly [
  severity: Issue['severity'],
  code: IssueCode,
  status: number,
  diagnostics: string,
];

/** By code; the status is that of the refusal, 200 for what only warns. */
export const epicCodes = {
  '4101': ['warning', 'processing', 200, 'The request returns no results.'],
  '4102': ['fatal', 'not-found', 404, 'There is nothing under this id.'],
  '4103': ['fatal', 'deleted', 410, 'The resource was deleted.'],
  '4107': ['fatal', 'processing', 301, 'The resource was merged into another.'],
  '4110': ['fatal', 'required', 400, 'The search has no parameters.'],
  '4111': ['fatal', 'required', 400, 'A required search parameter is missing.'],
  '4113': ['fatal', 'processing', 400, 'The session of this search has expired.'],
  '4119': ['warning', 'incomplete', 200, 'There may be more data for this patient.'],
  '4122': ['warning', 'not-supported', 200, 'An unknown query parameter was supplied.'],
  '4127': ['fatal', 'too-costly', 200, 'There may be more data; at most 100 are shown.'],
  '4130': ['fatal', 'forbidden', 403, 'A policy does not allow access to this patient.'],
  '4131': ['fatal', 'forbidden', 403, 'This patient is restricted: break the glass first.'],
  '4134': [
    'information',
    'forbidden',
    403,
    'This patient is restricted: break the glass to see more.',
  ],
  '4135': ['fatal', 'throttled', 400, 'The budget of the day is used up; try again tomorrow.'],
  '59100': ['information', 'invalid', 200, 'An unknown parameter was left out.'],
  '59109': ['information', 'value', 200, 'An optional parameter was invalid and left out.'],
  '59133': ['information', 'too-costly', 200, 'The search exceeds 100 results.'],
  '59159': ['fatal', 'business-rule', 400, 'A business rule was not met.'],
  '59187': ['fatal', 'business-rule', 400, 'There is no flowsheet for this.'],
  '59188': ['fatal', 'business-rule', 400, 'There is no single flowsheet row for these codes.'],
  '59189': ['fatal', 'processing', 400, 'The reading could not be filed.'],
  '59204': ['warning', 'suppressed', 200, 'Some results are not shown to this client.'],
} as const satisfies Record<string, Row>;

export type EpicCode = keyof typeof epicCodes;

export function epicIssue(code: EpicCode, text?: string): Issue {
  const [severity, issueCode, , diagnostics] = epicCodes[code];
  const details = { system: epicCodeSystem, code, text: text ?? diagnostics };
  return { severity, code: issueCode, diagnostics: text ?? diagnostics, details };
}

/** Refuses with these codes; the first decides on the status. */
export function epicRefusal(codes: readonly EpicCode[], status?: number): Refusal {
  const [first] = codes;
  const of = first === undefined ? 400 : epicCodes[first][2];
  const issues = codes.map((code) => epicIssue(code));
  return new Refusal(status ?? of, issues);
}
