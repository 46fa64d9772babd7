/**
 * Which resource a line of NDJSON holds, told from its first bytes where it begins as most servers write it, and what is
 * remembered of such names in little room, whatever the file: their hashes of 64 bits, of which two rarely are the same.
 * So a name may be taken for another one, and what follows has to look; but none is overlooked.
 */

/** What a line holds, and where in its bytes the id stands. */
export interface LineHead {
  readonly type: string;
  readonly idFrom: number;
  readonly idTo: number;
  /** Halves of the hash of `Type/id`; `low` is never 0. */
  readonly high: number;
  readonly low: number;
}

/** Undefined where type and id do not come first, or an escape stands in them. Good only until the next line is read. */
export type ReadHead = (bytes: Buffer, from: number, to: number) => LineHead | undefined;

const quote = 34;
const backslash = 92;
const space = 32;
/** After these a space may stand. */
const punctuation: readonly (number | undefined)[] = [123, 44, 58];
const beforeType = Buffer.from('{"resourceType":');
const beforeId = Buffer.from(',"id":');

/** Bytes up to an id, which are the same in line after line, and what follows from them. */
interface Opening {
  readonly bytes: Buffer;
  readonly type: string;
  readonly high: number;
  readonly low: number;
}

/** A reader of names: it tries first whether a line begins as the one before it did. */
export function headReader(): ReadHead {
  let last: Opening | undefined;
  const head = { type: '', idFrom: 0, idTo: 0, high: 0, low: 0 };
  return (bytes, from, to) => {
    if (last === undefined || !beginsWith(bytes, from, last.bytes)) {
      const opening = openingOf(bytes, from, to);
      if (opening === undefined) return undefined;
      last = opening;
    }
    const idFrom = from + last.bytes.length;
    let { high, low } = last;
    for (let at = idFrom; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === backslash) return undefined;
      if (byte === quote) {
        if (at === idFrom) return undefined;
        head.type = last.type;
        head.idFrom = idFrom;
        head.idTo = at;
        head.high = mixed(high);
        head.low = mixed(low) || 1;
        return head;
      }
      high = Math.imul(high ^ byte, highPrime);
      low = Math.imul(low ^ byte, lowPrime);
    }
    return undefined;
  };
}

/** Reads no further than the line: there is no line end in an opening. */
function beginsWith(bytes: Buffer, from: number, opening: Buffer): boolean {
  for (let index = 0; index < opening.length; index += 1)
    if (bytes[from + index] !== opening[index]) return false;
  return true;
}

/** A space after `:` and `,` may be there. */
function openingOf(bytes: Buffer, from: number, to: number): Opening | undefined {
  let at = after(beforeType, bytes, from);
  if (at === undefined || at >= to || bytes[at] !== quote) return undefined;
  const typeFrom = at + 1;
  const typeTo = endOfText(bytes, typeFrom, to);
  if (typeTo === undefined) return undefined;
  at = after(beforeId, bytes, typeTo + 1);
  if (at === undefined || at >= to || bytes[at] !== quote) return undefined;
  const { high, low } = hashOf(bytes, typeFrom, typeTo, { high: 0x811c9dc5, low: 0x2f0b4c47 });
  return {
    bytes: Buffer.from(bytes.subarray(from, at + 1)),
    type: bytes.toString('utf8', typeFrom, typeTo),
    high: Math.imul(high ^ slash, highPrime),
    low: Math.imul(low ^ slash, lowPrime),
  };
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
  return `${head.type}/${bytes.toString('utf8', head.idFrom, head.idTo)}`;
}

const slash = 47;
const highPrime = 0x01000193;
const lowPrime = 0x5bd1e995;

interface Hash {
  readonly high: number;
  readonly low: number;
}

/** FNV-1a, twice. */
function hashOf(bytes: Buffer, from: number, to: number, seed: Hash): Hash {
  let { high, low } = seed;
  for (let at = from; at < to; at += 1) {
    high = Math.imul(high ^ (bytes[at] ?? 0), highPrime);
    low = Math.imul(low ^ (bytes[at] ?? 0), lowPrime);
  }
  return { high, low };
}

function mixed(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (half ^ (half >>> 13)) >>> 0;
}

/** The hash of `Type/id` as it is in the head of a line. */
function hashOfName(name: string): Hash {
  const bytes = Buffer.from(name, 'utf8');
  const { high, low } = hashOf(bytes, 0, bytes.length, { high: 0x811c9dc5, low: 0x2f0b4c47 });
  return { high: mixed(high), low: mixed(low) || 1 };
}

/** A set of names that says of none of them that it has it not. */
export class NameSet {
  #high = new Uint32Array(1 << 10);
  #low = new Uint32Array(1 << 10);
  #count = 0;

  get size(): number {
    return this.#count;
  }

  add(name: string): void {
    this.#put(hashOfName(name));
  }

  has(name: string): boolean {
    const { high, low } = hashOfName(name);
    return this.hasHash(high, low);
  }

  hasHash(high: number, low: number): boolean {
    return this.#low[this.#placeOf(high, low)] !== 0;
  }

  #put({ high, low }: Hash): void {
    if (this.#count >= this.#low.length * 0.6) this.#grow();
    const at = this.#placeOf(high, low);
    if (this.#low[at] !== 0) return;
    this.#high[at] = high;
    this.#low[at] = low;
    this.#count += 1;
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

/** Names that a list holds at most: 8 bytes each. */
const mostNames = 1 << 22;

/** Names that were met one after the other, to be held against few others later: cheap to add to, slow to look through. */
export class NameList {
  readonly #full: Uint32Array[] = [];
  #last = new Uint32Array(1 << 10);
  #used = 0;
  #held = 0;

  add({ high, low }: Hash): void {
    if (this.#used === this.#last.length) {
      if (this.#held + this.#used / 2 >= mostNames) return;
      this.#held += this.#used / 2;
      this.#full.push(this.#last);
      this.#last = new Uint32Array(Math.min(1 << 16, this.#last.length * 2));
      this.#used = 0;
    }
    this.#last[this.#used] = high;
    this.#last[this.#used + 1] = low;
    this.#used += 2;
  }

  /** Whether one of these names may have been added; also true of everything once there was no room for more. */
  hasAnyOf(names: NameSet): boolean {
    if (names.size === 0) return false;
    if (this.#held + this.#used / 2 >= mostNames) return true;
    return [...this.#full, this.#last.subarray(0, this.#used)].some((some) => {
      for (let at = 0; at < some.length; at += 2)
        if (names.hasHash(some[at] ?? 0, some[at + 1] ?? 0)) return true;
      return false;
    });
  }
}
