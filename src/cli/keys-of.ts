/** What the commands about our keys share: the folder that the settings name. */
import { resolve } from 'node:path';
import { type OurKeys, openOurKeys } from '../access/our-keys.ts';
import type { Io, Options } from './command.ts';
import { settingsOf } from './settings-of.ts';

export function keysOf(options: Options, io: Io): OurKeys {
  return openOurKeys(resolve(io.cwd, settingsOf(options, io).settings.keys));
}
