/**
 * What the files of a source hold, piece by piece: the lines of NDJSON, the entries of a Bundle, or the one thing that a
 * file is. What cannot be read is a piece too, so that it ends in the inbox with a reason.
 */
import { tooLong, wholeLines } from './whole-lines.ts';

export interface SourceFile {
  /** As people know it: its path below the folder. */
  readonly name: string;
  /** Bytes of what is in it, as far as can be told without reading it. */
  readonly size: number;
  /** Another one whenever the file was written. */
  readonly stamp: string;
  /** Its content, unzipped; a chunk is good only until the next one is asked for. Throws `file-unreadable`. */
  readonly chunks: () => AsyncIterable<Buffer>;
}

/** A thing, or a text that is none, or what was too large to be held, which `at` names. */
export type Part =
  | { readonly body: unknown }
  | { readonly broken: string }
  | { readonly tooLarge: string; readonly at: string };

/** Bytes of a line that are read. */
export const longestLine = 64 * 2 ** 20;
/** Bytes of a file that is one JSON document, which has to be in memory as a whole. */
export const largestFile = 256 * 2 ** 20;

export function isLines({ name }: Pick<SourceFile, 'name'>): boolean {
  return /\.(ndjson|jsonl)(\.gz)?$/i.test(name);
}

/** All that a file holds, a few at a time. */
export async function* partsOf(file: SourceFile): AsyncGenerator<readonly Part[]> {
  if (isLines(file)) yield* lineParts(file);
  else yield await documentParts(file);
}

async function* lineParts(file: SourceFile): AsyncGenerator<readonly Part[]> {
  let number = 1;
  for await (const lines of wholeLines(file.chunks(), longestLine)) {
    if (lines === tooLong) {
      yield [tooLongLine(number)];
      number += 1;
      continue;
    }
    const texts = lines.toString('utf8').split('\n');
    number += texts.length - 1;
    yield texts.filter((text) => text.trim() !== '').map(partOf);
  }
}

export function tooLongLine(number: number): Part {
  return {
    tooLarge: `line ${number} is longer than ${longestLine / 2 ** 20} MB, which is the most that is read`,
    at: `line ${number}`,
  };
}

async function documentParts(file: SourceFile): Promise<readonly Part[]> {
  const held: Buffer[] = [];
  let length = 0;
  for await (const chunk of file.chunks()) {
    length += chunk.length;
    if (length > largestFile)
      return [
        {
          tooLarge: `the file is larger than ${largestFile / 2 ** 20} MB, which is the most that is read of one JSON document; NDJSON may be of any size`,
          at: 'the file',
        },
      ];
    held.push(Buffer.from(chunk));
  }
  const whole = partOf(Buffer.concat(held, length).toString('utf8'));
  return 'body' in whole ? contentsOf(whole.body).map((body) => ({ body })) : [whole];
}

export function partOf(text: string): Part {
  try {
    return { body: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return { broken: text };
    throw thrown;
  }
}

/** A Bundle stands for what it carries; one without entries, or of another shape, stands for itself. */
export function contentsOf(body: unknown): unknown[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [body];
  const { resourceType, entry } = body as { resourceType?: unknown; entry?: unknown };
  if (resourceType !== 'Bundle' || !Array.isArray(entry)) return [body];
  const resources = entry.flatMap((one: unknown) =>
    typeof one === 'object' && one !== null && 'resource' in one ? [one.resource] : [],
  );
  return resources.length === 0 ? [body] : resources;
}
