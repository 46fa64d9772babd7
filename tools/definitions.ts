/**
 * Makes all definitions of FHIR R4 that a published package carries (`node tools/definitions.ts`), and says how many
 * they are and how much room they take. In a checkout each is made when it is first used; this is for publishing.
 */

import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Places, usualPlaces } from '../src/fhir/definitions/definitions.ts';
import { openR4 } from '../src/fhir/definitions/r4.ts';

export interface Made {
  /** How many files of each kind. */
  readonly counts: ReadonlyMap<string, number>;
  readonly bytes: number;
  /** As file systems give it out, in blocks of 4 kB. */
  readonly bytesOnDisk: number;
}

/** Makes them anew in the folder where they are kept, which is emptied first. */
export function makeDefinitions({ kept, packages }: Pick<Places, 'kept' | 'packages'>): Made {
  rmSync(kept, { recursive: true, force: true });
  const { files, load } = openR4(kept, packages);
  for (const file of files()) load(file);
  const names = readdirSync(kept);
  const missing = files().filter((file) => !names.includes(`${file}.json`));
  if (missing.length > 0)
    throw new Error(`${missing.length} files could not be written to ${kept}.`);
  const sizes = names.map((name) => statSync(join(kept, name)).size);
  const kinds = Map.groupBy(names, (name) => name.slice(0, name.indexOf('-')));
  return {
    counts: new Map([...kinds].map(([kind, { length }]) => [kind, length])),
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    bytesOnDisk: sizes.reduce((sum, size) => sum + Math.ceil(size / 4096) * 4096, 0),
  };
}

if (import.meta.main) {
  const started = performance.now();
  const { counts, bytes, bytesOnDisk } = makeDefinitions(usualPlaces());
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const mb = (size: number): string => `${(size / 1e6).toFixed(1)} MB`;
  for (const [kind, count] of counts) console.log(`${String(count).padStart(6)} ${kind}`);
  console.log(`${mb(bytes)}, ${mb(bytesOnDisk)} on disk, made in ${seconds} s`);
}
