/**
 * The files that arguments name: files, folders with what is in them, and standard input. What is not there is said before
 * anything is read, so that a mistyped name does not end a long run in its middle.
 */
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AdapterError } from '../core/errors.ts';

/** Standard input, as an argument. */
export const standardInput = '-';

const wanted = /\.(json|ndjson|jsonl|gz)$/i;
/** A FHIR package has a package.json beside its resources, which is none. */
const leftOut = /^(\..*|node_modules|package\.json)$/;

/**
 * In the order of the arguments, folders in the order of names. Throws `arguments-wrong` for a folder without a file to
 * read, `file-unreadable` for what is not there.
 */
export function inputPaths(named: readonly string[], cwd: string): string[] {
  return named.flatMap((path) => {
    if (path === standardInput) return [path];
    if (!isFolder(path, cwd)) return [path];
    const found = [...filesIn(path, cwd)];
    if (found.length > 0) return found;
    throw new AdapterError('arguments-wrong', `The folder ${path} holds no file to read.`, {
      fix: 'Files of a folder are read when they end in .json, .ndjson, .jsonl or .gz.',
    });
  });
}

function isFolder(path: string, cwd: string): boolean {
  const whole = resolve(cwd, path);
  try {
    const isDirectory = statSync(whole).isDirectory();
    accessSync(whole, constants.R_OK);
    return isDirectory;
  } catch (cause) {
    throw new AdapterError('file-unreadable', `${path} is not there, or may not be read.`, {
      cause,
    });
  }
}

function* filesIn(folder: string, cwd: string): Generator<string> {
  const entries = readdirSync(resolve(cwd, folder), { withFileTypes: true });
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    if (leftOut.test(entry.name)) continue;
    const path = join(folder, entry.name);
    // Folders behind links are not entered, since they can lead back
    if (entry.isDirectory()) yield* filesIn(path, cwd);
    else if (wanted.test(entry.name) && !isFolder(path, cwd)) yield path;
  }
}
