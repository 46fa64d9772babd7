/**
 * Signed in with a browser: the key was typed once, the cookie holds another random value that means it. Kept in memory
 * as hashes: a restart signs everybody out, signing out ends it at once, and so does revoking the key.
 */
import type { Instant } from '../core/concept.ts';
import type { Store } from '../store/store.ts';
import { checkKey, checkKeyHash, hashOf, type KeyRefusal } from './keys.ts';
import type { Principal } from './roles.ts';

export interface SignInsGiven {
  readonly store: Store;
  readonly clock: () => Date;
  readonly random: (bytes: number) => Uint8Array;
}

export interface SignIns {
  /** The value of the cookie for a key that is good. */
  signIn(key: string): Promise<{ readonly token: string } | { readonly refused: KeyRefusal }>;
  /** Whose cookie this is; undefined for one that is unknown or over. */
  principalOf(token: string): Promise<Principal | undefined>;
  signOut(token: string): void;
}

/** A long shift: whoever starts work types the key again. */
export const signedInSeconds = 12 * 3_600;

/** Far more than a service has browsers; beyond it the oldest sign-in gives way, so that memory stays bounded. */
const mostSignIns = 10_000;

export function openSignIns({ store, clock, random }: SignInsGiven): SignIns {
  const open = new Map<string, { readonly keyHash: string; readonly until: number }>();
  const now = (): Instant => clock().toISOString();

  function forgetOld(): void {
    for (const [token, { until }] of open)
      if (until <= clock().getTime() || open.size >= mostSignIns) open.delete(token);
  }

  return {
    async signIn(key) {
      const checked = await checkKey(store, key, now());
      if ('refused' in checked) return checked;
      forgetOld();
      const token = Buffer.from(random(32)).toString('base64url');
      open.set(hashOf(token), {
        keyHash: hashOf(key),
        until: clock().getTime() + signedInSeconds * 1_000,
      });
      return { token };
    },
    async principalOf(token) {
      const found = open.get(hashOf(token));
      if (found === undefined || found.until <= clock().getTime()) return undefined;
      const checked = await checkKeyHash(store, found.keyHash, now());
      return 'refused' in checked ? undefined : checked;
    },
    signOut(token) {
      open.delete(hashOf(token));
    },
  };
}
