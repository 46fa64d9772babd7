/**
 * Migration 2: the facts on file, a row for each time that they had changed when the hospital was asked, so that it can
 * be told what stood there when somebody decided.
 */
import { sql } from 'kysely';
import type { Engine } from '../engine/capabilities.ts';
import type { Tx } from '../tables.ts';

export async function facts(tx: Tx, engine: Engine): Promise<void> {
  await sql
    .raw(
      `create table fact_sheet (
         seq ${engine.sequence},
         hospital text not null,
         patient text not null,
         since text not null,
         asked_at text not null,
         sheet text not null
       ) ${engine.tableOptions}`,
    )
    .execute(tx);
  await sql
    .raw('create index fact_sheet_of_patient on fact_sheet (hospital, patient, seq)')
    .execute(tx);
}
