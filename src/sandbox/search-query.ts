/**
 * A whole query string understood: which criteria, which result parameters, and which pairs were applied. What is
 * not understood is left out of the self link, or refused when the client asked for `handling=strict`.
 */
import { refuse } from './outcome.ts';
import type { LiveVersion } from './repository.ts';
import { type Criterion, criterionFor, type SearchPlace } from './search-criteria.ts';
import { type Parameter, parametersOf } from './search-parameters.ts';

export type Pair = readonly [name: string, value: string];

export type SortKey = { readonly parameter: Parameter; readonly descending: boolean };
export type Include = {
  readonly reverse: boolean;
  /** The type that holds the reference, and the parameter; `*` for any. */
  readonly source: string;
  readonly parameter: string;
  readonly target?: string;
  readonly iterate: boolean;
};

export type Query = {
  readonly criteria: readonly Criterion[];
  readonly sort: readonly SortKey[];
  readonly includes: readonly Include[];
  readonly count?: number;
  readonly offset: number;
  readonly total: boolean;
  readonly only: 'all' | 'count' | 'data';
  readonly elements: readonly string[];
  /** What was applied, in the order in which it was asked. */
  readonly applied: readonly Pair[];
};

/** Parameters about the exchange rather than the search; they stay out of the self link. */
const general = new Set(['_format', '_pretty']);

export function parseQuery(
  place: SearchPlace,
  type: string,
  pairs: readonly Pair[],
  strict: boolean,
): Query {
  const query = {
    criteria: [] as Criterion[],
    sort: [] as SortKey[],
    includes: [] as Include[],
    offset: 0,
    total: true,
    only: 'all' as Query['only'],
    elements: [] as string[],
    applied: [] as Pair[],
    count: undefined as number | undefined,
  };
  const readers: Readonly<Record<string, (value: string) => boolean>> = {
    _count: (value) => {
      query.count = wholeNumber('_count', value);
      return true;
    },
    _offset: (value) => {
      query.offset = wholeNumber('_offset', value);
      return true;
    },
    _sort: (value) => {
      const keys = value.split(',').map((word) => sortKey(type, word));
      if (keys.includes(undefined)) return false;
      query.sort = keys.filter((key) => key !== undefined);
      return true;
    },
    _summary: (value) => {
      if (value === 'count' || value === 'data') query.only = value;
      return value === 'count' || value === 'data' || value === 'false';
    },
    _elements: (value) => {
      query.elements = value.split(',').map((word) => word.replace(`${type}.`, '').trim());
      return true;
    },
    _total: (value) => {
      query.total = value !== 'none';
      return ['none', 'estimate', 'accurate'].includes(value);
    },
    _include: (value) => add(query.includes, include(type, value, false, false)),
    _revinclude: (value) => add(query.includes, include(type, value, true, false)),
    '_include:iterate': (value) => add(query.includes, include(type, value, false, true)),
    '_revinclude:iterate': (value) => add(query.includes, include(type, value, true, true)),
  };
  for (const [name, value] of pairs) {
    if (value === '' || general.has(name)) continue;
    const reader = readers[name];
    const criterion = reader === undefined ? criterionFor(place, type, name, value) : undefined;
    if (criterion !== undefined) query.criteria.push(criterion);
    if (criterion !== undefined || reader?.(value)) query.applied.push([name, value]);
    else if (strict) {
      throw refuse(400, 'not-supported', `${name}=${value} is not supported for ${type}.`);
    }
  }
  const { count, ...rest } = query;
  return count === undefined ? rest : { ...rest, count };
}

/**
 * The live resources that meet a conditional query (`If-None-Exist`, `PUT Type?…`). Strict, because an ignored
 * parameter would make it match strangers.
 */
export function conditionalMatches(place: SearchPlace, type: string, text: string): LiveVersion[] {
  const bare = text.trim().replace(/^[^?=]*\?/, '');
  const pairs = [...new URLSearchParams(bare)].filter(([, value]) => value !== '');
  if (pairs.length === 0) {
    throw refuse(400, 'invalid', 'A conditional request needs at least one search parameter.');
  }
  const criteria = pairs.map(([name, value]) => {
    const criterion = criterionFor(place, type, name, value);
    if (criterion === undefined) {
      throw refuse(400, 'not-supported', `${name} cannot be used in a conditional request.`);
    }
    return criterion;
  });
  return matching(place, type, criteria);
}

export function matching(
  place: SearchPlace,
  type: string,
  criteria: readonly Criterion[],
): LiveVersion[] {
  const found: LiveVersion[] = [];
  for (const version of place.repository.live(type)) {
    if (criteria.every((criterion) => criterion(version))) found.push(version);
  }
  return found;
}

function wholeNumber(name: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw refuse(400, 'value', `${name} is a whole number.`);
  return Number(value);
}

function sortKey(type: string, word: string): SortKey | undefined {
  const descending = word.startsWith('-');
  const parameter = parametersOf(type).get(descending ? word.slice(1) : word);
  return parameter === undefined ? undefined : { parameter, descending };
}

function add(includes: Include[], one: Include | undefined): boolean {
  if (one !== undefined) includes.push(one);
  return one !== undefined;
}

function include(
  type: string,
  value: string,
  reverse: boolean,
  iterate: boolean,
): Include | undefined {
  const [source = '', parameter = '*', target] = value === '*' ? [type, '*'] : value.split(':');
  const known = parameter === '*' || parametersOf(source).get(parameter)?.type === 'reference';
  if (!known || (source !== type && !reverse && !iterate)) return undefined;
  return { reverse, source, parameter, iterate, ...(target === undefined ? {} : { target }) };
}
