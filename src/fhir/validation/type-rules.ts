/**
 * What a profile says about the types of an element: fewer types, a profile that the value has to meet, fewer targets
 * of a reference (R4 profiling.html, ElementDefinition.type).
 */
import type { Definitions } from '../definitions/definitions.ts';
import { followed, isObject, readLiteral } from './documents.ts';
import { sameValue } from './matching.ts';
import type { Occurrence, OccurrenceCheck } from './occurrences.ts';
import type { ProfileParts } from './profile-parts.ts';

import { targetTypes } from './references.ts';
import type { FhirObject } from './scope.ts';
import type { Walk } from './walk.ts';

export function typeRules(
  element: fhir4.ElementDefinition,
  base: fhir4.ElementDefinition | undefined,
  parts: ProfileParts,
): OccurrenceCheck[] {
  const types = element.type ?? [];
  if (types.length === 0 || (base && sameValue(types, base.type))) return [];
  const checks: OccurrenceCheck[] = [];
  const allowed = new Set(types.map(({ code }) => code.toLowerCase()));
  if (base?.type && base.type.length > 0)
    checks.push((one, walk) => {
      const found = typeOf(one);
      if (found !== undefined && !allowed.has(found.toLowerCase()) && !allowed.has('resource'))
        walk.error(
          'structure',
          `The value is a ${found}, but only ${typeNames(types)} is allowed.`,
        );
    });
  for (const type of types) {
    const had = base?.type?.find(({ code }) => code === type.code);
    if (type.profile && !sameValue(type.profile, had?.profile))
      checks.push(ofType(type.code, types.length, profileRule(type.profile, parts)));
    if (type.targetProfile && !sameValue(type.targetProfile, had?.targetProfile))
      checks.push(ofType(type.code, types.length, targetRule(type.targetProfile, parts)));
  }
  return checks;
}

/** The type that a value says of itself: of a choice by its name, of a resource by its resourceType. */
export function typeOf({ choice, value }: Occurrence): string | undefined {
  if (choice !== undefined) return choice;
  return isObject(value) && typeof value.resourceType === 'string' ? value.resourceType : undefined;
}

function typeNames(types: readonly fhir4.ElementDefinitionType[]): string {
  return types.map(({ code }) => code).join(' or ');
}

/** Only for values of this type, where there are several. */
function ofType(code: string, types: number, check: OccurrenceCheck): OccurrenceCheck {
  if (types === 1) return check;
  return (one, walk) => {
    if (typeOf(one)?.toLowerCase() === code.toLowerCase()) check(one, walk);
  };
}

/** The value meets one of the profiles. One alone tells what is wrong; of several it is said that none fits. */
function profileRule(urls: readonly string[], parts: ProfileParts): OccurrenceCheck {
  return ({ value }, walk) => {
    if (value === undefined) return;
    const known = urls.flatMap((url) => parts.profile(url) ?? []);
    if (known.length < urls.length) {
      const missing = urls.filter((url) => parts.profile(url) === undefined);
      walk.skip('profile', `The profile ${missing.join(', ')} is not here.`);
      if (urls.length > 1) return;
    }
    const [only] = known;
    if (known.length === 1) only?.(value, walk);
    else if (known.length > 1 && !known.some((profile) => meets(value, profile, walk)))
      walk.error('structure', `The value meets none of the profiles ${urls.join(', ')}.`);
  };
}

/** Whether a value meets a profile, without saying what is wrong where it does not. */
export function meets(
  value: unknown,
  profile: (value: unknown, walk: Walk) => void,
  walk: Walk,
): boolean {
  const aside = walk.aside();
  profile(value, aside);
  return aside.errors === 0;
}

/** The target has one of the types, and meets one of the profiles where it is in this document. */
function targetRule(urls: readonly string[], parts: ProfileParts): OccurrenceCheck {
  let types: ReadonlySet<string> | undefined | null = null;
  return ({ value }, walk) => {
    if (!isObject(value) || typeof value.reference !== 'string') return;
    if (types === null) types = targetTypes(urls, parts.definitions);
    const target = followed(value.reference, walk.scope);
    const type = target?.resourceType ?? literalType(value.reference, parts.definitions);
    if (types && typeof type === 'string' && !types.has(type)) {
      walk.error(
        'structure',
        `The reference points to ${type}, but has to point to ${[...types].join(' or ')}.`,
      );
      return;
    }
    if (target) targetMeets(target, urls, parts, walk);
  };
}

/** The resource type that a RESTful reference says. */
export function literalType(reference: string, { resourceTypes }: Definitions): string | undefined {
  const type = readLiteral(reference)?.type;
  return type !== undefined && resourceTypes.has(type) ? type : undefined;
}

function targetMeets(
  target: FhirObject,
  urls: readonly string[],
  parts: ProfileParts,
  walk: Walk,
): void {
  const known = urls.map((url) => parts.profile(url));
  if (known.includes(undefined)) {
    walk.skip('profile', `Whether the target meets ${urls.join(', ')}: not all of these are here.`);
    return;
  }
  if (!known.some((profile) => profile && meets(target, profile, walk)))
    walk.error('structure', `The target in this document does not meet ${urls.join(', ')}.`);
}
