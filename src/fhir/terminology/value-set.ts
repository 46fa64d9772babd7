/**
 * The codes of a value set, put together from its definition (R4 valueset.html, `compose`): includes are added, what
 * an include names together must hold together, excludes are taken away. Where a system, a value set or a filter is
 * not known here the list stays open, and an expansion, where there is one, adds codes that are certainly in.
 * An abstract concept counts as in: that it is meant for grouping does not make an instance that uses it wrong.
 */

import {
  type Codes,
  enumerated,
  intersection,
  nothing,
  union,
  unionOrIntersection,
  unknownList,
  without,
} from './code-list.ts';
import { absentSystem, allCodes, type System } from './code-system.ts';
import { filtered, filteredUnseen } from './filters.ts';
import { wellKnown } from './well-known.ts';

/** Where a value set finds what it names; undefined where it is not here. */
export interface Terms {
  /** By `url` or `url|version`. */
  system(canonical: string): System | undefined;
  valueSet(canonical: string): Codes | undefined;
}

export function codesOf(set: fhir4.ValueSet, terms: Terms): Codes {
  if (!set.compose)
    return set.expansion
      ? codesOfExpansion(set.expansion)
      : unknownList('it is here without its codes');
  const read = (part: fhir4.ValueSetComposeInclude): Codes => codesOfInclude(part, terms);
  const included = union(set.compose.include.map(read));
  const { exclude = [] } = set.compose;
  const base = exclude.length === 0 ? included : without(included, union(exclude.map(read)));
  const defined =
    set.compose.inactive === false ? without(base, inactiveIn(set.compose, terms)) : base;
  if (defined.gaps.length === 0) return defined;
  return union([
    defined,
    ...expandedBySystem(set.expansion).map(([system, codes]) =>
      enumerated(system, codes, 'sensitive'),
    ),
  ]);
}

function codesOfInclude(part: fhir4.ValueSetComposeInclude, terms: Terms): Codes {
  const sets = (part.valueSet ?? []).map(
    (url) => terms.valueSet(url) ?? unknownList(`the value set ${url} is not here`),
  );
  const [only] = sets;
  const several =
    only && sets.length > 1
      ? // The element says that one is enough, the page that all are needed, and later releases chose the second
        unionOrIntersection(sets, 'R4 does not settle what several value sets in one include mean')
      : only;
  if (part.system === undefined) return several ?? nothing;
  const ofSystem = codesOfSystem(part, part.system, terms);
  return several ? intersection([ofSystem, several]) : ofSystem;
}

function codesOfSystem(part: fhir4.ValueSetComposeInclude, url: string, terms: Terms): Codes {
  const system = terms.system(part.version === undefined ? url : `${url}|${part.version}`);
  if (part.concept) {
    const letters = wellKnown(url)?.letters ?? system?.letters ?? 'unknown';
    return enumerated(url, new Set(part.concept.map(({ code }) => code)), letters);
  }
  const filters = part.filter ?? [];
  return system
    ? intersection([allCodes(system), ...filters.map((filter) => filtered(system, filter))])
    : intersection([
        absentSystem(url, part.version),
        ...filters.flatMap((filter) => filteredUnseen(url, filter)),
      ]);
}

/** Codes that their systems call inactive, for a value set that leaves such out. */
function inactiveIn({ include }: fhir4.ValueSetCompose, terms: Terms): Codes {
  const systems = new Set(include.map(({ system }) => system));
  return union(
    [...systems].map((url) => {
      const system = url === undefined ? undefined : terms.system(url);
      if (!system) return nothing;
      const inactive = [...system.concepts].filter(([, { properties }]) =>
        properties.some(
          ({ code, valueBoolean, valueCode }) =>
            (code === 'inactive' && valueBoolean) ||
            (code === 'status' && (valueCode === 'retired' || valueCode === 'inactive')),
        ),
      );
      return enumerated(system.url, new Set(inactive.map(([code]) => code)), system.letters);
    }),
  );
}

/** A value set that is nothing but its expansion is what the expansion lists, unless that says that it was cut. */
function codesOfExpansion(expansion: fhir4.ValueSetExpansion): Codes {
  const parts = expandedBySystem(expansion);
  return isWhole(expansion)
    ? union(
        parts.map(([system, codes]) =>
          enumerated(system, codes, wellKnown(system)?.letters ?? 'unknown'),
        ),
      )
    : union([
        unknownList('only a part of its expansion is here'),
        ...parts.map(([system, codes]) => enumerated(system, codes, 'unknown')),
      ]);
}

/** R4 valueset.html#expansion: how an expansion says that it does not show everything. */
function isWhole({
  extension,
  offset,
  total,
  contains = [],
  parameter = [],
}: fhir4.ValueSetExpansion): boolean {
  const cut = ['valueset-toocostly', 'valueset-unclosed'];
  const narrowed = ['limitedExpansion', 'filter', 'offset', 'count', 'activeOnly'];
  return (
    !extension?.some(({ url }) => cut.some((each) => url.endsWith(each))) &&
    !offset &&
    (total === undefined || total <= contains.length) &&
    !parameter.some(({ name }) => narrowed.includes(name))
  );
}

function expandedBySystem(expansion: fhir4.ValueSetExpansion | undefined): [string, Set<string>][] {
  const found = new Map<string, Set<string>>();
  for (const { system, code } of expansion?.contains ?? []) {
    if (system === undefined || code === undefined) continue;
    const codes = found.get(system);
    if (codes) codes.add(code);
    else found.set(system, new Set([code]));
  }
  return [...found];
}
