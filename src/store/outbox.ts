/**
 * The outbox: what we mean to write, stored in the transaction that decided it, sent in order for each referral. A
 * sender takes an intention under a lease; if the sender dies the lease runs out, and the next one knows from `unclear`
 * that the hospital may have it already and looks before it sends (invariant I2).
 */
import type { ExpressionBuilder, Insertable, Selectable } from 'kysely';
import type { Instant } from '../core/concept.ts';
import type { IntentionKind } from '../core/intentions.ts';
import type { Db, OutboxState, OutboxTable, Tables, Tx } from './tables.ts';

export type { OutboxState };
/**
 * `next_at`: when it may be taken, for one that is being sent when its lease runs out; null once it is settled.
 * `unclear`: 1 if an earlier send may have reached the hospital; never goes back to 0.
 */
export type IntentionRow = Selectable<OutboxTable>;

/** Later intentions of the same referral wait for one that is in such a state. */
const unsettled = ['queued', 'sending', 'unknown'] as const;

/** Kinds that make the record of now true at the hospital: the last one does the work of those before it. */
const stateBased: readonly IntentionKind[] = ['report-progress', 'write-appointment'];

export interface NewIntention {
  readonly id: string;
  readonly hospital: string;
  readonly referral: string;
  readonly session?: string | undefined;
  readonly kind: IntentionKind;
  readonly part?: string | undefined;
  readonly at: Instant;
}

/**
 * Queues intentions in this order. One that only makes the record of now true takes the place of an identical one that
 * was never tried: moved to the end, so that what it reports on has been written before.
 */
export async function intend(tx: Tx, intentions: readonly NewIntention[]): Promise<void> {
  const last = intentions.filter(
    (one, index) =>
      !stateBased.includes(one.kind) ||
      !intentions.slice(index + 1).some((later) => targetOf(later) === targetOf(one)),
  );
  if (last.length === 0) return;
  for (const one of last)
    if (stateBased.includes(one.kind))
      await tx
        .deleteFrom('outbox')
        .where('referral', '=', one.referral)
        .where('state', '=', 'queued')
        .where('attempts', '=', 0)
        .where('unclear', '=', 0)
        .where('kind', '=', one.kind)
        .where('session', 'is not distinct from', one.session ?? null)
        .where('part', 'is not distinct from', one.part ?? null)
        .execute();
  await tx.insertInto('outbox').values(last.map(asRow)).execute();
}

function targetOf({ referral, session, kind, part }: NewIntention): string {
  return JSON.stringify([referral, session, kind, part]);
}

function asRow(one: NewIntention): Insertable<OutboxTable> {
  return {
    id: one.id,
    hospital: one.hospital,
    referral: one.referral,
    session: one.session ?? null,
    kind: one.kind,
    part: one.part ?? null,
    state: 'queued',
    attempts: 0,
    next_at: one.at,
    ...noLease,
    error_code: null,
    says: null,
    request: null,
    resource: null,
    unclear: 0,
    created_at: one.at,
    sent_at: null,
  };
}

const noLease = { lease_owner: null, lease_until: null } as const;

export interface Taking {
  readonly hospital?: string | undefined;
  readonly now: Instant;
  /** Names the process that sends. */
  readonly owner: string;
  readonly leaseUntil: Instant;
  readonly limit: number;
}

/**
 * Takes up to `limit` intentions to send now: of each referral only the earliest that is not settled, if it is due or
 * its sender's lease ran out. One whose outcome is unknown holds back its referral until a person has decided.
 */
export async function takeDue(tx: Tx, taking: Taking): Promise<IntentionRow[]> {
  const { hospital, now, owner, leaseUntil, limit } = taking;
  const rows = await tx
    .updateTable('outbox')
    .set((eb) => ({
      state: 'sending' as const,
      attempts: eb('attempts', '+', 1),
      unclear: eb.case().when('state', '=', 'sending').then(1).else(eb.ref('unclear')).end(),
      lease_owner: owner,
      lease_until: leaseUntil,
      next_at: leaseUntil,
    }))
    .where('id', 'in', (eb) =>
      earliest(eb, hospital, now).select('mine.id').where('mine.next_at', '<=', now).limit(limit),
    )
    .returningAll()
    .execute();
  return rows.sort((a, b) => a.seq - b.seq);
}

/**
 * The intentions that are next of their referral and do not wait for a person, the longest due first. A refused one that
 * a person wants tried again stands before later ones that may be under way: it waits until their lease is over.
 */
function earliest(
  eb: Pick<ExpressionBuilder<Tables, never>, 'selectFrom'>,
  hospital: string | undefined,
  leasesEndedBy: Instant,
) {
  const all = eb
    .selectFrom('outbox as mine')
    .where('mine.next_at', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('outbox as other')
            .select('other.id')
            .whereRef('other.referral', '=', 'mine.referral')
            .where(({ and, or, eb: that }) =>
              or([
                and([
                  that('other.state', 'in', unsettled),
                  that('other.seq', '<', that.ref('mine.seq')),
                ]),
                and([
                  that('other.state', '=', 'sending'),
                  that('other.seq', '>', that.ref('mine.seq')),
                  that('other.lease_until', '>', leasesEndedBy),
                ]),
              ]),
            ),
        ),
      ),
    )
    .orderBy('mine.next_at')
    .orderBy('mine.seq');
  return hospital === undefined ? all : all.where('mine.hospital', '=', hospital);
}

/**
 * When `takeDue` will next have something; undefined while nothing is queued or all of it waits for a person or for
 * what is under way.
 */
