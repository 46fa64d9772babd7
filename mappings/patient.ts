/** Patient → who the referral is about: name, date of birth and identifiers, as they are shown together. */
import type { Patient, PatientGone } from '../src/core/referral.ts';
import { defined } from '../src/mapping/defined.ts';
import { compileShape, isObject } from '../src/mapping/shape.ts';
import { identifiersFrom, literalOf } from './concepts.ts';
import { nameOf } from './people.ts';
import { patient as shape } from './shapes.ts';

const check = compileShape<fhir4.Patient>(shape, 'Patient');

/** `reference` is where the record stands; `ordered` how the order names it, where that is not the same. */
export function patientOf(patient: fhir4.Patient, reference: string, ordered?: string): Patient {
  // who is meant is read leniently; what is wrong with the record is its hospital's to find
  const { identifier, name, birthDate } = (check(patient, () => {}) ??
    {}) as Partial<fhir4.Patient>;
  return {
    reference,
    identifier: identifiersFrom(identifier),
    ...defined({ ordered, name: nameOf(name), birthDate, gone: goneOf(patient) }),
  };
}

/** Why nobody may be treated on the strength of this record; read by hand, for a badly typed death is a death. */
export function goneOf(patient: fhir4.Patient): PatientGone | undefined {
  const shown: unknown = patient;
  if (!isObject(shown)) return undefined;
  const { deceasedDateTime, deceasedBoolean, active } = shown;
  const isDated = deceasedDateTime !== undefined && deceasedDateTime !== null;
  if (isDated || deceasedBoolean === true || deceasedBoolean === 'true') return 'deceased';
  if (linksOf(patient).some(({ type }) => type === 'replaced-by')) return 'merged';
  return active === false || active === 'false' ? 'unused' : undefined;
}

/** The reference of the record that this one was merged into, if it names exactly one. */
export function mergedInto(patient: fhir4.Patient): string | undefined {
  const into = linksOf(patient).filter(({ type }) => type === 'replaced-by');
  return into.length === 1 ? literalOf(into[0]?.other) : undefined;
}

/** Hospitals send elements of the wrong type: one link without its list is a link all the same. */
function linksOf({ link }: { readonly link?: unknown }): Record<string, unknown>[] {
  return (Array.isArray(link) ? link : [link]).filter(isObject);
}
