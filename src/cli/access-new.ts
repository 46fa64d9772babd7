/** `massage-fhir access new`: a key for the API and the page. It is shown once; only its hash is kept. */
import { randomBytes, randomUUID } from 'node:crypto';
import { issueKey } from '../access/keys.ts';
import { isRole, roleNames } from '../access/roles.ts';
import { AdapterError } from '../core/errors.ts';
import { isDuration } from '../settings/duration.ts';
import { milliseconds } from '../settings.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { withStore } from './with-store.ts';

export function run(_args: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  return withStore<ExitCode>(options, io, async (store) => {
    const { role = '', name } = options;
    if (typeof role !== 'string' || !isRole(role))
      throw new AdapterError('arguments-wrong', `--role ${role || '(missing)'} is not a role.`, {
        fix: `Use one of: ${roleNames.join(', ')}.`,
      });
    const { id, key } = await issueKey(
      store,
      {
        name: typeof name === 'string' ? name : role,
        role,
        expiresAt: expiry(options.expires, io.clock()),
      },
      { random: randomBytes, newId: randomUUID, now: io.clock() },
    );
    io.stdout.write(options.json ? `${JSON.stringify({ id, key, role })}\n` : `${key}\n`);
    if (!options.json)
      io.stderr.write(
        `Key ${id} for ${role}. It is shown this once: keep it, only its hash is stored.\n`,
      );
    return 0;
  });
}

function expiry(given: string | boolean | undefined, now: string): string | undefined {
  if (given === undefined) return undefined;
  if (typeof given === 'string' && isDuration(given))
    return new Date(Date.parse(now) + milliseconds(given)).toISOString();
  const at = typeof given === 'string' ? Date.parse(given) : Number.NaN;
  if (Number.isNaN(at))
    throw new AdapterError(
      'arguments-wrong',
      `--expires ${given} is neither a time span nor a date.`,
      {
        fix: 'Write 12h, 90d, or 2027-01-31.',
      },
    );
  if (at <= Date.parse(now))
    throw new AdapterError('arguments-wrong', `--expires ${given} is over already.`, {
      fix: 'Give a date to come or a time span such as 90d; without --expires the key does not expire.',
    });
  return new Date(at).toISOString();
}
