/**
 * The roster: patients whose orders are looked for one by one (rung A6), because they are booked with us, because the
 * site or the hospital lists them, or because a referral of theirs is open. Whoever was not looked at for longest is next,
 * so that a budget which does not reach for all of them reaches each in turn.
 */
import type { Selectable } from 'kysely';
import type { Instant } from '../core/concept.ts';
import type { Db, RosterTable, Tx } from './tables.ts';

export type RosterRow = Selectable<RosterTable>;

/** Why a patient is on the roster; an open referral is no column, for it is known anyway. */
export const rosterSources = ['booked', 'listed', 'grouped'] as const;
export type RosterSource = (typeof rosterSources)[number];

/** Rows of one statement: engines limit how many parameters it may have. */
const rowsAtOnce = 500;

/** Notes that these patients were found by this source at this time. */
export async function noteOnRoster(
  tx: Tx,
  hospital: string,
  source: RosterSource | 'open',
  patients: readonly string[],
  at: Instant,
): Promise<void> {
  const seen = source === 'open' ? {} : { [`${source}_at`]: at };
  for (let from = 0; from < patients.length; from += rowsAtOnce) {
    const rows = patients
      .slice(from, from + rowsAtOnce)
      .map((patient) => ({ hospital, patient, ...seen }));
    const insert = tx.insertInto('roster').values(rows);
    await insert
      .onConflict((same) => {
        const place = same.columns(['hospital', 'patient']);
        return source === 'open' ? place.doNothing() : place.doUpdateSet(seen);
      })
      .execute();
  }
}

/** The patients of one source that it no longer names: those that were not noted at `at`. */
export async function dropFromRoster(
  tx: Tx,
  hospital: string,
  source: RosterSource,
  before: Instant,
): Promise<void> {
  const column = `${source}_at` as const;
  await tx
    .updateTable('roster')
    .set({ [column]: null })
    .where('hospital', '=', hospital)
    .where(column, '<', before)
    .execute();
}

/** The roster as it is, whoever was not tried for longest first; rows that nothing speaks for any more are left out. */
export async function rosterOf(
  db: Db,
  hospital: string,
  open: ReadonlySet<string>,
): Promise<RosterRow[]> {
  const rows = await db
    .selectFrom('roster')
    .selectAll()
    .where('hospital', '=', hospital)
    .orderBy('tried_at')
    .orderBy('patient')
    .execute();
  return rows
    .filter(
      (row) => open.has(row.patient) || rosterSources.some((one) => row[`${one}_at`] !== null),
    )
    .toSorted((one, other) => (one.tried_at ?? '').localeCompare(other.tried_at ?? ''));
}

export interface Checked {
  readonly at: Instant;
  /** Up to when the hospital’s changes have been seen; absent when the look failed or was not complete. */
  readonly upTo?: Instant | undefined;
  /** All orders were looked at, not only what is new. */
  readonly whole: boolean;
  /** Why it failed. */
  readonly says?: string | undefined;
}

/** Notes how a look at one patient’s orders ended. */
export async function noteChecked(
  tx: Tx,
  hospital: string,
  patient: string,
  { at, upTo, whole, says }: Checked,
): Promise<void> {
  await tx
    .updateTable('roster')
    .set({
      tried_at: at,
      says: says ?? null,
      ...(upTo === undefined ? {} : { checked_at: upTo, ...(whole ? { whole_at: at } : {}) }),
    })
    .where('hospital', '=', hospital)
    .where('patient', '=', patient)
    .execute();
}
