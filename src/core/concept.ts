/**
 * The few shapes that the domain shares with FHIR, in FHIR's own form so that nothing is lost on the way:
 * coded concepts, identifiers, people and places as far as the massage service needs them.
 */

/** An ISO 8601 instant with zone, e.g. `2026-03-02T09:30:00Z`. */
export type Instant = string;

export interface Coding {
  readonly system?: string | undefined;
  readonly version?: string | undefined;
  readonly code?: string | undefined;
  readonly display?: string | undefined;
}

/** What FHIR calls a CodeableConcept. */
export interface Concept {
  readonly text?: string | undefined;
  readonly coding?: readonly Coding[] | undefined;
}

export interface Identifier {
  readonly system?: string | undefined;
  readonly value?: string | undefined;
  readonly type?: string | undefined;
}

/** Somebody or something at the hospital: a FHIR reference, its display, or both. */
export interface Named {
  readonly reference?: string | undefined;
  readonly display?: string | undefined;
}

export const snomed = 'http://snomed.info/sct';
export const loinc = 'http://loinc.org';

/** The one root of everything that we name ourselves: code systems, identifiers, profiles. */
export const canonical = 'https://massage-fhir.org/fhir';

/** System of the identifier that everything we create carries (`<system>|<uuid of the intention>`). */
export const ourIdentifierSystem = `${canonical}/identifier/intention`;

/** `system|code`, the form in which settings and messages name a code; a coding without system gives `|code`. */
export function token(coding: Coding): string {
  return `${coding.system ?? ''}|${coding.code ?? ''}`;
}
