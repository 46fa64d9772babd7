/**
 * The bytes of a file or of standard input in chunks, unzipped where they are gzip, which is told by their first bytes. A
 * chunk is good only until the next one is asked for: a file is read into one buffer.
 */
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { AdapterError } from '../core/errors.ts';

export type Bytes = AsyncIterable<Buffer>;

/** One megabyte: larger chunks are not read faster. */
const chunkSize = 1 << 20;

/** gzip data that is damaged or ends too early. */
export class BrokenGzip extends Error {
  override readonly name = 'BrokenGzip';
}

/** Throws `file-unreadable`. */
export async function* fileBytes(path: string, cwd: string): AsyncGenerator<Buffer> {
  const unreadable = (cause: unknown) =>
    new AdapterError('file-unreadable', `The file ${path} cannot be read.`, { cause });
  const file = await open(resolve(cwd, path)).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  try {
    const buffer = Buffer.allocUnsafe(chunkSize);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, chunkSize, null).catch((cause: unknown) => {
        throw unreadable(cause);
      });
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** The bytes themselves, or what they unzip to. Throws BrokenGzip. */
export async function* unzipped(bytes: Bytes): AsyncGenerator<Buffer> {
  const chunks = bytes[Symbol.asyncIterator]();
  try {
    const first = await chunks.next();
    if (first.done === true) return;
    if (isGzip(first.value)) yield* gunzip(first.value, chunks);
    else {
      yield first.value;
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next())
        yield next.value;
    }
  } finally {
    await chunks.return?.();
  }
}

/** By the first bytes. One alone does not tell: nothing that is wanted is that short, and what follows says it. */
export function isGzip(first: Buffer): boolean {
  return first[0] === 0x1f && (first[1] ?? 0x8b) === 0x8b;
}

async function* gunzip(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  const unzip = createGunzip({ chunkSize });
  const source = Readable.from(copies(first, rest), { objectMode: false });
  // Its failure reaches us through the stream that is read below
  const done = pipeline(source, unzip).catch(() => undefined);
  try {
    for await (const chunk of unzip) yield chunk as Buffer;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code?.startsWith('Z_') === true)
      throw new BrokenGzip('gzip data is damaged or cut off', { cause });
    throw cause;
  } finally {
    unzip.destroy();
    await done;
  }
}

/** The stream still holds a chunk while the next one is read. */
async function* copies(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield Buffer.from(first);
  for (let next = await rest.next(); next.done !== true; next = await rest.next())
    yield Buffer.from(next.value);
}
