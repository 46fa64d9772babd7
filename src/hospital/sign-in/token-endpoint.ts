/**
 * Which address the token is asked of, and the rule that a secret or an assertion goes only where the operator means it to
 * (invariant I8): to the origin of the base, or to one that the settings name. What a server says about itself alone leads
 * to no other place.
 */
import { AdapterError } from '../../core/errors.ts';
import type { ServiceBase } from '../service-base.ts';

export interface TokenEndpoint {
  /** Letter by letter as it was named: it is also the audience of our assertion. */
  readonly url: string;
  readonly from: 'settings' | 'discovery' | 'statement';
  /** What the server itself says, where that is another address. */
  readonly otherwise?: string | undefined;
}

export interface TokenUrls {
  readonly base: ServiceBase;
  /** `tokenUrl` of the settings: an address, or an origin alone, which lets the server say the rest. */
  readonly configured?: string | undefined;
  readonly discovered?:
    | { readonly url: string; readonly from: 'discovery' | 'statement' }
    | undefined;
  /** Why nothing was discovered. */
  readonly why?: string | undefined;
}

/** Throws `settings-wrong` with the line to add where only a person can say. */
export function chooseTokenEndpoint({
  base,
  configured,
  discovered,
  why = 'the server names none',
}: TokenUrls): TokenEndpoint {
  const named = configured === undefined ? undefined : new URL(configured);
  const isOriginOnly = named?.pathname === '/' && named.search === '';
  if (configured !== undefined && named !== undefined && !isOriginOnly) {
    const isOther = discovered !== undefined && new URL(discovered.url).href !== named.href;
    return {
      url: refuseUnsafe(configured),
      from: 'settings',
      otherwise: isOther ? discovered.url : undefined,
    };
  }
  if (discovered === undefined) {
    throw new AdapterError(
      'settings-wrong',
      `The token URL of this hospital is not known: ${why}.`,
      {
        about: base.href,
        fix: 'Add the address that the hospital gives you to signIn of this hospital: tokenUrl: https://…',
      },
    );
  }
  const url = new URL(discovered.url);
  if (url.origin !== base.origin && url.origin !== named?.origin) throw notNamed(base, url);
  return { url: refuseUnsafe(discovered.url), from: discovered.from };
}

function notNamed(base: ServiceBase, url: URL): AdapterError {
  url.username = '';
  url.password = '';
  return new AdapterError(
    'settings-wrong',
    `The hospital names a token URL on another server (${url.origin}); nothing was sent there.`,
    {
      about: base.href,
      fix: `If the hospital confirms that this server is its own, add to signIn of this hospital: tokenUrl: ${url.href.slice(0, 500)}`,
    },
  );
}

/** RFC 6749 §3.2: the token endpoint is reached by TLS only; a test server on this machine is let pass. */
function refuseUnsafe(address: string): string {
  const url = new URL(address);
  if (!isSafe(url)) {
    throw new AdapterError(
      'settings-wrong',
      `The token URL at ${url.origin} is not https, or carries a user: nothing was sent there.`,
      {
        fix: 'Set tokenUrl in signIn of this hospital to an https address.',
        spec: 'https://www.rfc-editor.org/rfc/rfc6749#section-3.2',
      },
    );
  }
  return address;
}

function isSafe({ protocol, hostname, username, password }: URL): boolean {
  if (username !== '' || password !== '') return false;
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback);
}
