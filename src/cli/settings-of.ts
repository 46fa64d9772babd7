/** Which settings a command runs with: the file that was named, else massage-fhir.yaml of this folder if there is one. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type LoadedSettings, loadSettings } from '../settings.ts';
import type { GlobalOptions, Io } from './command.ts';

const usualFile = 'massage-fhir.yaml';

/** Throws `settings-wrong` with every mistake, or `file-unreadable` for a file that was named and cannot be read. */
export function settingsOf(options: GlobalOptions, io: Pick<Io, 'cwd' | 'env'>): LoadedSettings {
  const usual = existsSync(resolve(io.cwd, usualFile)) ? usualFile : undefined;
  return loadSettings({
    file: options.settings ?? usual,
    env: io.env,
    readFile: (path) => readFileSync(resolve(io.cwd, path), 'utf8'),
  });
}
