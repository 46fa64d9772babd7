/**
 * Search: GET Type?… and POST Type/_search. The matches are found and sorted once; each page then takes its slice,
 * with what is included, and links that are absolute and complete.
 */
import {
  type Answer,
  type Call,
  type FhirServer,
  placeOf,
  preference,
  typeIn,
  urlOf,
} from './exchange.ts';
import type { JsonObject, JsonResource } from './json.ts';
import { refuse } from './outcome.ts';
import type { LiveVersion } from './repository.ts';
import { elementRules } from './resource-structure.ts';
import { included } from './search-includes.ts';
import { matching, type Pair, parseQuery, type Query, type SortKey } from './search-query.ts';
import { folded, rangesOf, referencesOf, textsOf, tokensOf } from './search-values.ts';
import type { SearchResult } from './snapshots.ts';

export function search(server: FhirServer, call: Call): Answer {
  const type = typeIn(call);
  const following = call.query.find(([name]) => name === '_snapshot')?.[1];
  if (following !== undefined) {
    const result = server.searches.find(following, type);
    const offset = Number(call.query.find(([name]) => name === '_offset')?.[1] ?? 0);
    return page(server, call, result, offset, following, linkTo(call.base, type, call.query));
  }
  const place = placeOf(server, call);
  const query = parseQuery(place, type, call.query, preference(call, 'handling') === 'strict');
  const all = matching(place, type, query.criteria);
  const found = all.slice(0, server.cap);
  const self = linkTo(call.base, type, query.applied);
  if (query.only === 'count' || query.count === 0) {
    return bundle(server, { total: found.length, link: [{ relation: 'self', url: self }] });
  }
  const pageSize = Math.min(query.count ?? server.defaultCount, server.maxCount);
  const result: SearchResult = {
    path: type,
    found: all.length,
    rows: sorted(found, query.sort),
    query,
    pageSize,
    ...(query.total ? { total: found.length } : {}),
  };
  const more = query.offset + pageSize < found.length;
  const kept = more ? server.searches.keep(result) : undefined;
  return page(server, call, result, query.offset, kept, self);
}

function page(
  server: FhirServer,
  call: Call,
  result: SearchResult,
  offset: number,
  snapshot: string | undefined,
  self: string,
): Answer {
  const { rows, pageSize, query, path } = result;
  if (!Number.isSafeInteger(offset)) throw refuse(400, 'value', '_offset is a whole number.');
  const matches = rows.slice(offset, offset + pageSize);
  const others = included(placeOf(server, call), query.includes, matches);
  const entry = [
    ...matches.map((version) => entryOf(call.base, version, 'match', query)),
    ...others.map((version) => entryOf(call.base, version, 'include', query)),
  ];
  const link = [{ relation: 'self', url: self }];
  const pageAt = (from: number) =>
    linkTo(call.base, path, [
      ['_snapshot', snapshot ?? ''],
      ['_offset', String(from)],
    ]);
  if (snapshot !== undefined && offset + pageSize < rows.length) {
    link.push({ relation: 'next', url: pageAt(offset + pageSize) });
  }
  if (snapshot !== undefined && offset > 0) {
    link.push({ relation: 'previous', url: pageAt(Math.max(0, offset - pageSize)) });
  }
  const answer = bundle(server, {
    ...(result.total === undefined ? {} : { total: result.total }),
    link,
    ...(entry.length === 0 ? {} : { entry }),
  });
  return { ...answer, found: result.found };
}

/** Bundle.meta.lastUpdated is server time: what a poll may take as its next watermark. */
function bundle(server: FhirServer, content: JsonObject): Answer {
  const lastUpdated = new Date(server.repository.now()).toISOString();
  const body = { resourceType: 'Bundle', meta: { lastUpdated }, type: 'searchset', ...content };
  return { status: 200, headers: {}, body };
}

export function linkTo(base: string, path: string, pairs: readonly Pair[]): string {
  const text = pairs
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',');
  const url = path === '' ? base : `${base}/${path}`;
  return text === '' ? url : `${url}?${text}`;
}

function entryOf(base: string, version: LiveVersion, mode: string, query: Query): JsonObject {
  const resource = mode === 'match' ? reduced(version.resource, query) : version.resource;
  return { fullUrl: urlOf(base, version), resource, search: { mode } };
}

/** `_elements` and `_summary=data`: less content, marked SUBSETTED so that nobody writes it back. */
function reduced(resource: JsonResource, query: Query): JsonResource {
  if (query.elements.length === 0 && query.only !== 'data') return resource;
  const meta = resource.meta as JsonObject;
  const tags = Array.isArray(meta.tag) ? meta.tag : [];
  const wanted = (name: string): boolean => {
    if (query.only === 'data') return name !== 'text';
    if (['resourceType', 'id', 'meta', 'implicitRules', 'modifierExtension'].includes(name)) {
      return true;
    }
    const plainName = name.replace(/^_/, '');
    const mandatory = elementRules(resource.resourceType)?.some(
      (rule) => rule.required && rule.name === plainName,
    );
    const asked = query.elements.some(
      (element) =>
        plainName === element ||
        (plainName.startsWith(element) && /^[A-Z]/.test(plainName.slice(element.length))),
    );
    return asked || mandatory === true;
  };
  const kept = Object.entries(resource).filter(([name]) => wanted(name));
  return {
    ...(Object.fromEntries(kept) as JsonResource),
    meta: { ...meta, tag: [...tags, subsetted] },
  };
}

export const subsetted = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
} as const;

/** Sorted by the keys, rows without a value last, equal rows in the order in which they came to be. */
function sorted(rows: readonly LiveVersion[], keys: readonly SortKey[]): readonly LiveVersion[] {
  if (keys.length === 0) return rows;
  const decorated = rows.map((row) => ({ row, values: keys.map((key) => sortValue(row, key)) }));
  decorated.sort((one, two) => {
    for (const [n, key] of keys.entries()) {
      const order = compare(one.values[n], two.values[n], key.descending);
      if (order !== 0) return order;
    }
    return 0;
  });
  return decorated.map(({ row }) => row);
}

type SortValue = string | number | undefined;

function compare(one: SortValue, two: SortValue, descending: boolean): number {
  if (one === two) return 0;
  if (one === undefined) return 1;
  if (two === undefined) return -1;
  return one < two === descending ? 1 : -1;
}

/** The smallest value of the row for an ascending sort, the largest for a descending one. */
function sortValue(row: LiveVersion, { parameter, descending }: SortKey): SortValue {
  const values = {
    token: () => tokensOf(row, parameter).map((token) => token.code),
    reference: () => referencesOf(row, parameter).map((value) => value.text ?? ''),
    date: () => rangesOf(row, parameter).map((range) => (descending ? range.to : range.from)),
    string: () => textsOf(row, parameter).map(folded),
  }[parameter.type]();
  const ordered = [...values].sort((one, two) => compare(one, two, descending));
  return ordered[0];
}
