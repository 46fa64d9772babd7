/**
 * The files that a source of orders is made of: one file, or a folder with what is in it. Zipped ones are unzipped while
 * they are read.
 */
import type { Stats } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { AdapterError, asAdapterError } from '../core/errors.ts';
import { type SourceFile, smallSource } from '../sync/folder.ts';
import { isLines } from '../sync/source-parts.ts';
import { BrokenGzip, isGzip, unzipped } from './input-bytes.ts';

const wanted = /\.(json|ndjson|jsonl)(\.gz)?$/i;

/**
 * The files below a folder, or the one file, in the order of their names. Throws `file-unreadable`. A file that was taken
 * away since the folder was read is none; one that cannot be looked at says so when it is read.
 */
export async function sourceFiles(path: string): Promise<SourceFile[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new AdapterError('file-unreadable', `${path} cannot be read.`, { cause });
  });
  if (!found.isDirectory()) return [await sourceFile(path, path, found)];
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
  forgetBelow(path, new Set(files));
  const stats = await Promise.all(files.map(statsOf));
  const there: SourceFile[] = [];
  for (const [at, file] of files.entries()) {
    const known = stats[at];
    if (known !== undefined) there.push(await sourceFile(file, relative(path, file), known));
  }
  return there;
}

type FileStats = Pick<Stats, 'size' | 'mtimeMs' | 'ctimeMs'>;

/** Undefined when there is no such file any more. */
async function statsOf(path: string): Promise<FileStats | undefined> {
  try {
    return await stat(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return { size: 0, mtimeMs: 0, ctimeMs: 0 };
  }
}

/** Whoever may put files into the folder may name them with what moves a cursor, or begins a line of its own. */
function printable(name: string): string {
  return name.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`,
  );
}

async function sourceFile(path: string, given: string, stats: FileStats): Promise<SourceFile> {
  const name = printable(given);
  return {
    name,
    size: isLines({ name }) ? await sizeOf(path, name, stats) : stats.size,
    stamp: `${stats.size} ${stats.mtimeMs}`,
    chunks: () => chunksOf(path, name),
  };
}

/** By path; kept so that the next look at a folder does not unzip again what stayed as it was. */
const counted = new Map<string, { readonly written: string; readonly size: number }>();

/** A folder may get files of new names for years. */
function forgetBelow(folder: string, files: ReadonlySet<string>): void {
  for (const path of counted.keys())
    if (path.startsWith(folder) && !files.has(path)) counted.delete(path);
}

/** A few kilobytes of gzip may stand for gigabytes, so what is in them is counted until the source is no small one. */
async function sizeOf(path: string, name: string, stats: FileStats): Promise<number> {
  if (stats.size > smallSource) return stats.size;
  // Whoever writes a file may set its mtime, and not its ctime.
  const written = `${stats.size} ${stats.ctimeMs}`;
  const known = counted.get(path);
  if (known?.written === written) return known.size;
  let size = 0;
  try {
    if (await isZipped(path, name))
      for await (const chunk of chunksOf(path, name)) {
        size += chunk.length;
        if (size > smallSource) break;
      }
    size = Math.max(size, stats.size);
    counted.set(path, { written, size });
  } catch (thrown) {
    // It is said when the file is read; what came before the damage counts, and is not kept.
    if (asAdapterError(thrown).code !== 'file-unreadable') throw thrown;
  }
  return size;
}

/** As in reading, the first bytes count and not the name. */
async function isZipped(path: string, name: string): Promise<boolean> {
  const chunks = readAhead(path, name);
  const first = await chunks.next();
  await chunks.return(undefined);
  return first.done !== true && isGzip(first.value);
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
