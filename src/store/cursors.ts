/**
 * Up to where each rung has read each hospital. A cursor moves in a transaction of its own after the last page of a
 * closed window was stored (invariant I6); what it means is the business of its rung.
 */
import type { Selectable } from 'kysely';
import type { Instant } from '../core/concept.ts';
import type { CursorTable, Db, Tx } from './tables.ts';

export type CursorRow = Selectable<CursorTable>;

export async function readCursor(
  db: Db,
  hospital: string,
  rung: string,
): Promise<CursorRow | undefined> {
  return db
    .selectFrom('cursor')
    .selectAll()
    .where('hospital', '=', hospital)
    .where('rung', '=', rung)
    .executeTakeFirst();
}

export interface CursorMove {
  readonly hospital: string;
  readonly rung: string;
  /** Where the next window starts. */
  readonly value: string;
  /** The window that was read. */
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
  readonly at: Instant;
}

export async function moveCursor(tx: Tx, move: CursorMove): Promise<void> {
  const place = {
    value: move.value,
    window_from: move.from ?? null,
    window_to: move.to ?? null,
    moved_at: move.at,
  };
  await tx
    .insertInto('cursor')
    .values({ hospital: move.hospital, rung: move.rung, ...place })
    .onConflict((same) => same.columns(['hospital', 'rung']).doUpdateSet(place))
    .execute();
}
