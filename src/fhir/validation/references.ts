/**
 * References (R4 references.html): the type of the target against what the element allows, contained targets, and
 * inside a Bundle the targets that have to be there. Nothing is fetched.
 */
import type { Definitions } from '../definitions/definitions.ts';
import type { Check } from './check.ts';
import { isAbsolute } from './codings.ts';
import { followed, isId, readLiteral } from './documents.ts';
import type { FhirObject } from './scope.ts';
import type { Walk } from './walk.ts';

/** Resource types that a list of target profiles allows; undefined for any. */
export function targetTypes(
  targetProfiles: readonly string[] | undefined,
  definitions: Definitions,
): ReadonlySet<string> | undefined {
  const types = new Set<string>();
  for (const url of targetProfiles ?? []) {
    const type = definitions.structure(url)?.type;
    if (type === undefined || type === 'Resource') return undefined;
    types.add(type);
  }
  return types.size === 0 ? undefined : types;
}

/** The check of a Reference element that may point to these types. */
export function referenceCheck(type: fhir4.ElementDefinitionType, definitions: Definitions): Check {
  let allowed: ReadonlySet<string> | undefined | null = null;
  let names: readonly string[] = [];
  return (value, walk) => {
    if (allowed === null) {
      allowed = targetTypes(type.targetProfile, definitions);
      names = [...(allowed ?? [])];
    }
    // Called for objects only
    const reference = value as FhirObject;
    if (isPlainlyAllowed(reference, names, walk)) {
      walk.remoteReference();
      return;
    }
    const target = targetOf(reference, walk, definitions);
    if (allowed === undefined || target === undefined || allowed.has(target)) return;
    walk.error(
      'structure',
      `The reference points to ${target}, but only to ${[...allowed].join(', ')} is it allowed to point.`,
    );
  };
}

/** `Type/id` of an allowed type outside of a Bundle, with nothing else said of the type: what most references are. */
function isPlainlyAllowed(
  { reference, type }: FhirObject,
  allowed: readonly string[],
  { scope }: Walk,
): boolean {
  if (typeof reference !== 'string' || type !== undefined || scope.bundle !== undefined)
    return false;
  for (let index = 0; index < allowed.length; index += 1) {
    const name = allowed[index] ?? '';
    if (reference.charCodeAt(name.length) === 47 && reference.startsWith(name))
      return isId(reference, name.length + 1);
  }
  return false;
}

/** The type of what a reference points to, as far as that can be said here. */
function targetOf(reference: FhirObject, walk: Walk, definitions: Definitions): string | undefined {
  const { reference: literal, type } = reference;
  const stated = typeof type === 'string' ? type : undefined;
  if (typeof literal !== 'string' || literal === '') return stated;
  const target = followed(literal, walk.scope);
  if (target !== undefined) {
    const found = typeof target.resourceType === 'string' ? target.resourceType : undefined;
    if (stated !== undefined && found !== undefined && stated !== found)
      contradicts(stated, found, walk);
    return found ?? stated;
  }
  if (literal.startsWith('#')) return stated;
  const read = readLiteral(literal);
  if (read === undefined) {
    unreadable(literal, walk);
    return stated;
  }
  if (!definitions.resourceTypes.has(read.type)) {
    if (read.base === undefined)
      walk.error(
        'invalid',
        `${walk.quote(literal)} names ${read.type}, which is no type of R4.`,
        'reference',
      );
    return stated;
  }
  walk.remoteReference();
  if (stated !== undefined && stated !== read.type) contradicts(stated, read.type, walk);
  return read.type;
}

function contradicts(stated: string, found: string, walk: Walk): void {
  walk.error('structure', `The type says ${stated}, but the reference points to ${found}.`, 'type');
}

/**
 * A search in place of a reference, which the server that takes a transaction resolves (http.html#trules). Servers do so
 * for a batch as well.
 */
function isConditional(literal: string, { scope: { bundle } }: Walk): boolean {
  const isSubmitted = bundle?.type === 'transaction' || bundle?.type === 'batch';
  return isSubmitted && /^[A-Z][A-Za-z]+\?\S+$/.test(literal);
}

/** Neither RESTful nor contained: other URLs are for servers of other kinds, URNs for entries of a Bundle. */
function unreadable(literal: string, walk: Walk): void {
  if (/^urn:(?:uuid|oid):/i.test(literal)) {
    const { bundle } = walk.scope;
    if (bundle === undefined) walk.remoteReference();
    else
      walk.say(
        'warning',
        'not-found',
        `No entry of the Bundle has the fullUrl ${walk.quote(literal)}.`,
        {
          child: 'reference',
        },
      );
    return;
  }
  if (isAbsolute(literal) || isConditional(literal, walk)) walk.remoteReference();
  else
    walk.error(
      'invalid',
      `${walk.quote(literal)} is no reference: Type/id, an absolute URL, a URN or # and the id of a contained resource is expected.`,
      'reference',
    );
}
