/**
 * Rung A7: the folder into which the site puts orders. Each file is taken in once, and again when it was written anew; one
 * that cannot be read is tried again by each run and holds no other up. What the orders refer to is looked for among the
 * files first, and then at the hospital.
 */
import { moveCursor, readCursor } from '../../store/cursors.ts';
import { takeFiles } from '../folder.ts';
import { hospitalReader } from '../hospital-reader.ts';
import { applyPending } from '../inbound/inbound.ts';
import { nowOf } from '../site.ts';
import type { SourceFile } from '../source-parts.ts';
import { surroundings } from '../surroundings.ts';
import type { Pass, Way } from './pass.ts';

export const dropFolder: Way = { rung: 'A7', type: 'ServiceRequest', look: readFolder };

/** Instead of the stamp of a file that could not be read when it was its turn; no file has it. */
const notRead = 'not read';

/** Throws `file-unreadable` when the folder is not there; a file that cannot be read is a problem of the run. */
async function readFolder(pass: Pass): Promise<boolean | undefined> {
  const { site, run, tally, signal } = pass;
  const all = await site.dropFiles();
  const due = await dueFiles(pass, all);
  if (due.length === 0) return undefined;
  const files = due.map(({ file }) => file);
  const source = await takeFiles(site, run, files, tally, signal);
  const unread = new Set(source.unread);
  let { read, isWhole } = source;
  if (due.some(({ file, wasUnread }) => wasUnread && !unread.has(file.name)) && !signal.aborted) {
    // What was missing until now may refer to what the other files hold, which were taken in without it.
    const others = all.filter(({ name }) => !unread.has(name));
    const counted = tally.read;
    const together = await takeFiles(site, run, others, tally, signal);
    tally.read = counted;
    for (const name of together.unread) unread.add(name);
    ({ read } = together);
    isWhole &&= together.isWhole;
  }
  const ask = hospitalReader(site);
  const around = surroundings(
    site.hospital.base,
    async (reference) => (await read(reference)) ?? ask(reference),
  );
  await applyPending(site, tally, around, run, signal);
  tally.files = await source.outcomes();
  if (signal.aborted) return false;
  const { id: hospital } = site.settings;
  const stamps = new Map(files.map(({ name, stamp }) => [name, stamp]));
  for (const name of unread) stamps.set(name, notRead);
  await site.store.transaction(async (tx) => {
    for (const [name, value] of stamps)
      await moveCursor(tx, { hospital, rung: rungOf(name), value, at: nowOf(site) });
  });
  return isWhole;
}

interface Due {
  readonly file: SourceFile;
  /** It could not be read before, while others were taken in. */
  readonly wasUnread: boolean;
}

/** Those that were written since they were last taken in, or could not be read then; in a full sweep all of them. */
async function dueFiles(
  { site, mode }: Pass,
  files: readonly SourceFile[],
): Promise<readonly Due[]> {
  const due: Due[] = [];
  for (const file of files) {
    const taken = await readCursor(site.store.read, site.settings.id, rungOf(file.name));
    if (mode === 'full') due.push({ file, wasUnread: false });
    else if (taken?.value !== file.stamp) due.push({ file, wasUnread: taken?.value === notRead });
  }
  return due;
}

function rungOf(name: string): string {
  return `A7:${name}`;
}
