/** Changes of references and of contained resources. */
import { type Kind, somewhere } from './change.ts';
import { type Json, placesOf, put, valueAt } from './element-places.ts';
import type { Random } from './random.ts';

const isReference = ({ type }: { readonly type: string }): boolean => type === 'Reference';

function reference(name: string, makes: Kind['makes'], ...values: readonly Json[]): Kind {
  return somewhere(name, makes, isReference, (place, random) =>
    put(place, structuredClone(random.pick(values))),
  );
}

/** Puts resources into `contained` and, where asked, a reference to the first of them somewhere. */
function containing(
  name: string,
  makes: Kind['makes'],
  contained: (resource: Json) => readonly Json[],
  from: 'referred' | 'alone',
): Kind {
  return {
    name,
    makes,
    change(resource, random) {
      if (noContained.has(String(resource.resourceType))) return false;
      if (from === 'referred' && !referTo('#inside', resource, random)) return false;
      const had: readonly unknown[] = Array.isArray(resource.contained) ? resource.contained : [];
      resource.contained = [...had, ...structuredClone(contained(resource))];
      return true;
    },
  };
}

/** Bundle, Parameters and Binary are no DomainResources. */
const noContained = new Set(['Bundle', 'Parameters']);

function referTo(literal: string, resource: Json, random: Random): boolean {
  // A patient may stand almost everywhere; others would be the wrong target
  const able = placesOf(resource).filter(
    (place) =>
      isReference(place) &&
      String((valueAt(place) as Json | undefined)?.reference).startsWith('Patient/') &&
      place.holder === resource,
  );
  const place = random.pick(able);
  if (place) put(place, { reference: literal });
  return place !== undefined;
}

const inside: Json = { resourceType: 'Patient', id: 'inside', active: true };

export const references: readonly Kind[] = [
  somewhere(
    'reference-to-wrong-type',
    'invalid',
    (place) =>
      isReference(place) &&
      (place.element.type?.some(({ targetProfile }) => targetProfile !== undefined) ?? false) &&
      !JSON.stringify(place.element.type).includes('StructureDefinition/Resource"'),
    (place, random) => {
      const allowed = JSON.stringify(place.element.type);
      const wrong = ['Slot', 'Schedule', 'Library', 'Coverage', 'Endpoint'].filter(
        (type) => !allowed.includes(`StructureDefinition/${type}"`),
      );
      put(place, { reference: `${random.pick(wrong)}/1` });
    },
  ),
  reference(
    'reference-to-unknown-type',
    'invalid',
    { reference: 'Ward/12' },
    { reference: 'Foo/1' },
  ),
  reference(
    'reference-that-is-none',
    'invalid',
    { reference: 'the patient' },
    { reference: 'Patient' },
  ),
  reference('reference-to-nothing-contained', 'invalid', { reference: '#nothing' }),
  reference('reference-empty', 'invalid', { reference: '' }),
  reference('reference-only-type', 'either', { type: 'Patient' }),
  reference('reference-only-display', 'either', { display: 'in words' }),
  reference('reference-by-identifier', 'either', {
    identifier: { system: 'https://changes.example/ids', value: '1' },
  }),
  somewhere('reference-to-version', 'valid', hasLiteral, (_, __, value) => {
    (value as Json).reference = `${String((value as Json).reference)}/_history/3`;
  }),
  somewhere('reference-absolute', 'valid', hasLiteral, (_, __, value) => {
    (value as Json).reference = `https://changes.example/fhir/${String((value as Json).reference)}`;
  }),
  reference('reference-by-urn', 'either', {
    reference: 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520',
  }),
  somewhere('reference-type-contradicts', 'invalid', hasLiteral, (_, __, value) => {
    (value as Json).type = 'Substance';
  }),
  somewhere('reference-type-agrees', 'valid', hasLiteral, (_, __, value) => {
    (value as Json).type = String((value as Json).reference).split('/')[0];
  }),
  containing('contained-in-use', 'valid', () => [inside], 'referred'),
  containing('contained-not-in-use', 'invalid', () => [inside], 'alone'),
  containing(
    'contained-without-id',
    'invalid',
    () => [{ resourceType: 'Patient', active: true }],
    'alone',
  ),
  containing('contained-twice-the-id', 'invalid', () => [inside, inside], 'referred'),
  containing(
    'contained-in-contained',
    'invalid',
    () => [{ ...inside, contained: [{ resourceType: 'Patient', id: 'deeper' }] }],
    'referred',
  ),
  containing(
    'contained-with-version',
    'invalid',
    () => [{ ...inside, meta: { versionId: '1', lastUpdated: '2024-03-05T10:00:00Z' } }],
    'referred',
  ),
  containing(
    'contained-with-security',
    'invalid',
    () => [{ ...inside, meta: { security: [{ system: 'https://changes.example/s', code: 'r' }] } }],
    'referred',
  ),
  containing('contained-broken', 'invalid', () => [{ ...inside, gender: 'strange' }], 'referred'),
  containing(
    'contained-of-unknown-type',
    'invalid',
    () => [{ resourceType: 'Ward', id: 'inside' }],
    'referred',
  ),
];

function hasLiteral(place: { readonly type: string }, value: unknown): boolean {
  return (
    isReference(place) &&
    /^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]+$/.test(String((value as Json)?.reference))
  );
}
