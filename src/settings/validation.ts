/**
 * Checks settings against the schema with Ajv, fills in the defaults, and turns each of Ajv's findings into a problem that
 * a person can act on: where, what was found, what is expected, what was probably meant.
 */
import {
  Ajv2020,
  type AnySchemaObject,
  type ErrorObject,
  type FuncKeywordDefinition,
} from 'ajv/dist/2020.js';
import { nearest } from '../mapping/nearest.ts';
import { kindOf, type Problem, shown } from '../mapping/problems.ts';
import { expectation, rootNode, tagsOf } from './catalogue.ts';
import { type CheckName, type Complaint, checks } from './checks.ts';
import { type Duration, isDuration, milliseconds } from './duration.ts';
import { pointer, readable } from './pointer.ts';
import type { SchemaNode, Settings } from './schema.ts';
import { nearestSource, type Sources } from './sources.ts';

type Keyword = Omit<FuncKeywordDefinition, 'validate'> & {
  validate: NonNullable<FuncKeywordDefinition['validate']>;
};

const check: Keyword = {
  keyword: 'check',
  type: 'string',
  schemaType: 'string',
  errors: true,
  validate: Object.assign(
    (name: CheckName, value: string, parentSchema: AnySchemaObject = {}): boolean => {
      const complaint: Complaint | undefined = checks[name](value);
      check.validate.errors =
        complaint === undefined ? [] : [{ keyword: 'check', params: complaint, parentSchema }];
      return complaint === undefined;
    },
    { errors: [] as Partial<ErrorObject>[] },
  ),
};

const atLeast: Keyword = {
  keyword: 'atLeast',
  type: 'string',
  schemaType: 'string',
  validate: (least: Duration, value: string): boolean =>
    !isDuration(value) || milliseconds(value) >= milliseconds(least),
};

/** Items of a list that share the value of one key; the later one is the mistake. */
const uniqueBy: Keyword = {
  keyword: 'uniqueBy',
  type: 'array',
  schemaType: 'string',
  errors: true,
  validate: (key: string, list: readonly unknown[], _schema, context): boolean => {
    const values = list.map((item) => (isGroup(item) ? item[key] : undefined));
    const twice = values.flatMap((value, index) =>
      typeof value === 'string' && values.indexOf(value) < index ? [index] : [],
    );
    uniqueBy.validate.errors = twice.map((index) => ({
      keyword: 'uniqueBy',
      instancePath: `${context?.instancePath ?? ''}${pointer([index, key])}`,
      params: { value: values[index] },
    }));
    return twice.length === 0;
  },
};

const ajv = new Ajv2020({
  allErrors: true,
  verbose: true,
  useDefaults: true,
  discriminator: true,
  strict: true,
  keywords: [check, atLeast, uniqueBy, 'expects', 'secret'],
});

export type Checked<T> =
  | { readonly settings: T; readonly problems: readonly [] }
  | { readonly settings?: undefined; readonly problems: readonly Problem[] };

/** Compiles a schema in the words of ours to a check of what a person wrote (a copy of it gets the defaults). */
export function checkOf<T>(root: SchemaNode): (value: unknown, sources: Sources) => Checked<T> {
  const conforms = ajv.compile<T>(root);
  return (value, sources) => {
    const complete: unknown = structuredClone(value);
    if (conforms(complete)) return { settings: frozen(complete), problems: [] };
    const problems = new Map<string, Problem>();
    for (const error of conforms.errors ?? []) {
      const place = placeOf(error);
      // The first finding about a place is the one that explains the others (a wrong type fails every other rule too).
      if (!problems.has(place)) problems.set(place, problemOf(error, place, sources, root));
    }
    return { problems: [...problems.values()] };
  };
}

export const checkSettings = checkOf<Settings>(rootNode);

function placeOf(error: ErrorObject): string {
  switch (error.keyword) {
    case 'required':
      return error.instancePath + pointer([error.params.missingProperty]);
    case 'additionalProperties':
      return error.instancePath + pointer([error.params.additionalProperty]);
    case 'discriminator':
      return error.instancePath + pointer([error.params.tag]);
    default:
      return error.instancePath;
  }
}

