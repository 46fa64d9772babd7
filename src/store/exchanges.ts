/**
 * Every request to a hospital and how it was answered, under the id that was sent as X-Request-Id, tied to the run,
 * intention or referral it was made for. No header and no body: those may name patients and secrets.
 */
import type { Selectable } from 'kysely';
import type { Instant } from '../core/concept.ts';
import type { Db, ExchangeTable, Tx } from './tables.ts';

export type ExchangeRow = Selectable<ExchangeTable>;

export interface NewExchange {
  readonly id: string;
  readonly hospital: string;
  readonly run?: string | undefined;
  readonly intention?: string | undefined;
  readonly referral?: string | undefined;
  readonly method: string;
  readonly path: string;
  /** Of the answer; absent where there was none. */
  readonly status?: number | undefined;
  /** Whole milliseconds until the answer was read. */
  readonly ms: number;
  readonly errorCode?: string | undefined;
  readonly at: Instant;
}

/** Rows of one insert: an engine takes some 32,000 parameters in a statement, and a night has more exchanges. */
const rowsAtOnce = 500;

/** An exchange that is recorded already stays as it was. */
export async function recordExchanges(tx: Tx, exchanges: NewExchange[]): Promise<void> {
  for (let from = 0; from < exchanges.length; from += rowsAtOnce)
    await insertExchanges(tx, exchanges.slice(from, from + rowsAtOnce));
}

async function insertExchanges(tx: Tx, exchanges: readonly NewExchange[]): Promise<void> {
  await tx
    .insertInto('exchange')
    .values(
      exchanges.map((one) => ({
        id: one.id,
        hospital: one.hospital,
        run: one.run ?? null,
        intention: one.intention ?? null,
        referral: one.referral ?? null,
        method: one.method,
        path: one.path,
        status: one.status ?? null,
        ms: one.ms,
        error_code: one.errorCode ?? null,
        at: one.at,
      })),
    )
    .onConflict((same) => same.column('id').doNothing())
    .execute();
}

/** The exchanges of a referral, an intention or a run, the oldest first. */
export async function exchangesOf(
  db: Db,
  of: { readonly referral: string } | { readonly intention: string } | { readonly run: string },
): Promise<ExchangeRow[]> {
  const all = db.selectFrom('exchange').selectAll().orderBy('at').orderBy('id');
  if ('referral' in of) return all.where('referral', '=', of.referral).execute();
  if ('intention' in of) return all.where('intention', '=', of.intention).execute();
  return all.where('run', '=', of.run).execute();
}

/** How many exchanges with this hospital there were from then on, by whatever process. */
export async function countExchanges(db: Db, hospital: string, since: Instant): Promise<number> {
  const { count } = await db
    .selectFrom('exchange')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('hospital', '=', hospital)
    .where('at', '>=', since)
    .executeTakeFirstOrThrow();
  return Number(count);
}
