/**
 * Keys to the API. Only the hash of a key is kept: whoever reads the store cannot use what is in it. Whether a key is
 * still good is judged by who asks; here it is only found.
 */
import type { Selectable } from 'kysely';
import type { Instant } from '../core/concept.ts';
import type { AccessKeyTable, Db, Tx } from './tables.ts';

export type KeyRow = Selectable<AccessKeyTable>;

export interface NewKey {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly hash: string;
  readonly expiresAt?: Instant | undefined;
  readonly at: Instant;
}

export async function addKey(tx: Tx, key: NewKey): Promise<void> {
  await tx
    .insertInto('access_key')
    .values({
      id: key.id,
      name: key.name,
      role: key.role,
      hash: key.hash,
      created_at: key.at,
      expires_at: key.expiresAt ?? null,
      revoked_at: null,
      last_used_at: null,
    })
    .execute();
}

/** Also one that is revoked or expired. */
export async function findKeyByHash(db: Db, hash: string): Promise<KeyRow | undefined> {
  return db.selectFrom('access_key').selectAll().where('hash', '=', hash).executeTakeFirst();
}

/** The oldest first. */
export async function listKeys(db: Db): Promise<KeyRow[]> {
  return db.selectFrom('access_key').selectAll().orderBy('created_at').orderBy('id').execute();
}

/** False if there is no such key or it was revoked before. */
export async function revokeKey(tx: Tx, id: string, at: Instant): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('access_key')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function noteKeyUse(tx: Tx, id: string, at: Instant): Promise<void> {
  await tx.updateTable('access_key').set({ last_used_at: at }).where('id', '=', id).execute();
}
