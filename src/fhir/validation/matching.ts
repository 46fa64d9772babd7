/** fixed[x] and pattern[x] (R4 elementdefinition.html): a fixed value is the whole value, a pattern a part of it. */
import { isObject } from './documents.ts';

/** The value of `fixed[x]`, `pattern[x]` …, whatever its type. */
export function valueOfChoice(
  element: fhir4.ElementDefinition,
  name: 'fixed' | 'pattern' | 'minValue' | 'maxValue',
): unknown {
  for (const [key, value] of Object.entries(element))
    if (key.startsWith(name) && /^[A-Z]/.test(key.slice(name.length))) return value;
  return undefined;
}

/** Whether two JSON values are the same, whatever the order of their keys. */
export function sameValue(one: unknown, other: unknown): boolean {
  if (Array.isArray(one))
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, index) => sameValue(item, other[index]))
    );
  if (!isObject(one) || !isObject(other)) return one === other;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && sameValue(one[key], other[key]))
  );
}

/** Whether a value holds all that a pattern asks for; of a list each pattern entry has to be met by some entry. */
export function meetsPattern(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern))
    return (
      Array.isArray(value) &&
      pattern.every((wanted) => value.some((item: unknown) => meetsPattern(item, wanted)))
    );
  if (!isObject(pattern)) return value === pattern;
  return (
    isObject(value) &&
    Object.entries(pattern).every(([key, wanted]) => meetsPattern(value[key], wanted))
  );
}
