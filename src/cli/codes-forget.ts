/** `massage-fhir codes forget`: takes back what was said about a code. What was decided by it stays as it is. */
import { token } from '../core/concept.ts';
import { meaning, originOf } from '../core/site-codes.ts';
import { codingIn, forget } from '../sync/codes/teaching.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { chosenSite, withAdapter } from './with-adapter.ts';

export function run([code = '']: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  return withAdapter<ExitCode>(options, io, 'quiet', async ({ adapter }) => {
    const { site } = chosenSite(adapter, options.hospital);
    const { rows, openReferrals } = await forget(site, codingIn(code));
    const lines = rows.map((row) => `${token(row)} was ${meaning(row)}, said ${originOf(row)}.\n`);
    io.stdout.write(
      options.json
        ? `${JSON.stringify({ forgotten: rows.map(token), openReferrals })}\n`
        : `Forgotten: ${lines.join('')}` +
            `What was decided by it stays as it is: ${openReferrals === 0 ? 'no open referral' : openReferrals === 1 ? 'one open referral' : `${openReferrals} open referrals`} came in under this code. New orders with it are unknown again.\n`,
    );
    return 0;
  });
}
