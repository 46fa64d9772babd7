/**
 * What an R4 server answers to ConceptMap/$translate, computed from the ConceptMap itself (R4 conceptmap.html and
 * operation-conceptmap-translate.html): equivalence says how the target stands to the source, unmapped codes follow
 * group.unmapped, and `result` is true only when a match is neither unmatched nor disjoint.
 */

type Equivalence = fhir4.ConceptMapGroupElementTarget['equivalence'];
type Group = fhir4.ConceptMapGroup;

/** A coding from anywhere: FHIR's own or the domain's. */
export interface CodeToTranslate {
  readonly system?: string | undefined;
  readonly code?: string | undefined;
  readonly display?: string | undefined;
}

export interface TranslateRequest {
  /** Each is translated on its own; the matches follow each other in this order. */
  readonly codings: readonly CodeToTranslate[];
  /** Only matches in this code system. */
  readonly targetSystem?: string;
  /** From target to source. Equivalences are turned round; unmapped rules do not apply. */
  readonly reverse?: boolean;
}

export interface TranslateMatch {
  readonly equivalence: Equivalence;
  /** Absent where the map says that there is none (`unmatched`). */
  readonly concept?: fhir4.Coding;
  /** Further codes that have to be recorded with the concept, by the property that they belong to. */
  readonly product?: readonly { readonly element: string; readonly concept: fhir4.Coding }[];
  /** Canonical URL of the map that said so. */
  readonly source?: string;
}

export interface Translation {
  readonly result: boolean;
  readonly message?: string;
  readonly match: readonly TranslateMatch[];
}

const noMatch: readonly Equivalence[] = ['unmatched', 'disjoint'];

/** Whether a match names a code that may be used in place of the one that was asked for. */
export function holds(match: TranslateMatch): boolean {
  return match.concept !== undefined && !noMatch.includes(match.equivalence);
}

/** Translates by one map. `find` gives the maps that `other-map` names; without it they count as not available. */
export function translate(
  map: fhir4.ConceptMap,
  request: TranslateRequest,
  find: (url: string) => fhir4.ConceptMap | undefined = () => undefined,
): Translation {
  const notes = new Set<string>();
  const search: Search = { request, find, notes, seen: new Set() };
  const match = request.codings.flatMap((coding) => {
    if (coding.system && coding.code)
      return request.reverse ? backwards(map, coding, search) : forwards(map, coding, search);
    notes.add('A code without its system, or a system without a code, cannot be translated.');
    return [];
  });
  const result = match.some((one) => !noMatch.includes(one.equivalence));
  if (!result) notes.add('No translation was found.');
  return { result, match, ...(notes.size > 0 && { message: [...notes].join(' ') }) };
}

interface Search {
  readonly request: TranslateRequest;
  readonly find: (url: string) => fhir4.ConceptMap | undefined;
  readonly notes: Set<string>;
  /** Maps on the way here: two maps that name each other must not be followed for ever. */
  readonly seen: ReadonlySet<fhir4.ConceptMap>;
}

function forwards(
  map: fhir4.ConceptMap,
  coding: CodeToTranslate,
  search: Search,
): TranslateMatch[] {
  return (map.group ?? [])
    .filter((group) => group.source === undefined || group.source === coding.system)
    .flatMap((group) => {
      const targets = group.element
        .filter((element) => element.code === coding.code)
        .flatMap((element) => element.target ?? []);
      return targets.length > 0
        ? inSystem(group, search) // an unmapped rule is not asked when the code is listed
          ? targets.map((target) => matchOf(map, group, target, search))
          : []
        : unmapped(map, group, coding, search);
    });
}

function inSystem(group: Group, { request }: Search): boolean {
  return request.targetSystem === undefined || request.targetSystem === group.target;
}

function matchOf(
  map: fhir4.ConceptMap,
  group: Group,
  target: fhir4.ConceptMapGroupElementTarget,
  { notes }: Search,
): TranslateMatch {
  for (const { property } of target.dependsOn ?? [])
    notes.add(`A match depends on ${property}, which was not looked at.`);
  const product = target.product?.map(({ property, system, value, display }) => ({
    element: property,
    concept: coding(system, value, display),
  }));
  return {
    equivalence: target.equivalence,
    ...(target.code && { concept: coding(group.target, target.code, target.display) }),
    ...(product && { product }),
    ...(map.url && { source: map.url }),
  };
}

function unmapped(
  map: fhir4.ConceptMap,
  group: Group,
  asked: CodeToTranslate,
  search: Search,
): TranslateMatch[] {
  const rule = group.unmapped;
  if (rule === undefined) return [];
  const source = map.url === undefined ? {} : { source: map.url };
  switch (rule.mode) {
    case 'provided': {
      const { targetSystem } = search.request;
      if (targetSystem !== undefined && targetSystem !== asked.system) return [];
      const concept = coding(asked.system, asked.code, asked.display);
      return [{ equivalence: 'equal', concept, ...source }];
    }
    case 'fixed': {
      if (!inSystem(group, search)) return [];
      // how a code that nobody has looked at stands to the fixed one is not known
      const concept = coding(group.target, rule.code, rule.display);
      return [{ equivalence: 'relatedto', concept, ...source }];
    }
    case 'other-map':
      return otherMap(map, rule.url, asked, search);
  }
}

function otherMap(
  map: fhir4.ConceptMap,
  url: string | undefined,
  asked: CodeToTranslate,
  search: Search,
): TranslateMatch[] {
  const seen = new Set([...search.seen, map]);
  const other = url === undefined ? undefined : search.find(url);
  if (other === undefined || seen.has(other)) {
    search.notes.add(`Map ${url ?? '(none named)'} is not available.`);
    return [];
  }
  return forwards(other, asked, { ...search, seen });
}

const turned: Partial<Record<Equivalence, Equivalence>> = {
  wider: 'narrower',
  narrower: 'wider',
  subsumes: 'specializes',
  specializes: 'subsumes',
};

function backwards(
  map: fhir4.ConceptMap,
  asked: CodeToTranslate,
  { request }: Search,
): TranslateMatch[] {
  return (map.group ?? [])
    .filter((group) => group.target === undefined || group.target === asked.system)
    .filter((group) => [undefined, group.source].includes(request.targetSystem))
    .flatMap((group) =>
      group.element.flatMap((element) =>
        (element.target ?? [])
          .filter((target) => target.code === asked.code)
          .map(({ equivalence }) => ({
            equivalence: turned[equivalence] ?? equivalence,
            concept: coding(group.source, element.code, element.display),
            ...(map.url && { source: map.url }),
          })),
      ),
    );
}

function coding(
  system: string | undefined,
  code: string | undefined,
  display: string | undefined,
): fhir4.Coding {
  return { ...(system && { system }), ...(code && { code }), ...(display && { display }) };
}
