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
