/**
 * Keys: 256 random bits, shown once, kept as SHA-256. A plain hash is enough for a secret that nobody can guess; it is
 * found by that hash, so no comparison runs over the secret itself and time tells nothing about it.
 */
import { createHash } from 'node:crypto';
import type { Instant } from '../core/concept.ts';
import { AdapterError } from '../core/errors.ts';
import {
  addKey,
  findKeyByHash,
  type KeyRow,
  type NewKey,
  noteKeyUse,
  revokeKey as revoke,
  listKeys as rowsOfKeys,
} from '../store/keys.ts';
import type { Store } from '../store/store.ts';
import { isRole, type Principal, type Role } from './roles.ts';

export interface KeyWanted {
  /** Stands in the events of what is done with it. */
  readonly name: string;
  readonly role: Role;
  readonly expiresAt?: Instant | undefined;
}

export interface KeyGiven {
  readonly random: (bytes: number) => Uint8Array;
  readonly newId: () => string;
  readonly now: Instant;
}

export type KeyRefusal = 'unknown' | 'revoked' | 'expired';

const form = /^mf_[\w-]{43}$/;

/** Names that stand in events for the other side and for ourselves: nobody may sign as them. */
const takenNames = ['hospital', 'adapter'];

/** A use is written down at most this often: a busy client must not write to the store with every request. */
const usePrecisionMs = 60_000;

/** A key and what is stored of it; the key itself is nowhere else. Fails with `bad-request` on an impossible wish. */
export function newKey(
  wanted: KeyWanted,
  given: KeyGiven,
): { readonly key: string; readonly row: NewKey } {
  const name = wanted.name.trim();
  if (name === '' || name.length > 60 || takenNames.includes(name.toLowerCase()))
    throw new AdapterError('bad-request', 'A key cannot have this name.', {
      fix: `Use 1 to 60 characters, and not one of: ${takenNames.join(', ')}.`,
    });
  if (wanted.expiresAt !== undefined && !(Date.parse(wanted.expiresAt) > Date.parse(given.now)))
    throw new AdapterError('bad-request', 'A key expires in the future or never.');
  const key = `mf_${Buffer.from(given.random(32)).toString('base64url')}`;
  return {
    key,
    row: {
      id: given.newId(),
      name,
      role: wanted.role,
      hash: hashOf(key),
      expiresAt: wanted.expiresAt && new Date(wanted.expiresAt).toISOString(),
      at: given.now,
    },
  };
}

/** Makes a key and stores its hash; `key` is shown to a person now and never again. */
export async function issueKey(
  store: Store,
  wanted: KeyWanted,
  given: KeyGiven,
): Promise<{ readonly id: string; readonly key: string }> {
  const { key, row } = newKey(wanted, given);
  await store.transaction((tx) => addKey(tx, row));
  return { id: row.id, key };
}

/** Whose key this is, or why it is refused. Notes the use. */
export async function checkKey(
  store: Store,
  presented: string,
  now: Instant,
): Promise<Principal | { readonly refused: KeyRefusal }> {
  if (!form.test(presented)) return { refused: 'unknown' };
  return checkKeyHash(store, hashOf(presented), now);
}

/** The same for a key that was shown before and of which only the hash was kept. */
export async function checkKeyHash(
  store: Store,
  hash: string,
  now: Instant,
): Promise<Principal | { readonly refused: KeyRefusal }> {
  const row = await findKeyByHash(store.read, hash);
  if (row === undefined || !isRole(row.role)) return { refused: 'unknown' };
  if (row.revoked_at !== null) return { refused: 'revoked' };
  if (row.expires_at !== null && row.expires_at <= now) return { refused: 'expired' };
  if (row.last_used_at === null || Date.parse(now) - Date.parse(row.last_used_at) >= usePrecisionMs)
    await store.transaction((tx) => noteKeyUse(tx, row.id, now));
  return { id: row.id, name: row.name, role: row.role };
}

/** From now on the key is refused, also where somebody is signed in with it. Fails with `not-ours`. */
export async function revokeKey(store: Store, id: string, now: Instant): Promise<void> {
  const revoked = await store.transaction((tx) => revoke(tx, id, now));
  if (!revoked)
    throw new AdapterError('not-ours', `There is no key ${id} that could be revoked.`, {
      fix: 'See massage-fhir access list.',
    });
}

export type ListedKey = Omit<KeyRow, 'hash'>;

/** All keys that were ever made, the oldest first. */
export async function listKeys(store: Store): Promise<ListedKey[]> {
  const rows = await rowsOfKeys(store.read);
  return rows.map(({ hash: _hash, ...listed }) => listed);
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
