/**
 * What is needed to reach one hospital, and its sign-in. Secrets are named (a file, an environment variable), never
 * held: they are read for each exchange, so that a rotated secret works at once and none can end up in an error.
 */
import { readFileSync } from 'node:fs';
import { AdapterError } from '../core/errors.ts';

export type Secret = { readonly file: string } | { readonly env: string };

export type SignIn =
  | { readonly type: 'none' }
  | { readonly type: 'basic'; readonly user: string; readonly password: Secret }
  | { readonly type: 'bearer'; readonly token: Secret };

export interface Timeouts {
  /** Opening a connection, TLS included. */
  readonly connectMs: number;
  /** From the sent request to the first byte of the answer's headers. */
  readonly headersMs: number;
  /** The answer's body: the longest silence within it, and its whole duration. */
  readonly bodyMs: number;
}

export interface HospitalConnection {
  readonly id: string;
  /** Address of the FHIR R4 endpoint, without query. */
  readonly base: string;
  readonly signIn: SignIn;
  readonly timeouts?: Timeouts;
  /** The most pages that one search may have before its paging counts as broken. */
  readonly maxPages?: number;
  /** `_count` of our searches. */
  readonly pageSize?: number;
  /** Us, as this hospital knows us: `Organization/massage`. */
  readonly organization?: string;
}

/** Environment variables, passed in: nothing here reads `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The Authorization header of this sign-in, or undefined when there is none. */
export function authorization(signIn: SignIn, env: Environment): string | undefined {
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

function readSecret(secret: Secret, env: Environment): string {
  const text = 'file' in secret ? readSecretFile(secret.file) : env[secret.env]?.trim();
  if (!text)
    throw new AdapterError(
      'settings-wrong',
      `The secret from ${nameOf(secret)} is empty or not set.`,
    );
  return text;
}

function readSecretFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new AdapterError('file-unreadable', `The secret file ${file} cannot be read.`, { cause });
  }
}

function nameOf(secret: Secret): string {
  return 'file' in secret ? `file ${secret.file}` : `environment variable ${secret.env}`;
}
