/**
 * From inbox to record: every row that was received is taken to exactly one end, with a reason (invariant I1). The rows
 * of one order are taken in the order in which they arrived; a row that fails in our own code waits, as work for a
 * person, and the others go on: one odd resource must not keep a hospital's orders from us.
 */
import { AdapterError, asAdapterError, type ErrorCode } from '../../core/errors.ts';
import { canonicalHash } from '../../fhir/canonical-hash.ts';
import { fewSentences } from '../../mapping/problems.ts';
import { type InboxRow, pending, receive, rowOf, settle, versionsOf } from '../../store/inbox.ts';
import { linksTo } from '../../store/links.ts';
import { openWork, settleWorkOf } from '../../store/work.ts';
import { inboxRow, lookAgain } from '../arrivals.ts';
import { reopenDecided, reopenFreedTasks } from '../codes/waiting.ts';
import { noteProblem, type Tally } from '../report.ts';
import { nowOf, type Site } from '../site.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Applier, Inbound } from './applying.ts';
import { applyAppointment } from './appointment.ts';
import { dismissRow, settleRow } from './effects.ts';
import { applyEncounter } from './encounter.ts';
import { isOlder } from './newer.ts';
import { applyOrder } from './order.ts';
import { applyPatient } from './patient.ts';
import { applyTask } from './task.ts';

/** The resource types that we act on. */
const appliers = new Map<string, Applier>([
  ['ServiceRequest', applyOrder],
  ['Task', applyTask],
  ['Appointment', applyAppointment],
  ['Patient', applyPatient],
  ['Encounter', applyEncounter],
]);

const batch = 100;

/** Takes every received row of this hospital to its end. */
export async function applyPending(
  site: Site,
  tally: Tally,
  around: Surroundings,
  run: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const inbound = openInbound(site, tally, around, run);
  const decided = await takeUpDecided(site, tally);
  await applyReceived(site, inbound, signal);
  if (!decided || signal.aborted) return;
  // Only now: a Task before its order would find the order still undecided.
  const tasks = await site.store.transaction((tx) => reopenFreedTasks(site, tx));
  if (tasks > 0) await applyReceived(site, inbound, signal);
  site.codes.takenUp.set(site.settings.id, site.codes.version);
}

/** Puts back what waited on codes that the site has said something about since; true when there was something new. */
async function takeUpDecided(site: Site, tally: Tally): Promise<boolean> {
  const { codes, settings } = site;
  codes.refresh();
  for (const says of fewSentences(codes.problems))
    noteProblem(
      tally,
      new AdapterError('settings-wrong', says, {
        fix: 'Correct the file; until then the rows that were known before count.',
      }),
    );
  if (codes.rows.length === 0 || codes.takenUp.get(settings.id) === codes.version) return false;
  await site.store.transaction((tx) => reopenDecided(site, tx));
  return true;
}

async function applyReceived(site: Site, inbound: Inbound, signal: AbortSignal): Promise<void> {
  for (;;) {
    const rows = await pending(site.store.read, site.settings.id, batch);
    if (rows.length === 0) return;
    for (const row of rows) {
      if (signal.aborted) return;
      await applyRow(site, inbound, row.id);
    }
  }
}

function openInbound(
  site: Site,
  tally: Tally,
  around: Surroundings,
  run: string | undefined,
): Inbound {
  const fetching = new Set<string>();
  const inbound: Inbound = {
    tally,
    around,
    tasked: new Set(),
    async fetch(reference, again) {
      // A circle of orders that are based on each other ends here.
      if (fetching.has(reference)) return false;
      if (
        again === undefined &&
        (await linksTo(site.store.read, site.settings.id, reference)).length > 0
      )
        return true;
      const resource = await around.read(reference);
      if (resource?.id === undefined) return false;
      const { id } = resource;
      fetching.add(reference);
      try {
        const found = inboxRow(site, { via: 'read', run }, resource);
        const ids = await site.store.transaction(async (tx) => {
          const { fresh } = await receive(tx, [found]);
          if (fresh.length > 0 || again === undefined) return fresh;
          const hash = canonicalHash(resource);
          return lookAgain(
            tx,
            { hospital: site.settings.id, type: resource.resourceType, id, hash, body: found.body },
            nowOf(site),
          );
        });
        tally.read += 1;
        tally.fresh += ids.length;
        for (const id of ids) await applyRow(site, inbound, id);
        return true;
      } finally {
        fetching.delete(reference);
      }
    },
  };
  return inbound;
}

/** Times that another process may take a row or its referral from under our hands before the row is set aside. */
const tries = 5;

