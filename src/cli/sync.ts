/** `massage-fhir sync`: one run of one or all hospitals now, and its report. `--from` reads a folder instead of a server. */
import { resolve } from 'node:path';
import type { Adapter } from '../main.ts';
import { runFolder } from '../sync/folder.ts';
import { readOne } from '../sync/read-one.ts';
import { type RunReport, reportLine } from '../sync/report.ts';
import { runSync } from '../sync/run.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { sourceFiles } from './source-files.ts';
import { chosenSite, withAdapter } from './with-adapter.ts';

/** Exit code 1 when a run was not complete, or left something that needs a person; 2 when a run failed. */
export function run(_args: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  return withAdapter<ExitCode>(options, io, 'quiet', async ({ adapter }) => {
    if (typeof options.order === 'string') return oneOrder(adapter, options.order, options, io);
    const reports: RunReport[] = [];
    for (const report of await runs(adapter, options, io)) {
      reports.push(report);
      io.stdout.write(options.json ? `${JSON.stringify(report)}\n` : told(report));
    }
    if (reports.some((one) => one.state === 'failed')) return 2;
    return reports.some(
      (one) =>
        one.state === 'partial' ||
        one.failed + one.unknown > 0 ||
        (one.files !== undefined && one.unusable > 0),
    )
      ? 1
      : 0;
  });
}

/** Exit code 1 when the order was read and is not on the list. */
async function oneOrder(
  adapter: Adapter,
  reference: string,
  options: Options,
  io: Io,
): Promise<ExitCode> {
  const { site, log } = chosenSite(adapter, options.hospital);
  const one = await readOne(site, log, reference, io.signal);
  const { order, state, rule, says, referral } = one;
  const which = referral === undefined ? '' : ` Referral ${referral}.`;
  io.stdout.write(
    options.json ? `${JSON.stringify(one)}\n` : `${order}: ${state} by ${rule}: ${says}.${which}\n`,
  );
  return state === 'applied' ? 0 : 1;
}

async function runs(adapter: Adapter, options: Options, io: Io): Promise<RunReport[]> {
  if (typeof options.from === 'string') {
    const { site, log } = chosenSite(adapter, options.hospital);
    return [
      await runFolder(site, log, await sourceFiles(resolve(io.cwd, options.from)), io.signal),
    ];
  }
  const chosen =
    options.hospital === undefined
      ? [...adapter.sites.values()]
      : [chosenSite(adapter, options.hospital)];
  const reports: RunReport[] = [];
  for (const { site, log } of chosen) {
    const settings = options.dryRun
      ? { ...site.settings, write: 'dry-run' as const }
      : site.settings;
    const mode = options.full ? 'full' : 'poll';
    reports.push(await runSync({ ...site, settings }, log, { mode, signal: io.signal }));
  }
  return reports;
}

function told(report: RunReport): string {
  // What broke one way broke the others: what to do about it is said once.
  const alike = Map.groupBy(report.problems, ({ code, fix }) => `${code} ${fix}`);
  const problems = [...alike.values()].map(
    (some) =>
      `${some.map(({ code, says }) => `  ${code}: ${says}\n`).join('')}    ${some[0]?.fix}\n`,
  );
  const queued = report.queued > 0 ? `  ${report.queued} queued: sent by a later run.\n` : '';
  const groups = Map.groupBy(report.files ?? [], ({ state, rule }) => `${state} by ${rule}`);
  const files = [...groups].map(([how, some]) => {
    const things = some.reduce((sum, { lines = 1 }) => sum + lines, 0);
    return `  ${String(things).padStart(5)} ${how}: ${some[0]?.file}${some.length > 1 ? ', …' : ''}\n`;
  });
  const each = files.length > 0 ? '  Each file with its reason: --json\n' : '';
  const again =
    report.mode === 'folder' && report.read > 0 && report.fresh === 0
      ? '  Nothing of it is new: what concerns us was taken in before.\n'
      : '';
  const notes = report.notes.map((says) => `  ${says}\n`);
  return `${reportLine(report)}\n${files.join('')}${each}${again}${queued}${problems.join('')}${notes.join('')}`;
}
