/**
 * The doors of one hospital: that of the chosen vendor, by which software comes in, and beside it one for the staff,
 * plain FHIR without any of the vendor's rules. Behind both is the same repository.
 */
import { capabilityStatement } from './capability.ts';
import { perform } from './dispatch.ts';
import type { Answer, FhirServer, Handler } from './exchange.ts';
import type { JsonObject } from './json.ts';
import type { Pair } from './search-query.ts';
import { statementOf } from './vendors/statement.ts';
import { performAs, type Vendor } from './vendors/vendor.ts';

export type Entrance = {
  /** The path of its base. */
  readonly path: string;
  readonly server: FhirServer;
  readonly perform: Handler;
  readonly statement: (base: string, date: Date, secured: boolean) => JsonObject;
  /** The answer to `.well-known/smart-configuration`, where there is one. */
  readonly smart?: (base: string) => Answer;
  /** The one parameter of a next link in place of the sandbox's own two. */
  readonly pageParameter?: string;
  /** Whether planned faults strike here. */
  readonly faulty: boolean;
};

export const fhirPath = '/fhir';
export const staffPath = '/staff/fhir';

/** The door of a server without a vendor's rules, which somebody who signs in by SMART may come in by. */
export function plainEntrance(
  path: string,
  server: FhirServer,
  more: Pick<Entrance, 'faulty'> & { readonly tokenEndpoint?: string | undefined },
): Entrance {
  const { faulty, tokenEndpoint } = more;
  return {
    path,
    server,
    perform: (at, call) => perform(at, call),
    statement: capabilityStatement,
    ...(tokenEndpoint === undefined ? {} : { smart: () => smartAnswer(plainSmart(tokenEndpoint)) }),
    faulty,
  };
}

export function vendorEntrance(
  vendor: Vendor,
  server: FhirServer,
  tokenEndpoint: string | undefined,
): Entrance {
  const { limits = {}, parameters, pageParameter } = vendor;
  const described = (base: string) => {
    if (tokenEndpoint === undefined) return undefined;
    return vendor.smart?.(base, tokenEndpoint) ?? plainSmart(tokenEndpoint);
  };
  return {
    path: vendor.path,
    server: { ...server, ...limits, ...(parameters === undefined ? {} : { parameters }) },
    perform: performAs(vendor),
    statement: (base, date) => statementOf(vendor, base, date),
    ...(pageParameter === undefined ? {} : { pageParameter }),
    smart: (base) => smartAnswer(described(base)),
    faulty: true,
  };
}

/** What SMART Backend Services need to know, and no more. */
function plainSmart(tokenEndpoint: string): JsonObject {
  return {
    token_endpoint: tokenEndpoint,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
    grant_types_supported: ['client_credentials'],
    scopes_supported: ['system/*.cruds'],
    capabilities: ['client-confidential-asymmetric', 'permission-v2'],
  };
}

function smartAnswer(body: JsonObject | undefined): Answer {
  const headers = { 'Content-Type': 'application/json' };
  if (body !== undefined) return { status: 200, headers, body };
  return { status: 404, headers: { 'Content-Type': 'text/plain' }, text: 'Not found' };
}

/** The door that an address leads to. */
export function entranceAt(entrances: readonly Entrance[], url: string): Entrance | undefined {
  return entrances.find(
    ({ path }) => url === path || url.startsWith(`${path}/`) || url.startsWith(`${path}?`),
  );
}

/** The query of a next link in the sandbox's own words. */
export function readPage({ pageParameter }: Entrance, query: readonly Pair[]): readonly Pair[] {
  if (pageParameter === undefined) return query;
  return query.flatMap(([name, value]): Pair[] => {
    if (name !== pageParameter) return [[name, value]];
    const [snapshot = '', offset = ''] = Buffer.from(value, 'base64url').toString().split(' ');
    return [
      ['_snapshot', snapshot],
      ['_offset', offset],
    ];
  });
}

/** The links of an answer as this door writes them. */
export function writtenPages({ pageParameter }: Entrance, answer: Answer): Answer {
  const { body } = answer;
  if (pageParameter === undefined || body === undefined || !Array.isArray(body.link)) return answer;
  const written = (_pair: string, snapshot: string, offset: string) =>
    `${pageParameter}=${Buffer.from(`${snapshot} ${offset}`).toString('base64url')}`;
  const link = body.link.map((one) => {
    const { url, ...rest } = one as JsonObject;
    return { ...rest, url: String(url).replace(ownPair, written) };
  });
  return { ...answer, body: { ...body, link } };
}

const ownPair = /_snapshot=([^&]*)&_offset=([^&]*)/;

/** Whether an address as sent follows a next link. */
export function isLater({ pageParameter = '_snapshot' }: Entrance, url: string): boolean {
  return new URLSearchParams(url.split('?')[1] ?? '').has(pageParameter);
}
