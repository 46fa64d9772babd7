/**
 * What a validation says: issues in the shape of an OperationOutcome, and, beside them, what could not be checked here
 * and why (DESIGN decision 7). `valid` speaks only of what was checked.
 */

export type Severity = 'fatal' | 'error' | 'warning' | 'information';

/** The codes of R4 issue-type that a validation uses. */
export type IssueCode =
  | 'invalid'
  | 'structure'
  | 'required'
  | 'value'
  | 'invariant'
  | 'code-invalid'
  | 'extension'
  | 'business-rule'
  | 'not-found'
  | 'too-long'
  | 'duplicate';

export interface Issue {
  readonly severity: Severity;
  readonly code: IssueCode;
  /** FHIRPath of the element, from the resource: `Patient.contact[0].telecom[1].system`. */
  readonly expression: string;
  /** What was found and what was expected. */
  readonly message: string;
  /** Key of the constraint that failed, such as `obs-7`. */
  readonly constraint?: string;
}

export type NotCheckedKind =
  | 'code'
  | 'value-set'
  | 'reference'
  | 'profile'
  | 'extension'
  | 'invariant'
  | 'narrative';

export interface NotChecked {
  readonly expression: string;
  readonly kind: NotCheckedKind;
  /** A sentence: what was not checked and why. */
  readonly why: string;
}

export interface Verdict {
  /** No issue is an error or fatal. */
  readonly valid: boolean;
  readonly issues: readonly Issue[];
  readonly notChecked: readonly NotChecked[];
}
