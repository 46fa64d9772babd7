/** The official examples of R4 (npm package hl7.fhir.r4.examples), by file and type. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const folder = dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));

export interface Example {
  readonly file: string;
  readonly text: string;
}

/** The types that this product reads or writes. */
export const handledTypes: ReadonlySet<string> = new Set(
  (
    'AllergyIntolerance Appointment AppointmentResponse AuditEvent Bundle CapabilityStatement CarePlan CareTeam ' +
    'Communication CommunicationRequest Condition Consent Device DeviceUseStatement DocumentReference Encounter Flag ' +
    'Goal HealthcareService Location Medication MedicationRequest Observation OperationOutcome Organization Parameters ' +
    'Patient Practitioner PractitionerRole Procedure Provenance QuestionnaireResponse RelatedPerson Schedule ' +
    'ServiceRequest Slot Subscription Task'
  ).split(' '),
);

/** Names of the files with resources, in a stable order; optionally of these types only. */
export function exampleFiles(types?: ReadonlySet<string>): string[] {
  return readdirSync(folder)
    .filter((file) => /^[^.].*\.json$/.test(file) && file !== 'package.json')
    .filter((file) => types?.has(file.slice(0, file.indexOf('-'))) ?? true)
    .sort();
}

export function exampleOf(file: string): Example {
  return { file, text: readFileSync(join(folder, file), 'utf8') };
}
