/**
 * The codes of a code system, as far as its resource lists them (R4 codesystem.html), and what its hierarchy and its
 * properties say of them. `content` decides how much that is: only `complete` is the whole system.
 */

import { type Codes, enumerated, type Letters, type Membership, open } from './code-list.ts';
import { nameOf, wellKnown } from './well-known.ts';

export type Property = fhir4.CodeSystemConceptProperty;

export interface Concept {
  readonly parents: readonly string[];
  readonly properties: readonly Property[];
}

/** A code system, read once. */
export interface System {
  readonly url: string;
  readonly title: string | undefined;
  /** Why codes are missing here; undefined where none is. */
  readonly gap: string | undefined;
  readonly letters: Letters;
  readonly concepts: ReadonlyMap<string, Concept>;
}

export function readSystem(from: fhir4.CodeSystem): System {
  const concepts = readConcepts(from.concept);
  return {
    url: from.url ?? '',
    title: from.title ?? from.name,
    gap: gapOf(from, concepts.size),
    // R4 CodeSystem.caseSensitive: where a system does not say, accept codes in any case
    letters: from.caseSensitive ? 'sensitive' : 'insensitive',
    concepts,
  };
}

/** Nesting gives parents, and so do the properties `parent` and `child`, which give more than one. */
function readConcepts(list: readonly fhir4.CodeSystemConcept[] | undefined): Map<string, Concept> {
  const concepts = new Map<string, { parents: string[]; properties: Property[] }>();
  const read = (from: readonly fhir4.CodeSystemConcept[], parent: string | undefined): void => {
    for (const { code, property, concept } of from) {
      const known = concepts.get(code) ?? { parents: [], properties: [] };
      concepts.set(code, known);
      if (parent !== undefined) known.parents.push(parent);
      if (property) known.properties.push(...property);
      if (concept) read(concept, code);
    }
  };
  read(list ?? [], undefined);
  for (const [code, { parents, properties }] of concepts)
    for (const { code: name, valueCode } of properties) {
      if (valueCode === undefined) continue;
      if (name === 'parent') parents.push(valueCode);
      if (name === 'child') concepts.get(valueCode)?.parents.push(code);
    }
  return concepts;
}

function gapOf({ content, url = '', count }: fhir4.CodeSystem, listed: number): string | undefined {
  const name = nameOf(url);
  switch (content) {
    case 'complete':
      // Some of R4 and of guides call themselves complete and are empty, or shorter than they say
      if (listed === 0) return `${name} is here without its codes`;
      if (count !== undefined && count > listed) return `only a part of ${name} is here`;
      return wellKnown(url)?.gap;
    case 'example':
      return `only examples of ${name} are here`;
    case 'fragment':
      return `only a part of ${name} is here`;
    default:
      return `${name} is not here`;
  }
}

/** All codes of a system. */
export function allCodes(system: System): Codes {
  return listedCodes(system, new Set(system.concepts.keys()));
}

/** Those codes of a system that are listed here for what is asked; where the system has a gap there may be more. */
export function listedCodes({ url, gap, letters }: System, codes: ReadonlySet<string>): Codes {
  const exact = enumerated(url, codes, letters);
  if (gap === undefined) return exact;
  const judge = wellKnown(url)?.judge;
  const beyond = (code: string): Membership =>
    exact.has(url, code) === 'in' ? 'in' : (judge?.(code) ?? 'unknown');
  return open(url, gap, beyond, codes);
}

/** A system without a resource here: the form of a code may still say something. */
export function absentSystem(url: string, version?: string): Codes {
  const name = version === undefined ? nameOf(url) : `${nameOf(url)} version ${version}`;
  return open(url, `${name} is not here`, wellKnown(url)?.judge);
}
