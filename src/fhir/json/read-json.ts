/**
 * FHIR JSON text to a value, with what JSON.parse would not say: where the text is broken, keys that occur twice, numbers
 * as they were written. JSON.parse decides what is JSON (RFC 8259); a pass before it refuses what is built to hurt.
 */
import { faultOf } from './json-fault.ts';
import type { Found, Step } from './nesting.ts';
import { placesIn } from './place.ts';
import { type Refusal, type Scan, scan } from './scan.ts';

/** Why a text is not read, and where. */
export interface JsonFault {
  /** Whether it is no JSON, or JSON beyond what is read. */
  readonly because: 'no JSON' | 'limit';
  /** A sentence. It never repeats what the text holds. */
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A key that an object has twice. The last value stands, as with JSON.parse. */
export interface DuplicateKey {
  /** FHIRPath of the object: `Patient.contact[0]`. */
  readonly path: string;
  readonly key: string;
  readonly line: number;
  readonly column: number;
}

export interface JsonNote {
  readonly message: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning';
}

export interface JsonRead {
  readonly value: unknown;
  readonly duplicates: readonly DuplicateKey[];
  /** Numbers whose digits a JavaScript number does not keep (1.10, 1e3, 20 digits), by object or list and key or index. */
  readonly digits: ReadonlyMap<object, ReadonlyMap<string | number, string>>;
  readonly notes: readonly JsonNote[];
}

export type JsonResult =
  | { readonly ok: true; readonly read: JsonRead }
  | { readonly ok: false; readonly fault: JsonFault };

export interface JsonLimits {
  /** Objects and lists inside each other. */
  readonly maxDepth?: number;
  /** Characters of text. */
  readonly maxLength?: number;
}

const usualDepth = 250;
export const usualLength = 64 * 1024 * 1024;
/** A Bundle of 64 MB has about half as many strings, numbers, objects and lists. */
const maxValues = 4_000_000;
/** All official examples of R4 together have less than 10,000. */
const maxShapes = 50_000;

/** Reads JSON text. Takes no longer than a second for any text within the limits; never throws. */
export function readJson(text: string, limits: JsonLimits = {}): JsonResult {
  const { maxDepth = usualDepth, maxLength = usualLength } = limits;
  if (text.length > maxLength)
    return refused(
      'limit',
      text,
      0,
      `The text is longer than ${maxLength.toLocaleString('en')} characters`,
    );
  const hasMark = text.charCodeAt(0) === 0xfeff;
  const json = hasMark ? text.slice(1) : text;
  const found = scan(json, { maxDepth, maxValues, maxShapes });
  if (found.refused !== undefined)
    return refused('limit', json, found.refused.offset, refusals[found.refused.because](maxDepth));
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    const { offset, says } = faultOf(json);
    return refused('no JSON', json, offset, says);
  }
  const root = rootOf(value);
  const placeOf = placesIn(json);
  return {
    ok: true,
    read: {
      value,
      duplicates: found.duplicates.map((each) => ({
        path: pathOf(root, each.holder),
        key: String(each.key),
        ...placeOf(each.offset),
      })),
      digits: digitsOf(value, found),
      notes: notesOf(json, root, found, hasMark),
    },
  };
}

const refusals: Readonly<Record<Refusal, (maxDepth: number) => string>> = {
  depth: (maxDepth) => `Objects and lists are nested deeper than ${maxDepth} levels`,
  values: () => `The text holds more than ${maxValues.toLocaleString('en')} values`,
  shapes: () => 'The objects have more different sets of keys than any FHIR data',
};

function refused(
  because: JsonFault['because'],
  text: string,
  offset: number,
  says: string,
): JsonResult {
  return { ok: false, fault: { because, message: `${says}.`, ...placesIn(text)(offset), offset } };
}

const noDigits: JsonRead['digits'] = new Map();

function digitsOf(value: unknown, { numbers }: Scan): JsonRead['digits'] {
  if (numbers.length === 0) return noDigits;
  const digits = new Map<object, Map<string | number, string>>();
  for (const { holder, key, digits: written } of numbers) {
    const object = follow(value, holder);
    // A number under a key that occurs again is no longer there
    if (object === undefined || Reflect.get(object, key) !== Number(written)) continue;
    const known = digits.get(object);
    if (known === undefined) digits.set(object, new Map([[key, written]]));
    else known.set(key, written);
  }
  return digits;
}

function follow(value: unknown, steps: readonly Step[]): object | undefined {
  let at: unknown = value;
  for (const step of steps) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = Reflect.get(at, step);
  }
  return typeof at === 'object' && at !== null ? at : undefined;
}

function notesOf(text: string, root: string, found: Scan, hasMark: boolean): JsonNote[] {
  const notes: JsonNote[] = [];
  const placeOf = placesIn(text);
  if (hasMark)
    notes.push({
      message: 'The text begins with a byte order mark, which JSON should not have.',
      path: root,
      line: 1,
      column: 1,
      severity: 'warning',
    });
  for (const { fault, ...place } of found.strings)
    notes.push({
      message:
        fault === 'NUL'
          ? 'The string holds the character NUL, which FHIR strings should not hold.'
          : 'The string holds half of a surrogate pair, which is no Unicode character.',
      path: pathOf(root, [...place.holder, place.key]),
      ...placeOf(place.offset),
      severity: fault === 'NUL' ? 'warning' : 'error',
    });
  if (found.cut)
    notes.push({
      message: 'There are more findings of this kind in the text; they are left out.',
      path: root,
      line: 1,
      column: 1,
      severity: 'warning',
    });
  return notes;
}

function rootOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('resourceType' in value)) return 'Resource';
  return typeof value.resourceType === 'string' ? value.resourceType : 'Resource';
}

function pathOf(root: string, steps: Found['holder']): string {
  return steps.reduce<string>(
    (path, step) => (typeof step === 'number' ? `${path}[${step}]` : `${path}.${step}`),
    root,
  );
}
