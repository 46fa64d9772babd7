/** `massage-fhir keys retire`: ends a key; hospitals no longer find it in our set. */
import type { ExitCode, Io, Options } from './command.ts';
import { keysOf } from './keys-of.ts';

export async function run(
  [kid = '']: readonly string[],
  options: Options,
  io: Io,
): Promise<ExitCode> {
  const key = await keysOf(options, io).retire(kid, io.clock(), options.last === true);
  io.stdout.write(options.json ? `${JSON.stringify(key)}\n` : `Retired ${kid}.\n`);
  return 0;
}
