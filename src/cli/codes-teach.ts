/**
 * `massage-fhir codes teach`: what a code of a hospital stands for, or that it is none of ours. A row is added to the site's
 * own table, and exactly what waited on the code runs again.
 */
import { token } from '../core/concept.ts';
import { AdapterError } from '../core/errors.ts';
import { meaning } from '../core/site-codes.ts';
import { codingIn, type Meaning, teach } from '../sync/codes/teaching.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { chosenSite, withAdapter } from './with-adapter.ts';

export function run([code = '']: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  const said = meaningOf(options);
  return withAdapter<ExitCode>(options, io, 'quiet', async ({ adapter }) => {
    const { site, log } = chosenSite(adapter, options.hospital);
    const display = textOf(options.display);
    const coding = { ...codingIn(code), ...(display === undefined ? {} : { display }) };
    const lesson = { coding, meaning: said, by: textOf(options.by) ?? 'command line' };
    const { row, before, ranAgain, referrals } = await teach(site, log, lesson, io.signal);
    if (options.json) {
      const answer = {
        hospital: row.hospital,
        code: token(row),
        as: row.ours,
        before,
        ranAgain,
        referrals,
      };
      io.stdout.write(`${JSON.stringify(answer)}\n`);
    } else {
      const is = row.ours === undefined ? 'is' : 'stands for';
      io.stdout.write(
        `${token(row)} ${is} ${meaning(row)}${before ? ', as was known before' : ''} (${row.file}, line ${row.line}).\n` +
          (ranAgain === 0
            ? 'No order waited on it.\n'
            : `${ranAgain === 1 ? 'One order' : `${ranAgain} orders`} waited on it; ${referrals.length} of them ${referrals.length === 1 ? 'is a referral' : 'are referrals'} now.\n`),
      );
    }
    return 0;
  });
}

function meaningOf({ as, refuse }: Options): Meaning {
  if (refuse === true && as === undefined) return { refuse: true };
  if (typeof as === 'string' && refuse === undefined) return { as };
  throw new AdapterError('arguments-wrong', 'Say what the code is: either --as or --refuse.');
}

function textOf(option: Options[string]): string | undefined {
  return typeof option === 'string' && option.trim() !== '' ? option.trim() : undefined;
}
