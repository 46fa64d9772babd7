/**
 * JSON as the sandbox sees it. The server stores and searches resources of any type, so it reads them as plain JSON
 * and never through the generated FHIR types; those appear only at its in-process door.
 */

export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [name: string]: Json | undefined };
export type JsonResource = JsonObject & { resourceType: string; id?: string };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A deep copy that is plain JSON: what a resource would be after one trip over the wire. */
export function plain(value: object): JsonResource {
  return JSON.parse(JSON.stringify(value));
}

/** All values at the end of a path of element names, lists flattened at each step. */
export function valuesAt(value: Json | undefined, steps: readonly string[], from = 0): Json[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, steps, from));
  if (value === undefined || value === null) return [];
  const step = steps[from];
  if (step === undefined) return [value];
  if (!isObject(value) || !Object.hasOwn(value, step)) return [];
  return valuesAt(value[step], steps, from + 1);
}

/** Visits every object in a value, the value itself first. */
export function walk(value: Json | undefined, visit: (object: JsonObject) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (isObject(value)) {
    visit(value);
    for (const child of Object.values(value)) walk(child, visit);
  }
}
