/**
 * A file of the site beside its settings: its bytes, whether it has changed, and how it is replaced as a whole. Whoever
 * reads it while it is replaced sees the old file or the new one, also after a power cut. All of it is done at once and
 * without waiting, so that it can be done within a transaction of the store, whose lock keeps other writers away.
 */
import { randomUUID } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AdapterError } from '../core/errors.ts';

export interface SiteFile {
  /** As the settings name it; what messages call it. */
  readonly name: string;
  /** Another one whenever the file was written; undefined while there is none. Throws `file-unreadable`. */
  stamp(): string | undefined;
  /** Undefined when there is none; throws `file-unreadable` for any other reason. */
  read(): Uint8Array | undefined;
  /** Replaces the file if what it holds is still `before`; false when it is something else by now. */
  replace(before: Uint8Array | undefined, text: string): boolean;
}

/** `name` is relative to `folder`, that of the settings. */
export function siteFile(folder: string, name: string): SiteFile {
  const path = resolve(folder, name);

  function ifThere<T>(ask: () => T): T | undefined {
    try {
      return ask();
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw unusable(cause);
    }
  }

  function unusable(cause: unknown): AdapterError {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    return new AdapterError('file-unreadable', `${name} cannot be used (${code}).`, { cause });
  }

  return {
    name,
    read: () => ifThere(() => readFileSync(path)),
    stamp: () => ifThere(() => stampOf(statSync(path, { bigint: true }))),
    replace(before, text) {
      // A link stays one: what it points to is replaced.
      const target = ifThere(() => realpathSync(path)) ?? path;
      const mode = ifThere(() => statSync(target).mode) ?? 0o644;
      const fresh = `${target}.${randomUUID()}.tmp`;
      try {
        write(fresh, text, mode & 0o777);
        if (
          !isSame(
            before,
            ifThere(() => readFileSync(path)),
          )
        )
          return false;
        renameSync(fresh, target);
        persist(dirname(target));
        return true;
      } catch (thrown) {
        throw thrown instanceof AdapterError ? thrown : unusable(thrown);
      } finally {
        rmSync(fresh, { force: true });
      }
    },
  };
}

function stampOf({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [ino, size, mtimeNs, ctimeNs].join(' ');
}

function write(path: string, text: string, mode: number): void {
  const file = openSync(path, 'wx', mode);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The new name of a file is durable only once its folder is. */
function persist(folder: string): void {
  if (process.platform === 'win32') return; // folders cannot be synced there
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return Buffer.compare(one, other) === 0;
}
