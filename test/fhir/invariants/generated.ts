/**
 * Nodes around a rule, made from the official definitions: only the elements that its expression names, each there or
 * not, with the codes that the expression asks for among the values. So every rule is tried where it turns.
 */
import fc from 'fast-check';
import type { Node } from '../../../src/fhir/invariants/predicate.ts';
import { contentOf, type Definitions, type Property } from './official.ts';

const numbers = ['decimal', 'integer', 'unsignedInt', 'positiveInt'];
const times = ['date', 'dateTime', 'instant'];

/** Moments of every precision, in zones in which the day is that of UTC (see moments.spec.ts for the others). */
const moments = [
  '2020',
  '2021',
  '2020-01',
  '2020-01-15',
  '2020-02-15',
  '2020-01-15T10:00:00Z',
  '2020-01-15T10:00:00.250Z',
  '2020-01-15T10:00:00+05:00',
  '2020-01-15T06:00:00-04:00',
];

const ucum = 'http://unitsofmeasure.org';
const deepest = 4;

/** What stands in an entry or is contained, rightly or not. */
const innerResource = fc.record(
  {
    resourceType: fc.constantFrom('Composition', 'MessageHeader', 'Patient'),
    meta: fc.record(
      {
        versionId: fc.constantFrom('1', '2'),
        lastUpdated: fc.constant('2020-01-15T10:00:00Z'),
        security: fc.array(fc.constant({ code: 'R' }), { maxLength: 1 }),
      },
      { requiredKeys: [] },
    ),
    contained: fc.array(fc.constant({ resourceType: 'Patient' }), { maxLength: 1 }),
  },
  { requiredKeys: ['resourceType'] },
);

export interface Words {
  readonly names: ReadonlySet<string>;
  /** Names that the expression only asks the presence of: those may have an extension in place of a value. */
  readonly askedOnlyFor: ReadonlySet<string>;
  readonly texts: readonly string[];
}

export function wordsOf(expression: string): Words {
  const texts = [...expression.matchAll(/'([^']*)'/g)].map(([, text]) => String(text));
  const bare = expression.replaceAll(/'[^']*'/g, "''");
  const names = new Set([...bare.matchAll(/\b[a-z]\w*\b(?!\()/g)].map(([name]) => name));
  // What descendants() and children() find lies in parts that the expression does not name
  for (const name of expression.includes('descendants()') ? ['item', 'concept'] : [])
    names.add(name);
  for (const name of expression.includes('children()') ? ['snapshot', 'differential'] : [])
    names.add(name);
  const askedOnlyFor = [...names].filter((name) =>
    [...bare.matchAll(new RegExp(`\\b${name}\\b(?!\\()(.{0,9})`, 'g'))].every(([, after]) =>
      /^\.(exists|empty|count)\(\)/.test(String(after)),
    ),
  );
  return { names, askedOnlyFor: new Set(askedOnlyFor), texts };
}

/** A node of `where` with the elements in `words`: sparse or full, since rules break by absence or by presence. */
export function nodeOf(known: Definitions, where: string, words: Words): fc.Arbitrary<Node> {
  return fc.oneof(nodeWith(known, where, words, 2), nodeWith(known, where, words, 8));
}

/** Of every element one in `absent` is missing. */
function nodeWith(
  known: Definitions,
  where: string,
  words: Words,
  absent: number,
): fc.Arbitrary<Node> {
  const make = (place: string, depth: number): fc.Arbitrary<Node> => {
    const parts = new Map<string, fc.Arbitrary<Node>[]>();
    for (const [name, property] of known.properties.get(place) ?? []) {
      const element = property.path.slice(property.path.lastIndexOf('.') + 1).replace('[x]', '');
      if (!words.names.has(element) || depth > deepest) continue;
      const choices = parts.get(element) ?? [];
      parts.set(element, [...choices, ...forms(name, element, property, depth)]);
    }
    const each = [...parts.values()].map((choices) =>
      fc.option(fc.oneof(...choices), { freq: absent }),
    );
    return fc.tuple(...each).map((made) => Object.assign({}, ...made) as Node);
  };

  const forms = (
    name: string,
    element: string,
    property: Property,
    depth: number,
  ): fc.Arbitrary<Node>[] => {
    const many = (value: fc.Arbitrary<unknown>) =>
      property.repeats ? fc.array(value, { maxLength: 3 }) : value;
    const primitive = primitiveOf(property.type, words.texts);
    const value = primitive ?? partOf(property, depth);
    const withValue = many(value).map((one) => ({ [name]: one }));
    if (primitive === undefined || !words.askedOnlyFor.has(element)) return [withValue];
    const extended = { extension: [{ url: 'http://example.org/why', valueCode: 'unknown' }] };
    return [withValue, fc.constant({ [`_${name}`]: property.repeats ? [extended] : extended })];
  };

  const partOf = (property: Property, depth: number): fc.Arbitrary<Node> =>
    property.type === 'Resource' ? innerResource : make(contentOf(known, property), depth + 1);

  return make(where, 0).map((node) =>
    isResource(known, where) ? { resourceType: where, ...node } : node,
  );
}

const isResource = (known: Definitions, where: string): boolean =>
  known.properties.get(where)?.has('implicitRules') === true;

/** A value of a primitive type, or undefined for other types. */
function primitiveOf(type: string, texts: readonly string[]): fc.Arbitrary<unknown> | undefined {
  if (!/^[a-z]/.test(type)) return undefined;
  if (type === 'boolean') return fc.boolean();
  if (numbers.includes(type))
    return fc.constantFrom(-1, 0, 1, 2, 100, 101, ...(type === 'decimal' ? [0.5] : []));
  if (times.includes(type)) return fc.constantFrom(...moments);
  return fc.constantFrom(...texts, ...texts, ...texts, 'a', '0', '1', '*', ucum, 'A.b', 'A.b.c');
}

/** Whatever a broken sender may put in place of an element. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, '', 'x', 0, -1.5, true, [], {}, [null], [[]], [{}], '2020-13'),
  fc.constantFrom<unknown>(
    { toString: 1 },
    { length: 3 },
    { id: 7, extension: 'x' },
    { coding: 5 },
  ),
  fc.jsonValue({ maxDepth: 3 }),
);
