/** Patient → who the referral is about: name, date of birth and identifiers, as they are shown together. */
import type { Patient } from '../src/core/referral.ts';
import { defined } from '../src/mapping/defined.ts';
import { identifiersFrom } from './concepts.ts';
import { nameOf } from './people.ts';

/** `reference` is how the order names the patient; it stays, also when the record moved. */
export function patientOf(patient: fhir4.Patient, reference: string): Patient {
  return {
    reference,
    identifier: identifiersFrom(patient.identifier),
    ...defined({ name: nameOf(patient.name), birthDate: patient.birthDate }),
  };
}
