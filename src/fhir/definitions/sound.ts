/**
 * Whether an added definition has the shape that the code relies on where it reads one: a site's file may hold anything,
 * and a number in place of a text would otherwise surface as a crash in the middle of a run.
 */

type Shape = 'text' | 'number' | 'truth' | readonly [Shape] | { readonly [field: string]: Shape };

const include: Shape = {
  system: 'text',
  version: 'text',
  valueSet: ['text'],
  concept: [{ code: 'text' }],
  filter: [{ property: 'text', op: 'text', value: 'text' }],
};

const contains: Shape = { system: 'text', code: 'text', abstract: 'truth' };

const type: Shape = {
  code: 'text',
  profile: ['text'],
  targetProfile: ['text'],
  aggregation: ['text'],
  extension: [{ url: 'text' }],
};

const element: Shape = {
  id: 'text',
  path: 'text',
  sliceName: 'text',
  slicing: {
    rules: 'text',
    ordered: 'truth',
    discriminator: [{ type: 'text', path: 'text' }],
  },
  min: 'number',
  max: 'text',
  base: { path: 'text', min: 'number', max: 'text' },
  contentReference: 'text',
  type: [type],
  maxLength: 'number',
  constraint: [{ key: 'text', severity: 'text', human: 'text', expression: 'text' }],
  binding: { strength: 'text', valueSet: 'text', extension: [{ url: 'text' }] },
};

const heading = { url: 'text', version: 'text', name: 'text', title: 'text' } as const;

const shapes: Readonly<Record<string, Shape>> = {
  StructureDefinition: {
    ...heading,
    type: 'text',
    kind: 'text',
    abstract: 'truth',
    derivation: 'text',
    baseDefinition: 'text',
    fhirVersion: 'text',
    context: [{ type: 'text', expression: 'text' }],
    contextInvariant: ['text'],
    snapshot: { element: [element] },
  },
  ValueSet: {
    ...heading,
    compose: { inactive: 'truth', include: [include], exclude: [include] },
    expansion: {
      extension: [{ url: 'text' }],
      total: 'number',
      offset: 'number',
      parameter: [{ name: 'text' }],
      contains: [contains],
    },
  },
  CodeSystem: {
    ...heading,
    content: 'text',
    caseSensitive: 'truth',
    count: 'number',
    concept: [{ code: 'text', property: [{ code: 'text' }] }],
  },
};

/** Fields without which a part of this name cannot be read. */
const needed: Readonly<Record<string, readonly string[]>> = {
  StructureDefinition: ['url', 'type', 'kind'],
  ValueSet: ['url'],
  CodeSystem: ['url', 'content'],
  element: ['path'],
  type: ['code'],
  binding: ['strength'],
  constraint: ['key', 'severity', 'human'],
  discriminator: ['type', 'path'],
  context: ['type', 'expression'],
  compose: ['include'],
  snapshot: ['element'],
  concept: ['code'],
  filter: ['property', 'op', 'value'],
};

/** Parts that hold parts of the same name. */
const nested: Readonly<Record<string, Shape>> = {
  concept: { code: 'text', property: [{ code: 'text' }] },
  contains,
};

/** Deeper than any real hierarchy, and far from what a stack holds. */
const deepest = 200;

/** What is wrong with a resource of one of the three kinds, as a sentence; undefined where nothing is. */
export function unsound(resource: object, kind: string): string | undefined {
  const shape = shapes[kind];
  return shape && wrongIn(resource, shape, kind, 0);
}

function wrongIn(value: unknown, shape: Shape, path: string, depth: number): string | undefined {
  if (depth > deepest) return `${path.slice(0, 60)}… is nested too deeply.`;
  if (shape === 'text') return typeof value === 'string' ? undefined : `${path} is no text.`;
  if (shape === 'number') return typeof value === 'number' ? undefined : `${path} is no number.`;
  if (shape === 'truth')
    return typeof value === 'boolean' ? undefined : `${path} is neither true nor false.`;
  if (isList(shape)) {
    if (!Array.isArray(value)) return `${path} is no list.`;
    for (const [at, each] of value.entries()) {
      const wrong = wrongIn(each, shape[0], `${path}[${at}]`, depth + 1);
      if (wrong) return wrong;
    }
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `${path} is no object.`;
  return wrongInFields(value, shape, path, depth);
}

function wrongInFields(
  value: object,
  shape: Readonly<Record<string, Shape>>,
  path: string,
  depth: number,
) {
  const name = path.replace(/^.*\./, '').replace(/\[\d+\]$/, '');
  const missing = needed[name]?.find((field) => !(field in value));
  if (missing) return `${path} has no ${missing}.`;
  const inner = nested[name];
  for (const [field, each] of Object.entries(value)) {
    const expected = Object.hasOwn(shape, field)
      ? shape[field]
      : field === name && inner
        ? ([inner] as const)
        : undefined;
    const wrong = expected && wrongIn(each, expected, `${path}.${field}`, depth + 1);
    if (wrong) return wrong;
  }
  return undefined;
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}
