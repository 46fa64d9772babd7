/** Who asks for a command, on which version they decided, and under which key a repetition gets the same answer. */
import { createHash } from 'node:crypto';
import { AdapterError } from '../core/errors.ts';
import type { Asking, Once } from '../desk/desk.ts';
import { canonicalJson } from '../fhir/canonical-hash.ts';
import type { Asked } from './route.ts';

export function askingOf(asked: Asked): Asking {
  const { principal } = asked;
  if (principal === undefined) throw new AdapterError('key-missing', 'This needs a key.');
  return {
    by: principal.name,
    expectedVersion: expectedVersion(asked.header('if-match')),
    once: onceOf(asked, principal.id),
  };
}

/** The ETag of a version (RFC 9110 §8.8.3). */
export function etag(version: number): string {
  return `"${version}"`;
}

/**
 * The version in If-Match; undefined for none and for `*`. A weak ETag is taken as well: FHIR clients write it so. One
 * that cannot be ours matches no version; a list is refused, since a decision is made on one version.
 */
function expectedVersion(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const version = /^(?:W\/)?"(\d{1,15})"$/.exec(ifMatch.trim())?.[1];
  if (version !== undefined) return Number(version);
  if (ifMatch.includes(','))
    throw new AdapterError('bad-request', 'If-Match names several versions.', {
      fix: 'Send the one ETag that you decided on, or *.',
    });
  throw new AdapterError('stale-version', 'If-Match is not an ETag of this resource.');
}

function onceOf(asked: Asked, principal: string): Once | undefined {
  const key = asked.header('idempotency-key');
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,200}$/.test(key))
    throw new AdapterError('bad-request', 'Idempotency-Key is 1 to 200 visible ASCII characters.');
  const request = `${asked.method} ${asked.path} ${canonicalJson(asked.body)}`;
  return { key, principal, fingerprint: createHash('sha256').update(request).digest('hex') };
}
