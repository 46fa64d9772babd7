/**
 * When the patient's record and the stay of a referral are read again before a visit, so that nobody goes in vain. No
 * setting: it costs a few questions to the hospital, and a site that wants no facts on file wants this all the same.
 */
import type { Instant } from './concept.ts';
import type { Episode } from './episode.ts';
import { hasEnded } from './referral.ts';
import { isRunning, sessionHasEnded } from './session.ts';

const hourMs = 60 * 60_000;
/** From this long before a visit on. */
const aheadMs = 24 * hourMs;
/** At most this often. */
const everyMs = hourMs;
/** And once more when it starts within this time. */
const beforeMs = hourMs;

/**
 * While a visit is ahead, every so often, and once more in the last while before it. `asked` is when they were last asked
 * for. A visit that was long ago and never ended here wants nothing any more.
 */
export function isBesideDue(
  { referral, sessions }: Episode,
  asked: Instant | undefined,
  now: Instant,
): boolean {
  if (hasEnded(referral.state)) return false;
  const at = Date.parse(now);
  const starts = sessions
    .filter(({ state }) => !sessionHasEnded(state) && !isRunning(state))
    .map(({ start }) => Date.parse(start))
    .filter((start) => Math.abs(start - at) <= aheadMs);
  if (starts.length === 0) return false;
  if (asked === undefined || at - Date.parse(asked) >= everyMs) return true;
  return starts.some(
    (start) => Math.abs(start - at) <= beforeMs && Date.parse(asked) < start - beforeMs,
  );
}
