/**
 * The door of the API and the pages: who is asking, by bearer key or by the cookie of a browser that is signed in. It
 * says who, or why not; what they may do is asked of `may` for each route.
 */
import type { Instant } from '../core/concept.ts';
import { AdapterError } from '../core/errors.ts';
import type { Store } from '../store/store.ts';
import { tokenInCookie } from './cookie.ts';
import { checkKey, type KeyRefusal } from './keys.ts';
import type { Principal } from './roles.ts';
import { fromOwnPage, isSafe, type RequestHeaders } from './same-origin.ts';
import { openSignIns, type SignIns, type SignInsGiven } from './sign-ins.ts';

export interface Asking {
  readonly method: string;
  readonly headers: RequestHeaders & {
    readonly authorization?: string | undefined;
    readonly cookie?: string | undefined;
  };
}

export type Asker =
  | { readonly principal: Principal }
  /** `foreign`: a good cookie on a change that another site asked for. */
  | { readonly refused: KeyRefusal | 'missing' | 'signed-out' | 'foreign' };

export interface Door extends SignIns {
  whoAsks(asking: Asking): Promise<Asker>;
}

export function openDoor(given: SignInsGiven): Door {
  const signIns = openSignIns(given);
  return {
    ...signIns,
    async whoAsks({ method, headers }) {
      const bearer = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
      if (bearer !== undefined) return byKey(given.store, bearer, given.clock().toISOString());
      if (headers.authorization !== undefined) return { refused: 'unknown' };
      const token = tokenInCookie(headers.cookie);
      if (token === undefined || token === '') return { refused: 'missing' };
      const principal = await signIns.principalOf(token);
      if (principal === undefined) return { refused: 'signed-out' };
      if (!isSafe(method) && !fromOwnPage(headers)) return { refused: 'foreign' };
      return { principal };
    },
  };
}

async function byKey(store: Store, presented: string, now: Instant): Promise<Asker> {
  const checked = await checkKey(store, presented, now);
  return 'refused' in checked ? checked : { principal: checked };
}

type Refused = Extract<Asker, { refused: string }>['refused'];

/** A closed door as an error. Which of unknown, revoked and expired it was stands in our log, not in the answer. */
export function refusedAtDoor(refused: Refused): AdapterError {
  if (refused === 'missing') return new AdapterError('key-missing', 'This needs a key.');
  if (refused === 'foreign')
    return new AdapterError('not-permitted', 'This request was sent from another site.', {
      fix: 'Use our own pages, or a bearer key instead of the cookie.',
    });
  if (refused === 'signed-out')
    return new AdapterError('key-refused', 'You are not signed in any more.', {
      fix: 'Sign in again.',
    });
  return new AdapterError('key-refused', 'This key is not valid.');
}
