/**
 * What the hospital showed, on its way into the inbox: stored before it is understood (invariant I1). A page is one
 * transaction; what is stored twice is known by its version, or by its content where the server has no versions (I3).
 */

import { canonicalHash } from '../fhir/canonical-hash.ts';
import {
  allAsShown,
  type FoundRow,
  type Latest,
  readmit,
  receive,
  settle,
  type Unchanged,
  type Vouches,
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
  /** Everything that the hospital has, most of it as it was last night. */
  readonly isSweep?: boolean | undefined;
}

/**
 * One thing as it arrived: a resource, or anything else that somebody put where resources belong. Hash, text and id are
 * made when they are asked for, since of most of what a night shows none of them is.
 */
class Arrived implements FoundRow {
  readonly hospital: string;
  readonly run: string | undefined;
  readonly via: string;
  readonly origin: string | undefined;
  readonly type: string | undefined;
  readonly id: string | undefined;
  readonly versionId: string | undefined;
  readonly lastUpdated: string | undefined;
  readonly at: string;
  readonly #site: Site;
  readonly #shown: unknown;
  #hash: string | undefined;
  #body: string | undefined;
  #newId: string | undefined;

  constructor(site: Site, { run, via, origin }: Arrival, shown: unknown, at: string) {
    const about = isObject(shown) ? shown : {};
    const meta = isObject(about.meta) ? about.meta : {};
    this.hospital = site.settings.id;
    this.run = run;
    this.via = via;
    this.origin = origin;
    this.type = text(about.resourceType);
    this.id = text(about.id);
    this.versionId = text(meta.versionId);
    this.lastUpdated = text(meta.lastUpdated);
    this.at = at;
    this.#site = site;
    this.#shown = shown;
  }

  get hash(): string {
    this.#hash ??= canonicalHash(isObject(this.#shown) ? this.#shown : { value: this.#shown });
    return this.#hash;
  }

  get body(): string {
    this.#body ??= JSON.stringify(this.#shown) ?? 'null';
    return this.#body;
  }

  get newId(): string {
    this.#newId ??= this.#site.newId();
    return this.#newId;
  }
}

/** One thing as it arrived, with everything that a row of it has. */
export function inboxRow(site: Site, arrival: Arrival, body: unknown, at = nowOf(site)): FoundRow {
  const arrived = new Arrived(site, arrival, body, at);
  return { ...arrived, hash: arrived.hash, body: arrived.body, newId: arrived.newId };
}

/** Whether a version that was put aside before concerns us now; `latest` is how it ended then. */
export type Reconsider = (latest: Latest, body: unknown) => boolean;

/**
 * Stores a page of arrivals; returns the inbox ids that are to be looked at: those not seen before, and those that were
 * put aside and that `reconsider` wants to see again.
 */
export async function storeArrivals(
  site: Site,
  arrival: Arrival,
  bodies: readonly unknown[],
  tally: Tally,
  reconsider: Reconsider = () => false,
): Promise<readonly string[]> {
  const now = nowOf(site);
  const bodyOf = new Map<FoundRow, unknown>(
    bodies.map((body) => [new Arrived(site, arrival, body, now), body] as const),
  );
  const rows = [...bodyOf.keys()];
  const day = dayOf(now);
  const believed = new Set<FoundRow>();
  const vouches: Vouches = (one, latest) => {
    const isBelieved =
      arrival.isSweep === true &&
      isSettledVersion(one, latest) &&
      turnOf(one) !== day % nights &&
      !reconsider(latest, bodyOf.get(one));
    if (isBelieved) believed.add(one);
    return isBelieved;
  };
  const wantedAgain = ({ one, latest }: Unchanged) =>
    !believed.has(one) && reconsider(latest, bodyOf.get(one));
  // Most pages of a night bring nothing: that is seen without the lock of a transaction.
  const asShown = await allAsShown(site.store.read, site.settings.id, rows, vouches);
  if (asShown !== undefined && !asShown.some(wantedAgain)) {
    tally.read += rows.length;
    return [];
  }
  const ids = await site.store.transaction(async (tx) => {
    const { fresh, unchanged } = await receive(tx, rows, vouches);
    const again: string[] = [];
    for (const { one, latest } of unchanged) {
      const { type, id } = one;
      if (type === undefined || id === undefined || !wantedAgain({ one, latest })) continue;
      const { hospital, hash, body } = one;
      again.push(...(await lookAgain(tx, { hospital, type, id, hash, body }, now)));
    }
    return [...fresh, ...again];
  });
  tally.read += rows.length;
  tally.fresh += ids.length;
  return ids;
}

/** Nights in which every order of others is compared by its content once. */
const nights = 7;

/**
 * Of what is none of ours, a sweep believes the version and the time of its writing: comparing all contents would take as
 * long as reading them. Not believed for good, since servers change things under the same version: in each night another
 * seventh is compared by content. What is ours, waits, or has no version and time is compared always.
 */
function isSettledVersion(one: FoundRow, latest: Latest): boolean {
  return (
    (latest.state === 'refused' || latest.state === 'ignored') &&
    one.versionId !== undefined &&
    one.versionId === latest.version_id &&
    one.lastUpdated !== undefined &&
    one.lastUpdated === latest.last_updated
  );
}

function turnOf({ id = '' }: FoundRow): number {
  let sum = 0;
  for (let at = 0; at < id.length; at += 1) sum += id.charCodeAt(at);
  return sum % nights;
}

function dayOf(now: string): number {
  return Math.floor(Date.parse(now) / 86_400_000);
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
