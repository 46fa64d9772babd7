/**
 * The files that a source of orders is made of: one file, or a folder with what is in it. Zipped ones are unzipped while
 * they are read.
 */
import type { Stats } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { AdapterError } from '../core/errors.ts';
import type { SourceFile } from '../sync/folder.ts';
import { BrokenGzip, unzipped } from './input-bytes.ts';

const wanted = /\.(json|ndjson|jsonl)(\.gz)?$/i;

/** Bytes that one byte of gzip stands for, about: JSON repeats itself. */
const zippedTimes = 10;

/**
 * The files below a folder, or the one file, in the order of their names. Throws `file-unreadable`. A file that was taken
 * away since the folder was read is none; one that cannot be looked at says so when it is read.
 */
export async function sourceFiles(path: string): Promise<SourceFile[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new AdapterError('file-unreadable', `${path} cannot be read.`, { cause });
  });
  if (!found.isDirectory()) return [sourceFile(path, path, found)];
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(
    (cause: unknown) => {
      throw new AdapterError('file-unreadable', `A folder below ${path} cannot be read.`, {
        cause,
      });
    },
  );
  const files = entries
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const there = await Promise.all(
    files.map(async (file) => {
      const stats = await statsOf(file);
      return stats === undefined ? [] : [sourceFile(file, relative(path, file), stats)];
    }),
  );
  return there.flat();
}

/** Undefined when there is no such file any more. */
async function statsOf(path: string): Promise<Pick<Stats, 'size' | 'mtimeMs'> | undefined> {
  try {
    return await stat(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return { size: 0, mtimeMs: 0 };
  }
}

/** Whoever may put files into the folder may name them with what moves a cursor, or begins a line of its own. */
function printable(name: string): string {
  return name.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`,
  );
}

function sourceFile(
  path: string,
  given: string,
  { size: bytes, mtimeMs }: Pick<Stats, 'size' | 'mtimeMs'>,
): SourceFile {
  const name = printable(given);
  const isZipped = /\.gz$/i.test(path);
  return {
    name,
    size: isZipped ? bytes * zippedTimes : bytes,
    stamp: `${bytes} ${mtimeMs}`,
    chunks: () => chunksOf(path, name),
  };
}

async function* chunksOf(path: string, name: string): AsyncGenerator<Buffer> {
  try {
    yield* unzipped(readAhead(path, name));
  } catch (thrown) {
    if (!(thrown instanceof BrokenGzip)) throw thrown;
    throw new AdapterError('file-unreadable', `The file ${name} is no whole gzip file.`, {
      cause: thrown,
      fix: 'Copy the file again; what came before the damage was taken in.',
    });
  }
}

const chunkSize = 1 << 20;

/** Reads the next chunk while somebody looks at the one before: into two buffers in turns. */
async function* readAhead(path: string, name: string): AsyncGenerator<Buffer> {
  const unreadable = (cause: unknown) =>
    new AdapterError('file-unreadable', `The file ${name} cannot be read.`, { cause });
  const file = await open(path).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  const buffers = [Buffer.allocUnsafe(chunkSize), Buffer.allocUnsafe(chunkSize)] as const;
  let reading = chunkInto(file, buffers[0]);
  try {
    for (let turn = 1; ; turn += 1) {
      const chunk = await reading;
      if ('failed' in chunk) throw unreadable(chunk.failed);
      if (chunk.bytes.length === 0) return;
      reading = chunkInto(file, buffers[turn % 2 === 0 ? 0 : 1]);
      yield chunk.bytes;
    }
  } finally {
    // A file that is closed under a read fails it, and nobody would hear of that.
    await reading;
    await file.close();
  }
}

/** A failure is a value: it comes while nobody waits yet. */
async function chunkInto(
  file: FileHandle,
  buffer: Buffer,
): Promise<{ readonly bytes: Buffer } | { readonly failed: unknown }> {
  try {
    const { bytesRead } = await file.read(buffer, 0, chunkSize, null);
    return { bytes: buffer.subarray(0, bytesRead) };
  } catch (failed) {
    return { failed };
  }
}
