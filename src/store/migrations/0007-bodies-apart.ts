/**
 * Migration 7: what arrived is kept apart from what is remembered of it. Most of what a hospital shows is none of ours and
 * loses its body soon: a row beside which it lay keeps the room of it for good, ten times its own.
 */
import { sql } from 'kysely';
import type { Engine } from '../engine/capabilities.ts';
import type { Tx } from '../tables.ts';

export async function bodiesApart(tx: Tx, engine: Engine): Promise<void> {
  for (const statement of [
    `create table inbox_body (
       inbox_seq integer not null primary key references inbox (seq) on delete cascade,
       body text not null
     ) ${engine.tableOptions}`,
    'insert into inbox_body (inbox_seq, body) select seq, body from inbox where body is not null',
    'alter table inbox drop column body',
  ])
    await sql.raw(statement).execute(tx);
}
