/**
 * The folder in which slim definitions are kept: one JSON file each, made on first use. Every file names what it was
 * made from, so that one of another release, or a damaged one, is made again. A file appears whole or not at all.
 */

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';

export interface Kept<T> {
  /** What it was made from. */
  readonly from: string;
  readonly is: T;
}

/** What is kept under a name; undefined where it is not there, or damaged. */
export function readKept<T>(folder: string, name: string): Kept<T> | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, `${name}.json`), 'utf8');
  } catch {
    return undefined; // not there, or not to be read: the caller makes it
  }
  try {
    const kept: unknown = JSON.parse(text);
    return isKept<T>(kept) ? kept : undefined;
  } catch {
    return undefined; // cut off or damaged: the caller makes it again
  }
}

function isKept<T>(kept: unknown): kept is Kept<T> {
  return typeof kept === 'object' && kept !== null && 'from' in kept && 'is' in kept;
}

/**
 * Keeps it for the next process. Under a name of its own until it is whole, since two processes may make the same file.
 * Where the folder cannot be written, nothing is kept: each process makes what it needs, slower but not wrong.
 */
export function keep<T>(folder: string, name: string, kept: Kept<T>): void {
  const file = join(folder, `${name}.json`);
  const unfinished = `${file}.${process.pid}-${threadId}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(unfinished, JSON.stringify(kept));
    renameSync(unfinished, file);
  } catch {
    if (existsSync(unfinished)) rmSync(unfinished);
  }
}