/** Faults of the store are not the row's: it stays received, and the run ends. */
const storeFaults: readonly ErrorCode[] = ['store-busy', 'store-unusable'];

async function applyRow(site: Site, inbound: Inbound, id: string, tried = 1): Promise<void> {
  // Read again: a row of this batch may have been taken to its end on behalf of another (a parent, a Task’s order).
  const row = await rowOf(site.store.read, id);
  if (row === undefined || row.state !== 'received') return;
  const versions =
    row.type === null || row.resource_id === null
      ? []
      : await versionsOf(site.store.read, row.hospital, row.type, row.resource_id);
  const others = versions.filter((one) => one.id !== row.id && one.state !== 'received');
  // Late deliveries: what was refused or waits since must not be undone by what the hospital has replaced long ago (I3).
  const isLate = others.some((one) => isOlder(row, one));
  const waiting = others.filter((one) => one.state === 'waiting');
  if (!isLate && waiting.length > 0) await closeOlder(site, waiting);
  const dismiss = (state: 'ignored' | 'outdated' | 'unusable', rule: string, says: string) =>
    dismissRow(site, inbound.tally, row, { state, rule, says });
  const resource = parse(row.body);
  const apply = row.type === null ? undefined : appliers.get(row.type);
  if (isLate) await dismiss('outdated', 'older', 'a newer version was seen before');
  else if (resource === undefined) await dismiss('unusable', 'no-json', 'it is not a JSON object');
  else if (row.type === null) await dismiss('unusable', 'no-type', 'it has no resourceType');
  else if (apply === undefined)
    await dismiss('ignored', 'other-type', `${row.type} is not a resource that we act on`);
  else if (row.resource_id === null)
    await dismiss('unusable', 'no-id', `a ${row.type} without id cannot be followed`);
  else if (!/^[^\s/?#%\\]+$/.test(row.resource_id) || /^\.+$/.test(row.resource_id))
    // Ids of real servers are longer and odder than R4 allows; but this one could never be asked for again.
    await dismiss('unusable', 'bad-id', `a ${row.type} with such an id cannot be read back`);
  else {
    try {
      await apply(site, inbound, row, resource as never);
    } catch (thrown) {
      const error = asAdapterError(thrown);
      if (error.code === 'stale-version' && tried < tries)
        return applyRow(site, inbound, id, tried + 1);
      site.emit('fault', {
        where: `inbox ${row.id}`,
        code: error.code,
        says: error.message,
        fix: error.fix,
      });
      if (storeFaults.includes(error.code)) throw error;
      await setAside(site, inbound, row, error);
    }
  }
  const settled = await rowOf(site.store.read, id);
  if (settled !== undefined)
    site.emit('inbox:settled', {
      hospital: row.hospital,
      inbox: id,
      resource: `${row.type}/${row.resource_id}`,
      state: settled.state,
      rule: settled.rule ?? '',
    });
}

/** A newer version takes the place of one that still waits for a person. */
async function closeOlder(site: Site, older: readonly InboxRow[]): Promise<void> {
  await site.store.transaction(async (tx) => {
    for (const one of older) {
      await settle(tx, one.id, {
        state: 'outdated',
        rule: 'newer-version',
        says: 'the hospital has a newer version',
        keepBody: false,
        at: nowOf(site),
      });
      await settleWorkOf(tx, { inbox: one.id, by: 'adapter', at: nowOf(site) });
    }
  });
}

/** The rule of rows that our own code could not take in: the next full sweep tries them again. */
export const ourFault = 'our-fault';

/** Kept whole and shown to people: neither lost nor in the way of the others (I1). */
async function setAside(
  site: Site,
  { tally }: Inbound,
  row: InboxRow,
  error: AdapterError,
): Promise<void> {
  const work = site.newId();
  const opened = await site.store.transaction(async (tx) => {
    // Two that work at once fail at the same row: the other one has set it aside.
    if ((await rowOf(tx, row.id))?.state !== 'received') return undefined;
    const says = `it could not be taken in (${error.code})`;
    await settleRow(site, tx, row, { state: 'waiting', rule: ourFault, says });
    return openWork(tx, {
      id: work,
      hospital: row.hospital,
      kind: 'not-taken-in',
      inbox: row.id,
      says: `${row.type}/${row.resource_id} could not be taken in (${error.code}): look at it there, and report this fault.`,
      at: nowOf(site),
    });
  });
  if (opened === undefined) return;
  tally.waiting += 1;
  noteProblem(tally, error);
  if (opened) site.emit('work:opened', { hospital: row.hospital, work, kind: 'not-taken-in' });
}

function parse(body: string | null): object | undefined {
  if (body === null) return undefined;
  const value: unknown = JSON.parse(body);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}
