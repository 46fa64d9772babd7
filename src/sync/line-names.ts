/**
 * Which resource a line of NDJSON holds, told from its first bytes where it begins as most servers write it, and a set of
 * such names that stays small whatever the file: it may take a name for another one, so that what follows has to look.
 */

/** Where in the bytes type and id stand. */
export interface LineHead {
  readonly typeFrom: number;
  readonly typeTo: number;
  readonly idFrom: number;
  readonly idTo: number;
}

const quote = 34;
const backslash = 92;
const space = 32;
/** After these a space may stand. */
const punctuation: readonly (number | undefined)[] = [123, 44, 58];
const opening = Buffer.from('{"resourceType":');
const between = Buffer.from(',"id":');

/** Undefined where type and id do not come first, or an escape stands in them. A space after `:` and `,` may be there. */
export function headOf(bytes: Buffer, from: number, to: number): LineHead | undefined {
  let at = after(opening, bytes, from);
  if (at === undefined || at >= to || bytes[at] !== quote) return undefined;
  const typeFrom = at + 1;
  const typeTo = endOfText(bytes, typeFrom, to);
  if (typeTo === undefined) return undefined;
  at = after(between, bytes, typeTo + 1);
  if (at === undefined || at >= to || bytes[at] !== quote) return undefined;
  const idFrom = at + 1;
  const idTo = endOfText(bytes, idFrom, to);
  return idTo === undefined || idTo === idFrom ? undefined : { typeFrom, typeTo, idFrom, idTo };
}

/** The place after these bytes, with or without spaces behind the punctuation in them. */
function after(wanted: Buffer, bytes: Buffer, from: number): number | undefined {
  let at = from;
  for (let index = 0; index < wanted.length; index += 1) {
    if (bytes[at] !== wanted[index]) return undefined;
    at += 1;
    if (bytes[at] === space && punctuation.includes(wanted[index])) at += 1;
  }
  return at;
}

function endOfText(bytes: Buffer, from: number, to: number): number | undefined {
  for (let at = from; at < to; at += 1) {
    if (bytes[at] === quote) return at;
    if (bytes[at] === backslash) return undefined;
  }
  return undefined;
}

export function nameAt(bytes: Buffer, head: LineHead): string {
  return `${bytes.toString('utf8', head.typeFrom, head.typeTo)}/${bytes.toString('utf8', head.idFrom, head.idTo)}`;
}

/** Names that a set of the largest size still holds: 8 bytes for each place, of which 6 in 10 are used. */
const mostPlaces = 1 << 22;

/** A set of names by their hashes of 64 bits: what it has not, it never says it has; two names rarely look the same. */
export class NameSet {
  #high = new Uint32Array(1 << 10);
  #low = new Uint32Array(1 << 10);
  #count = 0;
  #isFull = false;

  get size(): number {
    return this.#count;
  }

  add(name: string): void {
    const bytes = Buffer.from(name, 'utf8');
    this.addAt(bytes, wholeName(bytes));
  }

  has(name: string): boolean {
    const bytes = Buffer.from(name, 'utf8');
    return this.hasAt(bytes, wholeName(bytes));
  }

  addAt(bytes: Buffer, head: LineHead): void {
    const high = hash(bytes, head, 0x811c9dc5, 0x01000193);
    const low = hash(bytes, head, 0x2f0b4c47, 0x5bd1e995) || 1;
    const at = this.#placeOf(high, low);
    if (this.#low[at] !== 0) return;
    if (this.#count >= this.#low.length * 0.6) {
      if (this.#low.length >= mostPlaces) {
        this.#isFull = true;
        return;
      }
      this.#grow();
      this.addAt(bytes, head);
      return;
    }
    this.#high[at] = high;
    this.#low[at] = low;
    this.#count += 1;
  }

  /** Also true of everything once there is no room for more. */
  hasAt(bytes: Buffer, head: LineHead): boolean {
    if (this.#isFull) return true;
    if (this.#count === 0) return false;
    const high = hash(bytes, head, 0x811c9dc5, 0x01000193);
    const low = hash(bytes, head, 0x2f0b4c47, 0x5bd1e995) || 1;
    return this.#low[this.#placeOf(high, low)] !== 0;
  }

  /** The place of this hash, or the free one where it belongs. */
  #placeOf(high: number, low: number): number {
    const mask = this.#low.length - 1;
    let at = (high ^ low) & mask;
    while (this.#low[at] !== 0 && (this.#low[at] !== low || this.#high[at] !== high))
      at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const [high, low] = [this.#high, this.#low];
    this.#high = new Uint32Array(high.length * 2);
    this.#low = new Uint32Array(low.length * 2);
    for (const [from, one] of low.entries()) {
      if (one === 0) continue;
      const at = this.#placeOf(high[from] ?? 0, one);
      this.#high[at] = high[from] ?? 0;
      this.#low[at] = one;
    }
  }
}

/** `Type/id` written as text, in the places of a head. */
function wholeName(bytes: Buffer): LineHead {
  const slash = bytes.indexOf(47);
  return { typeFrom: 0, typeTo: slash, idFrom: slash + 1, idTo: bytes.length };
}

/** FNV-1a over type, a slash and id, with its bits mixed at the end. */
function hash(bytes: Buffer, head: LineHead, seed: number, prime: number): number {
  let value = seed;
  for (let at = head.typeFrom; at < head.typeTo; at += 1)
    value = Math.imul(value ^ (bytes[at] ?? 0), prime);
  value = Math.imul(value ^ 47, prime);
  for (let at = head.idFrom; at < head.idTo; at += 1)
    value = Math.imul(value ^ (bytes[at] ?? 0), prime);
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}
