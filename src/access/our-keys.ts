/**
 * The private keys with which we sign in to hospitals (SMART Backend Services): a folder with one JWK a file, named by its
 * RFC 7638 thumbprint. Two may be live at once, so that a new one can be known everywhere before the old one goes. The
 * folder is read for each use: a key that was just made or retired counts without a restart.
 */
import { createPrivateKey, generateKeyPair, type KeyObject, randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { Instant } from '../core/concept.ts';
import { AdapterError } from '../core/errors.ts';

/** The two that SMART asks every client for; servers take at least one of them. */
export const keyAlgorithms = ['ES384', 'RS384'] as const;
export type KeyAlgorithm = (typeof keyAlgorithms)[number];

export interface OurKey {
  readonly kid: string;
  readonly algorithm: KeyAlgorithm;
  readonly createdAt: Instant;
  /** Absent while it is live. */
  readonly retiredAt?: Instant;
}

export interface LiveKey extends OurKey {
  readonly privateKey: KeyObject;
}

/** What anybody may know of a key (RFC 7517). */
export interface PublicKey {
  readonly kty: string;
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: KeyAlgorithm;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
}

export interface OurKeys {
  /** All that were ever made, the newest first. */
  list(): Promise<readonly OurKey[]>;
  /** Those to sign with, the newest first. */
  live(): Promise<readonly LiveKey[]>;
  /** The JWK set that hospitals fetch: live keys, and of them only what is public. */
  publicSet(): Promise<{ readonly keys: readonly PublicKey[] }>;
  /** Fails with `arguments-wrong` while two are live, and with `file-unreadable` while another call changes the keys. */
  make(algorithm: KeyAlgorithm, now: Instant): Promise<OurKey>;
  /**
   * Ends a key for good: its private part is destroyed. The last live one goes only with `evenLast`. Fails with
   * `file-unreadable` while another call changes the keys.
   */
  retire(kid: string, now: Instant, evenLast: boolean): Promise<OurKey>;
}

/** A file: the JWK with two members of ours. A retired one has its public members only. */
interface KeyFile {
  readonly key: OurKey;
  readonly jwk: JWK;
}

const mostLive = 2;
const lockName = '.changing';
const fileName = /^([\w-]{43})\.json$/;
const publicMembers = ['crv', 'x', 'y', 'n', 'e'] as const;
const generate = promisify(generateKeyPair);

/** Nothing is read or made before the first call; a folder that is not there holds no keys. */
export function openOurKeys(folder: string): OurKeys {
  async function files(): Promise<readonly KeyFile[]> {
    const names = await ifThere(() => readdir(folder), folder);
    if (names === undefined) return [];
    await refuseOpenFolder(folder);
    const found: KeyFile[] = [];
    for (const name of names.filter((one) => fileName.test(one)))
      found.push(await readKey(folder, name));
    return found.sort(({ key: a }, { key: b }) => (a.createdAt < b.createdAt ? 1 : -1));
  }
  const liveFiles = async () => (await files()).filter(isLive);
  const refuseMore = async () => {
    const live = await liveFiles();
    if (live.length >= mostLive) throw tooMany(live.map(({ key }) => key));
  };

  return {
    list: async () => (await files()).map(({ key }) => key),
    async live() {
      return (await liveFiles()).map(({ key, jwk }) => ({ ...key, privateKey: secretOf(jwk) }));
    },
    async publicSet() {
      return { keys: (await liveFiles()).map(publicPart) };
    },
    async make(algorithm, now) {
      await refuseMore();
      // Before the lock, which is then held for a moment only: an RSA key takes seconds.
      const jwk = await newJwk(algorithm);
      const key = { kid: jwk.kid, algorithm, createdAt: now };
      return alone(folder, async () => {
        await refuseMore();
        await write(folder, { key, jwk });
        return key;
      });
    },
    async retire(kid, now, evenLast) {
      liveOf(await files(), kid);
      return alone(folder, async () => {
        const all = await files();
        const found = liveOf(all, kid);
        if (!evenLast && all.filter(isLive).length === 1) {
          throw new AdapterError('arguments-wrong', `${kid} is the last live key.`, {
            fix: 'Make another one first (massage-fhir keys new), or add --last to sign in nowhere with keys any more.',
          });
        }
        const key = { ...found.key, retiredAt: now };
        await write(folder, { key, jwk: publicPart(found) });
        return key;
      });
    },
  };
}

function isLive({ key }: KeyFile): boolean {
  return key.retiredAt === undefined;
}

function liveOf(files: readonly KeyFile[], kid: string): KeyFile {
  const found = files.find(({ key }) => key.kid === kid);
  if (found !== undefined && isLive(found)) return found;
  throw new AdapterError('not-ours', `There is no live key ${kid}.`, {
    fix: 'See massage-fhir keys list.',
  });
}

/**
 * Does it while nobody else, in this process or another, changes the keys: what was counted still holds when it is written.
 * A lock that was left behind is a person's to remove, since nothing here can tell that its process has ended.
 */
async function alone<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = join(folder, lockName);
  try {
    await prepare(folder);
    await (await open(lock, 'wx', 0o600)).close();
  } catch (thrown) {
    if (thrown instanceof AdapterError) throw thrown;
    if (codeOf(thrown) !== 'EEXIST') throw unusable(lock, codeOf(thrown), thrown);
    throw new AdapterError('file-unreadable', `Our keys are being changed: there is ${lock}.`, {
      cause: thrown,
      fix: 'Try again. If no other massage-fhir keys is running, one was cut off: remove this file, then try again.',
    });
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true }).catch((thrown: unknown) => {
      throw unusable(lock, codeOf(thrown), thrown);
    });
  }
}

