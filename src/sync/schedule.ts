/**
 * What is due, asked of the store every minute (decision 16): polling by the age of the last run, the full sweep once a
 * local date from its hour on, so that a machine that slept through the night catches up and no clock change skips one.
 */

import { lastRun, runsOfNight } from '../store/runs.ts';
import type { Db } from '../store/store.ts';
import { localDate, localTime } from './local-time.ts';
import type { SiteSettings } from './site.ts';

export type Due = 'poll' | 'full' | undefined;

/** A sweep that did not end whole is tried again after this long, then after twice as long each time. */
const retryFullMs = 15 * 60_000;
/** What fails all night will not be mended by asking for everything every quarter of an hour. */
const longestRetryMs = 4 * 60 * 60_000;

export async function whatIsDue(db: Db, settings: SiteSettings, now: Date): Promise<Due> {
  const swept = await lastRun(db, settings.id, { mode: 'full', state: 'complete' });
  const today = localDate(now, settings.timezone);
  const isNight = localTime(now, settings.timezone) >= settings.nightly;
  if (isNight && swept?.local_date !== today) {
    const tried = await lastRun(db, settings.id, { mode: 'full' });
    const tries = await runsOfNight(db, settings.id, { mode: 'full', localDate: today });
    const pauseMs = Math.min(retryFullMs * 2 ** Math.max(tries - 1, 0), longestRetryMs);
    if (tried === undefined || now.getTime() - Date.parse(tried.started_at) >= pauseMs)
      return 'full';
  }
  const last = await lastRun(db, settings.id);
  return last === undefined || now.getTime() - Date.parse(last.started_at) >= settings.pollMs
    ? 'poll'
    : undefined;
}
