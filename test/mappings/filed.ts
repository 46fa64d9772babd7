/** Resources as a hospital may have them on file, and what becomes of each, for the tests of facts. */
import type { Follow } from '../../mappings/fact-references.ts';
import { type Filed, fileOf } from '../../mappings/facts.ts';

export const snomed = 'http://snomed.info/sct';
export const loinc = 'http://loinc.org';
export const icd = 'http://hl7.org/fhir/sid/icd-10-cm';
export const terminology = 'http://terminology.hl7.org/CodeSystem';
export const nowhere: Follow = () => undefined;
export const subject = { reference: 'Patient/1' };

export const coded = (system: string, code: string, display?: string): fhir4.CodeableConcept => ({
  coding: [{ system, code, ...(display === undefined ? {} : { display }) }],
});
export const dvt = coded(snomed, '128053003');

// biome-ignore lint/suspicious/noExplicitAny: hospitals send anything
export const file = (resource: any, follow = nowhere): Filed[] =>
  fileOf(resource.resourceType, { id: 'x', subject, ...resource }, follow);
// biome-ignore lint/suspicious/noExplicitAny: see above
export const ends = (resource: any) =>
  file(resource).map((one) => (one.is === 'left-out' ? `left-out: ${one.rule}` : one.is));
// biome-ignore lint/suspicious/noExplicitAny: see above
export const facts = (resource: any, follow = nowhere) =>
  file(resource, follow).flatMap((one) => ('fact' in one ? [one.fact] : []));
