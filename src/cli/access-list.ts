/** `massage-fhir access list`: all keys that were ever made, without the keys themselves. */
import { listKeys } from '../access/keys.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { withStore } from './with-store.ts';

export function run(_args: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  return withStore<ExitCode>(options, io, async (store) => {
    const keys = await listKeys(store);
    if (options.json) io.stdout.write(`${JSON.stringify(keys)}\n`);
    else if (keys.length === 0)
      io.stdout.write('There is no key yet: massage-fhir access new --role therapist\n');
    else
      for (const one of keys)
        io.stdout.write(
          `${one.id}  ${one.role.padEnd(9)}  ${one.name}  ${stateOf(one, io.clock())}\n`,
        );
    return 0;
  });
}

function stateOf(
  key: { revoked_at: string | null; expires_at: string | null; last_used_at: string | null },
  now: string,
): string {
  if (key.revoked_at !== null) return `revoked ${key.revoked_at}`;
  if (key.expires_at !== null && key.expires_at <= now) return `expired ${key.expires_at}`;
  const used = key.last_used_at === null ? 'never used' : `last used ${key.last_used_at}`;
  return key.expires_at === null ? used : `${used}, expires ${key.expires_at}`;
}
