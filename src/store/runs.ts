/**
 * Runs: one sync of one hospital, from start to report. Whether work is due is asked here and not of a clock library
 * (DESIGN decision 16); a lease says which process runs, and runs out with it.
 */
import type { Selectable } from 'kysely';
import type { Instant } from '../core/concept.ts';
import type { Db, RunState, RunTable, Tx } from './tables.ts';

export type { RunState };
/** `local_date`: the night that a nightly run was for, in the hospital's time zone. `report`: JSON text. */
export type RunRow = Selectable<RunTable>;

export interface NewRun {
  readonly id: string;
  readonly hospital: string;
  readonly mode: string;
  readonly localDate?: string | undefined;
  /** Names the process that runs it. */
  readonly owner: string;
  readonly leaseUntil: Instant;
  readonly startedAt: Instant;
}

/**
 * Begins a run and returns its id, unless another of this hospital is under way: then undefined. One whose lease has
 * run out is taken for dead and becomes failed first, so that its night counts as not done.
 */
export async function beginRun(tx: Tx, run: NewRun): Promise<string | undefined> {
  await tx
    .updateTable('run')
    .set({ state: 'failed', says: 'interrupted', ended_at: run.startedAt })
    .where('hospital', '=', run.hospital)
    .where('state', '=', 'running')
    .where('lease_until', '<=', run.startedAt)
    .execute();
  const other = await tx
    .selectFrom('run')
    .select('id')
    .where('hospital', '=', run.hospital)
    .where('state', '=', 'running')
    .executeTakeFirst();
  if (other !== undefined) return undefined;
  await tx
    .insertInto('run')
    .values({
      id: run.id,
      hospital: run.hospital,
      mode: run.mode,
      state: 'running',
      started_at: run.startedAt,
      ended_at: null,
      says: null,
      report: null,
      local_date: run.localDate ?? null,
      owner: run.owner,
      lease_until: run.leaseUntil,
    })
    .execute();
  return run.id;
}

/** Keeps the lease; false if the run was taken for dead meanwhile: then it has to stop. */
export async function renewRun(tx: Tx, id: string, leaseUntil: Instant): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('run')
    .set({ lease_until: leaseUntil })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export interface RunEnd {
  readonly state: Exclude<RunState, 'running'>;
  /** The report in one line. */
  readonly says?: string | undefined;
  /** JSON text. */
  readonly report?: string | undefined;
  readonly endedAt: Instant;
}

/** Ends a run; false if it was taken for dead meanwhile. */
export async function endRun(tx: Tx, id: string, end: RunEnd): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('run')
    .set({
      state: end.state,
      says: end.says ?? null,
      report: end.report ?? null,
      ended_at: end.endedAt,
    })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** The newest first. */
export async function listRuns(db: Db, limit: number): Promise<RunRow[]> {
  return db
    .selectFrom('run')
    .selectAll()
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** The run of a hospital that started last, of those in this state and mode. */
export async function lastRun(
  db: Db,
  hospital: string,
  of: { readonly state?: RunState | undefined; readonly mode?: string | undefined } = {},
): Promise<RunRow | undefined> {
  let runs = db.selectFrom('run').selectAll().where('hospital', '=', hospital);
  if (of.state !== undefined) runs = runs.where('state', '=', of.state);
  if (of.mode !== undefined) runs = runs.where('mode', '=', of.mode);
  return runs.orderBy('started_at', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst();
}

/** How many runs of this mode began for one night, whatever became of them. */
export async function runsOfNight(
  db: Db,
  hospital: string,
  of: { readonly mode: string; readonly localDate: string },
): Promise<number> {
  const { count } = await db
    .selectFrom('run')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('hospital', '=', hospital)
    .where('mode', '=', of.mode)
    .where('local_date', '=', of.localDate)
    .executeTakeFirstOrThrow();
  return Number(count);
}
