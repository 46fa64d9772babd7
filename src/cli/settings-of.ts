/** Which settings a command runs with: the file that was named, else massage-fhir.yaml of this folder if there is one. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type LoadedSettings, loadSettings } from '../settings.ts';
import type { GlobalOptions, Io } from './command.ts';

const usualFile = 'massage-fhir.yaml';

/** For commands that work without settings too: undefined where none are named and none are here. */
export function settingsIfAny(
  options: GlobalOptions,
  io: Pick<Io, 'cwd' | 'env'>,
): LoadedSettings | undefined {
  const isThere = options.settings !== undefined || existsSync(resolve(io.cwd, usualFile));
  return isThere ? settingsOf(options, io) : undefined;
}

/** Throws `settings-wrong` with every mistake, or `file-unreadable` for a file that was named and cannot be read. */
export function settingsOf(options: GlobalOptions, io: Pick<Io, 'cwd' | 'env'>): LoadedSettings {
  const usual = existsSync(resolve(io.cwd, usualFile)) ? usualFile : undefined;
  const loaded = loadSettings({
    file: options.settings ?? usual,
    env: io.env,
    readFile: (path) => readFileSync(resolve(io.cwd, path), 'utf8'),
  });
  return { ...loaded, folder: resolve(io.cwd, loaded.folder) };
}
