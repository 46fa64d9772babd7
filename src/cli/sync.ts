/** `massage-fhir sync`: one run of one or all hospitals now, and its report. `--from` reads a folder instead of a server. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { AdapterError } from '../core/errors.ts';
import type { Adapter } from '../main.ts';
import { runFolder, type SourceFile } from '../sync/folder.ts';
import { type RunReport, reportLine } from '../sync/report.ts';
import { runSync } from '../sync/run.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { chosenSite, withAdapter } from './with-adapter.ts';

/** Exit code 1 when a run was not complete, or left something that needs a person; 2 when a run failed. */
export function run(_args: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  return withAdapter<ExitCode>(options, io, 'quiet', async ({ adapter }) => {
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
        (one.mode === 'folder' && one.unusable > 0),
    )
      ? 1
      : 0;
  });
}

async function runs(adapter: Adapter, options: Options, io: Io): Promise<RunReport[]> {
  if (typeof options.from === 'string') {
    const { site, log } = chosenSite(adapter, options.hospital);
    return [await runFolder(site, log, await filesIn(resolve(io.cwd, options.from)), io.signal)];
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

/** The files below a folder, or the one file, in the order of their names. */
export async function filesIn(path: string): Promise<SourceFile[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new AdapterError('file-unreadable', `${path} cannot be read.`, { cause });
  });
  if (!found.isDirectory()) return [{ name: path, read: () => readFile(path, 'utf8') }];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(json|ndjson)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ name: relative(path, file), read: () => readFile(file, 'utf8') }));
}

function told(report: RunReport): string {
  const problems = report.problems.map((one) => `  ${one.code}: ${one.says}\n    ${one.fix}\n`);
  const queued = report.queued > 0 ? `  ${report.queued} queued: sent by a later run.\n` : '';
  const groups = Map.groupBy(report.files ?? [], ({ state, rule }) => `${state} by ${rule}`);
  const files = [...groups].map(
    ([how, some]) =>
      `  ${String(some.length).padStart(5)} ${how}: ${some[0]?.file}${some.length > 1 ? ', …' : ''}\n`,
  );
  const each = files.length > 0 ? '  Each file with its reason: --json\n' : '';
  return `${reportLine(report)}\n${files.join('')}${each}${queued}${problems.join('')}`;
}
