/** `massage-fhir work settle`: a person says that a note is dealt with; an unknown write then no longer holds its referral back. */
import { AdapterError } from '../core/errors.ts';
import { intentionOf, settleIntention } from '../store/outbox.ts';
import { settleWork, workOf } from '../store/work.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { withAdapter } from './with-adapter.ts';

export function run([id = '']: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  return withAdapter<ExitCode>(options, io, 'quiet', async ({ adapter }) => {
    const { store, clock } = adapter;
    const at = clock().toISOString();
    const note = await workOf(store.read, id);
    const settled = await store.transaction(async (tx) => {
      if (note?.intention != null && (await intentionOf(tx, note.intention))?.state === 'unknown')
        await settleIntention(tx, note.intention, {
          state: 'dropped',
          says: 'settled by a person',
          at,
        });
      return settleWork(tx, id, { by: 'command line', at });
    });
    if (!settled)
      throw new AdapterError('not-ours', `There is no open work ${id}.`, {
        fix: 'See massage-fhir work list.',
      });
    io.stdout.write(options.json ? `${JSON.stringify({ settled: id })}\n` : `Settled ${id}.\n`);
    return 0;
  });
}
