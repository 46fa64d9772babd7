/** Changes of the JSON shape: missing, empty, doubled and misplaced values, and the `_x` siblings of primitives. */
import { type Kind, somewhere } from './change.ts';
import { isJson, type Place, put } from './element-places.ts';

const extension = { url: 'https://changes.example/note', valueString: 'a note' };
const isBase = ({ element }: Place): boolean => !element.path.includes('.');
const isPlain = (place: Place): boolean =>
  place.isPrimitive && place.index < 0 && place.type !== 'xhtml' && !isBase(place);
const isText = (value: unknown): boolean => typeof value === 'string';

function siblingBecomes(name: string, makes: Kind['makes'], value: unknown): Kind {
  return somewhere(
    name,
    makes,
    (place) => isPlain(place) && place.key !== 'id' && place.element.path !== 'Extension.url',
    ({ holder, key }) => {
      holder[`_${key}`] = structuredClone(value);
    },
  );
}

export const shapes: readonly Kind[] = [
  somewhere(
    'required-removed',
    'invalid',
    ({ element }) => (element.min ?? 0) > 0,
    ({ holder, key }) => {
      delete holder[key];
      delete holder[`_${key}`];
    },
  ),
  somewhere(
    'optional-removed',
    'either',
    ({ element }) => (element.min ?? 0) === 0,
    ({ holder, key }) => {
      delete holder[key];
    },
  ),
  somewhere(
    'empty-text',
    'invalid',
    (_, value) => isText(value),
    (place) => put(place, ''),
  ),
  somewhere(
    'blank-text',
    'either',
    ({ type }, value) => isText(value) && (type === 'string' || type === 'markdown'),
    (place) => put(place, '   '),
  ),
  somewhere(
    'empty-object',
    'invalid',
    (_, value) => isJson(value),
    (place) => put(place, {}),
  ),
  somewhere(
    'only-an-id',
    'invalid',
    ({ type }, value) => isJson(value) && type !== 'Resource',
    (place) => put(place, { id: 'only' }),
  ),
  somewhere(
    'empty-list',
    'invalid',
    ({ index }) => index >= 0,
    ({ holder, key }) => {
      holder[key] = [];
    },
  ),
  somewhere(
    'null',
    'invalid',
    ({ index }) => index < 0,
    ({ holder, key }) => {
      holder[key] = null;
    },
  ),
  somewhere(
    'null-in-list',
    'invalid',
    ({ index }) => index >= 0,
    ({ holder, key }) => {
      (holder[key] as unknown[]).push(null);
    },
  ),
  somewhere(
    'list-of-one',
    'invalid',
    ({ index }) => index < 0,
    ({ holder, key }) => {
      holder[key] = [holder[key]];
    },
  ),
  somewhere(
    'list-taken-off',
    'invalid',
    ({ index }) => index === 0,
    ({ holder, key }) => {
      holder[key] = (holder[key] as unknown[])[0];
    },
  ),
  somewhere(
    'more-than-one',
    'invalid',
    ({ index, element }) => index < 0 && element.max === '1',
    ({ holder, key }) => {
      holder[key] = [holder[key], structuredClone(holder[key])];
    },
  ),
  somewhere(
    'text-for-object',
    'invalid',
    (_, value) => isJson(value),
    (place) => put(place, 'a text'),
  ),
  somewhere(
    'object-for-text',
    'invalid',
    (_, value) => isText(value),
    (place) => put(place, { value: 'a text' }),
  ),
  somewhere(
    'number-for-text',
    'invalid',
    (_, value) => isText(value),
    (place) => put(place, 7),
  ),
  somewhere(
    'text-for-number',
    'invalid',
    (_, value) => typeof value === 'number',
    (place, _, value) => put(place, String(value)),
  ),
  somewhere(
    'text-for-boolean',
    'invalid',
    (_, value) => typeof value === 'boolean',
    (place, _, value) => put(place, String(value)),
  ),
  somewhere(
    'unknown-element',
    'invalid',
    ({ type }, value) => isJson(value) && type !== 'Resource',
    (_, random, value) => {
      (value as Record<string, unknown>)[random.pick(['colour', 'Status', 'x-note']) ?? ''] =
        'unknown';
    },
  ),
  {
    name: 'unknown-root-element',
    makes: 'invalid',
    change(resource, random) {
      resource[random.pick(['colour', 'Status', 'resourcetype', 'fhir_comments_']) ?? ''] =
        'unknown';
      return true;
    },
  },
  siblingBecomes('sibling-with-extension', 'valid', { extension: [extension] }),
  siblingBecomes('sibling-with-id', 'valid', { id: 'a1' }),
  siblingBecomes('sibling-empty', 'invalid', {}),
  siblingBecomes('sibling-text', 'invalid', 'a note'),
  siblingBecomes('sibling-list', 'invalid', [{ extension: [extension] }]),
  siblingBecomes('sibling-unknown-part', 'invalid', { id: 'a1', note: 'unknown' }),
  somewhere(
    'sibling-alone',
    'valid',
    (place) => isPlain(place) && place.key !== 'id' && (place.element.min ?? 0) === 0,
    ({ holder, key }) => {
      delete holder[key];
      holder[`_${key}`] = { extension: [structuredClone(extension)] };
    },
  ),
  somewhere(
    'sibling-of-object',
    'invalid',
    ({ isPrimitive, index }) => !isPrimitive && index < 0,
    ({ holder, key }) => {
      holder[`_${key}`] = { extension: [structuredClone(extension)] };
    },
  ),
  somewhere(
    'siblings-padded',
    'valid',
    ({ isPrimitive, index }) => isPrimitive && index === 0,
    ({ holder, key }) => {
      const values = holder[key] as unknown[];
      values.push(null);
      holder[`_${key}`] = [...values.slice(1).map(() => null), { extension: [extension] }];
    },
  ),
  somewhere(
    'siblings-too-many',
    'invalid',
    ({ isPrimitive, index }) => isPrimitive && index === 0,
    ({ holder, key }) => {
      const values = holder[key] as unknown[];
      holder[`_${key}`] = [...values.map(() => null), null, null];
    },
  ),
];
