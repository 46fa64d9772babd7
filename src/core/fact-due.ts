/**
 * When the facts of a patient are read (again): before a person can accept, and before each visit. Not with each poll,
 * since it costs about ten questions to the hospital: while somebody waits for them, at most every so often, and once
 * more when a visit is near.
 */
import type { Instant } from './concept.ts';
import type { Episode } from './episode.ts';
import { askedAt, type FactSheet } from './facts.ts';
import { hasEnded } from './referral.ts';
import { isRunning, sessionHasEnded } from './session.ts';

export interface FactTimes {
  /** While they are wanted, they are read at most this often. */
  readonly everyMs: number;
  /** They are wanted from this long before a visit on. */
  readonly aheadMs: number;
  /** And read once more when a visit starts within this time. */
  readonly beforeMs: number;
}

/** What did not answer for a passing reason is asked again after this long, not with each look. */
const retryMs = 15 * 60_000;

/** Why the facts of this referral’s patient are to be read now; undefined while they need not be. */
export function whyDue(
  { referral, sessions }: Episode,
  sheet: FactSheet | undefined,
  times: FactTimes,
  now: Instant,
): 'new' | 'unanswered' | 'visit' | undefined {
  if (hasEnded(referral.state)) return undefined;
  const at = Date.parse(now);
  const starts = sessions
    .filter(({ state }) => !sessionHasEnded(state) && !isRunning(state))
    .map(({ start }) => Date.parse(start));
  const last = sheet === undefined ? undefined : askedAt(sheet);
  const isNew = referral.state === 'requested';
  // a visit that was long ago and never ended here wants nothing any more
  const isNear = starts.some((start) => Math.abs(start - at) <= times.aheadMs);
  if (last === undefined) return isNew ? 'new' : isNear ? 'visit' : undefined;
  const asked = Date.parse(last);
  const age = at - asked;
  const isClose = (start: number) =>
    Math.abs(start - at) <= times.beforeMs && asked < start - times.beforeMs;
  if (starts.some(isClose)) return 'visit';
  const wait = sheet?.readings.some((one) => one.notReadable?.passing)
    ? Math.min(retryMs, times.everyMs)
    : times.everyMs;
  if (age < wait) return undefined;
  return isNew ? 'unanswered' : isNear ? 'visit' : undefined;
}
