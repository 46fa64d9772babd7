/**
 * Signing in by tokens: SMART Backend Services (a signed assertion) and client credentials with a secret. Discovery says
 * where and how, the settings overrule it, one token is kept and used for the base alone.
 */
import { AdapterError, asAdapterError } from '../../core/errors.ts';
import type { Environment } from '../environment.ts';
import type { ServiceBase } from '../service-base.ts';
import { keysFor, type SigningKey, signAssertion } from './assertion.ts';
import { tokenUrlOfStatement } from './oauth-uris.ts';
import type { PlainRequest } from './plain-request.ts';
import { scopesToAsk } from './scopes.ts';
import { nameOf, readSecret } from './secret.ts';
import type { SignedIn } from './signed-in.ts';
import { type Discovered, discoverSmart } from './smart-configuration.ts';
import { isClientRefused, tokenRefused } from './token-doctor.ts';
import { chooseTokenEndpoint, type TokenUrls } from './token-endpoint.ts';
import { keepToken } from './token-keeping.ts';
import {
  type ClientProof,
  requestToken,
  type Token,
  type TokenAsk,
  type TokenOutcome,
} from './token-request.ts';
import type { ClientSecret, SmartBackend, TokenSignIn } from './ways.ts';

export interface TokenSignInDeps {
  readonly env: Environment;
  readonly ids: () => string;
  readonly nowMs: () => number;
  readonly ask: PlainRequest;
  /** Our live keys, as they are now. */
  readonly signingKeys: () => Promise<readonly SigningKey[]>;
}

/** Discovery is asked again after this, and after each refusal. */
const discoveryLifeMs = 6 * 3_600_000;
/** The same after one that failed in passing. */
const soonMs = 5 * 60_000;
/** The same after one that named no address to use: a statement of megabytes is not read again for each exchange. */
const unnamedMs = 60_000;
/** A key that the server did not know while it knew the other one is passed over for this long. */
const passOverMs = 10 * 60_000;
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export function openTokenSignIn(
  signIn: TokenSignIn,
  base: ServiceBase,
  deps: TokenSignInDeps,
): SignedIn {
  const { ask, nowMs } = deps;
  const passedOver = new Map<string, number>();
  let known: { readonly wanted: TokenAsk; readonly untilMs: number } | undefined;
  let unnamed: { readonly error: AdapterError; readonly untilMs: number } | undefined;

  /** What to ask for and where, from the settings and from what the server says of itself. */
  async function wantedNow(): Promise<TokenAsk> {
    if (known !== undefined && nowMs() < known.untilMs) return known.wanted;
    if (unnamed !== undefined && nowMs() < unnamed.untilMs) throw unnamed.error;
    try {
      const wanted = await wantedBy(await discoverSmart(base, ask), signIn, base, ask);
      known = { wanted, untilMs: nowMs() + discoveryLifeMs };
    } catch (thrown) {
      const error = asAdapterError(thrown);
      const { kind, message } = error;
      if (error.code === 'settings-wrong') unnamed = { error, untilMs: nowMs() + unnamedMs };
      // While discovery is down, what is known goes on counting, and a token URL of the settings is enough.
      if (kind !== 'transient' || (known === undefined && signIn.tokenUrl === undefined))
        throw thrown;
      const wanted =
        known?.wanted ?? (await wantedBy({ found: false, why: message }, signIn, base, ask));
      known = { wanted, untilMs: nowMs() + soonMs };
    }
    return known.wanted;
  }

  /** The newest key first; one that the server did not know lately last. */
  async function keysNow({ configuration }: TokenAsk, { key, algorithm }: SmartBackend) {
    const fit = keysFor(await deps.signingKeys(), {
      kid: key,
      algorithm,
      offered: configuration?.algorithms,
    });
    const isPassedOver = ({ kid }: SigningKey) => (passedOver.get(kid) ?? 0) > nowMs();
    return fit.toSorted((a, b) => Number(isPassedOver(a)) - Number(isPassedOver(b)));
  }

  async function asked(wanted: TokenAsk): Promise<TokenOutcome> {
    if (signIn.type === 'client-secret')
      return requestToken(ask, wanted, secretProof(signIn, wanted, deps.env));
    const [first, second] = await keysNow(wanted, signIn);
    if (first === undefined) throw new AdapterError('internal', 'There is no key to sign in with.');
    const outcome = await requestToken(ask, wanted, await signedProof(first, signIn, wanted, deps));
    if ('token' in outcome || second === undefined || !isClientRefused(outcome.refusal))
      return outcome;
    // Servers keep our key set for a while: a key made seconds ago is not known where the one before it is.
    const again = await requestToken(ask, wanted, await signedProof(second, signIn, wanted, deps));
    if ('token' in again) {
      passedOver.set(first.kid, nowMs() + passOverMs);
      return again;
    }
    return { refusal: { ...outcome.refusal, alsoTried: second.kid } };
  }

  async function fetchToken(): Promise<Token> {
    const outcome = await asked(await wantedNow());
    if ('token' in outcome) return outcome.token;
    known = undefined;
    throw tokenRefused(outcome.refusal);
  }

  const token = keepToken(fetchToken, nowMs);
  return {
    header: () => token.header(),
    accepted: (header) => token.accepted(header),
    refused: async (header) => token.refused(header),
    explained: (error) => explained(error, signIn, token.missing()),
    missingScopes: () => token.missing(),
  };
}

