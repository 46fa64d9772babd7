/** Changes of vital signs, which R4 asks to meet profiles of their own (observation-vitalsigns.html). */
import { type Kind, onType } from './change.ts';
import type { Json } from './element-places.ts';

const category = [
  {
    coding: [
      { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' },
    ],
  },
];
const loinc = (code: string): Json => ({ coding: [{ system: 'http://loinc.org', code }] });
const ucum = (value: number, code: string): Json => ({
  value,
  unit: code,
  system: 'http://unitsofmeasure.org',
  code,
});
const pulse: Json = {
  resourceType: 'Observation',
  id: 'pulse',
  status: 'final',
  category,
  code: loinc('8867-4'),
  subject: { reference: 'Patient/example' },
  effectiveDateTime: '2024-03-05',
  valueQuantity: ucum(70, '/min'),
};
const pressure: Json = {
  ...pulse,
  id: 'pressure',
  code: loinc('85354-9'),
  valueQuantity: undefined,
  component: [
    { code: loinc('8480-6'), valueQuantity: ucum(120, 'mm[Hg]') },
    { code: loinc('8462-4'), valueQuantity: ucum(80, 'mm[Hg]') },
  ],
};

function sign(name: string, makes: Kind['makes'], ...variants: readonly Json[]): Kind {
  return onType(name, makes, 'Observation', (resource, random) => {
    for (const key of Object.keys(resource)) delete resource[key];
    Object.assign(resource, structuredClone(random.pick(variants)));
  });
}

export const vitalSigns: readonly Kind[] = [
  sign('vital-sound', 'valid', pulse, pressure, { ...pulse, code: loinc('9279-1') }),
  sign('vital-without-category', 'invalid', { ...pulse, category: undefined }),
  sign('vital-without-subject', 'invalid', { ...pulse, subject: undefined }),
  sign('vital-without-time', 'invalid', { ...pulse, effectiveDateTime: undefined }),
  sign('vital-time-to-the-month', 'invalid', { ...pulse, effectiveDateTime: '2024-03' }),
  sign('vital-wrong-unit', 'invalid', { ...pulse, valueQuantity: ucum(70, '/h') }),
  sign('vital-unit-in-words', 'invalid', {
    ...pulse,
    valueQuantity: { value: 70, unit: 'per minute' },
  }),
  sign('vital-without-value', 'invalid', { ...pulse, valueQuantity: undefined }),
  sign('vital-absent', 'valid', {
    ...pulse,
    valueQuantity: undefined,
    dataAbsentReason: { text: 'asleep' },
  }),
  sign('vital-value-in-words', 'invalid', {
    ...pulse,
    valueQuantity: undefined,
    valueString: 'fast',
  }),
  sign('vital-pressure-one-part', 'invalid', {
    ...pressure,
    component: [(pressure.component as unknown[])[0]],
  }),
  sign('vital-pressure-wrong-unit', 'invalid', {
    ...pressure,
    component: [
      { code: loinc('8480-6'), valueQuantity: ucum(120, 'kPa') },
      (pressure.component as unknown[])[1],
    ],
  }),
  sign('vital-component-without-value', 'invalid', {
    ...pressure,
    component: [{ code: loinc('8480-6') }, (pressure.component as unknown[])[1]],
  }),
  sign('vital-general', 'valid', { ...pulse, code: { text: 'something else' } }),
  sign('vital-general-without-time', 'invalid', {
    ...pulse,
    code: { text: 'something else' },
    effectiveDateTime: undefined,
  }),
  sign('vital-temperature', 'valid', {
    ...pulse,
    code: loinc('8310-5'),
    valueQuantity: ucum(37.1, 'Cel'),
  }),
  sign('vital-temperature-unit', 'invalid', {
    ...pulse,
    code: loinc('8310-5'),
    valueQuantity: ucum(310, 'K'),
  }),
  sign('vital-weight', 'valid', {
    ...pulse,
    code: loinc('29463-7'),
    valueQuantity: ucum(70, 'kg'),
  }),
];
