/**
 * Rung A7: a folder, file, Bundle or NDJSON instead of a server. Every file ends in the inbox in a visible state with a
 * reason, also one that is no JSON; nothing is asked of the hospital and nothing is sent. What was taken in before is
 * known again, so that a run that was interrupted is simply repeated.
 */
import { type AdapterError, asAdapterError } from '../core/errors.ts';
import type { ExchangeLog } from './exchange-log.ts';
import { applyPending } from './inbound/inbound.ts';
import { openLargeSource } from './large-source.ts';
import { recorded } from './recorded-run.ts';
import { type FileOutcome, noteProblem, type RunReport, type Tally } from './report.ts';
import type { Site } from './site.ts';
import { isLines, partsOf, type SourceFile } from './source-parts.ts';
import { openTaking, type SourceTaking } from './source-taking.ts';
import { type ReadReference, surroundings } from './surroundings.ts';

export type { SourceFile } from './source-parts.ts';

/** Bytes of NDJSON in a source up to which each line has a row of its own, whatever it holds. */
export const smallSource = 5 * 2 ** 20;

/** Takes in every file of a source; orders are judged like those of a server, references are looked up in the source. */
export function runFolder(
  site: Site,
  log: ExchangeLog,
  files: readonly SourceFile[],
  signal: AbortSignal,
): Promise<RunReport> {
  return recorded(site, log, 'folder', async (run, tally) => {
    const source = await takeFiles(site, run, files, tally, signal);
    const around = surroundings(site.hospital.base, source.read);
    await applyPending(site, tally, around, run, signal);
    tally.files = await source.outcomes();
    return source.isWhole && !signal.aborted ? 'complete' : 'partial';
  });
}

export interface TakenSource {
  /** Every file was read to its end. */
  readonly isWhole: boolean;
  /** Names of the files that were not, and not because we were asked to stop. */
  readonly unread: ReadonlySet<string>;
  /** Finds what is referred to among what was taken in. */
  readonly read: ReadReference;
  /** How each thing in each file ended; asked for once all are applied. */
  outcomes(): Promise<FileOutcome[]>;
}

/** Stores what the files hold. A file that cannot be read is a problem of the run and stops no other. */
export async function takeFiles(
  site: Site,
  run: string,
  files: readonly SourceFile[],
  tally: Tally,
  signal: AbortSignal,
): Promise<TakenSource> {
  const ofLines = files.filter(isLines);
  const isLarge = ofLines.reduce((sum, { size }) => sum + size, 0) > smallSource;
  const taking = openTaking(site, run, tally, { asText: isLarge });
  const large = isLarge ? await openLargeSource(site, run, tally, taking, signal) : undefined;
  const unread = new Set<string>();
  const ends: FileOutcome[] = [];
  let isWhole = true;
  const trying = async (tried: readonly SourceFile[], work: () => Promise<boolean>) => {
    try {
      isWhole = (await work()) && isWhole;
    } catch (thrown) {
      const error = asAdapterError(thrown);
      if (error.code !== 'file-unreadable') throw error;
      isWhole = false;
      noteProblem(tally, error);
      for (const { name } of tried) unread.add(name);
      const [one, ...others] = tried;
      if (one !== undefined && others.length === 0) ends.push(unreadable(one, error));
    }
  };
  for (const file of files) {
    if (signal.aborted) break;
    await trying([file], () =>
      large !== undefined && isLines(file) ? large.read(file) : takeWhole(taking, file, signal),
    );
  }
  // Which of them is not there any more is not known: none of them was looked through to its end.
  if (large !== undefined && !signal.aborted) await trying(ofLines, () => large.complete());
  return {
    isWhole: isWhole && !signal.aborted,
    unread,
    read: taking.read,
    outcomes: async () => [...(await taking.outcomes()), ...(large?.passedOver() ?? []), ...ends],
  };
}

async function takeWhole(
  taking: SourceTaking,
  file: SourceFile,
  signal: AbortSignal,
): Promise<boolean> {
  for await (const parts of partsOf(file)) {
    if (signal.aborted) return false;
    await taking.take(file.name, parts);
  }
  return true;
}

function unreadable({ name }: SourceFile, { message }: AdapterError): FileOutcome {
  return { file: name, state: 'unusable', rule: 'file-unreadable', says: message };
}
