/**
 * What waits for a person: shown until somebody, or what happened since, has settled it. Kept afterwards, with who did.
 */
import type { Selectable } from 'kysely';
import type { Instant } from '../core/concept.ts';
import type { Db, Tx, WorkTable } from './tables.ts';

export type WorkRow = Selectable<WorkTable>;

/** What a note is about: as many of these as are known. */
export interface WorkSubject {
  readonly referral?: string | undefined;
  readonly session?: string | undefined;
  readonly inbox?: string | undefined;
  readonly intention?: string | undefined;
}

export interface NewWork extends WorkSubject {
  readonly id: string;
  readonly hospital: string;
  readonly kind: string;
  /** Shown to people; names resources by id, never a patient. */
  readonly says: string;
  readonly at: Instant;
}

/** Opens a note; false if the same is open already: a person is asked once, however often a sync comes by. */
export async function openWork(tx: Tx, work: NewWork): Promise<boolean> {
  const subject = {
    referral: work.referral ?? null,
    session: work.session ?? null,
    inbox: work.inbox ?? null,
    intention: work.intention ?? null,
  };
  const same = await tx
    .selectFrom('work')
    .select('id')
    .where('settled_at', 'is', null)
    .where('hospital', '=', work.hospital)
    .where('kind', '=', work.kind)
    .where('says', '=', work.says)
    .where('referral', 'is not distinct from', subject.referral)
    .where('session', 'is not distinct from', subject.session)
    .where('inbox', 'is not distinct from', subject.inbox)
    .where('intention', 'is not distinct from', subject.intention)
    .limit(1)
    .executeTakeFirst();
  if (same !== undefined) return false;
  await tx
    .insertInto('work')
    .values({
      id: work.id,
      hospital: work.hospital,
      kind: work.kind,
      ...subject,
      says: work.says,
      opened_at: work.at,
      settled_at: null,
      settled_by: null,
    })
    .execute();
  return true;
}

/** Whether people were asked this about a referral before, whatever they have answered. */
export async function wasAsked(
  db: Db,
  { kind, referral }: { readonly kind: string; readonly referral: string },
): Promise<boolean> {
  const note = await db
    .selectFrom('work')
    .select('id')
    .where('referral', '=', referral)
    .where('kind', '=', kind)
    .limit(1)
    .executeTakeFirst();
  return note !== undefined;
}

/** Open notes, the oldest first: of a hospital, of a referral, or all. */
export async function listWork(
  db: Db,
  of: { readonly hospital?: string | undefined; readonly referral?: string | undefined } = {},
): Promise<WorkRow[]> {
  let open = db.selectFrom('work').selectAll().where('settled_at', 'is', null);
  if (of.hospital !== undefined) open = open.where('hospital', '=', of.hospital);
  if (of.referral !== undefined) open = open.where('referral', '=', of.referral);
  return open.orderBy('opened_at').orderBy('id').execute();
}

export interface Settling {
  /** Name of a person's key, `hospital` or `adapter`. */
  readonly by: string;
  readonly at: Instant;
}

/** False if there is no such note or it was settled before. */
export async function settleWork(tx: Tx, id: string, { by, at }: Settling): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('work')
    .set({ settled_at: at, settled_by: by })
    .where('id', '=', id)
    .where('settled_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/**
 * Settles all open notes about this subject, of one kind or of any; returns how many. A subject that names nothing
 * settles nothing.
 */
export async function settleWorkOf(
  tx: Tx,
  of: WorkSubject & Settling & { readonly kind?: string | undefined },
): Promise<number> {
  const named = (['referral', 'session', 'inbox', 'intention'] as const).flatMap((column) => {
    const value = of[column];
    return value === undefined ? [] : [{ column, value }];
  });
  if (named.length === 0) return 0;
  let update = tx
    .updateTable('work')
    .set({ settled_at: of.at, settled_by: of.by })
    .where('settled_at', 'is', null);
  for (const { column, value } of named) update = update.where(column, '=', value);
  if (of.kind !== undefined) update = update.where('kind', '=', of.kind);
  return Number((await update.executeTakeFirstOrThrow()).numUpdatedRows);
}

/** One note, open or settled. */
export async function workOf(db: Db, id: string): Promise<WorkRow | undefined> {
  return db.selectFrom('work').selectAll().where('id', '=', id).executeTakeFirst();
}
