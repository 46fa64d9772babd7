/**
 * The values that an element has in a JSON object: one or a list, a choice under the name of its type, a primitive with
 * what its `_name` holds. Profiles and slices look at elements in this form.
 */
import { isObject } from './documents.ts';
import type { FhirObject } from './scope.ts';
import type { Walk } from './walk.ts';

export interface Occurrence {
  /** The JSON property, with the type for a choice: `valueQuantity`. */
  readonly key: string;
  /** Position in the list, -1 for elements that are not repeated. */
  readonly index: number;
  /** Undefined for a primitive that has only an id or extensions. */
  readonly value: unknown;
  /** Id and extensions of a primitive. */
  readonly sibling: FhirObject | undefined;
  /** Of a choice: the end of its name, `Quantity` or `String`. */
  readonly choice: string | undefined;
}

/** The occurrences of an element by its name in the definition (`value[x]`, `code`). */
export function occurrences(object: FhirObject, name: string): readonly Occurrence[] {
  if (!name.endsWith('[x]')) return under(object, name, undefined);
  const stem = name.slice(0, -3);
  const found: Occurrence[] = [];
  for (const key in object) {
    const own = key.charCodeAt(0) === 95 ? key.slice(1) : key;
    // Under its own name is met where there is one, and under `_name` only where there is no other
    if (own !== key && object[own] !== undefined) continue;
    // `value` is the stem of valueString, not of valueSet or values: a type begins with a capital
    if (own.startsWith(stem) && isCapital(own.charCodeAt(stem.length)))
      found.push(...under(object, own, own.slice(stem.length)));
  }
  return found;
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

/** How many there are, without making them: most elements of a profile are only counted. */
export function occurrenceCount(object: FhirObject, name: string): number {
  if (name.endsWith('[x]')) return occurrences(object, name).length;
  const value = object[name];
  const sibling = object[siblingName(name)];
  if (value === undefined && sibling === undefined) return 0;
  const values = Array.isArray(value) ? value.length : 0;
  const siblings = Array.isArray(sibling) ? sibling.length : 0;
  return Array.isArray(value) || Array.isArray(sibling) ? Math.max(values, siblings) : 1;
}

const siblingNames = new Map<string, string>();

/** `_name`, made once for each name: it is asked for at every element. */
function siblingName(key: string): string {
  const had = siblingNames.get(key);
  if (had !== undefined) return had;
  const name = `_${key}`;
  if (siblingNames.size < 10_000) siblingNames.set(key, name);
  return name;
}

const none: readonly Occurrence[] = [];

function under(object: FhirObject, key: string, choice: string | undefined): readonly Occurrence[] {
  const value = object[key];
  const sibling = object[siblingName(key)];
  if (value === undefined && sibling === undefined) return none;
  if (!Array.isArray(value) && !Array.isArray(sibling))
    return [{ key, index: -1, value, sibling: isObject(sibling) ? sibling : undefined, choice }];
  const values: readonly unknown[] = Array.isArray(value) ? value : [];
  const siblings: readonly unknown[] = Array.isArray(sibling) ? sibling : [];
  const found: Occurrence[] = [];
  const length = Math.max(values.length, siblings.length);
  for (let index = 0; index < length; index += 1) {
    const beside = siblings[index];
    found.push({
      key,
      index,
      value: values[index] ?? undefined,
      sibling: isObject(beside) ? beside : undefined,
      choice,
    });
  }
  return found;
}

/** Looks at one occurrence of an element; the walk stands on it. */
export type OccurrenceCheck = (occurrence: Occurrence, walk: Walk) => void;

/** Runs a check with the walk standing on an occurrence. */
export function atOccurrence(one: Occurrence, walk: Walk, check: OccurrenceCheck): void {
  if (!walk.enter(one.key, one.index)) return;
  check(one, walk);
  walk.leave();
}

/** Runs a check on each occurrence and says how many there are; makes no list where there is one value or none. */
export function eachOccurrence(
  object: FhirObject,
  name: string,
  walk: Walk,
  check: OccurrenceCheck,
): number {
  const value = object[name];
  if (value === undefined || Array.isArray(value)) {
    const found = occurrences(object, name);
    for (const one of found) atOccurrence(one, walk, check);
    return found.length;
  }
  const sibling = object[siblingName(name)];
  const beside = isObject(sibling) ? sibling : undefined;
  if (walk.enter(name)) {
    check({ key: name, index: -1, value, sibling: beside, choice: undefined }, walk);
    walk.leave();
  }
  return 1;
}
