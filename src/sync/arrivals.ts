/**
 * What the hospital showed, on its way into the inbox: stored before it is understood (invariant I1). A page is one
 * transaction; what is stored twice is known by its version, or by its content where the server has no versions (I3).
 */

import { canonicalHash } from '../fhir/canonical-hash.ts';
import {
  type FoundRow,
  type InboxRow,
  latestOf,
  readmit,
  receive,
  settle,
} from '../store/inbox.ts';
import type { Tx } from '../store/store.ts';
import { settleWorkOf } from '../store/work.ts';
import type { Tally } from './report.ts';
import { nowOf, type Site } from './site.ts';

export interface Arrival {
  readonly via: string;
  readonly run?: string | undefined;
  /** File name, for a folder source. */
  readonly origin?: string | undefined;
}

/** One thing as it arrived: a resource, or anything else that somebody put where resources belong. */
export function inboxRow(site: Site, arrival: Arrival, body: unknown): FoundRow {
  const about = isObject(body) ? body : {};
  const meta = isObject(about.meta) ? about.meta : {};
  return {
    hospital: site.settings.id,
    run: arrival.run,
    via: arrival.via,
    origin: arrival.origin,
    type: text(about.resourceType),
    id: text(about.id),
    versionId: text(meta.versionId),
    lastUpdated: text(meta.lastUpdated),
    hash: canonicalHash(about === body ? about : { value: body }),
    body: JSON.stringify(body) ?? 'null',
    at: nowOf(site),
    newId: site.newId(),
  };
}

/** Whether a version that was put aside before concerns us now; `latest` is how it ended then. */
export type Reconsider = (latest: InboxRow, body: unknown) => boolean;

/**
 * Stores a page of arrivals; returns the inbox ids that are to be looked at: those not seen before, and those that were
 * put aside and that `reconsider` wants to see again.
 */
export async function storeArrivals(
  site: Site,
  arrival: Arrival,
  bodies: readonly unknown[],
  tally: Tally,
  reconsider?: Reconsider,
): Promise<readonly string[]> {
  const rows = bodies.map((body) => inboxRow(site, arrival, body));
  const ids = await site.store.transaction(async (tx) => {
    const { fresh } = await receive(tx, rows);
    if (reconsider === undefined || fresh.length === rows.length) return fresh;
    const again: string[] = [];
    for (const [index, { hospital, type, id, hash, body }] of rows.entries()) {
      if (type === undefined || id === undefined) continue;
      const latest = await latestOf(tx, hospital, type, id);
      if (latest === undefined || latest.hash !== hash || !reconsider(latest, bodies[index]))
        continue;
      again.push(...(await lookAgain(tx, { hospital, type, id, hash, body }, nowOf(site))));
    }
    return [...fresh, ...again];
  });
  tally.read += rows.length;
  tally.fresh += ids.length;
  return ids;
}

/**
 * What the hospital answered to a write of ours, as the latest version that it showed: on a server without versions its
 * return to what stood there before would else look like nothing new (I3).
 */
export async function noteWritten(site: Site, tx: Tx, resource: object): Promise<void> {
  const { fresh } = await receive(tx, [inboxRow(site, { via: 'write' }, resource)]);
  for (const id of fresh)
    await settle(tx, id, {
      state: 'ignored',
      rule: 'echo',
      says: 'our own writing',
      keepBody: false,
      at: nowOf(site),
    });
}

/** Puts a row back that was put aside; what people were asked about it is asked anew if it ends in the same way. */
export async function lookAgain(
  tx: Tx,
  read: Parameters<typeof readmit>[1],
  at: string,
): Promise<string[]> {
  const ids = await readmit(tx, read);
  for (const inbox of ids) await settleWorkOf(tx, { inbox, by: 'adapter', at });
  return ids;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
