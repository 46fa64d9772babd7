/** A hospital that wants tokens: a FHIR server on one port, its authorization server on another, and a clock for all. */
import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, type JSONWebKeySet } from 'jose';
import type { SigningAlgorithm, SigningKey } from '../../../src/hospital/sign-in/assertion.ts';
import type { SignIn } from '../../../src/hospital/sign-in/ways.ts';
import {
  type AuthorizationServer,
  authorizationServer,
  type Behaviour,
  type Registration,
} from '../../support/authorization-server.ts';
import { mustNotLeak } from '../../support/leak-watch.ts';
import {
  type Listening,
  listening,
  order,
  searchset,
  sendJson,
  type Wire,
  wireTo,
} from '../wire.ts';

export const clientId = 'massage-service';
export const secret = 'sésame +&%: 1';
mustNotLeak(secret, 'a client secret');

/** What the FHIR server says and does; changed by the specs while it runs. */
export interface Site {
  /** Its SMART configuration; undefined: 404; `status`: that one. */
  smart: object | undefined;
  /** Its statement, as it is shown without a token; undefined: 401. */
  metadata: object | undefined;
  /** The status that a request to a resource is answered with; undefined: as its token deserves. */
  before: ((path: string) => number | undefined) | undefined;
}

export interface SigningHospital {
  readonly auth: AuthorizationServer;
  readonly fhir: Listening;
  readonly base: string;
  readonly site: Site;
  /** Paths and Authorization headers of what was asked of resources. */
  readonly reads: { readonly path: string; readonly authorization: string | undefined }[];
  readonly clock: { nowMs: number };
  wire(signIn: SignIn, keys?: () => Promise<readonly SigningKey[]>): Wire;
}

const started: AuthorizationServer[] = [];

export async function signingHospital(
  clients: Readonly<Record<string, Registration>>,
  behaviour: Partial<Behaviour> = {},
): Promise<SigningHospital> {
  const clock = { nowMs: Date.parse('2026-03-02T09:30:00.000Z') };
  const auth = await authorizationServer(clients, { ...behaviour, clock: () => clock.nowMs });
  started.push(auth);
  const site: Site = {
    smart: {
      token_endpoint: auth.tokenUrl,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_basic'],
      token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
      capabilities: ['client-confidential-asymmetric', 'permission-v2'],
    },
    metadata: undefined,
    before: undefined,
  };
  const reads: SigningHospital['reads'] = [];
  const fhir = await listening((request, response) => {
    const path = request.url ?? '';
    const { authorization } = request.headers;
    if (path === '/fhir/.well-known/smart-configuration')
      return site.smart === undefined
        ? response.writeHead(404).end()
        : 'status' in site.smart
          ? response.writeHead(Number(site.smart.status)).end()
          : sendJson(response, 200, site.smart);
    if (path === '/fhir/metadata' && authorization === undefined)
      return site.metadata === undefined
        ? response.writeHead(401).end()
        : sendJson(response, 200, site.metadata);
    reads.push({ path, authorization });
    const status = site.before?.(path) ?? (auth.isGood(authorization) ? 200 : 401);
    if (status !== 200)
      return sendJson(response, status, {
        resourceType: 'OperationOutcome',
        issue: [{ severity: 'error', code: status === 401 ? 'login' : 'forbidden' }],
      });
    const page = Number(new URL(path, 'http://x').searchParams.get('page') ?? 1);
    return sendJson(
      response,
      200,
      path.includes('?') || path.endsWith('ServiceRequest')
        ? searchset([order(`order-${page}`)], {
            link: page < 4 ? [{ relation: 'next', url: `ServiceRequest?page=${page + 1}` }] : [],
          })
        : { resourceType: 'Patient', id: 'p1' },
    );
  });
  const base = `${fhir.origin}/fhir`;
  return {
    auth,
    fhir,
    base,
    site,
    reads,
    clock,
    wire: (signIn, keys) => {
      let requests = 0;
      return wireTo(
        base,
        { signIn, pageSize: 1 },
        {
          clock: () => new Date(clock.nowMs).toISOString(),
          env: { SECRET: secret },
          ids: () => `${clock.nowMs}-${++requests}-${Math.random()}`,
          ...(keys && { signingKeys: keys }),
        },
      );
    },
  };
}

export async function stopAuthorization(): Promise<void> {
  for (const one of started.splice(0)) await one.stop();
}

/** A key of ours and what the hospital knows of it. */
export async function aKey(
  algorithm: SigningAlgorithm = 'ES384',
  createdAt = '2026-01-01T00:00:00.000Z',
): Promise<{ readonly key: SigningKey; readonly jwk: object }> {
  const { privateKey, publicKey } =
    algorithm === 'ES384'
      ? generateKeyPairSync('ec', { namedCurve: 'P-384' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return {
    key: { kid, algorithm, createdAt, privateKey },
    jwk: { ...jwk, kid, alg: algorithm, use: 'sig' },
  };
}

/** A registered client with these keys, as its key set has them now. */
export function withKeys(jwks: () => readonly object[]): Registration {
  return { keys: async () => ({ keys: jwks() }) as JSONWebKeySet };
}
