/**
 * Rung A7: the folder into which the site puts orders. Each file is taken in once, and again when it was written anew; what
 * the orders refer to is looked for among the files first, and then at the hospital.
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

/** Throws `file-unreadable` when the folder is not there; a file that cannot be read is a problem of the run. */
async function readFolder({ site, run, mode, tally, signal }: Pass): Promise<boolean | undefined> {
  const files = await newFiles(site, mode, await site.dropFiles());
  if (files.length === 0) return undefined;
  const source = await takeFiles(site, run, files, tally, signal);
  const ask = hospitalReader(site);
  const around = surroundings(
    site.hospital.base,
    async (reference) => (await source.read(reference)) ?? ask(reference),
  );
  await applyPending(site, tally, around, run, signal);
  tally.files = await source.outcomes();
  if (!source.isWhole || signal.aborted) return false;
  const { id: hospital } = site.settings;
  await site.store.transaction(async (tx) => {
    for (const { name, stamp } of files)
      await moveCursor(tx, { hospital, rung: rungOf(name), value: stamp, at: nowOf(site) });
  });
  return true;
}

/** Those that were written since they were last taken in; in a full sweep all of them. */
async function newFiles(
  { store, settings }: Pass['site'],
  mode: Pass['mode'],
  files: readonly SourceFile[],
): Promise<SourceFile[]> {
  const fresh: SourceFile[] = [];
  for (const file of files) {
    const taken = await readCursor(store.read, settings.id, rungOf(file.name));
    if (mode === 'full' || taken?.value !== file.stamp) fresh.push(file);
  }
  return fresh;
}

function rungOf(name: string): string {
  return `A7:${name}`;
}
