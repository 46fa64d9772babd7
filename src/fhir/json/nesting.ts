/**
 * The objects and lists that are open at one point of a JSON text, with the keys that each has had so far: tells a key
 * that occurs twice, and the path to where we are. Keys are kept as places in the text; nothing is copied while all is well.
 */

export type Step = string | number;

export interface Found {
  /** Keys from the root to the object (or list) that holds it. */
  readonly holder: readonly Step[];
  readonly key: Step;
  readonly offset: number;
}

/** Keys of an object that are compared one by one; beyond that a set is faster. */
const fewKeys = 16;
const shapeSlots = 1 << 20;
/** A shorter text cannot hold enough of anything to be slow. */
const shortText = 1_000_000;

export class Nesting {
  /** How many are open. */
  depth = 0;
  /** Different beginnings of objects so far, counted in long texts. */
  shapes = 0;
  readonly #text: string;
  readonly #shapesSeen: Uint8Array | undefined;
  // One entry for each open object or list; position in a list, -1 for an object
  readonly #position: number[] = [];
  readonly #keyStart: number[] = [];
  readonly #keyEnd: number[] = [];
  readonly #shape: number[] = [];
  readonly #firstKey: number[] = [];
  readonly #manyKeys: (Set<string> | undefined)[] = [];
  // Keys of all open objects, one object after the other, by hash and place
  #keys = 0;
  readonly #hashes: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#shapesSeen = text.length > shortText ? new Uint8Array(shapeSlots) : undefined;
  }

  enter(isObject: boolean): void {
    const { depth } = this;
    this.#position[depth] = isObject ? -1 : 0;
    this.#keyStart[depth] = 0;
    this.#keyEnd[depth] = 0;
    this.#shape[depth] = 0;
    this.#firstKey[depth] = this.#keys;
    this.#manyKeys[depth] = undefined;
    this.depth = depth + 1;
  }

  leave(): void {
    this.depth -= 1;
    this.#keys = this.#firstKey[this.depth] ?? 0;
  }

  /** Steps over a comma; true where a key comes next. */
  next(): boolean {
    const level = this.depth - 1;
    const position = this.#position[level];
    if (position === undefined || position < 0) return true;
    this.#position[level] = position + 1;
    return false;
  }

  /** Steps to a key, given by its place between the quotes and a hash of what it says. False if it is there already. */
  key(start: number, end: number, hash: number): boolean {
    const level = this.depth - 1;
    this.#keyStart[level] = start;
    this.#keyEnd[level] = end;
    if (this.#shapesSeen !== undefined) this.#countShape(level, hash, this.#shapesSeen);
    const many = this.#manyKeys[level];
    if (many !== undefined) {
      const { size } = many;
      return many.add(decoded(this.#text, start, end)).size > size;
    }
    const first = this.#firstKey[level] ?? 0;
    for (let each = first; each < this.#keys; each += 1)
      if (this.#hashes[each] === hash && this.#keyText(each) === decoded(this.#text, start, end))
        return false;
    const at = this.#keys;
    this.#hashes[at] = hash;
    this.#starts[at] = start;
    this.#ends[at] = end;
    this.#keys = at + 1;
    if (at - first >= fewKeys) {
      const set = new Set<string>();
      for (let each = first; each <= at; each += 1) set.add(this.#keyText(each));
      this.#manyKeys[level] = set;
    }
    return true;
  }

  /** Where we are. */
  place(offset: number): Found {
    const holder: Step[] = [];
    for (let level = 0; level < this.depth - 1; level += 1) holder.push(this.#step(level));
    return { holder, key: this.depth === 0 ? '' : this.#step(this.depth - 1), offset };
  }

  #step(level: number): Step {
    const position = this.#position[level] ?? 0;
    return position < 0
      ? decoded(this.#text, this.#keyStart[level] ?? 0, this.#keyEnd[level] ?? 0)
      : position;
  }

  #keyText(each: number): string {
    return decoded(this.#text, this.#starts[each] ?? 0, this.#ends[each] ?? 0);
  }

  #countShape(level: number, hash: number, seen: Uint8Array): void {
    const shape = (Math.imul(this.#shape[level] ?? 0, 31) + hash + 1) | 0;
    this.#shape[level] = shape;
    const slot = (shape ^ (shape >>> 15)) & (shapeSlots - 1);
    if (seen[slot] !== 0) return;
    seen[slot] = 1;
    this.shapes += 1;
  }
}

/** What a string says, given its place between the quotes. In text that is no JSON it stays as it is. */
export function decoded(text: string, start: number, end: number): string {
  const raw = text.slice(start, end);
  if (!raw.includes('\\')) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return raw;
    throw thrown;
  }
}
