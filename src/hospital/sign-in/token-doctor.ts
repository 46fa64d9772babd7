/**
 * Why a token was refused. Servers answer most mistakes with the one word `invalid_client`; what was sent, what the server
 * says about itself and its clock tell more. Each row of the table is one thing that may be wrong: how much speaks for
 * it, and what to do. Of the server’s answer only the error code is repeated, since its prose may quote what we sent.
 */
import { AdapterError } from '../../core/errors.ts';
import type { SigningAlgorithm } from './assertion.ts';
import { loggedAddress } from './plain-request.ts';
import type { SmartConfiguration } from './smart-configuration.ts';
import type { TokenEndpoint } from './token-endpoint.ts';

/** How we said who we are. */
export type ClientShown =
  | {
      readonly type: 'smart-backend';
      readonly clientId: string;
      readonly kid: string;
      readonly algorithm: SigningAlgorithm;
      readonly keyAgeMs: number;
    }
  | { readonly type: 'client-secret'; readonly clientId: string; readonly auth: 'basic' | 'post' };

export interface TokenRefusal {
  readonly status: number;
  /** `error` of RFC 6749 §5.2, or what is odd about the answer. */
  readonly error?: string | undefined;
  /** How far our clock is ahead of the `Date` of the answer; negative when it is behind. */
  readonly clockAheadMs?: number | undefined;
  readonly endpoint: TokenEndpoint;
  readonly client: ClientShown;
  readonly scopes: readonly string[];
  readonly configuration?: SmartConfiguration | undefined;
  /** Another key of ours that was tried after this one and refused too. */
  readonly alsoTried?: string | undefined;
}

interface Suspicion {
  /** What speaks for it, from 0 (nothing) to 100 (certain). */
  weighs(refusal: TokenRefusal): number;
  says(refusal: TokenRefusal): string;
  fix(refusal: TokenRefusal): string;
}

/** Odd answers get an `error` of ours, with a hyphen, which no code of the standard has. */
export const oddAnswers = {
  redirect: 'a-redirect',
  noJson: 'no-json',
  noToken: 'no-token',
  tokenType: 'not-bearer',
} as const;

const minute = 60_000;
const mostSaid = 5;

/** Whether the server did not believe that it is us: also where it says so by status alone. */
export function isClientRefused({ status, error }: TokenRefusal): boolean {
  return error === 'invalid_client' || (error === undefined && (status === 401 || status === 403));
}

/** A JWT that is not believed is `invalid_client` on most servers and `invalid_grant` on some. */
function isAssertionRefused(refusal: TokenRefusal): boolean {
  const { client, error, status } = refusal;
  if (client.type !== 'smart-backend') return false;
  return (
    isClientRefused(refusal) ||
    error === 'invalid_grant' ||
    error === 'invalid_request' ||
    (error === undefined && status === 400)
  );
}

const methodOf = (client: ClientShown) =>
  client.type === 'smart-backend' ? 'private_key_jwt' : `client_secret_${client.auth}`;

/** Scopes that the server does not list, by name or by a wildcard of its own. */
function unlisted({ scopes, configuration }: TokenRefusal): readonly string[] {
  const listed = configuration?.scopes;
  if (listed === undefined || listed.length === 0) return [];
  const typesOf = (scope: string) => scope.replace(/\..*$/, '');
  const known = new Set(listed.map(typesOf));
  return scopes.filter(
    (scope) => !known.has(typesOf(scope)) && !known.has(typesOf(scope).replace(/\/.*/, '/*')),
  );
}

const clockWords = (ms: number) => {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const size = seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
  return `${size} ${ms > 0 ? 'ahead of' : 'behind'}`;
};

