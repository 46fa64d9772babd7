/**
 * One lexical pass over JSON text for what JSON.parse keeps to itself: nesting, keys that occur twice, numbers as they
 * were written, strings that are no Unicode. It trusts the grammar: JSON.parse, which runs after it, is the judge of that,
 * and on text that is no JSON the pass only has to end. No recursion, so that depth costs nothing.
 */
import { decoded, type Found, Nesting } from './nesting.ts';

export type Refusal = 'depth' | 'values' | 'shapes';

export interface ScanLimits {
  readonly maxDepth: number;
  /** Objects, lists, and members of both. */
  readonly maxValues: number;
  /** Different beginnings of objects, as lists of their keys: what JSON.parse takes longest for. */
  readonly maxShapes: number;
}

export interface Scan {
  readonly duplicates: Found[];
  /** Numbers that JavaScript would write in another way than they stand there. */
  readonly numbers: (Found & { readonly digits: string })[];
  readonly strings: (Found & { readonly fault: StringFault })[];
  /** Where the pass ended because the text is more than is read, and in what way. */
  refused: { readonly offset: number; readonly because: Refusal } | undefined;
  /** More was found than is kept. */
  cut: boolean;
}

export type StringFault = 'lone surrogate' | 'NUL';

const space = 32;
const quote = 34;
const backslash = 92;
const letterU = 117;

/** Letters of a key that its hash is made of. */
const mostHashed = 64;

/** As many findings of one kind as are kept: more say nothing new, and a text could hold millions. */
const mostKept = 1000;
/** Steps of paths that are kept for numbers. */
const mostSteps = 300_000;

export function scan(text: string, { maxDepth, maxValues, maxShapes }: ScanLimits): Scan {
  const { length } = text;
  const found: Scan = { duplicates: [], numbers: [], strings: [], refused: undefined, cut: false };
  const nesting = new Nesting(text);
  const isRaw = !text.isWellFormed();
  let stepsLeft = mostSteps;
  let values = 0;
  let commas = 0;
  let wantsKey = false;
  let nextEscape = firstEscape(text, 0);
  let at = 0;
  while (at < length && values <= maxValues) {
    const code = text.charCodeAt(at);
    if (code <= space) {
      at += 1;
      continue;
    }
    switch (code) {
      case quote: {
        const start = at + 1;
        let end = start;
        let hash = 0;
        if (wantsKey)
          for (const stop = Math.min(nextEscape, start + mostHashed); end < stop; end += 1) {
            const letter = text.charCodeAt(end);
            if (letter === quote) break;
            hash = (Math.imul(hash, 31) + letter) | 0;
          }
        else values += 1;
        end = text.indexOf('"', end);
        const isEscaped = end > nextEscape;
        let isSuspect = isRaw;
        while (end > nextEscape) {
          isSuspect ||= text.charCodeAt(nextEscape + 1) === letterU;
          const after = nextEscape + 2;
          nextEscape = text.charCodeAt(after) === backslash ? after : firstEscape(text, after);
          if (end < after) end = text.indexOf('"', after);
        }
        if (end < 0) return found;
        if (wantsKey) {
          if (isEscaped) hash = hashOf(decoded(text, start, end));
          if (!nesting.key(start, end, hash) && hasRoom(found, found.duplicates))
            found.duplicates.push(nesting.place(start - 1));
          if (nesting.shapes > maxShapes) return refuse(found, at, 'shapes');
        }
        if (isSuspect && !found.cut) {
          const fault = stringFault(text.slice(start, end));
          if (fault !== undefined && hasRoom(found, found.strings))
            found.strings.push({ ...nesting.place(start - 1), fault });
        }
        at = end + 1;
        continue;
      }
      case 58: // :
        wantsKey = false;
        break;
      case 44: // ,
        commas += 1;
        // One without a value before it: this is no JSON, and there may be millions of them
        if (commas > values || nesting.depth === 0) return found;
        wantsKey = nesting.next();
        break;
      case 123: // {
      case 91: // [
        values += 1;
        wantsKey = code === 123;
        nesting.enter(wantsKey);
        if (nesting.depth > maxDepth) return refuse(found, at, 'depth');
        break;
      case 125: // }
      case 93: // ]
        if (nesting.depth === 0) return found;
        nesting.leave();
        wantsKey = false;
        break;
      case 116: // true
      case 102: // false
      case 110: // null
        values += 1;
        break;
      case 45: // -
      case 48: // 0 to 9
      case 49:
      case 50:
      case 51:
      case 52:
      case 53:
      case 54:
      case 55:
      case 56:
      case 57: {
        const start = at;
        at = numberEnd(text, at + 1);
        values += 1;
        if (at - start === 1) continue;
        const digits = text.slice(start, at);
        if (String(Number(digits)) === digits) continue;
        stepsLeft -= nesting.depth;
        if (stepsLeft > 0) found.numbers.push({ ...nesting.place(start), digits });
        else found.cut = true;
        continue;
      }
    }
    at += 1;
  }
  return values > maxValues ? refuse(found, at, 'values') : found;
}

function hasRoom(found: Scan, list: readonly Found[]): boolean {
  if (list.length < mostKept) return true;
  found.cut = true;
  return false;
}

function refuse(found: Scan, offset: number, because: Refusal): Scan {
  found.refused = { offset, because };
  return found;
}

function firstEscape(text: string, from: number): number {
  const at = text.indexOf('\\', from);
  return at < 0 ? text.length : at;
}

/** Escapes that make NUL, or one half of a surrogate pair. */
const suspect = /\\u(?:0000|[dD][89a-fA-F])/;

function stringFault(raw: string): StringFault | undefined {
  if (raw.isWellFormed() && !suspect.test(raw)) return undefined;
  const content = decoded(raw, 0, raw.length);
  if (content.includes('\0')) return 'NUL';
  return content.isWellFormed() ? undefined : 'lone surrogate';
}

function hashOf(key: string): number {
  let hash = 0;
  for (let at = 0; at < Math.min(key.length, mostHashed); at += 1)
    hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
  return hash;
}

function numberEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isDigit = code >= 48 && code <= 57;
    if (!isDigit && code !== 46 && code !== 101 && code !== 69 && code !== 43 && code !== 45) break;
  }
  return at;
}
