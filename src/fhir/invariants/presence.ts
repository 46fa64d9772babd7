/**
 * FHIRPath's notion of presence on plain JSON: an element exists when it has a value or, for a primitive, an extension
 * or id in its `_x` sibling; an empty array is nothing. None of these functions throws, whatever stands in the JSON.
 */
import type { Node } from './predicate.ts';

const nothing: Node = Object.freeze({});
const none: readonly unknown[] = Object.freeze([]);

/** `x.exists()`; for a primitive pass its `_x` sibling too. */
export function has(value: unknown, sibling?: unknown): boolean {
  return some(value) || some(sibling);
}

function some(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

/** `x.count()`; for a primitive pass its `_x` sibling too. */
export function count(value: unknown, sibling?: unknown): number {
  return Math.max(items(value).length, items(sibling).length);
}

/** The items of an element, repeating or not. */
export function items(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? none : [value];
}

/** The parts of a value: none when it is no object. */
export function fields(value: unknown): Node {
  return typeof value === 'object' && value !== null ? (value as Node) : nothing;
}

/** The types that can stand in a choice element, as its name ends (R4 datatypes, `*`). */
const choiceTypes = (
  'Base64Binary Boolean Canonical Code Date DateTime Decimal Id Instant Integer Markdown Oid PositiveInt String Time ' +
  'UnsignedInt Uri Url Uuid Address Age Annotation Attachment CodeableConcept Coding ContactPoint Count Distance ' +
  'Duration HumanName Identifier Money Period Quantity Range Ratio Reference SampledData Signature Timing ' +
  'ContactDetail Contributor DataRequirement Expression ParameterDefinition RelatedArtifact TriggerDefinition ' +
  'UsageContext Dosage Meta'
).split(' ');

/** An element which is, or in some type may be, a choice: the properties that it can have in JSON. */
export interface Choice {
  readonly initial: number;
  readonly names: ReadonlySet<string>;
}

/** `name[x]`: the name alone or followed by a type, and the `_` sibling of either. */
export function choice(name: string): Choice {
  const names = [name, ...choiceTypes.map((type) => name + type)];
  return {
    initial: name.charCodeAt(0),
    names: new Set([...names, ...names.map((one) => `_${one}`)]),
  };
}

const underscore = 95;

/** `name.exists()` of a choice. Most properties differ in their first letter, and for the rest whole names are quick to find. */
export function hasChoice(node: Node, { initial, names }: Choice): boolean {
  for (const key in node) {
    const first = key.charCodeAt(0);
    if ((first === initial || first === underscore) && names.has(key) && some(node[key]))
      return true;
  }
  return false;
}

/** Whether a CodeableConcept, or one of several, has a coding of `system` with one of `codes`. */
export function hasCoding(concept: unknown, system: string, codes: readonly string[]): boolean {
  for (const one of items(concept))
    for (const item of items(fields(one).coding)) {
      const coding = fields(item);
      if (coding.system === system && codes.includes(coding.code as string)) return true;
    }
  return false;
}

/** `x.isDistinct()` of strings; what is no string is not compared. */
export function areDistinct(values: Iterable<unknown>): boolean {
  const seen = new Set<string>();
  for (const value of values) {
    if (typeof value !== 'string') continue;
    if (seen.has(value)) return false;
    seen.add(value);
  }
  return true;
}

/** `text.toInteger()` where text is one. */
export function integerIn(text: unknown): number | undefined {
  return typeof text === 'string' && /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}
