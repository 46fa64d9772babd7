/**
 * The inbox: every version of every resource that a hospital showed us, in the order of arrival (`seq`), stored before
 * it is understood (invariant I1). A row ends in one visible state with the rule that decided and its words; the body
 * of what is not ours is taken out again, its id, version, hash and reason stay.
 */
import type { Insertable, Nullable, Selectable } from 'kysely';
import type { Instant } from '../core/concept.ts';
import {
  allAsShown,
  type FoundRow,
  type Latest,
  type Memory,
  recall,
  rowsAtOnce,
  type Unchanged,
  type Vouches,
} from './inbox-memory.ts';
import type { Db, InboxBodyTable, InboxState, InboxTable, Tx } from './tables.ts';

export type { FoundRow, InboxState, Latest, Unchanged, Vouches };
export { allAsShown };
export type InboxRow = Selectable<InboxTable> & Nullable<Pick<InboxBodyTable, 'body'>>;

export interface Received {
  /** Inbox ids of what was not known yet, in the order of `found`. */
  readonly fresh: string[];
  readonly known: number;
  readonly unchanged: readonly Unchanged[];
}

/**
 * Stores what is new of a page, in one transaction with whatever else the caller does. With a version, a thing is known
 * if that version came with the same content before. Without one, only the latest content tells: active → on-hold →
 * active is two changes (invariant I3). What has no id is known by where it came from and its content. What `vouches`
 * says of is not looked into: its content is not even hashed.
 */
export async function receive(
  tx: Tx,
  found: readonly FoundRow[],
  vouches: Vouches = () => false,
): Promise<Received> {
  const memory = new Map<string, Memory>();
  for (const [hospital, rows] of Map.groupBy(found, (one) => one.hospital))
    memory.set(hospital, await recall(tx, hospital, rows, vouches));
  const fresh: FoundRow[] = [];
  const unchanged: Unchanged[] = [];
  for (const one of found) {
    const latest = memory.get(one.hospital)?.take(one);
    if (latest === 'new') fresh.push(one);
    else if (latest !== undefined && latest !== 'seen') unchanged.push({ one, latest });
  }
  for (let from = 0; from < fresh.length; from += rowsAtOnce)
    await insert(tx, fresh.slice(from, from + rowsAtOnce));
  const ids = fresh.map((one) => one.newId);
  return { fresh: ids, known: found.length - ids.length, unchanged };
}

async function insert(tx: Tx, found: readonly FoundRow[]): Promise<void> {
  const bodies = new Map(found.map(({ newId, body }) => [newId, body]));
  const rows = await tx
    .insertInto('inbox')
    .values(found.map(asRow))
    .returning(['id', 'seq'])
    .execute();
  await tx
    .insertInto('inbox_body')
    .values(rows.map(({ id, seq }) => ({ inbox_seq: seq, body: bodies.get(id) ?? '' })))
    .execute();
}

function asRow(one: FoundRow): Insertable<InboxTable> {
  return {
    id: one.newId,
    hospital: one.hospital,
    run: one.run ?? null,
    via: one.via,
    origin: one.origin ?? null,
    type: one.type ?? null,
    resource_id: one.id ?? null,
    version_id: one.versionId ?? null,
    last_updated: one.lastUpdated ?? null,
    hash: one.hash,
    state: 'received',
    rule: null,
    says: null,
    findings: null,
    referral: null,
    received_at: one.at,
    settled_at: null,
  };
}

/** What was stored and not understood yet, oldest first. */
export async function pending(db: Db, hospital: string, limit: number): Promise<InboxRow[]> {
  return rows(db)
    .where('hospital', '=', hospital)
    .where('state', '=', 'received')
    .orderBy('seq')
    .limit(limit)
    .execute();
}

/** Those of one resource type, e.g. to find the Appointment that takes the place of another of the same page. */
export async function pendingOfType(db: Db, hospital: string, type: string): Promise<InboxRow[]> {
  return rows(db)
    .where('hospital', '=', hospital)
    .where('state', '=', 'received')
    .where('type', '=', type)
    .orderBy('seq')
    .execute();
}

export interface Settled {
  readonly state: Exclude<InboxState, 'received'>;
  readonly rule: string;
  readonly says: string;
  readonly referral?: string | undefined;
  /** JSON text. */
  readonly findings?: string | undefined;
  /** False takes the body out for good. */
  readonly keepBody: boolean;
  readonly at: Instant;
}

/** Ends a row that is received or waiting; false if it had ended otherwise before, and then nothing is changed. */
export async function settle(tx: Tx, id: string, settled: Settled): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('inbox')
    .set({
      state: settled.state,
      rule: settled.rule,
      says: settled.says,
      referral: settled.referral ?? null,
      findings: settled.findings ?? null,
      settled_at: settled.at,
    })
    .where('id', '=', id)
    .where('state', 'in', ['received', 'waiting'])
    .executeTakeFirstOrThrow();
  if (numUpdatedRows !== 1n) return false;
  if (!settled.keepBody)
    await tx
      .deleteFrom('inbox_body')
      .where('inbox_seq', '=', ({ selectFrom }) =>
        selectFrom('inbox').select('seq').where('id', '=', id),
      )
      .execute();
  return true;
}

