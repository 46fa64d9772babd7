/**
 * The content of a resource as one short text: whether a version that a server shows differs from the one we know
 * must not depend on the order of keys, on `meta` (changes with each write) or on `text` (generated narrative).
 */
import { createHash } from 'node:crypto';

/** SHA-256 in hex over the canonical JSON of a resource without its `meta` and `text`. */
export function canonicalHash(resource: object): string {
  const { meta: _meta, text: _text, ...content } = resource as Record<string, unknown>;
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

/**
 * JSON with the keys of each object sorted by code unit, no white space, numbers and strings as JSON.stringify writes
 * them, undefined properties left out. Without recursion, so that a deeply nested body cannot overflow the stack.
 */
export function canonicalJson(value: unknown): string {
  const parts: string[] = [];
  const waiting: (Text | Value)[] = [{ value }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if ('text' in next) parts.push(next.text);
    else if (typeof next.value === 'object' && next.value !== null) {
      const pieces = Array.isArray(next.value)
        ? piecesOfArray(next.value)
        : piecesOfObject(next.value);
      for (const piece of pieces.reverse()) waiting.push(piece);
    } else parts.push(JSON.stringify(next.value) ?? 'null');
  }
  return parts.join('');
}

type Text = { readonly text: string };
type Value = { readonly value: unknown };

function piecesOfArray(array: readonly unknown[]): (Text | Value)[] {
  return [
    { text: '[' },
    ...array.flatMap((value, index) => (index === 0 ? [{ value }] : [{ text: ',' }, { value }])),
    { text: ']' },
  ];
}

function piecesOfObject(object: object): (Text | Value)[] {
  const keys = Object.keys(object).filter((key) => read(object, key) !== undefined);
  return [
    { text: '{' },
    ...keys
      .sort()
      .flatMap((key, index) => [
        { text: `${index === 0 ? '' : ','}${JSON.stringify(key)}:` },
        { value: read(object, key) },
      ]),
    { text: '}' },
  ];
}

function read(object: object, key: string): unknown {
  return (object as Record<string, unknown>)[key];
}