async function wantedBy(
  found: Discovered,
  { tokenUrl, scopes }: TokenSignIn,
  base: ServiceBase,
  ask: PlainRequest,
): Promise<TokenAsk> {
  const configuration = found.found ? found.configuration : undefined;
  const said = await serverSays(found, tokenUrl, base, ask);
  return {
    endpoint: chooseTokenEndpoint({ base, configured: tokenUrl, ...said }),
    scopes: scopesToAsk(scopes, configuration?.capabilities),
    configuration,
  };
}

/** The statement is asked only where nothing else names a token URL: it may be megabytes. */
async function serverSays(
  found: Discovered,
  configured: string | undefined,
  base: ServiceBase,
  ask: PlainRequest,
): Promise<Pick<TokenUrls, 'discovered' | 'why'>> {
  if (found.found && found.configuration.tokenUrl !== undefined)
    return { discovered: { url: found.configuration.tokenUrl, from: 'discovery' } };
  const why = found.found
    ? 'its SMART configuration has no token_endpoint'
    : `it has no SMART configuration (${found.why})`;
  if (configured !== undefined && new URL(configured).pathname !== '/') return { why };
  const url = await tokenUrlOfStatement(base, ask);
  if (url !== undefined) return { discovered: { url, from: 'statement' } };
  return { why: `${why}, and its CapabilityStatement names none` };
}

async function signedProof(
  key: SigningKey,
  { clientId }: SmartBackend,
  { endpoint }: TokenAsk,
  { ids, nowMs }: TokenSignInDeps,
): Promise<ClientProof> {
  const now = nowMs();
  const { kid, algorithm } = key;
  return {
    shown: {
      type: 'smart-backend',
      clientId,
      kid,
      algorithm,
      keyAgeMs: now - Date.parse(key.createdAt),
    },
    form: {
      client_assertion_type: assertionType,
      client_assertion: await signAssertion(key, {
        clientId,
        tokenUrl: endpoint.url,
        jti: ids(),
        nowMs: now,
      }),
    },
  };
}

/** RFC 6749 §2.3.1: in the header, both form-encoded; in the form only where the server wants it so. */
function secretProof(
  { clientId, secret, auth }: ClientSecret,
  { configuration }: TokenAsk,
  env: Environment,
): ClientProof {
  const listed = configuration?.authMethods;
  const isPostOnly =
    listed?.includes('client_secret_post') === true && !listed.includes('client_secret_basic');
  const used = auth ?? (isPostOnly ? 'post' : 'basic');
  const value = readSecret(secret, env);
  if (/[\r\n]/.test(value))
    throw new AdapterError(
      'settings-wrong',
      `The client secret from ${nameOf(secret)} has more than one line.`,
    );
  const shown = { type: 'client-secret', clientId, auth: used } as const;
  if (used === 'post') return { shown, form: { client_id: clientId, client_secret: value } };
  const pair = `${formEncoded(clientId)}:${formEncoded(value)}`;
  return { shown, authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` };
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

/** A hospital that refuses what its own token endpoint gave: what that may mean. */
function explained(
  error: AdapterError,
  { clientId }: TokenSignIn,
  missing: readonly string[],
): AdapterError {
  const isRefused = error.code === 'sign-in-refused';
  if (!isRefused && missing.length === 0) return error;
  const lacks = `The token was granted without ${missing.join(' ')}, which we asked for.`;
  const elsewhere = `The token endpoint gave a token to ${clientId}, but the FHIR server refuses it: it may be that of another environment or tenant than base, or the client is not yet active there.`;
  const fix = isRefused
    ? 'Compare base and tokenUrl of this hospital with its registration; both belong to one environment.'
    : `Ask the hospital to grant ${missing.join(' ')} to our client ${clientId}.`;
  return new AdapterError(error.code, error.message, {
    fix,
    ...error.details,
    problems: [
      ...(error.details.problems ?? []),
      ...(isRefused ? [elsewhere] : []),
      ...(missing.length > 0 ? [lacks] : []),
    ],
  });
}
