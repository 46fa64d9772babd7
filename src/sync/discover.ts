/**
 * Finding what is new: each rung reads a closed window of server time into the inbox, and its cursor moves only after
 * the last page is stored (invariant I6). One rung that fails does not stop the others; the run is then partial.
 */
import { AdapterError, asAdapterError } from '../core/errors.ts';
import type { Found } from '../hospital/discovery/found.ts';
import { type Window, windowAfter } from '../hospital/windows.ts';
import { moveCursor, readCursor } from '../store/cursors.ts';
import { openEpisodes } from '../store/episodes.ts';
import { storeArrivals } from './arrivals.ts';
import { noteProblem, type Tally } from './report.ts';
import { nowOf, type Site } from './site.ts';

interface Source {
  readonly rung: string;
  readonly read: (window: Window) => AsyncGenerator<Found<fhir4.FhirResource>, void, undefined>;
}

export interface Discovery {
  /** Every rung read its window to the end, and no answer was marked incomplete. */
  readonly complete: boolean;
  /** At least one rung did. */
  readonly some: boolean;
}

/** Reads what changed since the cursors (`poll`), or everything (`full`), into the inbox. */
export async function discover(
  site: Site,
  run: string,
  mode: 'poll' | 'full',
  tally: Tally,
  signal: AbortSignal,
): Promise<Discovery> {
  const results: boolean[] = [];
  for (const source of sources(site)) {
    if (signal.aborted) return { complete: false, some: results.includes(true) };
    try {
      results.push(await readSource(site, run, source, mode, tally, signal));
    } catch (thrown) {
      const error = asAdapterError(thrown);
      if (!isHospitals(error)) throw error;
      noteProblem(tally, rungError(source.rung, error));
      results.push(false);
    }
  }
  return { complete: results.every(Boolean), some: results.includes(true) };
}

function sources({ hospital, settings }: Site): readonly Source[] {
  const tasks: readonly Source[] =
    settings.organization === undefined
      ? []
      : [
          { rung: 'A3', read: (window) => hospital.ownedTasks(window) },
          { rung: 'A3-claimable', read: (window) => hospital.claimableTasks(window) },
        ];
  return [{ rung: 'A1', read: (window) => hospital.changedOrders(window) }, ...tasks];
}

/**
 * Reads the Appointments of all open referrals. Without a window: a visit may have been booked long before its order
 * became ours, and the open referrals of one service are few.
 */
export async function discoverVisits(site: Site, run: string, tally: Tally): Promise<boolean> {
  const open = await openEpisodes(site.store.read, site.settings.id);
  const orders = open.map((episode) => episode.referral.care.order.reference);
  if (orders.length === 0) return true;
  let partial = false;
  try {
    for await (const page of site.hospital.appointmentsOf(orders)) {
      await storeArrivals(site, { via: page.rung, run }, page.resources, tally);
      partial ||= page.partial;
    }
  } catch (thrown) {
    const error = asAdapterError(thrown);
    if (!isHospitals(error)) throw error;
    noteProblem(tally, rungError('visits', error));
    return false;
  }
  if (partial) noteProblem(tally, incomplete('visits'));
  return !partial;
}

/** A fault of the hospital or of the way to it ends a rung; one of ours ends the run. */
function isHospitals({ code }: AdapterError): boolean {
  return code !== 'internal' && code !== 'store-unusable';
}

async function readSource(
  site: Site,
  run: string,
  { rung, read }: Source,
  mode: 'poll' | 'full',
  tally: Tally,
  signal: AbortSignal,
): Promise<boolean> {
  const { settings, store } = site;
  const cursor =
    mode === 'full' ? undefined : (await readCursor(store.read, settings.id, rung))?.value;
  const window = windowAfter(cursor, nowOf(site), {
    overlapMs: settings.overlapMs,
    lagMs: settings.lagMs,
  });
  let partial = false;
  let serverTime: string | undefined;
  for await (const page of read(window)) {
    const fresh = await storeArrivals(site, { via: page.rung, run }, page.resources, tally);
    partial ||= page.partial;
    serverTime = page.serverTime ?? serverTime;
    site.emit('run:page', {
      hospital: settings.id,
      run,
      rung,
      read: page.resources.length,
      fresh: fresh.length,
    });
    if (signal.aborted) return false;
  }
  if (partial) {
    noteProblem(tally, incomplete(rung));
    return false;
  }
  // A hospital whose clock is behind ours stamps its next change earlier than our window's end.
  const value = serverTime !== undefined && serverTime < window.to ? serverTime : window.to;
  await store.transaction((tx) =>
    moveCursor(tx, {
      hospital: settings.id,
      rung,
      value,
      from: window.from,
      to: window.to,
      at: nowOf(site),
    }),
  );
  return true;
}

function rungError(rung: string, error: AdapterError): AdapterError {
  return new AdapterError(error.code, `${rung}: ${error.message}`, {
    ...error.details,
    fix: error.fix,
  });
}

function incomplete(rung: string): AdapterError {
  return new AdapterError(
    'hospital-fault',
    `${rung}: the hospital says that its answer is incomplete.`,
    {
      fix: 'Ask the hospital what it left out; the same window is read again.',
    },
  );
}
