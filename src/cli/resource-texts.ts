/**
 * The resources of a file as texts: one for a resource or a Bundle, one for each line of NDJSON. Constant memory whatever
 * the file; nothing beyond the limit is ever held, so that neither a huge file nor what a small one unzips to hurts.
 */
import { isUtf8 } from 'node:buffer';
import { KindOfText, type Line, LineSplitter } from '../fhir/json/ndjson.ts';
import type { IssueCode } from '../fhir/validation/outcome.ts';
import { BrokenGzip, type Bytes, unzipped } from './input-bytes.ts';

export interface PlacedText {
  /** Line of NDJSON, from 1. */
  readonly line?: number;
  readonly content: { readonly text: string } | Unread;
}

/** Why there is no text to judge. */
export interface Unread {
  readonly code: IssueCode;
  readonly says: string;
}

export interface Heard {
  /** Called after each chunk with the number of its bytes, unzipped: all texts that end in it were given out. */
  chunk(bytes: number): Promise<void>;
}

/**
 * `isLines`: known to be NDJSON, without looking. `limit`: bytes of one resource. Throws what reading throws, but gzip that
 * is broken is a text that cannot be judged.
 */
export async function* resourceTexts(
  bytes: Bytes,
  { isLines, limit }: { readonly isLines: boolean; readonly limit: number },
  heard: Heard,
): AsyncGenerator<PlacedText> {
  const kind = new KindOfText();
  const lines = new LineSplitter(limit);
  const held: Buffer[] = [];
  let heldLength = 0;
  let known: 'document' | 'lines' | undefined = isLines ? 'lines' : undefined;
  const tooLong: Unread = {
    code: 'too-long',
    says: `The resource is larger than ${(limit / 2 ** 20).toLocaleString('en')} MB, which is the most that is read.`,
  };
  try {
    for await (const chunk of unzipped(bytes)) {
      if (known === undefined) {
        known = kind.look(chunk);
        if (known === 'lines')
          for (const early of held.splice(0)) yield* textsOf(lines.feed(early), tooLong);
      }
      if (known === 'lines') {
        yield* textsOf(lines.feed(chunk), tooLong);
        // What is left of such a line may be endless
        if (lines.isTooLong) break;
      } else {
        heldLength += chunk.length;
        if (heldLength > limit) {
          yield { content: tooLong };
          return;
        }
        held.push(Buffer.from(chunk));
      }
      await heard.chunk(chunk.length);
    }
  } catch (thrown) {
    if (!(thrown instanceof BrokenGzip)) throw thrown;
    yield {
      content: {
        code: 'structure',
        says: `This is no whole gzip file: ${known === 'lines' ? 'what follows the lines before is' : 'it is'} damaged or cut off.`,
      },
    };
    return;
  }
  if (known !== 'lines') yield { content: textOf(Buffer.concat(held)) };
  else if (!lines.isTooLong) yield* textsOf(lines.end(), tooLong);
  else {
    const says = `${tooLong.says} What follows it in this file is not read.`;
    yield* textsOf(lines.end(), { ...tooLong, says });
  }
}

function* textsOf(lines: Iterable<Line>, tooLong: Unread): Generator<PlacedText> {
  for (const { number: line, bytes } of lines)
    if (bytes === undefined) yield { line, content: tooLong };
    else {
      const content = textOf(bytes);
      // Lines between records, and the last one, may be empty
      if ('says' in content || content.text.trim() !== '') yield { line, content };
    }
}

function textOf(bytes: Buffer): PlacedText['content'] {
  return isUtf8(bytes)
    ? { text: bytes.toString('utf8') }
    : { code: 'structure', says: 'The text is not UTF-8, which FHIR JSON has to be.' };
}
