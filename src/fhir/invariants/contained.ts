/**
 * The references between a resource and what it contains, found in the plain JSON (dom-3). Walked with a stack of our
 * own, since how deep a resource nests is the sender's choice.
 */

import type { Node } from './predicate.ts';
import { fields, items } from './presence.ts';

/**
 * The names of elements that point at something by text: Reference.reference, and every element of R4 whose type is uri
 * or one of its kinds. A test compares them with the definitions. Names alone decide, so a string of that name in
 * another type counts as a reference too, which only ever excuses.
 */
export const pointers: ReadonlySet<string> = new Set(
  (
    'address answerValueSet authority authorizationUrl base baseDefinition capabilities code compartment ' +
    'contentReference defaultValueCanonical defaultValueOid defaultValueUri defaultValueUrl defaultValueUuid definition ' +
    'definitionCanonical definitionUri derivedFrom derivedFromUri detail endpoint eventUri exampleCanonical ' +
    'fixedCanonical fixedOid fixedUri fixedUrl fixedUuid fullUrl graph identifier implementationGuide implicitRules ' +
    'import imports inputProfile instantiates instantiatesCanonical instantiatesUri issuer jurisdiction library link ' +
    'location measure message moduleCanonical moduleUri nameUrl onlineInformation outputProfile parent partOf ' +
    'patternCanonical patternOid patternUri patternUrl patternUuid policy profile property protocol questionnaire ' +
    'reference relativePath rendering replaces resource source sourceCanonical sourceUri supplements supportedProfile ' +
    'system target targetCanonical targetProfile targetUri transform type uri url valueCanonical valueOid valueSet ' +
    'valueUri valueUrl valueUuid workflow'
  ).split(' '),
);

/** Every text that a pointer in the resource has and that begins with `#`. */
function localReferences(resource: Node): Set<string> {
  const found = new Set<string>();
  const open: Node[] = [resource];
  for (let node = open.pop(); node !== undefined; node = open.pop())
    for (const key in node) {
      const value = node[key];
      if (typeof value === 'string') {
        if (value.startsWith('#') && pointers.has(key)) found.add(value);
      } else if (Array.isArray(value)) {
        for (const item of value)
          if (typeof item === 'string') {
            if (item.startsWith('#') && pointers.has(key)) found.add(item);
          } else if (typeof item === 'object' && item !== null) open.push(item);
      } else if (typeof value === 'object' && value !== null) open.push(value as Node);
    }
  return found;
}

/** Whether everything contained is referred to from `resource`, or refers itself to its container (`#`). */
export function isEveryContainedInUse(contained: unknown, resource: Node): boolean {
  let references: Set<string> | undefined;
  for (const item of items(contained)) {
    const inner = fields(item);
    // Without an id there is nothing to look for, which is an error of its own.
    if (typeof inner.id !== 'string') continue;
    references ??= localReferences(resource);
    if (!references.has(`#${inner.id}`) && !localReferences(inner).has('#')) return false;
  }
  return true;
}
