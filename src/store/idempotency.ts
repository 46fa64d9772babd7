/**
 * Answers that were given to commands with an Idempotency-Key, stored with what the command did: a client that lost the
 * answer and repeats the command gets the same one, and nothing happens twice.
 */
import type { Selectable } from 'kysely';
import type { Instant } from '../core/concept.ts';
import type { Db, IdempotencyTable, Tx } from './tables.ts';

/** `fingerprint`: of the request, to tell a repeated one from another under the same key. JSON text as it was given. */
export type AnswerRow = Selectable<IdempotencyTable>;

/** Keys are the client's own: each principal has its own space of them. */
export async function findAnswer(
  db: Db,
  principal: string,
  key: string,
): Promise<AnswerRow | undefined> {
  return db
    .selectFrom('idempotency')
    .selectAll()
    .where('principal', '=', principal)
    .where('key', '=', key)
    .executeTakeFirst();
}

/** In the transaction of the command. False if another answer is stored under this key: then that one counts. */
export async function rememberAnswer(tx: Tx, answer: AnswerRow): Promise<boolean> {
  const row = await tx
    .insertInto('idempotency')
    .values(answer)
    .onConflict((same) => same.columns(['principal', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst();
  return row !== undefined;
}

/** Forgets what is older; returns how many. */
export async function forgetAnswersBefore(tx: Tx, at: Instant): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('idempotency')
    .where('at', '<', at)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
