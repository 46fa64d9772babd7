/** Changes of codes: outside of required and extensible bindings, of unknown systems, of units. */
import { type Kind, somewhere } from './change.ts';
import { isJson, type Json, type Place, put, upperFirst } from './element-places.ts';

const bound = (strength: string, types: readonly string[]) => (place: Place) =>
  place.element.binding?.strength === strength && types.includes(place.type);

const strange = { system: 'https://changes.example/codes', code: 'strange' };

export const codes: readonly Kind[] = [
  somewhere('required-code-unknown', 'invalid', bound('required', ['code']), (place, random) =>
    put(place, random.pick(['strange', 'Final', 'unknown-code'])),
  ),
  somewhere(
    'required-concept-unknown',
    'invalid',
    bound('required', ['CodeableConcept']),
    (place) => put(place, { coding: [strange] }),
  ),
  somewhere(
    'required-concept-text-only',
    'invalid',
    bound('required', ['CodeableConcept']),
    (place) => put(place, { text: 'in words' }),
  ),
  somewhere(
    'required-concept-and-another',
    'valid',
    bound('required', ['CodeableConcept']),
    (_, __, value) => {
      if (isJson(value) && Array.isArray(value.coding)) value.coding.push(strange);
    },
  ),
  somewhere(
    'extensible-concept-unknown',
    'either',
    bound('extensible', ['CodeableConcept']),
    (place) => put(place, { coding: [strange] }),
  ),
  somewhere(
    'preferred-concept-unknown',
    'either',
    bound('preferred', ['CodeableConcept']),
    (place) => put(place, { coding: [strange] }),
  ),
  somewhere(
    'code-unknown-to-system-of-fhir',
    'invalid',
    ({ type }) => type === 'CodeableConcept',
    (place, random) => {
      const name = random.pick(['goal-status', 'request-intent', 'event-status', 'task-status']);
      put(place, { coding: [{ system: `http://hl7.org/fhir/${name}`, code: 'strange' }] });
    },
  ),
  somewhere(
    'coding-relative-system',
    'invalid',
    ({ type }, value) => type === 'Coding' && isJson(value),
    (_, __, value) => {
      (value as Json).system = 'codes/local';
    },
  ),
  somewhere(
    'coding-without-system',
    'either',
    ({ type }, value) => type === 'Coding' && isJson(value) && value.system !== undefined,
    (_, __, value) => {
      delete (value as Json).system;
    },
  ),
  somewhere(
    'coding-without-code',
    'either',
    ({ type }, value) => type === 'Coding' && isJson(value) && value.code !== undefined,
    (_, __, value) => {
      delete (value as Json).code;
    },
  ),
  somewhere(
    'coding-other-display',
    'either',
    ({ type }, value) => type === 'Coding' && isJson(value),
    (_, __, value) => {
      (value as Json).display = 'in words of our own';
    },
  ),
  somewhere(
    'identifier-relative-system',
    'invalid',
    ({ type }, value) => type === 'Identifier' && isJson(value),
    (_, __, value) => {
      (value as Json).system = 'numbers';
    },
  ),
  somewhere(
    'identifier-uri-is-none',
    'invalid',
    ({ type }, value) => type === 'Identifier' && isJson(value),
    (_, __, value) => {
      Object.assign(value as Json, { system: 'urn:ietf:rfc:3986', value: '1.2.3.4' });
    },
  ),
  somewhere(
    'unit-unknown',
    'invalid',
    ({ type, key }) => type === 'Quantity' && !key.startsWith('value'),
    (place) => put(place, { value: 1, system: 'http://unitsofmeasure.org', code: 'pint?' }),
  ),
  somewhere(
    'choice-twice',
    'invalid',
    ({ element, index }) =>
      element.path.endsWith('[x]') && index < 0 && (element.type?.length ?? 0) > 1,
    ({ holder, element, type }, random) => {
      const others = (element.type ?? []).filter(({ code }) => code !== type && code in samples);
      const other = random.pick(others)?.code ?? (type === 'string' ? 'boolean' : 'string');
      holder[stemOf(element) + upperFirst(other)] = structuredClone(samples[other]);
    },
  ),
  somewhere(
    'choice-of-wrong-type',
    'invalid',
    ({ element, index }) => element.path.endsWith('[x]') && index < 0,
    ({ holder, key, element }, random) => {
      const allowed = new Set(element.type?.map(({ code }) => code));
      const wrong = random.pick(Object.keys(samples).filter((code) => !allowed.has(code)));
      delete holder[key];
      holder[stemOf(element) + upperFirst(wrong ?? 'nothing')] = structuredClone(
        samples[wrong ?? ''],
      );
    },
  ),
];

const samples: Readonly<Record<string, unknown>> = {
  boolean: true,
  string: 'a text',
  dateTime: '2024-03-05',
  integer: 3,
  decimal: 1.5,
  CodeableConcept: { text: 'a concept' },
  Quantity: { value: 1 },
  Period: { start: '2024-03-05' },
  Range: { low: { value: 1 } },
  Address: { city: 'Lund' },
  Money: { value: 1, currency: 'EUR' },
};

function stemOf({ path }: fhir4.ElementDefinition): string {
  return path.slice(path.lastIndexOf('.') + 1, -3);
}
