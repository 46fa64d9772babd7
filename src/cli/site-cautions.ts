/** What cannot work yet, although the settings are right: it lies in our keys and in the folders of the site. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type LiveKey, openOurKeys } from '../access/our-keys.ts';
import { AdapterError } from '../core/errors.ts';
import { keysFor } from '../hospital/sign-in/assertion.ts';
import type { HospitalSettings, LoadedSettings } from '../settings.ts';

/** One sentence each. Our keys are found from `cwd`, the folders of the site from the folder of the settings file. */
export async function siteCautions(
  { settings, folder }: Pick<LoadedSettings, 'settings' | 'folder'>,
  cwd: string,
): Promise<string[]> {
  const keys = openOurKeys(resolve(cwd, settings.keys));
  const found: string[] = [];
  for (const hospital of settings.hospitals) {
    const sentences = [await ofSignIn(hospital, keys.live), await ofDropFolder(hospital, folder)];
    for (const says of sentences)
      if (says !== undefined) found.push(`hospital ${hospital.id}: ${says}`);
  }
  return found;
}

async function ofSignIn(
  { signIn }: HospitalSettings,
  live: () => Promise<readonly LiveKey[]>,
): Promise<string | undefined> {
  if (signIn.type !== 'smart-backend') return undefined;
  try {
    keysFor(await live(), { kid: signIn.key, algorithm: signIn.algorithm });
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof AdapterError)) throw thrown;
    return `signIn cannot work yet: ${thrown.message} ${thrown.fix}`;
  }
}

async function ofDropFolder(
  { discover }: HospitalSettings,
  beside: string,
): Promise<string | undefined> {
  if (discover.folder === undefined) return undefined;
  const path = resolve(beside, discover.folder);
  try {
    if ((await stat(path)).isDirectory()) return undefined;
    return `discover.folder: ${path} is no folder, so only this one file is taken in. Correct the setting.`;
  } catch (thrown) {
    const { code = 'unknown' } = thrown as NodeJS.ErrnoException;
    return code === 'ENOENT'
      ? `discover.folder: ${path} does not exist, so no orders are taken in from it. Make this folder, or correct the setting.`
      : `discover.folder: ${path} cannot be read (${code}), so no orders are taken in from it. Let us read it, or correct the setting.`;
  }
}
