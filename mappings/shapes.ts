/** The elements of each resource that the mappings read, checked before any reader sees them (src/mapping/shape.ts). */
import type { Shape } from '../src/mapping/shape.ts';

export const coding = {
  system: 'string',
  version: 'string',
  code: 'string',
  display: 'string',
} as const satisfies Shape<fhir4.Coding>;

export const concept = {
  text: 'string',
  coding: [coding],
} as const satisfies Shape<fhir4.CodeableConcept>;

const identifier = {
  system: 'string',
  value: 'string',
  type: concept,
} as const satisfies Shape<fhir4.Identifier>;

export const reference = {
  reference: 'string',
  display: 'string',
  identifier,
} as const satisfies Shape<fhir4.Reference>;

export const period = { start: 'string', end: 'string' } as const satisfies Shape<fhir4.Period>;

export const quantity = {
  value: 'number',
  comparator: 'string',
  unit: 'string',
  system: 'string',
  code: 'string',
} as const satisfies Shape<fhir4.Quantity>;

const note = { text: 'string' } as const satisfies Shape<fhir4.Annotation>;

export const humanName = {
  use: 'string',
  text: 'string',
  family: 'string',
  given: ['string'],
} as const satisfies Shape<fhir4.HumanName>;

const laterality = {
  url: 'string',
  valueCodeableConcept: concept,
  valueCoding: coding,
  valueCode: 'string',
  valueString: 'string',
  valueReference: reference,
} as const satisfies Shape<fhir4.Extension>;

const range = { low: quantity, high: quantity } as const satisfies Shape<fhir4.Range>;

const timing = {
  code: concept,
  event: ['string'],
  repeat: {
    boundsDuration: quantity,
    boundsPeriod: period,
    boundsRange: range,
    count: 'number',
    countMax: 'number',
    frequency: 'number',
    frequencyMax: 'number',
    period: 'number',
    periodMax: 'number',
    periodUnit: 'string',
    dayOfWeek: ['string'],
    timeOfDay: ['string'],
    when: ['string'],
  },
} as const satisfies Shape<fhir4.Timing>;

export const serviceRequest = {
  resourceType: 'string',
  id: 'string',
  identifier: [identifier],
  status: 'string',
  intent: 'string',
  // read by hand: a prohibition that is badly typed must still prohibit
  doNotPerform: 'any',
  modifierExtension: 'any',
  category: [concept],
  priority: 'string',
  code: concept,
  orderDetail: [concept],
  quantityQuantity: quantity,
  subject: reference,
  encounter: reference,
  occurrenceDateTime: 'string',
  occurrencePeriod: period,
  occurrenceTiming: timing,
  asNeededBoolean: 'boolean',
  asNeededCodeableConcept: concept,
  authoredOn: 'string',
  requester: reference,
  performer: [reference],
  locationCode: [concept],
  locationReference: [reference],
  reasonCode: [concept],
  reasonReference: [reference],
  insurance: [reference],
  supportingInfo: [reference],
  bodySite: [{ ...concept, extension: [laterality] }],
  note: [note],
  basedOn: [reference],
  replaces: [reference],
} as const satisfies Shape<fhir4.ServiceRequest>;

export const patient = {
  name: [humanName],
  birthDate: 'string',
  identifier: [identifier],
} as const satisfies Shape<fhir4.Patient>;

export const location = {
  name: 'string',
  alias: ['string'],
  physicalType: concept,
  partOf: reference,
} as const satisfies Shape<fhir4.Location>;

export const encounter = {
  status: 'string',
  class: coding,
  period,
  location: [{ location: reference, status: 'string', physicalType: concept, period }],
} as const satisfies Shape<fhir4.Encounter>;

export const condition = { code: concept } as const satisfies Shape<fhir4.Condition>;

export const coverage = {
  status: 'string',
  type: concept,
} as const satisfies Shape<fhir4.Coverage>;

export const appointment = {
  resourceType: 'string',
  id: 'string',
  identifier: [identifier],
  status: 'string',
  cancelationReason: concept,
  serviceType: [concept],
  description: 'string',
  comment: 'string',
  start: 'string',
  end: 'string',
  minutesDuration: 'number',
  basedOn: [reference],
  participant: [{ type: [concept], actor: reference, status: 'string' }],
} as const satisfies Shape<fhir4.Appointment>;

export const procedure = {
  resourceType: 'string',
  id: 'string',
  identifier: [identifier],
  status: 'string',
  statusReason: concept,
  basedOn: [reference],
  subject: reference,
  performedPeriod: period,
  performedDateTime: 'string',
  performer: [{ actor: reference }],
  outcome: concept,
  note: [note],
} as const satisfies Shape<fhir4.Procedure>;

export const observation = {
  resourceType: 'string',
  id: 'string',
  status: 'string',
  category: [concept],
  code: concept,
  effectiveDateTime: 'string',
  effectivePeriod: period,
  valueQuantity: quantity,
  valueInteger: 'number',
  valueCodeableConcept: concept,
  dataAbsentReason: concept,
  component: [{ code: concept, valueCodeableConcept: concept, valueInteger: 'number' }],
} as const satisfies Shape<fhir4.Observation>;

export const task = {
  resourceType: 'string',
  id: 'string',
  identifier: [identifier],
  status: 'string',
  statusReason: concept,
  businessStatus: concept,
  intent: 'string',
  priority: 'string',
  code: concept,
  description: 'string',
  focus: reference,
  basedOn: [reference],
  for: reference,
  encounter: reference,
  requester: reference,
  owner: reference,
  authoredOn: 'string',
  lastModified: 'string',
  reasonCode: concept,
  note: [note],
  output: [
    {
      type: concept,
      valueReference: reference,
      valueRatio: { numerator: quantity, denominator: quantity },
    },
  ],
} as const satisfies Shape<fhir4.Task>;
