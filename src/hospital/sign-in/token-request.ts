/**
 * One request for a token (RFC 6749 §4.4; SMART App Launch 2.2, backend services) and its judged answer: a token, a
 * refusal for the doctor, or an error of what may pass by itself. Neither token nor secret is part of any of the latter.
 */
import { AdapterError } from '../../core/errors.ts';
import { retryAfterMs } from '../retry-after.ts';
import { loggedAddress, type PlainAnswer, type PlainRequest } from './plain-request.ts';
import { missingScopes } from './scopes.ts';
import { objectOf, type SmartConfiguration } from './smart-configuration.ts';
import { type ClientShown, oddAnswers, type TokenRefusal } from './token-doctor.ts';
import type { TokenEndpoint } from './token-endpoint.ts';

/** What is asked for, and of whom. */
export interface TokenAsk {
  readonly endpoint: TokenEndpoint;
  readonly scopes: readonly string[];
  readonly configuration?: SmartConfiguration | undefined;
}

/** How we say who we are, as it goes out. */
export interface ClientProof {
  readonly shown: ClientShown;
  readonly form?: Readonly<Record<string, string>>;
  readonly authorization?: string;
}

export interface Token {
  readonly accessToken: string;
  readonly lifeMs: number;
  /** What was asked for and not granted. */
  readonly missing: readonly string[];
}

export type TokenOutcome = { readonly token: Token } | { readonly refusal: TokenRefusal };

/** For a server that does not say; the most that SMART allows. */
const usualLifeMs = 300_000;
const longestLifeMs = 24 * 3_600_000;
/** For a token endpoint that is busy and does not say for how long. */
const unsaidWaitMs = 10_000;

/** Codes that some servers answer with where the standard has a status. */
const passingErrors: Readonly<Record<string, 'hospital-busy' | 'hospital-fault'>> = {
  temporarily_unavailable: 'hospital-busy',
  slow_down: 'hospital-busy',
  server_error: 'hospital-fault',
};

/** RFC 6749 §5.2: with these the status may be anything. */
const refusals: readonly string[] = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
];

export function requestToken(
  ask: PlainRequest,
  wanted: TokenAsk,
  { shown, form = {}, authorization }: ClientProof,
): Promise<TokenOutcome> {
  return ask(
    {
      method: 'POST',
      url: wanted.endpoint.url,
      form: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: wanted.scopes.join(' '),
        ...form,
      }),
      ...(authorization !== undefined && { authorization }),
    },
    (answer) => judged(answer, wanted, shown),
    (outcome) => ('refusal' in outcome ? 'sign-in-refused' : undefined),
  );
}

function judged(answer: PlainAnswer, wanted: TokenAsk, client: ClientShown): TokenOutcome {
  const { status, headers, text, receivedMs } = answer;
  const body = objectOf(text);
  const said = typeof body?.error === 'string' ? body.error : undefined;
  const serverMs = Date.parse(headers.get('date') ?? '');
  const refused = (error: string | undefined): TokenOutcome => ({
    refusal: {
      ...wanted,
      status,
      error,
      client,
      ...(!Number.isNaN(serverMs) && { clockAheadMs: receivedMs - serverMs }),
    },
  });
  if (status >= 300 && status < 400) return refused(oddAnswers.redirect);
  if (said !== undefined && refusals.includes(said)) return refused(said);
  const passing = passingError(said) ?? passingStatus(answer);
  if (passing) throw later(passing, answer, wanted.endpoint);
  if (status >= 400) return refused(said);
  if (body === undefined) return refused(oddAnswers.noJson);
  const token = body.access_token;
  // What is no printable word would break the header, and fetch would print it.
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token))
    return refused(oddAnswers.noToken);
  if (typeof body.token_type === 'string' && !/^bearer$/i.test(body.token_type.trim()))
    return refused(oddAnswers.tokenType);
  return {
    token: {
      accessToken: token,
      lifeMs: lifeMs(body.expires_in),
      missing: missingScopes(wanted.scopes, grantedScopes(body.scope) ?? wanted.scopes),
    },
  };
}

/** The code is whatever the server wrote: `constructor` is no row of the table. */
function passingError(said: string | undefined) {
  return said !== undefined && Object.hasOwn(passingErrors, said) ? passingErrors[said] : undefined;
}

function passingStatus({ status, headers, receivedMs }: PlainAnswer) {
  if (status === 429) return 'hospital-busy';
  if (status === 503 && retryAfterMs(headers, receivedMs) !== undefined) return 'hospital-busy';
  return status === 408 || (status >= 500 && status !== 501) ? 'hospital-fault' : undefined;
}

function later(
  code: 'hospital-busy' | 'hospital-fault',
  { status, headers, receivedMs }: PlainAnswer,
  { url }: TokenEndpoint,
): AdapterError {
  const waitMs = retryAfterMs(headers, receivedMs) ?? unsaidWaitMs;
  return new AdapterError(code, `POST ${loggedAddress(url)} was answered with ${status}.`, {
    about: loggedAddress(url),
    status,
    ...(code === 'hospital-busy' && { retryAfterMs: waitMs }),
  });
}

/** Some servers write the number as a text; none, nothing or a negative life means that it is not said. */
function lifeMs(expiresIn: unknown): number {
  const seconds = typeof expiresIn === 'string' ? Number(expiresIn.trim() || NaN) : expiresIn;
  if (typeof seconds !== 'number' || !(seconds > 0)) return usualLifeMs;
  return Math.min(seconds * 1000, longestLifeMs);
}

/** Undefined when the answer does not say, which means: as asked for (RFC 6749 §5.1). */
function grantedScopes(scope: unknown): readonly string[] | undefined {
  if (Array.isArray(scope)) return scope.filter((one) => typeof one === 'string');
  return typeof scope === 'string' ? scope.split(/\s+/).filter(Boolean) : undefined;
}