const table: readonly Suspicion[] = [
  {
    weighs: ({ error }) => (error === oddAnswers.redirect ? 100 : 0),
    says: ({ endpoint }) =>
      `The token endpoint ${loggedAddress(endpoint.url)} redirects; what proves who we are does not follow a redirect.`,
    fix: () => 'Set tokenUrl in signIn of this hospital to the address that answers by itself.',
  },
  {
    weighs: ({ error }) => (error === oddAnswers.tokenType ? 100 : 0),
    says: () =>
      'The token that was given is no bearer token (token_type), and no other is used here.',
    fix: () => 'Ask the hospital to issue bearer tokens to our client.',
  },
  {
    weighs(refusal) {
      if (!isAssertionRefused(refusal)) return 0;
      const off = Math.abs(refusal.clockAheadMs ?? 0);
      return off > 5 * minute ? 99 : off > minute ? 65 : 0;
    },
    says: ({ clockAheadMs = 0 }) =>
      `The clock of this machine is ${clockWords(clockAheadMs)} the clock of the server${Math.abs(clockAheadMs) > 5 * minute ? '' : ', which a server need not accept'}.`,
    fix: () => 'Set the clock of this machine by a time server (NTP); then run a sync.',
  },
  {
    weighs({ configuration, error }) {
      if (
        configuration?.grants === undefined ||
        configuration.grants.includes('client_credentials')
      )
        return 0;
      return error === 'unsupported_grant_type' || error === 'unauthorized_client' ? 95 : 40;
    },
    says: () =>
      'The server does not list the grant client_credentials, the one for services without a user.',
    fix: () => 'Ask the hospital to switch on the grant client_credentials for our client.',
  },
  {
    weighs({ configuration, client, error }) {
      const listed = configuration?.authMethods;
      if (listed === undefined || listed.includes(methodOf(client))) return 0;
      return error === 'invalid_scope' ? 20 : 92;
    },
    says: ({ configuration, client }) =>
      `We prove who we are by ${methodOf(client)}, but the server lists ${wordsOf(configuration?.authMethods)}.`,
    fix: ({ client }) =>
      client.type === 'smart-backend'
        ? 'Ask the hospital for SMART Backend Services (private_key_jwt), or use signIn: { type: client-secret, … }.'
        : 'Set auth in signIn to the other of basic and post, or use signIn: { type: smart-backend, … }.',
  },
  {
    weighs({ configuration, client }) {
      const listed = configuration?.algorithms;
      if (client.type !== 'smart-backend' || listed === undefined || listed.length === 0) return 0;
      return listed.includes(client.algorithm) ? 0 : 90;
    },
    says: ({ configuration, client }) =>
      `We sign with ${client.type === 'smart-backend' ? client.algorithm : ''}, but the server lists ${wordsOf(configuration?.algorithms)}.`,
    fix: () =>
      'Take algorithm out of signIn, or set it to one that is listed, and make a key of it: massage-fhir keys new --alg …',
  },
  {
    weighs: (refusal) =>
      refusal.error === 'invalid_scope' ? (unlisted(refusal).length > 0 ? 90 : 60) : 0,
    says(refusal) {
      const names = unlisted(refusal);
      return names.length === 0
        ? 'One of the scopes that we ask for is not granted to our client.'
        : `These scopes are not among those that the server lists: ${names.join(' ')}.`;
    },
    fix: (refusal) =>
      `Ask the hospital to grant them, or set scopes in signIn to what is granted${kept(refusal)}.`,
  },
  {
    weighs(refusal) {
      const { endpoint, status, error } = refusal;
      if (endpoint.otherwise === undefined) return 0;
      return status === 404 || status === 405 || error === oddAnswers.noJson
        ? 95
        : isAssertionRefused(refusal)
          ? 80
          : 30;
    },
    says: ({ endpoint }) =>
      `The token URL of the settings is ${loggedAddress(endpoint.url)}, but the server names ${loggedAddress(endpoint.otherwise ?? endpoint.url)}; the assertion has to name its own (aud).`,
    fix: ({ endpoint }) =>
      `Ask which is right. If it is that of the server, set tokenUrl: ${endpoint.otherwise === undefined ? '' : new URL(endpoint.otherwise).href.slice(0, 500)}`,
  },
  {
    weighs: ({ status, error }) =>
      error === oddAnswers.noJson ||
      error === oddAnswers.noToken ||
      status === 404 ||
      status === 405
        ? 75
        : 0,
    says: ({ endpoint, status }) =>
      `Nothing that gives tokens answers at ${loggedAddress(endpoint.url)} (status ${status}).`,
    fix: () =>
      'Check tokenUrl in signIn of this hospital, and that no proxy or sign-in page stands before it.',
  },
  {
    weighs: ({ error }) => (error === 'unauthorized_client' ? 70 : 0),
    says: ({ client }) => `The client ${client.clientId} is known, but may not use this grant.`,
    fix: () =>
      'Ask the hospital to switch on client_credentials for our client, and to activate it.',
  },
  {
    weighs: ({ error }) => (error === 'unsupported_grant_type' ? 60 : 0),
    says: () => 'The token endpoint does not take the grant client_credentials.',
    fix: () => 'Check tokenUrl: the hospital may have another token endpoint for backend services.',
  },
  {
    weighs(refusal) {
      if (!isAssertionRefused(refusal) || refusal.client.type !== 'smart-backend') return 0;
      return refusal.client.keyAgeMs < 60 * minute ? 70 : 50;
    },
    says: (refusal) => {
      const { client, alsoTried } = refusal;
      if (client.type !== 'smart-backend') return '';
      const young =
        client.keyAgeMs < 60 * minute
          ? ' It is less than an hour old, and a server may keep our key set for a while.'
          : '';
      const other =
        alsoTried === undefined ? '' : ` Our other live key (${alsoTried}) was refused too.`;
      return `The server may not have our key ${client.kid} (kid).${young}${other}`;
    },
    fix: () =>
      'Check that the hospital can fetch our key set (/.well-known/jwks.json of this adapter) over https without sign-in and that its address is registered; else give it the key set of massage-fhir keys list --json.',
  },
  {
    weighs: (refusal) =>
      refusal.client.type === 'client-secret' &&
      (isClientRefused(refusal) || refusal.error === 'invalid_grant')
        ? 55
        : 0,
    says: ({ client }) =>
      `The secret does not belong to the client ${client.clientId}, has expired, or was replaced.`,
    fix: () => 'Put the current secret where signIn.secret points to; it is read for each token.',
  },
  {
    weighs: (refusal) => (isClientRefused(refusal) || isAssertionRefused(refusal) ? 45 : 0),
    says: ({ client }) =>
      `The server may not know the client ${client.clientId}, or it is not active.`,
    fix: () =>
      'Compare clientId with the registration; test and production may have different ones.',
  },
  {
    weighs: (refusal) =>
      isAssertionRefused(refusal) && refusal.endpoint.otherwise === undefined ? 30 : 0,
    says: ({ endpoint }) =>
      `The server may expect another audience (aud) than ${loggedAddress(endpoint.url)}.`,
    fix: () =>
      'Set tokenUrl in signIn to the address that the hospital registered, letter by letter.',
  },
  {
    weighs: () => 10,
    says: () => 'The server does not say what it refuses.',
    fix: () =>
      'Ask the hospital what its authorization server wrote into its log about this request (X-Request-Id).',
  },
];

