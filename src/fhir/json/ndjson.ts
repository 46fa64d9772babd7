/**
 * Lines of NDJSON out of chunks of bytes, in constant memory. Byte 10 never occurs inside a character of UTF-8, so that
 * bytes can be split before they are decoded.
 */

export interface Line {
  /** From 1, blank lines counted. */
  readonly number: number;
  /** Without its end; good only until the next line is asked for. Undefined for a line beyond the limit. */
  readonly bytes: Buffer | undefined;
}

const newline = 10;

export class LineSplitter {
  readonly #longest: number;
  #number = 1;
  #tail: Buffer[] = [];
  #tailLength = 0;

  /** `longest`: bytes of a line that are kept. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The lines that end in this chunk; the rest is copied, so that the chunk may be written over. */
  *feed(chunk: Buffer): Generator<Line> {
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      yield this.#line(chunk.subarray(from, at));
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
  }

  /** Whether a line has begun that is longer than is kept already. */
  get isTooLong(): boolean {
    return this.#tailLength > this.#longest;
  }

  /** What stands after the last line end, if anything does. */
  *end(): Generator<Line> {
    if (this.#tailLength > 0) yield this.#line(Buffer.alloc(0));
  }

  #line(last: Buffer): Line {
    const number = this.#number;
    const isTooLong = this.#tailLength + last.length > this.#longest;
    const bytes = this.#tail.length === 0 ? last : Buffer.concat([...this.#tail, last]);
    this.#number += 1;
    this.#tail = [];
    this.#tailLength = 0;
    return { number, bytes: isTooLong ? undefined : bytes };
  }

  #keep(rest: Buffer): void {
    this.#tailLength += rest.length;
    if (this.isTooLong) this.#tail = [];
    else if (rest.length > 0) this.#tail.push(Buffer.from(rest));
  }
}

/**
 * Tells NDJSON from one JSON document by how it begins, chunk by chunk: a first line that is an object from { to }, and
 * another { after it. Files of exports have any ending.
 */
export class KindOfText {
  #state: 'before' | 'first line' | 'after' = 'before';
  #last = 0;

  /** Undefined while it cannot be told yet: at the end of the text it is a document then. */
  look(chunk: Buffer): 'document' | 'lines' | undefined {
    let at = 0;
    if (this.#state === 'before') {
      while (at < chunk.length && (isBlank(chunk[at]) || mark.has(chunk[at] ?? 0))) at += 1;
      if (at === chunk.length) return undefined;
      if (chunk[at] !== openBrace) return 'document';
      this.#state = 'first line';
    }
    if (this.#state === 'first line') {
      const end = chunk.indexOf(newline, at);
      this.#last = lastInk(chunk, at, end < 0 ? chunk.length : end) ?? this.#last;
      if (end < 0) return undefined;
      if (this.#last !== closeBrace) return 'document';
      this.#state = 'after';
      at = end;
    }
    at = firstInk(chunk, at);
    if (at === chunk.length) return undefined;
    return chunk[at] === openBrace ? 'lines' : 'document';
  }
}

const openBrace = 123;
const closeBrace = 125;

/** The bytes of a byte order mark, which chunks may tear apart. */
const mark = new Set([0xef, 0xbb, 0xbf]);

function firstInk(chunk: Buffer, from: number): number {
  let at = from;
  while (at < chunk.length && isBlank(chunk[at])) at += 1;
  return at;
}

function lastInk(chunk: Buffer, from: number, to: number): number | undefined {
  let at = to - 1;
  while (at >= from && isBlank(chunk[at])) at -= 1;
  return at < from ? undefined : chunk[at];
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === newline || byte === 13 || byte === 9;
}
