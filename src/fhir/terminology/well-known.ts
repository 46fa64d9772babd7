/**
 * Code systems that FHIR uses and that others publish: what people call them, how they treat letters, and what the form
 * of a code says where it says something (R4 terminologies-systems.html). None of them can be listed here as a whole.
 */

import type { Letters, Membership } from './code-list.ts';
import { languageTag } from './language-tag.ts';

interface WellKnown {
  readonly name: string;
  readonly letters: Letters;
  /** What a code is by its form alone. */
  readonly judge?: (code: string) => Membership;
  /** Why even a resource that claims to list all of it does not. */
  readonly gap?: string;
}

/** A code of another form is no code of the system; one of this form may be. */
const formed =
  (form: RegExp) =>
  (code: string): Membership =>
    form.test(code) ? 'unknown' : 'out';

/**
 * RFC 6838 §4.2, with parameters. The system is the grammar: what fits it is a code. CapabilityStatement.format allows
 * three short names beside it, and a value set cannot tell for which element it is asked.
 */
function mimeType(code: string): Membership {
  if (/^(xml|json|ttl)$/.test(code)) return 'unknown';
  return mimeForm.test(code) ? 'in' : 'out';
}

const mimeForm =
  /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}( *;.*)?$/s;

const systems: ReadonlyMap<string, WellKnown> = new Map<string, WellKnown>([
  ['http://snomed.info/sct', { name: 'SNOMED CT', letters: 'sensitive' }],
  ['http://loinc.org', { name: 'LOINC', letters: 'insensitive' }],
  ['http://www.nlm.nih.gov/research/umls/rxnorm', { name: 'RxNorm', letters: 'sensitive' }],
  ['http://www.ama-assn.org/go/cpt', { name: 'CPT', letters: 'sensitive' }],
  ['http://hl7.org/fhir/sid/cvx', { name: 'CVX', letters: 'sensitive' }],
  ['http://hl7.org/fhir/sid/icd-10', { name: 'ICD-10', letters: 'insensitive' }],
  ['http://hl7.org/fhir/sid/icd-10-cm', { name: 'ICD-10-CM', letters: 'insensitive' }],
  ['http://nucc.org/provider-taxonomy', { name: 'NUCC provider taxonomy', letters: 'unknown' }],
  [
    'http://dicom.nema.org/resources/ontology/DCM',
    {
      name: 'DICOM',
      letters: 'sensitive',
      gap: 'DICOM adds codes every year, so that what is here is not all of it',
    },
  ],
  // Printable characters without spaces, UCUM §2.1: which units they make up takes UCUM itself to say.
  ['http://unitsofmeasure.org', { name: 'UCUM', letters: 'sensitive', judge: formed(/^[!-~]+$/) }],
  ['urn:ietf:bcp:13', { name: 'the list of mime types', letters: 'insensitive', judge: mimeType }],
  [
    'urn:ietf:bcp:47',
    { name: 'the list of language tags', letters: 'insensitive', judge: languageTag },
  ],
  ['urn:iso:std:iso:4217', { name: 'ISO 4217', letters: 'sensitive', judge: formed(/^[A-Z]{3}$/) }],
  [
    'urn:iso:std:iso:3166',
    {
      name: 'ISO 3166',
      letters: 'sensitive',
      judge: formed(/^([A-Z]{2}|[A-Z]{3}|[A-Z]{4}|[0-9]{3}|[A-Z]{2}-[A-Z0-9]{1,3})$/),
    },
  ],
  [
    'urn:iso:std:iso:3166:-2',
    { name: 'ISO 3166-2', letters: 'sensitive', judge: formed(/^[A-Z]{2}-[A-Z0-9]{1,3}$/) },
  ],
  [
    'https://www.iana.org/time-zones',
    {
      name: 'the list of time zones',
      letters: 'sensitive',
      judge: formed(/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/),
    },
  ],
]);

/** What people call a system: its name, or its URL. */
export function nameOf(system: string): string {
  return systems.get(system)?.name ?? system;
}

export function wellKnown(system: string): WellKnown | undefined {
  return systems.get(system);
}
