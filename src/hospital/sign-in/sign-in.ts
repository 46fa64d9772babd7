/** How we prove to one hospital who we are: what each exchange is given, by the way that the settings name. */
import { AdapterError } from '../../core/errors.ts';
import type { Environment } from '../environment.ts';
import type { ServiceBase } from '../service-base.ts';
import type { SigningKey } from './assertion.ts';
import type { PlainRequest } from './plain-request.ts';
import { nameOf, readSecret } from './secret.ts';
import type { SignedIn } from './signed-in.ts';
import { openTokenSignIn } from './token-sign-in.ts';
import type { FixedSignIn, SignIn } from './ways.ts';

export interface SignInDeps {
  readonly env: Environment;
  readonly ids: () => string;
  readonly nowMs: () => number;
  readonly ask: PlainRequest;
  readonly signingKeys?: (() => Promise<readonly SigningKey[]>) | undefined;
}

/** Nothing is asked before the first header. */
export function openSignIn(
  signIn: SignIn,
  base: ServiceBase,
  { signingKeys, ...deps }: SignInDeps,
): SignedIn {
  switch (signIn.type) {
    case 'client-secret':
    case 'smart-backend':
      return openTokenSignIn(signIn, base, { ...deps, signingKeys: signingKeys ?? noKeys });
    default:
      return fixed(signIn, deps.env);
  }
}

const noKeys = async () => [];

/** What is fixed will be refused again, and needs no explanation. */
function fixed(signIn: FixedSignIn, env: Environment): SignedIn {
  return {
    header: async () => fixedHeader(signIn, env),
    accepted: () => {},
    refused: async () => false,
    explained: (error) => error,
    missingScopes: () => [],
  };
}

/** The Authorization header of a sign-in that needs no token endpoint, or undefined when there is none. */
function fixedHeader(signIn: FixedSignIn, env: Environment): string | undefined {
  switch (signIn.type) {
    case 'none':
      return undefined;
    case 'basic': {
      const pair = `${signIn.user}:${readSecret(signIn.password, env)}`;
      return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
    }
    case 'bearer': {
      const token = readSecret(signIn.token, env);
      // Checked here because fetch would print a header value that it refuses, and so the token.
      if (!/^[\x21-\x7e]+$/.test(token)) {
        throw new AdapterError(
          'settings-wrong',
          `The bearer token from ${nameOf(signIn.token)} is not one printable word.`,
        );
      }
      return `Bearer ${token}`;
    }
  }
}
