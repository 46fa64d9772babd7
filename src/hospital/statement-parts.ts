/**
 * Elements of a CapabilityStatement as servers really send them: nulls, a text where a list belongs, entries of another
 * type. Nothing here throws; what is odd is said, so that a person can see why something was not understood (I5).
 */

export type Part = Readonly<Record<string, unknown>>;

/** Takes a sentence about the statement. */
export type Odd = (says: string) => void;

/** The objects of a list; one object in place of a list counts as a list of one. */
export function partsOf(value: unknown, where: string, odd: Odd): readonly Part[] {
  if (value === undefined) return [];
  if (isPart(value)) {
    odd(`${where} is no list.`);
    return [value];
  }
  if (!Array.isArray(value)) {
    odd(`${where} is no list but ${kindOf(value)}.`);
    return [];
  }
  const parts = value.filter(isPart);
  const others = value.length - parts.length;
  if (others > 0)
    odd(`${where} has ${others} ${others === 1 ? 'entry' : 'entries'} without content.`);
  return parts;
}

/** The texts of a list; one text in place of a list counts as a list of one. */
export function textsOf(value: unknown, where: string, odd: Odd): readonly string[] {
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!Array.isArray(value)) odd(`${where} is no list.`);
  return list.flatMap((one) => textOf(one) ?? []);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** A name of FHIR: of a type, an interaction, a search parameter. Anything else is left out, and never repeated. */
export function nameOf(value: unknown): string | undefined {
  const text = textOf(value);
  return text !== undefined && /^[\w$.:-]{1,80}$/.test(text) ? text : undefined;
}

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : `a ${typeof value}`;
}
