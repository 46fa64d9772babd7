/** How we prove to one hospital who we are: the ways that the settings know, and what each exchange is given of them. */
import { AdapterError } from '../../core/errors.ts';
import type { Environment } from '../connection.ts';
import { nameOf, readSecret, type Secret } from './secret.ts';

export type SignIn =
  | { readonly type: 'none' }
  | { readonly type: 'basic'; readonly user: string; readonly password: Secret }
  | { readonly type: 'bearer'; readonly token: Secret };

/** A sign-in at work. */
export interface SignedIn {
  /** The Authorization header of the next exchange; undefined when there is none. May have to ask for a token first. */
  header(): Promise<string | undefined>;
  /** Hears that this header was answered with 401; true when the exchange may be tried once more with a new one. */
  refused(header: string | undefined): Promise<boolean>;
}

export interface SignInDeps {
  readonly env: Environment;
}

export function openSignIn(signIn: SignIn, { env }: SignInDeps): SignedIn {
  return {
    header: async () => fixedHeader(signIn, env),
    // What is fixed will be refused again.
    refused: async () => false,
  };
}

/** The Authorization header of a sign-in that needs no token endpoint, or undefined when there is none. */
function fixedHeader(signIn: SignIn, env: Environment): string | undefined {
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
