/**
 * Values that break one constraint of R4 each: of data types, written wherever the resource may have such a value, and
 * of resources. The name of a change is the key of its constraint.
 */
import { type Kind, onType, somewhere } from './change.ts';
import { type Json, placesOf, put, putOnRoot } from './element-places.ts';

/** A value of a data type, in place of one that is there or under an element of the root. */
function ofType(
  name: string,
  makes: Kind['makes'],
  type: string,
  ...values: readonly Json[]
): Kind {
  return {
    name,
    makes,
    change(resource, random) {
      const value = structuredClone(random.pick(values));
      const there = random.pick(placesOf(resource).filter((place) => place.type === type));
      if (!there) return putOnRoot(resource, type, value, random.pick);
      put(there, value);
      return true;
    },
  };
}

const ucum = 'http://unitsofmeasure.org';
const repeat = (name: string, makes: Kind['makes'], ...values: readonly Json[]): Kind =>
  ofType(name, makes, 'Timing', ...values.map((one) => ({ repeat: one })));

const ofDataTypes: readonly Kind[] = [
  ofType(
    'per-1',
    'invalid',
    'Period',
    { start: '2024-03-05', end: '2024-03-04' },
    { start: '2024-03-05T10:00:00Z', end: '2024-03-05T09:00:00Z' },
  ),
  ofType(
    'per-1-partial',
    'either',
    'Period',
    { start: '2024-03', end: '2024' },
    { start: '2024-03-05', end: '2024-03' },
    { start: '2024-03-05T10:00:00+02:00', end: '2024-03-05T09:00:00Z' },
  ),
  ofType('rng-2', 'invalid', 'Range', { low: { value: 3 }, high: { value: 2 } }),
  ofType('rat-1', 'invalid', 'Ratio', { numerator: { value: 1 } }, { denominator: { value: 1 } }),
  ofType('qty-3', 'invalid', 'Quantity', { value: 1, code: 'mg' }),
  ofType('qty-of-text', 'either', 'Quantity', { value: 1, unit: 'visits' }),
  somewhere(
    'sqt-1',
    'invalid',
    ({ element }) => JSON.stringify(element.type ?? []).includes('SimpleQuantity'),
    (place) => put(place, { value: 1, comparator: '<' }),
  ),
  ofType('att-1', 'invalid', 'Attachment', { data: 'YWJj' }),
  ofType('att-size', 'invalid', 'Attachment', { contentType: 'text/plain', data: 'YWJj', size: 7 }),
  ofType('cpt-2', 'invalid', 'ContactPoint', { value: '555 0100' }),
  ofType(
    'age-1',
    'invalid',
    'Age',
    { value: -1, system: ucum, code: 'a' },
    { value: 3, code: 'a' },
  ),
  ofType('drt-1', 'invalid', 'Duration', { value: 3, code: 'h' }),
  ofType('cod-empty-concept', 'invalid', 'CodeableConcept', { coding: [{}] }, { coding: [] }),
  ofType('ref-1', 'invalid', 'Reference', { reference: '#not-here' }),
  ofType('sample', 'either', 'SampledData', {
    origin: { value: 0 },
    period: 10,
    dimensions: 1,
    data: '1 2 3 E U',
  }),
  repeat('tim-1', 'invalid', { duration: 1 }),
  repeat('tim-2', 'invalid', { period: 1 }),
  repeat('tim-4', 'invalid', { duration: -1, durationUnit: 'h' }),
  repeat('tim-5', 'invalid', { period: -1, periodUnit: 'd' }),
  repeat('tim-6', 'invalid', { periodMax: 3 }),
  repeat('tim-7', 'invalid', { durationMax: 3 }),
  repeat('tim-8', 'invalid', { countMax: 3 }),
  repeat('tim-9', 'invalid', { offset: 10 }, { when: ['C'], offset: 10 }),
  repeat('tim-10', 'invalid', { timeOfDay: ['10:00:00'], when: ['MORN'] }),
  repeat(
    'tim-sound',
    'either',
    { frequency: 2, period: 1, periodUnit: 'wk', dayOfWeek: ['mon'] },
    { boundsPeriod: { start: '2024-03-05' }, count: 8 },
  ),
];

const active = (system: string): Json => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code: 'active' }],
});
const enteredInError = (system: string): Json => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code: 'entered-in-error' }],
});

/** A change of resources of one type that writes these properties; undefined takes one away. */
function writes(name: string, makes: Kind['makes'], type: string, properties: Json): Kind {
  return onType(name, makes, type, (resource) => {
    for (const [key, value] of Object.entries(properties))
      if (value === undefined) delete resource[key];
      else resource[key] = structuredClone(value);
    return true;
  });
}

const concept = { text: 'a concept' };

