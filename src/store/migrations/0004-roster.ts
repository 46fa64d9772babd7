/**
 * Migration 4: the patients whose orders are looked for one by one, where the hospital’s server shows orders in no other
 * way: why each is among them, and when each was looked at last.
 */
import { sql } from 'kysely';
import type { Engine } from '../engine/capabilities.ts';
import type { Tx } from '../tables.ts';

export async function roster(tx: Tx, engine: Engine): Promise<void> {
  await sql
    .raw(
      `create table roster (
         hospital text not null,
         patient text not null,
         booked_at text,
         listed_at text,
         grouped_at text,
         tried_at text,
         checked_at text,
         whole_at text,
         says text,
         primary key (hospital, patient)
       ) ${engine.tableOptions}`,
    )
    .execute(tx);
  await sql.raw('create index roster_next on roster (hospital, tried_at)').execute(tx);
}