export async function nextDueAt(db: Db, hospital?: string): Promise<Instant | undefined> {
  const anyLease = '';
  const row = await earliest(db, hospital, anyLease)
    .select('mine.next_at')
    .limit(1)
    .executeTakeFirst();
  return row?.next_at ?? undefined;
}

export interface SettledIntention {
  readonly state: Exclude<OutboxState, 'queued' | 'sending'>;
  readonly errorCode?: string | undefined;
  readonly says?: string | undefined;
  /** What the hospital has now, as `Type/id`. */
  readonly resource?: string | undefined;
  /** JSON text: method, path, headers without credentials, body. */
  readonly request?: string | undefined;
  /** `attempts` as it was taken: if given, nothing is settled once somebody else took it after the lease ran out. */
  readonly attempt?: number | undefined;
  readonly at: Instant;
}

/** Ends an intention that is not settled, also an unknown one; false if it was, or if it is another's by now. */
export async function settleIntention(
  tx: Tx,
  id: string,
  settled: SettledIntention,
): Promise<boolean> {
  const { state, attempt } = settled;
  const update = tx
    .updateTable('outbox')
    .set({
      state,
      next_at: null,
      ...noLease,
      error_code: settled.errorCode ?? null,
      says: settled.says ?? null,
      ...(settled.resource !== undefined && { resource: settled.resource }),
      ...(settled.request !== undefined && { request: settled.request }),
      ...(state === 'unknown' && { unclear: 1 }),
      ...((state === 'sent' || state === 'needless') && { sent_at: settled.at }),
    })
    .where('id', '=', id)
    .where('state', 'in', unsettled);
  const mine = attempt === undefined ? update : update.where('attempts', '=', attempt);
  return (await mine.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}

/** Keeps what is being sent from others for longer; false if it is settled, or another's by now. */
export async function renewLease(
  tx: Tx,
  id: string,
  { attempt, leaseUntil }: { readonly attempt: number; readonly leaseUntil: Instant },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('outbox')
    .set({ lease_until: leaseUntil, next_at: leaseUntil })
    .where('id', '=', id)
    .where('state', '=', 'sending')
    .where('attempts', '=', attempt)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export interface Retry {
  readonly nextAt: Instant;
  readonly errorCode: string;
  readonly says: string;
  /** True if this try may have reached the hospital. */
  readonly unclear: boolean;
  /** `attempts` as it was taken, see `settleIntention`. */
  readonly attempt?: number | undefined;
}

/** Puts one that is being sent back into its place in the queue; false if it is not being sent, or by another. */
export async function retryLater(tx: Tx, id: string, retry: Retry): Promise<boolean> {
  const update = tx
    .updateTable('outbox')
    .set({
      state: 'queued',
      next_at: retry.nextAt,
      ...noLease,
      error_code: retry.errorCode,
      says: retry.says,
      // one try that surely failed does not take back the doubt about an earlier one
      ...(retry.unclear && { unclear: 1 }),
    })
    .where('id', '=', id)
    .where('state', '=', 'sending');
  const mine = retry.attempt === undefined ? update : update.where('attempts', '=', retry.attempt);
  return (await mine.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}

/** A person wants it tried again: due at once, its doubt and its number of attempts kept. */
export async function redo(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('outbox')
    .set(({ ref }) => ({ state: 'queued', next_at: ref('created_at') }))
    .where('id', '=', id)
    .where('state', 'in', ['unknown', 'refused'])
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Keeps with a queued intention what would be sent now (JSON text), for the story; its place in the queue stays. */
export async function keepRequest(
  tx: Tx,
  id: string,
  shown: { readonly says?: string | undefined; readonly request?: string | undefined },
): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({ says: shown.says ?? null, request: shown.request ?? null })
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .execute();
}

/** Keeps with an intention that is being sent what goes out now (JSON text): after an unclear answer it is looked for. */
export async function keepSent(tx: Tx, id: string, request: string): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({ request })
    .where('id', '=', id)
    .where('state', '=', 'sending')
    .execute();
}

/** What is queued for a hospital, in the order of deciding. */
export async function queuedOf(db: Db, hospital: string): Promise<IntentionRow[]> {
  return db
    .selectFrom('outbox')
    .selectAll()
    .where('state', '=', 'queued')
    .where('hospital', '=', hospital)
    .orderBy('seq')
    .execute();
}

export async function intentionOf(db: Db, id: string): Promise<IntentionRow | undefined> {
  return db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Everything that was ever meant to be written for a referral, in the order of deciding. */
export async function outboxOf(db: Db, referralId: string): Promise<IntentionRow[]> {
  return db
    .selectFrom('outbox')
    .selectAll()
    .where('referral', '=', referralId)
    .orderBy('seq')
    .execute();
}

/** How many are in which state; a state that none is in is absent. */
export async function outboxCounts(
  db: Db,
  hospital?: string,
): Promise<Partial<Record<OutboxState, number>>> {
  const all = db
    .selectFrom('outbox')
    .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
    .groupBy('state');
  const rows = await (hospital === undefined
    ? all
    : all.where('hospital', '=', hospital)
  ).execute();
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** What only a person can move on: outcome unknown, or refused; oldest first. */
export async function stuck(db: Db, hospital?: string): Promise<IntentionRow[]> {
  const all = db
    .selectFrom('outbox')
    .selectAll()
    .where('state', 'in', ['unknown', 'refused'])
    .orderBy('seq');
  return (hospital === undefined ? all : all.where('hospital', '=', hospital)).execute();
}
