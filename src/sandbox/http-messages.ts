/**
 * HTTP in and out, without meaning: the body within its limit, the address taken apart, content negotiation,
 * credentials. Everything here refuses what it cannot take with the status that HTTP has for it.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Json } from './json.ts';
import { refuse } from './outcome.ts';
import type { Pair } from './search-query.ts';

/** The credentials that the sandbox accepts; any one of those given will do. */
export type SandboxAuth = {
  /** A bearer token, or who says whether one is good, for servers whose tokens expire. */
  readonly token?: string | ((token: string) => boolean);
  readonly basic?: { readonly user: string; readonly password: string };
};

/** The whole body. Too long a body is read to its end all the same, so that the client hears the 413. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > limit) throw refuse(413, 'too-long', `A body has at most ${limit} bytes.`);
  return Buffer.concat(chunks);
}

const jsonTypes = ['application/fhir+json', 'application/json', 'text/json'];
const patchTypes = ['application/json-patch+json'];
const formType = 'application/x-www-form-urlencoded';

export type ParsedBody = { readonly json?: Json; readonly form: readonly Pair[] };

/** The body by its Content-Type: JSON, a JSON Patch for PATCH, or the form of a POST _search. */
export function parseBody(request: IncomingMessage, bytes: Buffer): ParsedBody {
  if (bytes.length === 0) return { form: [] };
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const text = decoded(bytes);
  const isSearch = /\/_search(\?|$)/.test(request.url ?? '');
  if (isSearch && type === formType) return { form: [...new URLSearchParams(text)] };
  const accepted = request.method === 'PATCH' ? patchTypes : jsonTypes;
  if (!accepted.includes(type)) {
    throw refuse(415, 'not-supported', `Content-Type must be ${accepted[0]}.`);
  }
  try {
    return { json: JSON.parse(text), form: [] };
  } catch {
    throw refuse(400, 'structure', 'The body is no JSON.');
  }
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuse(400, 'structure', 'The body is not UTF-8.');
  }
}

export type Address = { readonly path: readonly string[]; readonly query: readonly Pair[] };

/** Path segments, decoded, and query pairs of the part of a URL after `prefix`. */
export function addressIn(url: string, prefix: string): Address {
  const [path = '', query = ''] = url.slice(prefix.length).split(/\?(.*)/s, 2);
  try {
    const segments = path.split('/').filter((segment) => segment !== '');
    return { path: segments.map(decodeURIComponent), query: [...new URLSearchParams(query)] };
  } catch {
    throw refuse(400, 'value', 'The address is not properly encoded.');
  }
}

const formats = ['json', ...jsonTypes];

/** 406 for a client that will not take JSON; `_format` counts more than Accept. */
export function refuseUnlessJson(request: IncomingMessage, query: readonly Pair[]): void {
  const format = query.find(([name]) => name === '_format')?.[1].replace(' ', '+');
  if (format !== undefined) {
    if (formats.includes(format.split(';')[0] ?? '')) return;
    throw refuse(406, 'not-supported', 'This server speaks JSON only.');
  }
  const accepted = (request.headers.accept ?? '*/*')
    .split(',')
    .map((part) => part.split(';')[0]?.trim());
  if (['*/*', 'application/*', ...jsonTypes].some((type) => accepted.includes(type))) return;
  throw refuse(406, 'not-supported', 'This server speaks JSON only.');
}

/** 401 unless the request carries one of the credentials; with none configured everybody may in. */
export function refuseUnlessSignedIn(
  request: IncomingMessage,
  auth: SandboxAuth | undefined,
): void {
  const { token, basic } = auth ?? {};
  if (token === undefined && basic === undefined) return;
  const [, scheme = '', credentials = ''] =
    /^(\S+)\s+(\S+)$/.exec(request.headers.authorization ?? '') ?? [];
  const isBearer = scheme.toLowerCase() === 'bearer' && token !== undefined;
  if (isBearer && isGood(credentials, token)) return;
  if (scheme.toLowerCase() === 'basic' && basic !== undefined) {
    const expected = Buffer.from(`${basic.user}:${basic.password}`).toString('base64');
    if (same(credentials, expected)) return;
  }
  const challenge = token === undefined ? 'Basic realm="sandbox"' : 'Bearer realm="sandbox"';
  throw refuse(401, 'login', 'Sign in first.', { 'WWW-Authenticate': challenge });
}

function isGood(given: string, token: NonNullable<SandboxAuth['token']>): boolean {
  return typeof token === 'string' ? same(given, token) : token(given);
}

/** Compared by digest, so that neither length nor first difference shows in the time that it takes. */
function same(one: string, two: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(two));
}
