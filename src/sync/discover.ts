/**
 * Finding what is new: each rung reads a closed window of server time into the inbox, and its cursor moves only after
 * the last page is stored (invariant I6). One rung that fails does not stop the others; the run is then partial.
 */

import { AdapterError, asAdapterError } from '../core/errors.ts';
import { canonicalHash } from '../fhir/canonical-hash.ts';
import { allows } from '../hospital/capabilities.ts';
import type { Found } from '../hospital/discovery/found.ts';
import { type Window, windowAfter } from '../hospital/windows.ts';
import { moveCursor, readCursor } from '../store/cursors.ts';
import { openEpisodes } from '../store/episodes.ts';
import { type Reconsider, storeArrivals } from './arrivals.ts';
import { selectOrder } from './codes/waiting.ts';
import { ourFault } from './inbound/inbound.ts';
import { noteProblem, type Tally } from './report.ts';
import { nowOf, type Site } from './site.ts';

interface Source {
  readonly rung: string;
  readonly type: 'ServiceRequest' | 'Task';
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
  const rules = canonicalHash(site.settings.select);
  const judged = await readCursor(site.store.read, site.settings.id, 'selection');
  // Rules that changed since everything was judged: all is read again, and what was refused may be ours now.
  const rejudge = judged !== undefined && judged.value !== rules;
  if (rejudge) mode = 'full';
  for (const source of sources(site)) {
    if (signal.aborted) return { complete: false, some: results.includes(true) };
    try {
      results.push(
        await readSource(
          site,
          run,
          source,
          mode,
          tally,
          signal,
          rejudge ? reconsiderVerdict(site) : tryAgainAt(site),
        ),
      );
    } catch (thrown) {
      const error = asAdapterError(thrown);
      if (!isHospitals(error)) throw error;
      const cannot = source.type === 'Task' && (await undeclared(site, source.rung, 'Task', error));
      noteProblem(tally, cannot || rungError(source.rung, await sharper(site, error)));
      if (!cannot) results.push(false);
    }
  }
  const complete = results.every(Boolean);
  if (complete && judged?.value !== rules)
    await site.store.transaction((tx) =>
      moveCursor(tx, {
        hospital: site.settings.id,
        rung: 'selection',
        value: rules,
        at: nowOf(site),
      }),
    );
  return { complete, some: results.includes(true) };
}

/** A full sweep takes in anew what a fault of ours kept out: it may be mended by now. */
export const tryAgain: Reconsider = (latest) => latest.rule === ourFault;

/** And what was refused before the site said that its code is one of ours. */
function tryAgainAt(site: Site): Reconsider {
  if (site.codes.rows.length === 0) return tryAgain;
  return (latest, body) =>
    tryAgain(latest, body) ||
    (latest.type === 'ServiceRequest' &&
      latest.state === 'refused' &&
      latest.rule === 'service' &&
      selectOrder(site, body as fhir4.ServiceRequest, false).outcome === 'selected');
}

/** Wants to see an order again whose verdict is another one under the rules of now, and a Task that hung on a verdict. */
function reconsiderVerdict(site: Site): Reconsider {
  return (latest, body) => {
    if (latest.rule === ourFault) return true;
    if (latest.type === 'Task')
      return latest.rule === 'order-waits' || latest.rule === 'order-refused';
    if (
      latest.type !== 'ServiceRequest' ||
      (latest.state !== 'refused' && latest.state !== 'waiting')
    )
      return false;
    return selectOrder(site, body as fhir4.ServiceRequest, false).outcome !== latest.state;
  };
}

function sources({ hospital, settings }: Site): readonly Source[] {
  const tasks: readonly Source[] =
    settings.organization === undefined
      ? []
      : [
          { rung: 'A3', type: 'Task', read: (window) => hospital.ownedTasks(window) },
          {
            rung: 'A3-claimable',
            type: 'Task',
            read: (window) => hospital.claimableTasks(window),
          },
        ];
  return [
    { rung: 'A1', type: 'ServiceRequest', read: (window) => hospital.changedOrders(window) },
    ...tasks,
  ];
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
      // One that came before its order was ours was put aside then, and is looked at again now.
      await storeArrivals(
        site,
        { via: page.rung, run },
        page.resources,
        tally,
        (latest) => latest.rule === 'no-order' || latest.rule === ourFault,
      );
      partial ||= page.partial;
    }
  } catch (thrown) {
    const error = asAdapterError(thrown);
    if (!isHospitals(error)) throw error;
    const cannot = await undeclared(site, 'visits', 'Appointment', error);
    noteProblem(tally, cannot ?? rungError('visits', error));
    return cannot !== undefined;
  }
  if (partial) noteProblem(tally, incomplete('visits'));
  return !partial;
}

/**
 * A rung that failed because this server does not have such resources, by its own statement: then there is nothing to
 * miss, and the run is whole without it, else no run of this hospital could ever be. Said in the report each time (I5).
 */
async function undeclared(
  { hospital }: Site,
  rung: string,
  type: 'Task' | 'Appointment',
  { code, kind }: AdapterError,
): Promise<AdapterError | undefined> {
  if (kind !== 'permanent' || code === 'sign-in-refused') return undefined;
  if (allows(await hospital.capabilities(), type, 'search-type')) return undefined;
  return new AdapterError(
    'not-allowed',
    `${rung}: this server does not declare that ${type} can be searched.`,
    { fix: 'Nothing to do if the hospital does not use it; else ask for the right to search it.' },
  );
}

/**
 * A first contact that fails in a strange way is often no fault but the wrong address: the server's statement tells,
 * and its word (`not-fhir-r4`) helps more than that of the search.
 */
async function sharper({ hospital }: Site, error: AdapterError): Promise<AdapterError> {
  if (error.code !== 'answer-broken' && error.code !== 'not-found') return error;
  try {
    const { declared } = await hospital.capabilities();
    if (declared) return error;
  } catch (thrown) {
    return asAdapterError(thrown);
  }
  return new AdapterError(error.code, error.message, {
    ...error.details,
    fix: 'Check base: no FHIR R4 endpoint answers at this address (its /metadata says nothing either).',
  });
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
  reconsider?: Reconsider,
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
    const fresh = await storeArrivals(
      site,
      { via: page.rung, run },
      page.resources,
      tally,
      reconsider,
    );
    partial ||= page.partial;
    // Of the first page: what changes while we read the others may not be among them.
    serverTime ??= page.serverTime;
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