function tooMany(live: readonly OurKey[]): AdapterError {
  const oldest = live.at(-1)?.kid ?? '';
  return new AdapterError('arguments-wrong', `There are ${live.length} live keys already.`, {
    problems: live.map(({ kid, algorithm, createdAt }) => `${kid} (${algorithm}, ${createdAt})`),
    fix: `Retire the one that is no longer used, the older one as a rule: massage-fhir keys retire ${oldest}`,
  });
}

async function newJwk(algorithm: KeyAlgorithm): Promise<JWK & { kid: string }> {
  for (;;) {
    const { privateKey } =
      algorithm === 'ES384'
        ? await generate('ec', { namedCurve: 'P-384' })
        : await generate('rsa', { modulusLength: 3072 });
    const jwk = privateKey.export({ format: 'jwk' }) as JWK;
    const kid = await calculateJwkThumbprint(jwk);
    // One that begins with a hyphen would be taken for an option on the command line.
    if (!kid.startsWith('-')) return { ...jwk, kid };
  }
}

function publicPart({ key, jwk }: KeyFile): PublicKey {
  const members = publicMembers.flatMap((name) => {
    const value = jwk[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  return {
    kty: jwk.kty ?? '',
    kid: key.kid,
    use: 'sig',
    alg: key.algorithm,
    ...Object.fromEntries(members),
  };
}

function secretOf(jwk: JWK): KeyObject {
  return createPrivateKey({ key: { ...jwk }, format: 'jwk' });
}

async function readKey(folder: string, name: string): Promise<KeyFile> {
  const path = join(folder, name);
  await refuseOpenFile(path);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw unusable(path, codeOf(cause), cause);
  });
  const found = keyIn(text);
  const kid = fileName.exec(name)?.[1];
  if (found === undefined || found.key.kid !== kid) throw unusable(path, 'it holds no key of ours');
  if ((await calculateJwkThumbprint(found.jwk).catch(() => undefined)) !== kid)
    throw unusable(path, 'its key is not the one that it is named after');
  return found;
}

/** Undefined for whatever is not as `write` leaves it. */
function keyIn(text: string): KeyFile | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // without the parser's message, which quotes the key
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { createdAt, retiredAt, ...jwk } = value as JWK & Partial<OurKey>;
  const algorithm = keyAlgorithms.find((one) => one === jwk.alg);
  if (algorithm === undefined || typeof jwk.kid !== 'string' || typeof createdAt !== 'string')
    return undefined;
  if (retiredAt === undefined && typeof jwk.d !== 'string') return undefined;
  const key = { kid: jwk.kid, algorithm, createdAt, ...(retiredAt !== undefined && { retiredAt }) };
  return { key, jwk };
}

/** Replaces the file as a whole: after a power cut there is the old one or the new one. */
async function write(folder: string, { key, jwk }: KeyFile): Promise<void> {
  const { kid, algorithm, createdAt, retiredAt } = key;
  const value = { ...jwk, kid, use: 'sig', alg: algorithm, createdAt, retiredAt };
  const path = join(folder, `${kid}.json`);
  const fresh = join(folder, `.${randomUUID()}.tmp`);
  try {
    const file = await open(fresh, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(value, undefined, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
    await persist(folder);
  } catch (thrown) {
    throw thrown instanceof AdapterError ? thrown : unusable(path, codeOf(thrown), thrown);
  } finally {
    await rm(fresh, { force: true });
  }
}

async function prepare(folder: string): Promise<void> {
  if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined)
    await chmod(folder, 0o700);
  await refuseOpenFolder(folder);
}

/** The new name of a file is durable only once its folder is. */
async function persist(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // folders cannot be synced there
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Permissions mean nothing on Windows, where access lists guard the folder of the account. */
async function modeOf(path: string): Promise<number> {
  const { mode } = await stat(path).catch((cause: unknown) => {
    throw unusable(path, codeOf(cause), cause);
  });
  return process.platform === 'win32' ? 0 : mode & 0o777;
}

/** Whoever can put a file here could make us publish a key of theirs, and sign in as us. */
async function refuseOpenFolder(folder: string): Promise<void> {
  const mode = await modeOf(folder);
  if ((mode & 0o002) === 0) return;
  throw new AdapterError(
    'file-unreadable',
    `Everybody on this machine can write into the folder of our keys, ${folder} (mode ${mode.toString(8)}).`,
    { fix: `Run: chmod 700 ${folder}, and check that every key in it is ours.` },
  );
}

async function refuseOpenFile(path: string): Promise<void> {
  const mode = await modeOf(path);
  if ((mode & 0o007) === 0) return;
  throw new AdapterError(
    'file-unreadable',
    `Everybody on this machine can read the key file ${path} (mode ${mode.toString(8)}).`,
    {
      fix: `Run: chmod 600 ${path}. If others were on this machine, make a new key and retire this one.`,
    },
  );
}

async function ifThere<T>(ask: () => Promise<T>, path: string): Promise<T | undefined> {
  try {
    return await ask();
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw unusable(path, codeOf(cause), cause);
  }
}

function codeOf(thrown: unknown): string {
  return (thrown as NodeJS.ErrnoException).code ?? 'unknown';
}

function unusable(path: string, why: string, cause?: unknown): AdapterError {
  return new AdapterError('file-unreadable', `${path} cannot be used (${why}).`, { cause });
}
