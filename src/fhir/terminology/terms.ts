/**
 * The value sets and code systems of a set of definitions as lists of codes, each put together when it is first asked
 * for.
 */

import { type CodeList, type Codes, codeList, unknownList } from './code-list.ts';
import { absentSystem, allCodes, readSystem, type System } from './code-system.ts';
import { codesOf } from './value-set.ts';
import { nameOf, wellKnown } from './well-known.ts';

/** Where value sets and code systems come from. One that is asked for again has to be the same object. */
export interface Source {
  /** Exactly this version, where one is named. */
  codeSystem(url: string, version?: string): fhir4.CodeSystem | undefined;
  valueSet(url: string, version?: string): fhir4.ValueSet | undefined;
  /** `url|version`, or the version that stands in for it. */
  namedValueSet(canonical: string): fhir4.ValueSet | undefined;
}

export interface Terms {
  /** By `url` or `url|version`. */
  valueSet(canonical: string): CodeList | undefined;
  codeSystem(canonical: string): CodeList | undefined;
}

/** Value sets include each other; those that do so more deeply than this do it to do harm. */
const deepest = 40;

export function openTerms(source: Source): Terms {
  const system = onceEach((canonical: string): System | undefined => {
    const [url = '', version] = canonical.split('|');
    // A few of R4 have the version within their URL
    const found = source.codeSystem(canonical) ?? source.codeSystem(url, version);
    return found && readSystem(found);
  });
  const open = new Set<fhir4.ValueSet>();
  const codesIn = onceEach((set: fhir4.ValueSet): Codes => {
    open.add(set);
    try {
      return codesOf(set, { system, valueSet: included });
    } finally {
      open.delete(set);
    }
  });
  /** Within a value set the version is a part of the definition, so that no other stands in. */
  const included = (canonical: string): Codes | undefined => {
    const [url = '', version] = canonical.split('|');
    const set = source.valueSet(url, version);
    if (set && (open.has(set) || open.size === deepest))
      return unknownList(`the value set ${url} includes itself`);
    return set && codesIn(set);
  };
  return {
    valueSet: onceEach((canonical: string) => {
      const set = source.namedValueSet(canonical);
      return set && codeList(set.url ?? canonical, set.title ?? set.name, codesIn(set));
    }),
    codeSystem: onceEach((canonical: string) => {
      const found = system(canonical);
      if (found) return codeList(found.url, found.title, allCodes(found));
      return (
        wellKnown(canonical) && codeList(canonical, nameOf(canonical), absentSystem(canonical))
      );
    }),
  };
}

function onceEach<K, T>(make: (key: K) => T): (key: K) => T {
  const made = new Map<K, { readonly is: T }>();
  return (key) => {
    const known = made.get(key);
    if (known) return known.is;
    const is = make(key);
    made.set(key, { is });
    return is;
  };
}
