/** The ways to sign in that the settings know. */
import type { SigningAlgorithm } from './assertion.ts';
import type { Secret } from './secret.ts';

export type FixedSignIn =
  | { readonly type: 'none' }
  | { readonly type: 'basic'; readonly user: string; readonly password: Secret }
  | { readonly type: 'bearer'; readonly token: Secret };

interface Client {
  readonly clientId: string;
  /** An address, or an origin alone where the server says the rest. */
  readonly tokenUrl?: string;
  /** In place of the built-in ones. */
  readonly scopes?: readonly string[];
}

export interface ClientSecret extends Client {
  readonly type: 'client-secret';
  readonly secret: Secret;
  /** How the secret is shown; by default as the server lists. */
  readonly auth?: 'basic' | 'post';
}

/** SMART Backend Services. */
export interface SmartBackend extends Client {
  readonly type: 'smart-backend';
  readonly algorithm?: SigningAlgorithm;
  /** Id of one of our keys; the newest that fits by default. */
  readonly key?: string;
}

export type TokenSignIn = ClientSecret | SmartBackend;

export type SignIn = FixedSignIn | TokenSignIn;
