/** Migration 5: a day’s exchanges with a hospital are counted again and again, where it has a daily budget. */
import { sql } from 'kysely';
import type { Tx } from '../tables.ts';

export async function exchangesOfADay(tx: Tx): Promise<void> {
  await sql.raw('create index exchange_of_hospital on exchange (hospital, at)').execute(tx);
}