const ofResources: readonly Kind[] = [
  writes('obs-6', 'invalid', 'Observation', {
    valueString: 'a text',
    valueQuantity: undefined,
    valueCodeableConcept: undefined,
    dataAbsentReason: concept,
  }),
  onType('obs-7', 'either', 'Observation', (resource) => {
    for (const key of Object.keys(resource)) if (key.startsWith('value')) delete resource[key];
    resource.valueString = 'a text';
    delete resource.dataAbsentReason;
    resource.component = [{ code: structuredClone(resource.code), valueString: 'the same' }];
  }),
  writes('app-1', 'invalid', 'Appointment', { participant: [{ status: 'accepted' }] }),
  writes('app-2', 'invalid', 'Appointment', {
    start: '2024-03-05T10:00:00Z',
    end: undefined,
    status: 'proposed',
  }),
  writes('app-3', 'invalid', 'Appointment', { start: undefined, end: undefined, status: 'booked' }),
  writes('app-4', 'invalid', 'Appointment', { cancelationReason: concept, status: 'booked' }),
  writes('app-4-noshow', 'valid', 'Appointment', { cancelationReason: concept, status: 'noshow' }),
  writes('app-4-cancelled', 'valid', 'Appointment', {
    cancelationReason: concept,
    status: 'cancelled',
  }),
  writes('apr-1', 'invalid', 'AppointmentResponse', {
    participantType: undefined,
    actor: undefined,
  }),
  writes('con-4', 'invalid', 'Condition', {
    abatementString: 'gone',
    abatementDateTime: undefined,
    abatementAge: undefined,
    abatementBoolean: undefined,
    clinicalStatus: active('condition-clinical'),
  }),
  writes('con-5', 'invalid', 'Condition', {
    clinicalStatus: active('condition-clinical'),
    verificationStatus: enteredInError('condition-ver-status'),
  }),
  writes('con-3', 'either', 'Condition', { clinicalStatus: undefined }),
  writes('ait-1', 'invalid', 'AllergyIntolerance', { clinicalStatus: undefined }),
  writes('ait-2', 'invalid', 'AllergyIntolerance', {
    clinicalStatus: active('allergyintolerance-clinical'),
    verificationStatus: enteredInError('allergyintolerance-verification'),
  }),
  writes('pat-1', 'invalid', 'Patient', { contact: [{ gender: 'female' }] }),
  writes('pat-1-sound', 'valid', 'Patient', { contact: [{ organization: { display: 'us' } }] }),
  writes('org-1', 'invalid', 'Organization', { name: undefined, identifier: undefined }),
  writes('org-2', 'invalid', 'Organization', { address: [{ use: 'home', city: 'Lund' }] }),
  writes('org-3', 'invalid', 'Organization', {
    telecom: [{ use: 'home', system: 'phone', value: '1' }],
  }),
  writes('prr-1', 'invalid', 'ServiceRequest', { code: undefined, orderDetail: [concept] }),
  writes('inv-1', 'invalid', 'Task', {
    authoredOn: '2024-03-05T10:00:00Z',
    lastModified: '2024-03-04T10:00:00Z',
  }),
  writes('cpl-3', 'invalid', 'CarePlan', {
    activity: [{ detail: { status: 'scheduled' }, reference: { display: 'x' } }],
  }),
  writes('ctm-1', 'invalid', 'CareTeam', {
    participant: [
      { member: { reference: 'Patient/1' }, onBehalfOf: { reference: 'Organization/1' } },
    ],
  }),
  writes('ppc-1', 'invalid', 'Consent', { policy: undefined, policyRule: undefined }),
  writes('gol-1', 'invalid', 'Goal', { target: [{ detailString: 'more' }] }),
  writes('sev-1', 'invalid', 'AuditEvent', { entity: [{ name: 'a', query: 'YWJj' }] }),
  writes('qrs-1', 'invalid', 'QuestionnaireResponse', {
    item: [{ linkId: '1', item: [{ linkId: '2' }], answer: [{ valueString: 'x' }] }],
  }),
  writes('cpb-1', 'invalid', 'CapabilityStatement', {
    rest: undefined,
    messaging: undefined,
    document: undefined,
  }),
  writes('cpb-14', 'invalid', 'CapabilityStatement', {
    kind: 'instance',
    implementation: undefined,
  }),
  writes('dev-names', 'invalid', 'Device', { deviceName: [{ name: 'a' }] }),
  writes('dom-6', 'valid', 'Patient', { text: undefined }),
  onType('inv-parameters', 'invalid', 'Parameters', (resource) => {
    resource.parameter = [{ name: 'x', valueString: 'a', part: [{ name: 'y', valueString: 'b' }] }];
  }),
];

export const invariants: readonly Kind[] = [...ofDataTypes, ...ofResources];
