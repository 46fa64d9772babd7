/** `massage-fhir keys new`: a key to sign in to hospitals with. Its private part stays in the folder of our keys. */
import { keyAlgorithms } from '../access/our-keys.ts';
import { AdapterError } from '../core/errors.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { keysOf } from './keys-of.ts';

export async function run(_args: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  const { alg = 'ES384' } = options;
  const algorithm = keyAlgorithms.find((one) => one === alg);
  if (algorithm === undefined) {
    throw new AdapterError('arguments-wrong', `--alg ${alg} is not an algorithm.`, {
      fix: `Use one of: ${keyAlgorithms.join(', ')}.`,
    });
  }
  const keys = keysOf(options, io);
  const key = await keys.make(algorithm, io.clock());
  io.stdout.write(options.json ? `${JSON.stringify(key)}\n` : `${key.kid}\n`);
  if (options.json) return 0;
  const others = (await keys.list()).filter(
    ({ kid, retiredAt }) => kid !== key.kid && retiredAt === undefined,
  );
  io.stderr.write(
    'New tokens are signed with it from now on. Hospitals fetch its public part from /.well-known/jwks.json of this adapter.\n',
  );
  for (const { kid } of others)
    io.stderr.write(
      `${kid} is live too, for hospitals that do not know the new one yet. In some days: massage-fhir keys retire ${kid}\n`,
    );
  return 0;
}
