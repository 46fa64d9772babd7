/**
 * Membership of a code in a value set or code system, in three values: a list is rarely known whole here, and a code
 * must be called out only where that is certain (DESIGN decision 7). Value sets are put together from a few kinds of
 * list (enumerated, open, union, intersection, without), each of which answers for one system at a time.
 */

export type Membership = 'in' | 'out' | 'unknown';

/** A value set or a code system, as far as its codes are known here. */
export interface CodeList {
  readonly url: string;
  readonly title?: string;
  /** Every code is known here: a code that is not in it is certainly out. */
  readonly complete: boolean;
  /** Codes that are in, whatever their system, as they are spelt. Where it lacks one, ask `has`. */
  readonly codes: ReadonlySet<string>;
  /** Without a system (an element of type `code`) any system of the list will do. Nothing is in without a code. */
  has(system: string | undefined, code: string | undefined): Membership;
  /** Why it is not complete, such as "LOINC is not here". */
  readonly gap?: string;
}

/** A part of a value set. */
export interface Codes {
  /** The systems that its codes can come from; undefined where any can. */
  readonly systems: ReadonlySet<string> | undefined;
  /** Why an answer can be `unknown`, or why `listed` lacks codes that are in; empty where neither can be. */
  readonly gaps: readonly string[];
  /** The codes that can be named one by one. A list made of others may hold fewer: `has` decides. */
  readonly listed: readonly { readonly system: string; readonly codes: ReadonlySet<string> }[];
  has(system: string, code: string): Membership;
}

/** How a system treats upper and lower case. */
export type Letters = 'sensitive' | 'insensitive' | 'unknown';

/** No code at all. */
export const nothing: Codes = { systems: new Set(), gaps: [], listed: [], has: () => 'out' };

/** Exactly these codes. Where the rule for letters is not known, a code that differs by case only is unknown. */
export function enumerated(system: string, codes: ReadonlySet<string>, letters: Letters): Codes {
  const folded = letters === 'sensitive' ? undefined : new Set([...codes].map(fold));
  const otherCase = letters === 'insensitive' ? 'in' : 'unknown';
  return {
    systems: new Set([system]),
    gaps: [],
    listed: [{ system, codes }],
    has(asked, code) {
      if (asked !== system) return 'out';
      if (codes.has(code)) return 'in';
      return folded?.has(fold(code)) ? otherCase : 'out';
    },
  };
}

/** Codes of a system of which not all can be listed here. `judge` answers for the rest. */
export function open(
  system: string,
  gap: string,
  judge: (code: string) => Membership = () => 'unknown',
  listed: ReadonlySet<string> = new Set(),
): Codes {
  return {
    systems: new Set([system]),
    gaps: [gap],
    listed: [{ system, codes: listed }],
    has(asked, code) {
      if (asked !== system) return 'out';
      return listed.has(code) ? 'in' : judge(code);
    },
  };
}

/** A value set that is not here: it can hold any code of any system. */
export function unknownList(gap: string): Codes {
  return { systems: undefined, gaps: [gap], listed: [], has: () => 'unknown' };
}

/** What is in one part at least. */
export function union(parts: readonly Codes[]): Codes {
  return combined(parts, everySystem(parts), (answers) =>
    answers.includes('in') ? 'in' : answers.includes('unknown') ? 'unknown' : 'out',
  );
}

/** What is in every part. */
export function intersection(parts: readonly Codes[]): Codes {
  return combined(parts, sharedSystems(parts), (answers) =>
    answers.includes('out') ? 'out' : answers.includes('unknown') ? 'unknown' : 'in',
  );
}

/** For parts of which it is not settled whether one is enough or all are needed: what differs is unknown. */
export function unionOrIntersection(parts: readonly Codes[], gap: string): Codes {
  const [every, one] = [intersection(parts), union(parts)];
  return {
    systems: one.systems,
    gaps: [...one.gaps, gap],
    listed: one.listed,
    has(system, code) {
      const membership = one.has(system, code);
      return membership === every.has(system, code) ? membership : 'unknown';
    },
  };
}

/** What is in the base and not excluded. */
export function without(base: Codes, excluded: Codes): Codes {
  return combined([base, excluded], base.systems, ([inBase, inExcluded]) => {
    if (inBase === 'out' || inExcluded === 'in') return 'out';
    return inExcluded === 'unknown' ? 'unknown' : (inBase ?? 'out');
  });
}

/** A list that can be asked with and without a system. */
export function codeList(url: string, title: string | undefined, from: Codes): CodeList {
  const codes = new Set<string>();
  const bySystem = new Map<string, Set<string>>();
  for (const { system, codes: each } of from.listed) {
    const within = bySystem.get(system) ?? new Set();
    bySystem.set(system, within);
    for (const code of each) if (from.has(system, code) === 'in') within.add(code);
    for (const code of within) codes.add(code);
  }
  const { gaps } = from;
  return {
    url,
    ...(title === undefined ? {} : { title }),
    complete: gaps.length === 0,
    codes,
    has(system, code) {
      if (code === undefined) return 'out';
      if (system === undefined) return codes.has(code) ? 'in' : inAnySystem(from, code);
      return bySystem.get(system)?.has(code) ? 'in' : from.has(system, code);
    },
    ...(gaps.length === 0 ? {} : { gap: [...new Set(gaps)].join('; ') }),
  };
}

function combined(
  parts: readonly Codes[],
  systems: Codes['systems'],
  decide: (answers: readonly Membership[]) => Membership,
): Codes {
  const [only, ...others] = parts;
  if (only && others.length === 0) return only;
  return {
    systems,
    gaps: parts.flatMap(({ gaps }) => gaps),
    listed: parts.flatMap(({ listed }) => listed),
    has: (system, code) => decide(parts.map((part) => part.has(system, code))),
  };
}

function inAnySystem({ systems, has }: Codes, code: string): Membership {
  if (systems === undefined) return 'unknown';
  const answers = [...systems].map((system) => has(system, code));
  return answers.includes('in') ? 'in' : answers.includes('unknown') ? 'unknown' : 'out';
}

function everySystem(parts: readonly Codes[]): Codes['systems'] {
  const all = new Set<string>();
  for (const { systems } of parts) {
    if (systems === undefined) return undefined;
    for (const system of systems) all.add(system);
  }
  return all;
}

function sharedSystems(parts: readonly Codes[]): Codes['systems'] {
  return parts.reduce<Codes['systems']>(
    (shared, { systems }) =>
      shared && systems ? shared.intersection(systems) : (shared ?? systems),
    undefined,
  );
}

const fold = (code: string): string => code.toLowerCase();
