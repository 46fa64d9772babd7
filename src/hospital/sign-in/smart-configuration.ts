/**
 * What a server says about signing in: `{base}/.well-known/smart-configuration` (SMART App Launch 2.2, conformance). Read
 * generously, since it is written by hand on many servers; a list that is missing says nothing, an empty one says none.
 */
import { AdapterError } from '../../core/errors.ts';
import { retryAfterMs } from '../retry-after.ts';
import type { ServiceBase } from '../service-base.ts';
import { loggedAddress, type PlainAnswer, type PlainRequest } from './plain-request.ts';

/** Each list is undefined where the server does not give one. */
export interface SmartConfiguration {
  readonly issuer?: string;
  /** Absolute. */
  readonly tokenUrl?: string;
  /** `grant_types_supported` */
  readonly grants?: readonly string[];
  /** `token_endpoint_auth_methods_supported` */
  readonly authMethods?: readonly string[];
  /** `token_endpoint_auth_signing_alg_values_supported` */
  readonly algorithms?: readonly string[];
  /** `permission-v2`, `client-confidential-asymmetric` … */
  readonly capabilities?: readonly string[];
  /** Not exhaustive: a server may support scopes that it does not list. */
  readonly scopes?: readonly string[];
  /** What is not as the standard has it, a sentence each. */
  readonly odd: readonly string[];
}

export type Discovered =
  | { readonly found: true; readonly configuration: SmartConfiguration }
  /** Finishes "There is no SMART configuration: …". */
  | { readonly found: false; readonly why: string };

/** Asks the server; throws only what may pass by itself. No token goes along: the address is public. */
export function discoverSmart(base: ServiceBase, ask: PlainRequest): Promise<Discovered> {
  const url = `${base.href}/.well-known/smart-configuration`;
  return ask({ method: 'GET', url }, (answer) => discovered(answer, base));
}

function discovered(answer: PlainAnswer, base: ServiceBase): Discovered {
  const { status, text } = answer;
  if (status === 429 || status === 408 || (status >= 500 && status !== 501))
    throw later(answer, base);
  if (status !== 200) return { found: false, why: `its address was answered with ${status}` };
  const value = objectOf(text);
  if (value === undefined)
    return { found: false, why: 'its address was answered with something that is no JSON object' };
  return { found: true, configuration: readSmartConfiguration(value, base) };
}

/** Reads what was sent, whatever it is. Relative addresses are resolved against the base. */
export function readSmartConfiguration(value: unknown, base: ServiceBase): SmartConfiguration {
  const given = isObject(value) ? value : {};
  const odd: string[] = [];
  const textOf = (name: string): string | undefined => {
    const found = given[name];
    if (found === undefined || found === null) return undefined;
    if (typeof found === 'string' && found !== '') return found;
    odd.push(`${name} is no text`);
    return undefined;
  };
  const listOf = (name: string): readonly string[] | undefined => {
    const found = given[name];
    if (found === undefined || found === null) return undefined;
    // Some servers write one text with spaces, as OAuth has it for scopes.
    const items = typeof found === 'string' ? found.split(/\s+/).filter(Boolean) : found;
    if (items !== found) odd.push(`${name} is a text where a list belongs`);
    if (Array.isArray(items) && items.every((one) => typeof one === 'string')) return items;
    odd.push(`${name} is no list of texts`);
    return Array.isArray(items) ? items.filter((one) => typeof one === 'string') : undefined;
  };
  const addressOf = (name: string): string | undefined => {
    const text = textOf(name);
    if (text === undefined) return undefined;
    const address = absoluteAddress(text, base);
    if (address === undefined) odd.push(`${name} is no address`);
    return address;
  };
  const read = {
    issuer: textOf('issuer'),
    tokenUrl: addressOf('token_endpoint'),
    grants: listOf('grant_types_supported'),
    authMethods: listOf('token_endpoint_auth_methods_supported'),
    algorithms: listOf('token_endpoint_auth_signing_alg_values_supported'),
    capabilities: listOf('capabilities'),
    scopes: listOf('scopes_supported'),
  };
  const said = Object.entries(read).filter(([, one]) => one !== undefined);
  return { ...Object.fromEntries(said), odd };
}

/**
 * An address of the server, resolved against the base where it is relative. One that is absolute stays letter by letter,
 * since a server compares the audience of an assertion with the address as it wrote it.
 */
export function absoluteAddress(text: string, base: ServiceBase): string | undefined {
  const url = URL.parse(text, `${base.href}/`);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  return URL.canParse(text) ? text.trim() : url.href;
}

/** The JSON object that a text holds, if it does. */
export function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // whatever it is, it is no JSON: HTML of a proxy, a text
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Answers that say nothing about whether there is a configuration. */
function later({ status, headers, receivedMs }: PlainAnswer, base: ServiceBase): AdapterError {
  const about = loggedAddress(`${base.href}/.well-known/smart-configuration`);
  const waitMs = retryAfterMs(headers, receivedMs);
  return new AdapterError(
    status === 429 || (status === 503 && waitMs !== undefined) ? 'hospital-busy' : 'hospital-fault',
    `GET ${about} was answered with ${status}.`,
    { about, status, ...(waitMs !== undefined && { retryAfterMs: waitMs }) },
  );
}
