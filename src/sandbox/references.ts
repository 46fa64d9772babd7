/**
 * References as text: taking them apart, telling our own from those of another server, finding them in a resource.
 */
import { type Json, type JsonObject, walk } from './json.ts';
import { resourceTypes } from './resource-types.ts';

/** A literal reference to a resource; `base` only if it was absolute. */
export type Target = { readonly base?: string; readonly type: string; readonly id: string };

const shape = /^(?:(https?:\/\/.+)\/)?([A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]+)?$/;

/** `Type/id`, absolute or with a version, taken apart; undefined for urn:, #contained and everything else. */
export function targetOf(reference: string): Target | undefined {
  const [, base, type, id] = shape.exec(reference) ?? [];
  if (type === undefined || id === undefined || !resourceTypes.has(type)) return undefined;
  return base === undefined ? { type, id } : { base, type, id };
}

/** Calls `visit` for every object that holds a literal reference. */
export function eachReference(
  value: Json,
  visit: (holder: JsonObject & { reference: string }) => void,
): void {
  walk(value, (object) => {
    if (typeof object.reference === 'string') visit(object as JsonObject & { reference: string });
  });
}
