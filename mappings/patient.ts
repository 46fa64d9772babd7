/** Patient → who the referral is about: name, date of birth and identifiers, as they are shown together. */
import type { Patient } from '../src/core/referral.ts';
import { defined } from '../src/mapping/defined.ts';
import { compileShape } from '../src/mapping/shape.ts';
import { identifiersFrom } from './concepts.ts';
import { nameOf } from './people.ts';
import { patient as shape } from './shapes.ts';

const check = compileShape<fhir4.Patient>(shape, 'Patient');

/** `reference` is how the order names the patient; it stays, also when the record moved. */
export function patientOf(patient: fhir4.Patient, reference: string): Patient {
  // who is meant is read leniently; what is wrong with the record is its hospital's to find
  const { identifier, name, birthDate } = (check(patient, () => {}) ??
    {}) as Partial<fhir4.Patient>;
  return {
    reference,
    identifier: identifiersFrom(identifier),
    ...defined({ name: nameOf(name), birthDate }),
  };
}
