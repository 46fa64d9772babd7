/**
 * Chunks of bytes cut at the ends of lines, so that a large file can be looked at a few lines at a time: nothing is copied
 * but the lines that two chunks share, and nothing longer than the limit is held. Byte 10 never occurs inside a character
 * of UTF-8.
 */

export interface Lines {
  /** Whole lines; the last of a file may lack its end. Good only until the next are asked for. */
  readonly bytes: Buffer;
  /** Number of the first one, from 1. */
  readonly first: number;
}

/** A line beyond the limit, of which nothing was kept. */
export interface TooLong {
  readonly tooLong: number;
}

const newline = 10;

export async function* wholeLines(
  chunks: AsyncIterable<Buffer>,
  longest: number,
): AsyncGenerator<Lines | TooLong> {
  let first = 1;
  let begun: Buffer[] = [];
  let length = 0;
  const keep = (rest: Buffer): void => {
    length += rest.length;
    if (length > longest) begun = [];
    else if (rest.length > 0) begun.push(Buffer.from(rest));
  };
  const finished = (): Lines | TooLong => {
    const done = length > longest ? { tooLong: first } : { bytes: Buffer.concat(begun), first };
    begun = [];
    length = 0;
    return done;
  };
  for await (const chunk of chunks) {
    const last = chunk.lastIndexOf(newline) + 1;
    if (last === 0) {
      keep(chunk);
      continue;
    }
    let from = 0;
    if (length > 0) {
      from = chunk.indexOf(newline) + 1;
      keep(chunk.subarray(0, from));
      yield finished();
      first += 1;
    }
    while (from < last) {
      const bytes = chunk.subarray(from, endOfPiece(chunk, from, last));
      yield { bytes, first };
      first += linesIn(bytes);
      from += bytes.length;
    }
    keep(chunk.subarray(last));
  }
  if (length > 0) yield finished();
}

/** Bytes that are handed out at a time, about: what is looked at more than once stays in the caches of the processor. */
const piece = 1 << 16;

function endOfPiece(chunk: Buffer, from: number, last: number): number {
  if (last - from <= piece) return last;
  return chunk.indexOf(newline, from + piece) + 1;
}

function linesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count += 1;
  return count;
}

export interface LineOf {
  readonly number: number;
  readonly from: number;
  /** Before its end. */
  readonly to: number;
}

/** Each line of them that is not blank, without white space around it and without a byte order mark. */
export function eachLine({ bytes, first }: Lines, visit: (line: LineOf) => void): void {
  let number = first;
  for (let from = 0; from < bytes.length; number += 1) {
    const end = bytes.indexOf(newline, from);
    let to = end < 0 ? bytes.length : end;
    const next = to + 1;
    while (to > from && isBlank(bytes[to - 1])) to -= 1;
    if (number === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) from += 3;
    while (from < to && isBlank(bytes[from])) from += 1;
    if (from < to) visit({ number, from, to });
    from = next;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 13 || byte === 9;
}
