/**
 * `massage-fhir work retry`: a write that got stuck is tried again, together with those that were given up because of it.
 * Whether an earlier try reached the hospital stays in doubt, so the outbox looks before it sends.
 */
import { AdapterError } from '../core/errors.ts';
import { intentionOf, redo, stuck } from '../store/outbox.ts';
import { settleWorkOf, workOf } from '../store/work.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { withAdapter } from './with-adapter.ts';

export function run([id = '']: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  return withAdapter<ExitCode>(options, io, 'quiet', async ({ adapter }) => {
    const { store, clock } = adapter;
    const note = await workOf(store.read, id);
    const intention =
      note?.intention == null ? undefined : await intentionOf(store.read, note.intention);
    if (intention === undefined)
      throw new AdapterError('not-ours', `No open work ${id} is about a write.`, {
        fix: 'See massage-fhir work list for those of kind write-unknown and write-refused.',
      });
    const dependents = (await stuck(store.read, intention.hospital)).filter(
      (one) =>
        one.referral === intention.referral &&
        one.session === intention.session &&
        one.seq > intention.seq,
    );
    const again = [intention, ...dependents];
    await store.transaction(async (tx) => {
      for (const one of again) {
        await redo(tx, one.id);
        await settleWorkOf(tx, {
          intention: one.id,
          by: 'command line',
          at: clock().toISOString(),
        });
      }
    });
    io.stdout.write(
      options.json
        ? `${JSON.stringify({ queued: again.length })}\n`
        : `${again.length} queued again; the next sync sends them.\n`,
    );
    return 0;
  });
}
