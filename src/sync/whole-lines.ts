/**
 * Chunks of bytes cut at the ends of lines, so that a large file can be looked at a few lines at a time: nothing is copied
 * but the lines that two chunks share, and nothing longer than the limit is held. Byte 10 never occurs inside a character
 * of UTF-8.
 */

/** In place of a line beyond the limit, of which nothing was kept. */
export const tooLong = 'too-long';

const newline = 10;

/** Whole lines, some at a time; the last of a file may lack its end. They are good only until the next are asked for. */
export async function* wholeLines(
  chunks: AsyncIterable<Buffer>,
  longest: number,
): AsyncGenerator<Buffer | typeof tooLong> {
  let begun: Buffer[] = [];
  let length = 0;
  const keep = (rest: Buffer): void => {
    length += rest.length;
    if (length > longest) begun = [];
    else if (rest.length > 0) begun.push(Buffer.from(rest));
  };
  const finished = (): Buffer | typeof tooLong => {
    const done = length > longest ? tooLong : Buffer.concat(begun);
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
    }
    while (from < last) {
      const lines = chunk.subarray(from, endOfPiece(chunk, from, last));
      yield lines;
      from += lines.length;
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

/**
 * Each line that is not blank, without white space around it and without a byte order mark: where it begins and before
 * what it ends. `first` is the number of the first one, from 1; returns the number of the line after the last.
 */
export function eachLine(
  lines: Buffer,
  first: number,
  visit: (from: number, to: number, number: number) => void,
): number {
  let number = first;
  for (let from = 0; from < lines.length; number += 1) {
    const end = lines.indexOf(newline, from);
    let to = end < 0 ? lines.length : end;
    const next = to + 1;
    while (to > from && isBlank(lines[to - 1])) to -= 1;
    if (number === 1 && lines[0] === 0xef && lines[1] === 0xbb && lines[2] === 0xbf) from += 3;
    while (from < to && isBlank(lines[from])) from += 1;
    if (from < to) visit(from, to, number);
    from = next;
  }
  return number;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 13 || byte === 9;
}
