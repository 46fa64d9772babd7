/** `massage-fhir settings show`: every setting in force with its origin; secrets by the name of their place only. */
import { styleText } from 'node:util';
import type { EffectiveSetting } from '../settings.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { settingsOf } from './settings-of.ts';

export async function run(_args: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  const { effective } = settingsOf(options, io);
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ settings: effective }, undefined, 2)}\n`);
    return 0;
  }
  const paths = Math.max(...effective.map(({ path }) => path.length));
  for (const setting of effective) {
    const origin = `# ${setting.origin}`;
    const shown = io.color ? styleText('gray', origin, { validateStream: false }) : origin;
    io.stdout.write(`${setting.path.padEnd(paths)}  ${valueText(setting)}  ${shown}\n`);
  }
  return 0;
}

function valueText({ value }: EffectiveSetting): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
