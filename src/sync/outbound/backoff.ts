/** When to try again. Pauses grow from half a minute to six hours, for days: a hospital that is down over a weekend loses nothing. */
import type { AdapterError } from '../../core/errors.ts';

const second = 1_000;
const firstPause = 30 * second;
const longestPause = 6 * 3_600 * second;

/** After this long without success a person is told; the clock runs from the intention, not from the last try. */
export const patience = 5 * 24 * 3_600 * second;

/** And after this many tries, which take days: what was queued while nothing could be sent is owed its tries too. */
const fewestTries = 20;

/** Whether it is time to tell a person about an intention that fails for reasons that may pass. */
export function isOutOfPatience(
  { created_at, attempts }: { readonly created_at: string; readonly attempts: number },
  now: number,
): boolean {
  return now - Date.parse(created_at) > patience && attempts >= fewestTries;
}

/**
 * Milliseconds until the next try. `random` in [0, 1) spreads them by ±20 %, so that a hospital that comes back is not
 * met by everything at once; a pause that the hospital asked for is never cut short.
 */
export function pauseAfter(attempts: number, error: AdapterError, random: number): number {
  // The first unclear answer is cleared up at once: looking does no harm, and a person may be waiting.
  if (error.kind === 'ambiguous' && attempts <= 1) return 0;
  const grown = Math.min(longestPause, firstPause * 2 ** Math.min(attempts - 1, 20));
  const spread = Math.round(grown * (0.8 + 0.4 * random));
  return Math.max(spread, error.details.retryAfterMs ?? 0);
}
