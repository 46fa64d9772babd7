/**
 * The sockets to one hospital: a pool with its own timeouts, TLS of version 1.2 or newer, the certificates of this
 * connection, and its proxy. The pool is made anew when a certificate, key or password changes, so that a renewed one
 * works without a restart. Used for the FHIR server and for its token endpoint alike.
 */
import { readFileSync } from 'node:fs';
import { createSecureContext, getCACertificates, type SecureContextOptions } from 'node:tls';
import { Agent, Dispatcher, Pool, ProxyAgent } from 'undici';
import { AdapterError } from '../core/errors.ts';
import type { Environment } from './environment.ts';
import { readSecret, type Secret } from './sign-in/secret.ts';
import type { Timeouts } from './timeouts.ts';

/** Files in PEM format. */
export interface TlsFiles {
  /** Certificates of authorities that are trusted beside those that Node.js trusts. */
  readonly ca?: string;
  /** Our client certificate, with the certificates between it and its authority. */
  readonly cert?: string;
  /** The private key of `cert`. */
  readonly key?: string;
  readonly passphrase?: Secret;
}

/** An HTTP proxy. A request to an https address goes through it in a tunnel, unread. */
export interface HttpProxy {
  readonly url: string;
  readonly user?: string;
  readonly password?: Secret;
}

export interface Wiring {
  readonly tls?: TlsFiles;
  readonly proxy?: HttpProxy;
  readonly timeouts: Timeouts;
  /** Sockets to one origin at most. */
  readonly connections: number;
}

/** What the settings name, as it is in force now. */
interface Material {
  readonly tls: SecureContextOptions;
  readonly proxyToken?: string;
}

const oldestTls = 'TLSv1.2';

/**
 * Opens the pool; no socket is opened, and no file is read, before the first request. A file that cannot be read or used
 * fails the request with `file-unreadable` or `settings-wrong`.
 */
export function openDispatcher(wiring: Wiring, env: Environment): Dispatcher {
  return new RenewedDispatcher(wiring, env);
}

class RenewedDispatcher extends Dispatcher {
  readonly #wiring: Wiring;
  readonly #env: Environment;
  #pool: { readonly made: string; readonly dispatcher: Dispatcher } | undefined;
  readonly #before = new Set<Promise<void>>();

  constructor(wiring: Wiring, env: Environment) {
    super();
    this.#wiring = wiring;
    this.#env = env;
  }

  override dispatch(
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    const { headersMs, bodyMs } = this.#wiring.timeouts;
    // With each request: a pool that a proxy agent makes for itself knows no timeouts of ours.
    const timed = {
      ...options,
      headersTimeout: options.headersTimeout ?? headersMs,
      bodyTimeout: options.bodyTimeout ?? bodyMs,
    };
    return this.#current().dispatch(timed, handler);
  }

  /** The pool of what is in force now; one with older certificates finishes what it has under way. */
  #current(): Dispatcher {
    const material = readMaterial(this.#wiring, this.#env);
    const made = JSON.stringify(material);
    if (this.#pool?.made === made) return this.#pool.dispatcher;
    refuseUnusable(material.tls, this.#wiring.tls);
    const before = this.#pool?.dispatcher;
    this.#pool = { made, dispatcher: poolOf(this.#wiring, material) };
    if (before !== undefined) {
      const closing = before.close().finally(() => this.#before.delete(closing));
      this.#before.add(closing);
    }
    return this.#pool.dispatcher;
  }

  override async close(): Promise<void> {
    await Promise.all([...this.#before, this.#pool?.dispatcher.close()]);
  }

  override async destroy(): Promise<void> {
    await this.#pool?.dispatcher.destroy();
    await Promise.allSettled(this.#before);
  }
}

function poolOf({ proxy, timeouts, connections }: Wiring, material: Material): Dispatcher {
  const { connectMs } = timeouts;
  // HTTP/1.1 alone: with several exchanges on one socket the number of sockets would limit nothing.
  const tls = { ...trusting(material.tls), minVersion: oldestTls, timeout: connectMs } as const;
  if (proxy === undefined) {
    return new Agent({ connections, connect: { ...tls, allowH2: false }, allowH2: false });
  }
  // Our client certificate is for the hospital and not for its proxy.
  const { cert: _cert, key: _key, passphrase: _passphrase, ...proxyTls } = tls;
  return new ProxyAgent({
    uri: proxy.url,
    connections,
    allowH2: false,
    requestTls: tls,
    proxyTls,
    // The proxy has as long for its tunnel as a server has for its connection.
    clientFactory: (origin, options) =>
      new Pool(origin, { ...options, connections, headersTimeout: connectMs, allowH2: false }),
    ...(material.proxyToken !== undefined && { token: material.proxyToken }),
  });
}

/** An authority of the site joins those that are known: without these its proxy or token endpoint could be out of reach. */
function trusting(tls: SecureContextOptions): SecureContextOptions {
  if (tls.ca === undefined) return tls;
  return { ...tls, ca: [...getCACertificates('default'), ...[tls.ca].flat()] };
}

function readMaterial({ tls = {}, proxy }: Wiring, env: Environment): Material {
  return {
    tls: {
      ...(tls.ca !== undefined && { ca: readPem(tls.ca) }),
      ...(tls.cert !== undefined && { cert: readPem(tls.cert) }),
      ...(tls.key !== undefined && { key: readPem(tls.key) }),
      ...(tls.passphrase !== undefined && { passphrase: readSecret(tls.passphrase, env) }),
    },
    ...(proxy?.user !== undefined && { proxyToken: basic(proxy.user, proxy.password, env) }),
  };
}

function basic(user: string, password: Secret | undefined, env: Environment): string {
  const pair = `${user}:${password === undefined ? '' : readSecret(password, env)}`;
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AdapterError('file-unreadable', `The certificate file ${file} cannot be read.`, {
      cause,
    });
  }
}

/** Throws `settings-wrong` for certificates that TLS does not take, before a connection fails with something stranger. */
function refuseUnusable(tls: SecureContextOptions, files: TlsFiles = {}): void {
  if (typeof tls.ca === 'string' && !tls.ca.includes('-----BEGIN ')) {
    throw unusable('certificate authority', files.ca, 'no PEM');
  }
  try {
    createSecureContext(tls);
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'no code';
    throw unusable('client certificate', files.cert ?? files.ca, code);
  }
}

function unusable(what: string, file: string | undefined, code: string): AdapterError {
  return new AdapterError(
    'settings-wrong',
    `The ${what} of file ${file} cannot be used (${code}).`,
    {
      fix: 'Check tls of this hospital: PEM files, the key of this certificate, and its passphrase.',
    },
  );
}
