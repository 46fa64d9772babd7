/**
 * Migration 3: what each hospital’s server was found to be able to do, a row for each time that it was something else than
 * before.
 */
import { sql } from 'kysely';
import type { Engine } from '../engine/capabilities.ts';
import type { Tx } from '../tables.ts';

export async function surveys(tx: Tx, engine: Engine): Promise<void> {
  await sql
    .raw(
      `create table survey (
         seq ${engine.sequence},
         hospital text not null,
         since text not null,
         asked_at text not null,
         asked text not null,
         digest text not null,
         survey text not null
       ) ${engine.tableOptions}`,
    )
    .execute(tx);
  await sql.raw('create index survey_of_hospital on survey (hospital, seq)').execute(tx);
}
