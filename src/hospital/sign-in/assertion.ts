/**
 * The client assertion of SMART Backend Services (RFC 7523; SMART App Launch 2.2, client-confidential-asymmetric): a JWT
 * that we sign anew for each attempt, since servers take each `jti` once.
 */
import type { KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { AdapterError } from '../../core/errors.ts';

export const signingAlgorithms = ['ES384', 'RS384'] as const;
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/** One of our keys; a KeyObject, because it never shows what it holds. */
export interface SigningKey {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly createdAt: string;
  readonly privateKey: KeyObject;
}

/** Below the five minutes that are allowed, for servers whose clock is a little behind ours. */
const lifeSeconds = 240;

export function signAssertion(
  key: SigningKey,
  given: {
    readonly clientId: string;
    readonly tokenUrl: string;
    readonly jti: string;
    readonly nowMs: number;
  },
): Promise<string> {
  const now = Math.floor(given.nowMs / 1000);
  return new SignJWT({
    iss: given.clientId,
    sub: given.clientId,
    aud: given.tokenUrl,
    jti: given.jti,
    // Not asked for by SMART, but by UDAP and by servers that grew from it.
    iat: now,
    exp: now + lifeSeconds,
  })
    .setProtectedHeader({ alg: key.algorithm, kid: key.kid, typ: 'JWT' })
    .sign(key.privateKey);
}

export interface KeyWish {
  /** `key` of the settings. */
  readonly kid?: string | undefined;
  /** `algorithm` of the settings. */
  readonly algorithm?: SigningAlgorithm | undefined;
  /** What the server lists. */
  readonly offered?: readonly string[] | undefined;
}

/**
 * The keys to sign with, the best first: the newest of an algorithm that the settings name or else the server lists. Throws
 * `settings-wrong` with the command to run when there is none.
 */
export function keysFor(keys: readonly SigningKey[], wish: KeyWish): readonly SigningKey[] {
  const { kid, algorithm, offered } = wish;
  const newestFirst = keys.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  if (kid !== undefined) {
    const named = newestFirst.filter((key) => key.kid === kid);
    if (named.length === 0)
      throw noKey(`The key ${kid} of signIn is not among our live keys.`, 'massage-fhir keys list');
    return named;
  }
  const wanted: readonly string[] | undefined =
    algorithm === undefined ? (offered?.length === 0 ? undefined : offered) : [algorithm];
  const fit = newestFirst.filter((key) => wanted === undefined || wanted.includes(key.algorithm));
  if (fit.length > 0) return fit;
  const suggested = signingAlgorithms.find((one) => wanted === undefined || wanted.includes(one));
  if (suggested === undefined)
    throw noKey(
      `The server lists no signature that we make (${signingAlgorithms.join(', ')}).`,
      'Ask the hospital which it takes; algorithm in signIn overrides what is listed.',
    );
  const have =
    newestFirst.length === 0 ? 'We have no live key' : `We have no live ${suggested} key`;
  throw noKey(
    `${have} to sign in with.`,
    `massage-fhir keys new --alg ${suggested}, then let the hospital fetch our key set`,
  );
}

function noKey(says: string, fix: string): AdapterError {
  return new AdapterError('settings-wrong', says, {
    fix: fix.startsWith('massage-fhir') ? `Run: ${fix}.` : fix,
  });
}
