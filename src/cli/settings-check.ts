/** `massage-fhir settings check`: every mistake at once; mistakes leave as the one error that lists them all. */
import { styleText } from 'node:util';
import { openSiteOwn } from '../main.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { settingsOf } from './settings-of.ts';
import { siteCautions } from './site-cautions.ts';

export async function run(_args: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  const loaded = settingsOf(options, io);
  const { settings } = loaded;
  await openSiteOwn(loaded, () => undefined);
  const warnings = [...loaded.warnings, ...(await siteCautions(loaded, io.cwd))];
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ ok: true, warnings }, undefined, 2)}\n`);
  } else {
    for (const warning of warnings) io.stdout.write(`Probably not meant: ${warning}\n`);
    const count =
      settings.hospitals.length === 1 ? 'one hospital' : `${settings.hospitals.length} hospitals`;
    const verdict = `The settings are right: ${count}, store ${settings.store}.\n`;
    io.stdout.write(io.color ? styleText('green', verdict, { validateStream: false }) : verdict);
  }
  return warnings.length === 0 ? 0 : 1;
}
