/** `massage-fhir survey`: what the hospital’s server can do for us, asked now: the ways that are used, and why not others. */
import { styleText } from 'node:util';
import { rungFunctions } from '../hospital/rungs.ts';
import type { Survey } from '../hospital/survey.ts';
import type { Adapter, Connected } from '../main.ts';
import { emptyTally, type Tally } from '../sync/report.ts';
import { isSilent, refreshSurvey } from '../sync/survey.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { chosenSite, withAdapter } from './with-adapter.ts';

/** Exit code 1 when nothing new is found by itself there, or something about the survey was wrong. */
export function run(_args: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  return withAdapter<ExitCode>(options, io, 'quiet', async ({ adapter }) => {
    let isWell = true;
    for (const { site, log } of chosen(adapter, options)) {
      const tally = emptyTally();
      const survey = await refreshSurvey(site, tally);
      await log.flush(site.store);
      isWell = isWell && !isSilent(survey) && tally.problems.length === 0;
      io.stdout.write(
        options.json
          ? `${JSON.stringify({ hospital: site.settings.id, ...survey, problems: tally.problems })}\n`
          : told(site.settings.id, survey, tally, io.color),
      );
    }
    return isWell ? 0 : 1;
  });
}

function chosen(adapter: Adapter, { hospital }: Options): readonly Connected[] {
  return hospital === undefined ? [...adapter.sites.values()] : [chosenSite(adapter, hospital)];
}

function told(hospital: string, survey: Survey, tally: Tally, color: boolean): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const { vendor, vendorWhy, passed, notes, silent } = survey;
  const lines = [paint('bold', `${hospital}: ${vendor.product}`), `  ${vendorWhy}`];
  for (const name of rungFunctions) {
    lines.push('', paint('bold', name));
    for (const { rung, says, by, why } of survey[name])
      lines.push(`  ${paint('green', rung.padEnd(4))} ${says}`, `       by ${by}: ${why}`);
    if (survey[name].length === 0) lines.push(`  ${paint('yellow', 'none')}`);
    for (const { rung, says, whyNot } of passed.filter((one) => one.function === name))
      lines.push(
        `  ${paint('dim', rung.padEnd(4))} not used: ${says}`,
        `       ${whyNot.join('; ')}`,
      );
  }
  const remarks = [...(silent === undefined ? [] : [silent]), ...notes];
  if (remarks.length > 0) lines.push('', paint('bold', 'worth knowing'));
  lines.push(...remarks.map((one) => `  ${one}`));
  lines.push(
    ...tally.problems.map(({ code, says, fix }) => `  ${paint('yellow', code)}: ${says} ${fix}`),
  );
  return `${lines.join('\n')}\n`;
}