/** What is likely wrong, the most likely first. */
export function suspicions(refusal: TokenRefusal): readonly { says: string; fix: string }[] {
  return table
    .map((one) => ({ one, weight: one.weighs(refusal) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, mostSaid)
    .map(({ one }) => ({ says: one.says(refusal), fix: one.fix(refusal) }));
}

/** The refusal as an error that says what to look at. */
export function tokenRefused(refusal: TokenRefusal): AdapterError {
  const { endpoint, status, error } = refusal;
  const found = suspicions(refusal);
  const [first] = found;
  const said = error !== undefined && /^[a-z_]{3,40}$/.test(error) ? ` ${error}` : '';
  return new AdapterError(
    'sign-in-refused',
    `We were given no token: POST ${loggedAddress(endpoint.url)} was answered with ${status}${said}. Most likely: ${first?.says}`,
    {
      about: loggedAddress(endpoint.url),
      status,
      problems: found.map(({ says }) => says),
      ...(first && { fix: first.fix }),
      spec: 'https://www.rfc-editor.org/rfc/rfc6749#section-5.2',
    },
  );
}

function wordsOf(list: readonly string[] | undefined): string {
  return list === undefined || list.length === 0
    ? 'none'
    : list.slice(0, 8).map(plainWord).join(', ').slice(0, 200);
}

/** A word of the server as it may be shown: nothing that moves a cursor or begins a line of its own. */
function plainWord(word: string): string {
  return word.replace(/[^\x20-\x7e]+/g, '…');
}

/** The setting that leaves out what the server does not list. */
function kept(refusal: TokenRefusal): string {
  const out = new Set(unlisted(refusal));
  const rest = refusal.scopes.filter((one) => !out.has(one));
  return out.size === 0 || rest.length === 0 ? '' : `: scopes: [${rest.join(', ')}]`;
}