function problemOf(error: ErrorObject, place: string, sources: Sources, root: SchemaNode): Problem {
  const node = error.parentSchema as SchemaNode | undefined;
  const base = { where: nearestSource(sources, place), path: readable(place) };
  switch (error.keyword) {
    case 'required':
      return {
        ...base,
        found: 'missing',
        expected: expectation(node?.properties?.[error.params.missingProperty]),
      };
    case 'additionalProperties':
      return { ...base, ...unknownName(node, String(error.params.additionalProperty), root) };
    case 'discriminator': {
      const tags = node === undefined ? [] : tagsOf(node);
      const found: unknown = error.params.tagValue;
      return {
        ...base,
        found: shown(found),
        expected: `one of ${tags.join(', ')}`,
        meant: typeof found === 'string' ? nearest(found, tags) : undefined,
      };
    }
    case 'uniqueBy':
      return {
        ...base,
        found: `${shown(error.params.value)}, which another one has`,
        expected: 'each to differ',
      };
    case 'check':
      return { ...base, ...foundAt(error, place), ...(error.params as Complaint) };
    default:
      return { ...base, ...foundAt(error, place), meant: valueMeant(error.data, node) };
  }
}

function foundAt(error: ErrorObject, place: string): Pick<Problem, 'found' | 'expected' | 'hint'> {
  const node = error.parentSchema as SchemaNode | undefined;
  const expected = expectation(node);
  if (node?.secret === true && !isGroup(error.data)) {
    return {
      found: 'written here',
      expected,
      hint: 'Put the secret into a file or an environment variable and name that.',
    };
  }
  // Whatever stands in signIn by mistake may be a secret that slipped.
  const hidden = /\/signIn(\/|$)/.test(place);
  return { found: hidden ? kindOf(error.data) : shown(withoutUser(error.data)), expected };
}

/** `us:secret@proxy:3128` is how many write a proxy: what stands before the last @ is not repeated. */
function withoutUser(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/^(\w+:\/\/)?.*@/s, '$1…@') : value;
}

function unknownName(
  node: SchemaNode | undefined,
  name: string,
  root: SchemaNode,
): Omit<Problem, 'where' | 'path'> {
  const known = Object.keys(node?.properties ?? {});
  const tag = node?.properties?.type?.const;
  const meant = nearest(name, known);
  const elsewhere = meant === undefined && tag === undefined ? placesOf(name, root) : [];
  return {
    found: tag === undefined ? 'no setting' : `no setting of type ${tag}`,
    expected: `one of ${known.join(', ')}`,
    meant,
    hint: elsewhere.length === 0 ? undefined : `It belongs to ${elsewhere.join(' or ')}.`,
  };
}

/** The groups of settings that do have this name. */
function placesOf(name: string, node: SchemaNode, at = 'the top level'): string[] {
  const own = Object.keys(node.properties ?? {}).includes(name) ? [at] : [];
  const inner = Object.entries(node.properties ?? {}).flatMap(([key, child]) =>
    child.secret === true
      ? []
      : [
          child,
          ...(child.items === undefined ? [] : [child.items]),
          ...(child.oneOf ?? []),
        ].flatMap((deeper) => placesOf(name, deeper, key)),
  );
  return [...new Set([...own, ...inner])];
}

const onAndOff: Readonly<Record<string, string>> = {
  true: 'on',
  yes: 'on',
  false: 'off',
  no: 'off',
};

/** What was meant where the schema alone can tell. */
function valueMeant(found: unknown, node: SchemaNode | undefined): string | undefined {
  if (typeof found === 'object' && found !== null) return undefined;
  const text = String(found);
  if (node?.enum !== undefined) {
    const switched = onAndOff[text.toLowerCase()];
    return switched !== undefined && node.enum.includes(switched)
      ? switched
      : nearest(text, node.enum);
  }
  if (node?.type === 'string' && typeof found === 'number') {
    const complaint: Complaint | undefined = node.check && checks[node.check](text);
    return complaint === undefined ? `"${text}"` : complaint.meant;
  }
  if (node?.type === 'array' && node.items?.type === 'string' && typeof found === 'string')
    return `[${shown(found)}]`;
  return undefined;
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const child of Object.values(value)) frozen(child);
  return Object.freeze(value);
}
