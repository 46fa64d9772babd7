/**
 * Whole resources, wherever they stand: at the top, contained, as an entry of a Bundle, as a parameter. Each is checked
 * as its type, then against the profiles that it claims and those that R4 asks of it.
 */
import type { Definitions } from '../definitions/definitions.ts';
import type { Check } from './check.ts';
import { isObject } from './documents.ts';
import type { FhirObject, Scope } from './scope.ts';
import type { Walk } from './walk.ts';
import { jsonType } from './wording.ts';

export interface ResourceParts {
  readonly definitions: Definitions;
  readonly typeOf: (name: string) => Check | undefined;
  /** Profiles of a resource: claimed in meta.profile, and asked for by the specification. */
  readonly profiles: Check;
}

/** The check of a resource inside another: `path` is the element that holds it. */
export function innerResource(path: string, parts: ResourceParts): Check {
  return (value, walk) => {
    const { scope } = walk;
    const inner = isObject(value) ? scopeOf(path, value, walk) : scope;
    const { elementIds, resourceDepth } = walk;
    walk.scope = inner;
    walk.elementIds = undefined;
    walk.resourceDepth = walk.depth;
    checkResource(value, walk, parts);
    walk.scope = scope;
    walk.elementIds = elementIds;
    walk.resourceDepth = resourceDepth;
  };
}

function scopeOf(path: string, resource: FhirObject, walk: Walk): Scope {
  const { scope } = walk;
  if (path.endsWith('.contained')) return { ...scope, resource };
  if (path !== 'Bundle.entry.resource') return { ...scope, resource, root: resource };
  const entries = scope.resource.entry;
  const entry: unknown = Array.isArray(entries) ? entries[walk.index(1)] : undefined;
  const fullUrl = isObject(entry) && typeof entry.fullUrl === 'string' ? entry.fullUrl : undefined;
  return { ...scope, resource, root: resource, bundle: scope.resource, fullUrl };
}

export function checkResource(value: unknown, walk: Walk, parts: ResourceParts): void {
  if (!isObject(value)) {
    walk.error('structure', `A resource is expected here, not ${jsonType(value)}.`);
    return;
  }
  const type = value.resourceType;
  if (typeof type !== 'string') {
    walk.error(
      'structure',
      'resourceType is missing, so that nothing is known of this object.',
      'resourceType',
    );
    return;
  }
  const check = parts.definitions.resourceTypes.has(type) ? parts.typeOf(type) : undefined;
  if (check === undefined) {
    walk.error('structure', `${walk.quote(type)} is not a resource type of R4.`, 'resourceType');
    return;
  }
  check(value, walk);
  if (value.contained !== undefined) containedIds(value.contained, walk);
  parts.profiles(value, walk);
}

/** What is contained is referred to by its id, which therefore has to be there and its own (references.html#contained). */
function containedIds(contained: unknown, walk: Walk): void {
  const met = new Set<string>();
  const list: readonly unknown[] = Array.isArray(contained) ? contained : [];
  for (const [index, one] of list.entries()) {
    if (!isObject(one) || !walk.enter('contained', index)) continue;
    const { id } = one;
    if (id === undefined)
      walk.error('required', 'A contained resource needs an id, by which it is referred to.', 'id');
    else if (typeof id === 'string' && met.has(id))
      walk.error(
        'duplicate',
        `The id ${walk.quote(id)} is used by another contained resource.`,
        'id',
      );
    else if (typeof id === 'string') met.add(id);
    walk.leave();
  }
}
