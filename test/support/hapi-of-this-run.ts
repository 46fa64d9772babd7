/**
 * One HAPI for all suites of a run: a start takes half a minute and as much memory as everything else together. It is
 * started by the first suite that asks and stopped after the last test; whoever asks must keep to ids of its own.
 */

import { type Hapi, startHapi } from './hapi.ts';

let started: Promise<Hapi | { missing: string }> | undefined;

/** HAPI, shared: `stop` does nothing, for others may still need it. Or what this machine lacks, in words. */
export async function hapiOfThisRun(): Promise<Hapi | { missing: string }> {
  started ??= startHapi();
  const hapi = await started;
  return 'missing' in hapi ? hapi : { base: hapi.base, stop: async () => {} };
}

// A hook outside of any suite runs when all suites have ended.
after(async function () {
  this.timeout(60_000);
  const hapi = await started;
  if (hapi !== undefined && 'stop' in hapi) await hapi.stop();
});
