/**
 * Lenient in: hospitals send elements of the wrong type, and readers that trust their types would fall over them.
 * A shape names the elements that a mapping reads; checking it drops what has the wrong type and reports it. The
 * check is compiled once; a resource without faults comes back as it is, without a copy.
 */
import type { Report } from './finding.ts';

/** The elements of `T` that a mapping reads, down to their JSON types. `any` hands an element on unchecked. */
export type Shape<T> =
  | 'any'
  | (T extends string
      ? 'string'
      : T extends number
        ? 'number'
        : T extends boolean
          ? 'boolean'
          : T extends readonly (infer Item)[]
            ? readonly [Shape<Item>]
            : { readonly [Key in keyof T]?: Shape<NonNullable<T[Key]>> });

/** Gives the value without its faulty elements; undefined when nothing of it is usable. Never throws. */
export type Check = (value: unknown, report: Report) => unknown;

type AnyShape =
  | 'any'
  | 'string'
  | 'number'
  | 'boolean'
  | readonly [AnyShape]
  | { readonly [key: string]: AnyShape };

/** Compiles a shape. `path` is where the value stands and begins the path of each finding. */
export function compileShape<T>(shape: Shape<T>, path: string): Check {
  return compile(shape as AnyShape, path);
}

function compile(shape: AnyShape, path: string): Check {
  if (shape === 'any') return (value) => value;
  if (shape === 'string') return primitive(path, textFrom, 'is not a text');
  if (shape === 'number') return primitive(path, numberFrom, 'is not a number');
  if (shape === 'boolean') return primitive(path, booleanFrom, 'is not true or false');
  return isListShape(shape) ? list(compile(shape[0], path), path) : object(shape, path);
}

function isListShape(
  shape: readonly [AnyShape] | { readonly [key: string]: AnyShape },
): shape is readonly [AnyShape] {
  return Array.isArray(shape);
}

type Convert = (value: unknown) => unknown;

/** FHIR knows no empty strings: one that is sent anyway counts as missing. */
const textFrom: Convert = (value) => {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return Number.isSafeInteger(value) ? String(value) : undefined;
};
const numberFrom: Convert = (value) => {
  if (Number.isFinite(value)) return value;
  return typeof value === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(value)
    ? Number(value)
    : undefined;
};
const booleanFrom: Convert = (value) => (typeof value === 'boolean' ? value : undefined);

/** A code sent as a number, or a number as a text, means only one thing: it is taken, and reported. */
function primitive(path: string, convert: Convert, says: string): Check {
  return (value, report) => {
    const one = Array.isArray(value) && value.length === 1 ? value[0] : value;
    const converted = convert(one);
    if (converted === value) return value;
    report(path, converted === undefined ? says : 'has the wrong type; taken for what it means');
    return converted;
  };
}

function list(item: Check, path: string): Check {
  return (value, report) => {
    if (!Array.isArray(value)) {
      const only = item(value, report);
      if (only === undefined) return undefined;
      report(path, 'is not a list; taken as a list of one');
      return [only];
    }
    let sound: unknown[] | undefined;
    for (const [index, raw] of value.entries()) {
      // a null keeps the place of a primitive that has only extensions (R4 json.html#null)
      const checked = raw === null ? undefined : item(raw, report);
      if (checked === raw && checked !== undefined && sound === undefined) continue;
      sound ??= value.slice(0, index);
      if (checked !== undefined) sound.push(checked);
    }
    return sound ?? value;
  };
}

function object(shape: { readonly [key: string]: AnyShape }, path: string): Check {
  const checks = Object.entries(shape).map(
    ([key, inner]) => [key, compile(inner, path === '' ? key : `${path}.${key}`)] as const,
  );
  return (value, report) => {
    const raw = Array.isArray(value) && value.length === 1 ? value[0] : value;
    if (!isObject(raw)) {
      report(path, 'is not an object');
      return undefined;
    }
    if (raw !== value) report(path, 'is a list of one; its item was taken');
    let sound: Record<string, unknown> | undefined;
    for (const [key, check] of checks) {
      if (!Object.hasOwn(raw, key)) continue;
      const checked = check(raw[key], report);
      if (checked === raw[key]) continue;
      sound ??= { ...raw };
      if (checked === undefined) delete sound[key];
      else sound[key] = checked;
    }
    return sound ?? raw;
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
