/**
 * Forward-only migrations: numbered, run in order, each at most once, all of one start in one transaction, so that a
 * store is never left between two shapes. A store from a newer version is refused: what that version wrote would be
 * misread here. To go back, restore the copy that was made before.
 */
import { sql } from 'kysely';
import type { Instant } from '../../core/concept.ts';
import { AdapterError } from '../../core/errors.ts';
import type { Engine } from '../engine/capabilities.ts';
import type { Db, Tx } from '../tables.ts';
import { oneOrder } from './0001-one-order.ts';
import { facts } from './0002-facts.ts';
import { surveys } from './0003-surveys.ts';
import { roster } from './0004-roster.ts';
import { exchangesOfADay } from './0005-exchanges-of-a-day.ts';
import { referralsOfAPatient } from './0006-referrals-of-a-patient.ts';
import { bodiesApart } from './0007-bodies-apart.ts';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly run: (tx: Tx, engine: Engine) => Promise<void>;
}

/** Never changed once released: what a store has run stays what it was. */
export const migrations: readonly Migration[] = [
  { number: 1, name: 'one-order', run: oneOrder },
  { number: 2, name: 'facts', run: facts },
  { number: 3, name: 'surveys', run: surveys },
  { number: 4, name: 'roster', run: roster },
  { number: 5, name: 'exchanges-of-a-day', run: exchangesOfADay },
  { number: 6, name: 'referrals-of-a-patient', run: referralsOfAPatient },
  { number: 7, name: 'bodies-apart', run: bodiesApart },
];

export interface MigrationStatus {
  /** Number of the last one that this store has run; 0 for none. */
  readonly current: number;
  /** Number of the last one that this version knows. */
  readonly known: number;
  readonly applied: readonly { number: number; name: string; applied_at: Instant }[];
  readonly pending: readonly { number: number; name: string }[];
}

/** Brings the store up to date and says what it ran. Fails with `store-newer` for a store of a newer version. */
export async function migrate(
  tx: Tx,
  engine: Engine,
  now: Instant,
  all: readonly Migration[] = migrations,
): Promise<readonly Migration[]> {
  await sql
    .raw(
      `create table if not exists migration (
         number integer not null primary key, name text not null, applied_at text not null
       ) ${engine.tableOptions}`,
    )
    .execute(tx);
  const { current, known } = await migrationStatus(tx, all);
  if (current > known)
    throw new AdapterError(
      'store-newer',
      `The store is at migration ${current}; this version knows up to ${known}.`,
    );
  const due = all.filter(({ number }) => number > current);
  for (const { number, name, run } of due) {
    await run(tx, engine);
    await tx.insertInto('migration').values({ number, name, applied_at: now }).execute();
  }
  return due;
}

export async function migrationStatus(
  db: Db,
  all: readonly Migration[] = migrations,
): Promise<MigrationStatus> {
  const applied = await db.selectFrom('migration').selectAll().orderBy('number').execute();
  const current = applied.at(-1)?.number ?? 0;
  return {
    current,
    known: all.at(-1)?.number ?? 0,
    applied,
    pending: all
      .filter(({ number }) => number > current)
      .map(({ number, name }) => ({ number, name })),
  };
}