function rows(db: Db) {
  return db
    .selectFrom('inbox')
    .leftJoin('inbox_body', 'inbox_body.inbox_seq', 'inbox.seq')
    .selectAll('inbox')
    .select('inbox_body.body');
}

const unsettled = {
  state: 'received',
  rule: null,
  says: null,
  findings: null,
  settled_at: null,
} as const;

/** Puts rows back to be understood anew, e.g. after a person answered; only those whose body is still there. */
export async function reopen(tx: Tx, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const { numUpdatedRows } = await tx
    .updateTable('inbox')
    .set(unsettled)
    .where('id', 'in', ids)
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('inbox_body').select('inbox_seq').whereRef('inbox_seq', '=', 'inbox.seq')),
    )
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

/**
 * Puts the latest row of a resource back that was not applied and has lost its body, now that something else concerns
 * us in it and it was read again with the same content. Returns the id of the row, also when it still waits its turn.
 */
export async function readmit(
  tx: Tx,
  read: {
    readonly hospital: string;
    readonly type: string;
    readonly id: string;
    readonly hash: string;
    readonly body: string;
  },
): Promise<string[]> {
  const latest = await latestOf(tx, read.hospital, read.type, read.id);
  if (latest === undefined || latest.hash !== read.hash) return [];
  if (latest.state === 'received') return [latest.id];
  if (latest.state === 'applied') return [];
  await tx.updateTable('inbox').set(unsettled).where('id', '=', latest.id).execute();
  const { body } = read;
  await tx
    .insertInto('inbox_body')
    .values({ inbox_seq: latest.seq, body })
    .onConflict((there) => there.column('inbox_seq').doUpdateSet({ body }))
    .execute();
  return [latest.id];
}

export async function rowOf(db: Db, id: string): Promise<InboxRow | undefined> {
  return rows(db).where('id', '=', id).executeTakeFirst();
}

/** What the hospital showed last of one resource. */
export async function latestOf(
  db: Db,
  hospital: string,
  type: string,
  id: string,
): Promise<InboxRow | undefined> {
  return ofResource(db, hospital, type, id).orderBy('seq', 'desc').limit(1).executeTakeFirst();
}

/** Everything that the hospital showed of one resource, in the order of arrival. */
export async function versionsOf(
  db: Db,
  hospital: string,
  type: string,
  id: string,
): Promise<InboxRow[]> {
  return ofResource(db, hospital, type, id).orderBy('seq').execute();
}

/** The versions of one resource that wait for a person, oldest first. */
export async function waitingVersions(
  db: Db,
  hospital: string,
  type: string,
  id: string,
): Promise<InboxRow[]> {
  return ofResource(db, hospital, type, id).where('state', '=', 'waiting').orderBy('seq').execute();
}

function ofResource(db: Db, hospital: string, type: string, id: string) {
  return rows(db)
    .where('hospital', '=', hospital)
    .where('resource_id', '=', id)
    .where('type', '=', type);
}

/** What waits for a person, oldest first. */
export async function waitingRows(db: Db, hospital?: string): Promise<InboxRow[]> {
  const waiting = rows(db).where('state', '=', 'waiting').orderBy('seq');
  return (hospital === undefined ? waiting : waiting.where('hospital', '=', hospital)).execute();
}

export interface InboxCount {
  readonly state: InboxState;
  readonly rule: string | null;
  readonly count: number;
}

/** How many rows are in which state by which rule: of one run, or of one hospital. */
export async function inboxCounts(
  db: Db,
  of: { readonly run: string } | { readonly hospital: string },
): Promise<InboxCount[]> {
  const counts = db
    .selectFrom('inbox')
    .select(({ fn }) => ['state', 'rule', fn.countAll<number>().as('count')])
    .groupBy(['state', 'rule'])
    .orderBy('state')
    .orderBy('rule');
  return 'run' in of
    ? counts.where('run', '=', of.run).execute()
    : counts.where('hospital', '=', of.hospital).execute();
}

/** What was not selected and why, the newest first: for people who look for an order that is not on the list. */
export async function refusedRows(db: Db, hospital: string, limit: number): Promise<InboxRow[]> {
  return rows(db)
    .where('hospital', '=', hospital)
    .where('state', '=', 'refused')
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
}

export type InboxEnd = Pick<InboxRow, 'hash' | 'type' | 'resource_id' | 'state' | 'rule' | 'says'>;

/** How the rows of this content ended, the oldest first. */
export async function rowsWithHash(
  db: Db,
  hospital: string,
  hashes: readonly string[],
): Promise<InboxEnd[]> {
  const rows: InboxEnd[] = [];
  for (let from = 0; from < hashes.length; from += rowsAtOnce)
    rows.push(
      ...(await db
        .selectFrom('inbox')
        .select(['hash', 'type', 'resource_id', 'state', 'rule', 'says'])
        .where('hospital', '=', hospital)
        .where('hash', 'in', hashes.slice(from, from + rowsAtOnce))
        .orderBy('seq')
        .execute()),
    );
  return rows;
}
