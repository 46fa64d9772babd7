/** `massage-fhir work list`: what waits for a person, the oldest first. */
import { listWork } from '../store/work.ts';
import { unknownCodeOf } from '../sync/codes/notes.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { suggestionLines } from './suggestion-lines.ts';
import { withAdapter } from './with-adapter.ts';

/** Exit code 1 when something waits. */
export function run(_args: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  return withAdapter<ExitCode>(options, io, 'quiet', async ({ adapter }) => {
    const rows = await listWork(
      adapter.store.read,
      typeof options.hospital === 'string' ? { hospital: options.hospital } : {},
    );
    const open = await Promise.all(
      rows.map(async (row) => {
        const connected = adapter.sites.get(row.hospital);
        return { ...row, ...(connected && (await unknownCodeOf(connected.site, row))) };
      }),
    );
    if (options.json) io.stdout.write(`${JSON.stringify(open)}\n`);
    else if (open.length === 0) io.stdout.write('Nothing waits for a person.\n');
    else
      for (const one of open)
        io.stdout.write(
          `${one.id}  ${one.opened_at}  ${one.hospital}  ${one.kind}\n  ${one.says}\n${one.referral === null ? '' : `  referral ${one.referral}\n`}${suggestionLines(
            one.suggestions ?? [],
          )
            .map((line) => `  ${line}\n`)
            .join('')}`,
        );
    return open.length === 0 ? 0 : 1;
  });
}
