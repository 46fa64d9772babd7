/**
 * The content of a resource as one short text: whether a version that a server shows differs from the one we know
 * must not depend on the order of keys, on `meta` (changes with each write) or on `text` (generated narrative).
 */
import { hash } from 'node:crypto';

/** SHA-256 in hex over the canonical JSON of a resource without its `meta` and `text`. */
export function canonicalHash(resource: object): string {
  const { meta: _meta, text: _text, ...content } = resource as Record<string, unknown>;
  return hash('sha256', canonicalJson(content));
}

/**
 * JSON with the keys of each object sorted by code unit, no white space, numbers and strings as JSON.stringify writes
 * them, undefined properties left out. Nesting of any depth is written without recursion, so that a deeply nested body
 * cannot overflow the stack; what is flat, as resources are, goes the fast way.
 */
export function canonicalJson(value: unknown): string {
  const sorted = withSortedKeys(value, 0);
  if (sorted !== unsortable) return JSON.stringify(sorted) ?? 'null';
  return piecewise(value);
}

/** Nesting up to which the fast way goes: more than any resource has, and far from the end of the stack. */
const deepest = 100;

/** Stands for a value that the fast way cannot write. */
const unsortable = Symbol('unsortable');

/**
 * A copy whose objects have their keys in order, for JSON.stringify to write: three times as fast as writing it piece by
 * piece. An object puts keys that look like numbers first whatever their order, and `__proto__` is no key of a copy.
 */
function withSortedKeys(value: unknown, depth: number): unknown {
  if (!isContainer(value)) return value;
  if (depth === deepest) return unsortable;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const inner of value) {
      const item = withSortedKeys(inner, depth + 1);
      if (item === unsortable) return unsortable;
      items.push(item);
    }
    return items;
  }
  const entries = value as Record<string, unknown>;
  const copy: Record<string, unknown> = {};
  for (const key of sortedKeys(entries)) {
    if (isOddKey(key)) return unsortable;
    const inner = withSortedKeys(entries[key], depth + 1);
    if (inner === unsortable) return unsortable;
    copy[key] = inner;
  }
  return copy;
}

/** By insertion: the few keys of a FHIR object are in order sooner than a general sort has begun. */
function sortedKeys(entries: object): readonly string[] {
  const keys = Object.keys(entries);
  if (keys.length > 32) return keys.sort();
  for (let at = 1; at < keys.length; at += 1) {
    const key = keys[at] ?? '';
    let to = at;
    for (let before = keys[to - 1]; before !== undefined && before > key; before = keys[to - 1]) {
      keys[to] = before;
      to -= 1;
    }
    keys[to] = key;
  }
  return keys;
}

const zero = 48;
const nine = 57;

function isOddKey(key: string): boolean {
  const first = key.charCodeAt(0);
  return (first >= zero && first <= nine) || key === '__proto__' || key === 'toJSON';
}

function piecewise(value: unknown): string {
  let json = '';
  const waiting: Piece[] = piecesOf(value);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string') json += next;
    else for (const piece of piecesOf(next)) waiting.push(piece);
  }
  return json;
}

/** Text that is ready, or an object or array that still has to be written. */
type Piece = string | object;

/** One level of a value, last piece first: the texts between the objects and arrays in it, and those themselves. */
function piecesOf(value: unknown): Piece[] {
  if (!isContainer(value)) return [JSON.stringify(value) ?? 'null'];
  const pieces: Piece[] = [];
  let text = '';
  const add = (before: string, inner: unknown) => {
    text += before;
    if (isContainer(inner)) {
      pieces.push(text, inner);
      text = '';
    } else text += JSON.stringify(inner) ?? 'null';
  };
  if (Array.isArray(value)) {
    value.forEach((inner, index) => {
      add(index === 0 ? '[' : ',', inner);
    });
    pieces.push(value.length === 0 ? '[]' : `${text}]`);
  } else {
    const entries = value as Record<string, unknown>;
    let separator = '{';
    for (const key of Object.keys(entries).sort()) {
      if (entries[key] === undefined) continue;
      add(`${separator}${JSON.stringify(key)}:`, entries[key]);
      separator = ',';
    }
    pieces.push(separator === '{' ? '{}' : `${text}}`);
  }
  return pieces.reverse();
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
