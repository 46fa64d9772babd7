/** `massage-fhir keys list`: our keys, and with --json the set that a hospital can be given by hand. */
import type { OurKey } from '../access/our-keys.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { keysOf } from './keys-of.ts';

export async function run(_args: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  const ours = keysOf(options, io);
  const keys = await ours.list();
  if (options.json) {
    const shown = keys.map((one) => ({ ...one, state: isLive(one) ? 'live' : 'retired' }));
    io.stdout.write(
      `${JSON.stringify({ keys: shown, jwks: await ours.publicSet() }, undefined, 2)}\n`,
    );
  } else if (keys.length === 0) io.stdout.write('There is no key yet: massage-fhir keys new\n');
  else for (const one of keys) io.stdout.write(`${lineOf(one)}\n`);
  return 0;
}

function isLive({ retiredAt }: OurKey): boolean {
  return retiredAt === undefined;
}

function lineOf({ kid, algorithm, createdAt, retiredAt }: OurKey): string {
  const state = retiredAt === undefined ? 'live' : `retired ${retiredAt}`;
  return `${kid}  ${algorithm}  made ${createdAt}  ${state}`;
}
