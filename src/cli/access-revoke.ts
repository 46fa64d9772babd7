/** `massage-fhir access revoke`: ends a key at once, with every sign-in that was made by it. */
import { revokeKey } from '../access/keys.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { withStore } from './with-store.ts';

export function run([id = '']: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  return withStore<ExitCode>(options, io, async (store) => {
    await revokeKey(store, id, io.clock());
    io.stdout.write(options.json ? `${JSON.stringify({ revoked: id })}\n` : `Revoked ${id}.\n`);
    return 0;
  });
}
