/** The elements that facts are read from, checked before any reader sees them (src/mapping/shape.ts). */
import { type Check, compileShape, type Shape } from '../src/mapping/shape.ts';
import { period, quantity } from './shapes.ts';

const coding = {
  system: 'string',
  version: 'string',
  code: 'string',
  display: 'string',
} as const satisfies Shape<fhir4.Coding>;

const concept = {
  text: 'string',
  coding: [coding],
} as const satisfies Shape<fhir4.CodeableConcept>;

const reference = {
  reference: 'string',
  display: 'string',
} as const satisfies Shape<fhir4.Reference>;

const identifier = { system: 'string', value: 'string' } as const satisfies Shape<fhir4.Identifier>;

// the side of a body site stands in extensions, which bodySiteFrom reads
const site = { ...concept, extension: 'any' } as const satisfies Shape<fhir4.CodeableConcept>;

const value = {
  valueQuantity: quantity,
  valueCodeableConcept: concept,
  valueString: 'string',
  valueBoolean: 'boolean',
  valueInteger: 'number',
  valueRange: { low: quantity, high: quantity },
  valueRatio: { numerator: quantity, denominator: quantity },
  valueDateTime: 'string',
  dataAbsentReason: concept,
} as const satisfies Shape<fhir4.ObservationComponent>;

const factShapes = {
  Condition: {
    clinicalStatus: concept,
    verificationStatus: concept,
    code: concept,
    bodySite: [site],
    onsetDateTime: 'string',
    onsetPeriod: period,
    abatementDateTime: 'string',
    recordedDate: 'string',
  } as const satisfies Shape<fhir4.Condition>,
  AllergyIntolerance: {
    clinicalStatus: concept,
    verificationStatus: concept,
    criticality: 'string',
    code: concept,
    onsetDateTime: 'string',
    recordedDate: 'string',
    reaction: [{ substance: concept }],
  } as const satisfies Shape<fhir4.AllergyIntolerance>,
  Flag: {
    status: 'string',
    category: [concept],
    code: concept,
    period,
  } as const satisfies Shape<fhir4.Flag>,
  Observation: {
    identifier: [identifier],
    status: 'string',
    code: concept,
    bodySite: site,
    effectiveDateTime: 'string',
    effectiveInstant: 'string',
    effectivePeriod: period,
    issued: 'string',
    ...value,
    component: [{ code: concept, ...value }],
  } as const satisfies Shape<fhir4.Observation>,
  MedicationRequest: {
    status: 'string',
    intent: 'string',
    doNotPerform: 'any',
    medicationCodeableConcept: concept,
    medicationReference: reference,
    authoredOn: 'string',
  } as const satisfies Shape<fhir4.MedicationRequest>,
  DeviceUseStatement: {
    status: 'string',
    device: reference,
    bodySite: site,
    timingDateTime: 'string',
    timingPeriod: period,
    recordedOn: 'string',
  } as const satisfies Shape<fhir4.DeviceUseStatement>,
  Device: {
    status: 'string',
    type: concept,
    deviceName: [{ name: 'string' }],
  } as const satisfies Shape<fhir4.Device>,
  Procedure: {
    identifier: [identifier],
    status: 'string',
    category: concept,
    code: concept,
    bodySite: [site],
    performedDateTime: 'string',
    performedPeriod: period,
  } as const satisfies Shape<fhir4.Procedure>,
  Medication: {
    code: concept,
    ingredient: [{ itemCodeableConcept: concept }],
  } as const satisfies Shape<fhir4.Medication>,
};

/** Each shape as a check, compiled once. */
export const factChecks = Object.fromEntries(
  Object.entries(factShapes).map(([type, shape]) => [type, compileShape<object>(shape, type)]),
) as Record<keyof typeof factShapes, Check>;
