/**
 * The authorization server of a hospital for tests: gives tokens for signed assertions and for client secrets, checks them
 * as strictly as the standard lets it, and misbehaves as told. Written from RFC 6749, RFC 7523 and SMART App Launch 2.2
 * alone; what it believes about a client it has from nobody else.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { mustNotLeak } from './leak-watch.ts';
import { serveOnLoopback } from './loopback.ts';

/** A client as it is registered: by its secret, or by where its public keys are. */
export interface Registration {
  readonly secret?: string;
  readonly keys?: () => Promise<JSONWebKeySet>;
}

export interface Behaviour {
  /** `expires_in`; null leaves it out. */
  life: unknown;
  /** `scope` of the answer; undefined: as asked for, null: left out. */
  scope: unknown;
  tokenType: unknown;
  /** How far this server’s clock is off the true one. */
  clockOffMs: number;
  algorithms: readonly string[];
  /** Keys are fetched once and kept for ever, as a slow cache does. */
  keepsKeys: boolean;
  /** Answers the next requests itself instead of the token endpoint. */
  instead: ((request: IncomingMessage, response: ServerResponse) => void)[];
}

/** One request to the token endpoint. */
export interface TokenAsked {
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
}

export interface AuthorizationServer {
  readonly origin: string;
  readonly tokenUrl: string;
  readonly behaviour: Behaviour;
  readonly asked: TokenAsked[];
  /** Tokens in the order in which they were given. */
  readonly given: string[];
  /** Whether this Authorization header carries a token that is good now; for the FHIR server beside it. */
  isGood(authorization: string | undefined): boolean;
  /** Ends every token that was given so far. */
  revoke(): void;
  stop(): Promise<void>;
}

export async function authorizationServer(
  clients: Readonly<Record<string, Registration>>,
  { clock = Date.now, ...more }: Partial<Behaviour> & { readonly clock?: () => number } = {},
): Promise<AuthorizationServer> {
  const behaviour: Behaviour = {
    life: 300,
    scope: undefined,
    tokenType: 'bearer',
    clockOffMs: 0,
    algorithms: ['ES384', 'RS384'],
    keepsKeys: false,
    instead: [],
    ...more,
  };
  const asked: TokenAsked[] = [];
  const given: string[] = [];
  const good = new Map<string, number>();
  const seen = new Set<string>();
  const fetched = new Map<string, JSONWebKeySet>();
  const nowMs = () => clock() + behaviour.clockOffMs;

  const server = await serveOnLoopback((request, response) => {
    void serve(request, response);
  });
  const tokenUrl = `${server.origin}/oauth2/token`;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = Object.fromEntries(new URLSearchParams(await textOf(request)));
    const { authorization } = request.headers;
    asked.push({ path: request.url ?? '', form, authorization });
    response.setHeader('date', new Date(nowMs()).toUTCString());
    const instead = behaviour.instead.shift();
    if (instead !== undefined) return instead(request, response);
    try {
      send(response, 200, await token(request, form, authorization));
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      send(response, thrown.error === 'invalid_client' ? 401 : 400, {
        error: thrown.error,
        // What a careless server says: it must not come out at the other end.
        error_description: `refused ${form.client_assertion ?? form.client_secret ?? authorization}`,
      });
    }
  }

  async function token(
    request: IncomingMessage,
    form: Readonly<Record<string, string>>,
    authorization: string | undefined,
  ): Promise<object> {
    if (request.method !== 'POST' || request.url !== '/oauth2/token')
      throw new Refused('invalid_request');
    if (request.headers['content-type'] !== 'application/x-www-form-urlencoded')
      throw new Refused('invalid_request');
    if (form.client_assertion !== undefined) await checkAssertion(form);
    else checkSecret(form, authorization);
    if (form.grant_type !== 'client_credentials') throw new Refused('unsupported_grant_type');
    if (!form.scope) throw new Refused('invalid_scope');
    const accessToken = randomBytes(24).toString('base64url');
    mustNotLeak(accessToken, 'an access token');
    given.push(accessToken);
    const seconds = Number(behaviour.life);
    good.set(accessToken, clock() + (seconds > 0 ? seconds : 300) * 1000);
    const scope = behaviour.scope === undefined ? form.scope : behaviour.scope;
    return {
      access_token: accessToken,
      token_type: behaviour.tokenType,
      ...(behaviour.life !== null && { expires_in: behaviour.life }),
      ...(scope !== null && { scope }),
    };
  }

  async function checkAssertion(form: Readonly<Record<string, string>>): Promise<void> {
    if (form.client_assertion_type !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
      throw new Refused('invalid_request');
    const assertion = form.client_assertion ?? '';
    mustNotLeak(assertion, 'an assertion');
    const [, body = ''] = assertion.split('.');
    const { iss } = JSON.parse(Buffer.from(body, 'base64url').toString());
    const keys = await keysOf(String(iss));
    if (keys === undefined) throw new Refused('invalid_client');
    try {
      const { payload } = await jwtVerify(assertion, createLocalJWKSet(keys), {
        issuer: String(iss),
        subject: String(iss),
        audience: tokenUrl,
        algorithms: [...behaviour.algorithms],
        typ: 'JWT',
        requiredClaims: ['exp', 'iat', 'jti'],
        currentDate: new Date(nowMs()),
      });
      const { exp = 0, jti = '' } = payload;
      if (exp * 1000 - nowMs() > 300_000 || seen.has(jti)) throw new Refused('invalid_client');
      seen.add(jti);
    } catch (thrown) {
      if (thrown instanceof errors.JOSEError) throw new Refused('invalid_client');
      throw thrown;
    }
  }

  async function keysOf(client: string): Promise<JSONWebKeySet | undefined> {
    const kept = fetched.get(client);
    if (behaviour.keepsKeys && kept !== undefined) return kept;
    const keys = await clients[client]?.keys?.();
    if (keys !== undefined) fetched.set(client, keys);
    return keys;
  }

  function checkSecret(form: Readonly<Record<string, string>>, authorization = ''): void {
    const [, packed = ''] = /^Basic (.+)$/.exec(authorization) ?? [];
    const [user = '', password = ''] = Buffer.from(packed, 'base64')
      .toString()
      .split(':')
      .map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
    const shown =
      packed === ''
        ? { id: form.client_id ?? '', secret: form.client_secret ?? '' }
        : { id: user, secret: password };
    const { secret } = clients[shown.id] ?? {};
    if (secret === undefined || secret !== shown.secret) throw new Refused('invalid_client');
  }

  return {
    origin: server.origin,
    tokenUrl,
    behaviour,
    asked,
    given,
    isGood(authorization = '') {
      const [, accessToken = ''] = /^Bearer (.+)$/.exec(authorization) ?? [];
      return clock() < (good.get(accessToken) ?? 0);
    },
    revoke: () => good.clear(),
    stop: () => server.stop(),
  };
}

class Refused extends Error {
  readonly error: string;
  constructor(error: string) {
    super(error);
    this.error = error;
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
