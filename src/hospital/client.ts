/**
 * One hospital's FHIR interactions. The only file that knows fhir-kit-client, which builds addresses and bodies and calls
 * fetch; everything that it lacks (timeouts, limits, origin rules, judged answers, one kind of error) is added around it.
 * What it returns carries the request with its Authorization header in hidden properties, so only copies leave here.
 */
import { Client } from 'fhir-kit-client';
import { AdapterError } from '../core/errors.ts';
import { localReference } from '../fhir/reference.ts';
import {
  type Answer,
  expectResource,
  expectStatement,
  expectWritten,
  outcomePage,
  type Received,
  type ResourceType,
  unseenAnswer,
} from './answer.ts';
import { type Capabilities, readCapabilities, undeclared } from './capabilities.ts';
import type { HospitalConnection } from './connection.ts';
import { type Ask, type ExchangeDeps, exchanging, type Send } from './exchange.ts';
import { type Asked, type Judging, refuseSpentDay } from './faults.ts';
import { type GateDeps, openGate } from './gate.ts';
import type { MeaningOf } from './issue-meanings.ts';
import { type NextLink, nextLink } from './next-link.ts';
import { type Patience, retryRead } from './retry.ts';
import { loggedPath, type ServiceBase, serviceBase } from './service-base.ts';
import type { SigningKey } from './sign-in/assertion.ts';
import { plainRequests } from './sign-in/plain-request.ts';
import { openSignIn } from './sign-in/sign-in.ts';
import { type Discovered, discoverSmart } from './sign-in/smart-configuration.ts';
import { refuseTheirs } from './theirs.ts';
import { defaultLimits, openTransport, type Transport, type TransportLimits } from './transport.ts';

export interface ClientDeps
  extends ExchangeDeps,
    Patience,
    Pick<GateDeps, 'spentSince' | 'onCircuit' | 'circuit'> {
  readonly limits?: Partial<TransportLimits>;
  /** Our live keys, asked for with each token: for signIn smart-backend. */
  readonly signingKeys?: (() => Promise<readonly SigningKey[]>) | undefined;
}

/** A Bundle of any resources. */
export type AnyBundle = fhir4.Bundle<fhir4.FhirResource>;

export type SearchParams = readonly (readonly [name: string, value: string | number | undefined])[];

export interface ReadOptions {
  /** A look that belongs to a write: it may use what reading leaves of the budget of a day. */
  readonly forWrite?: boolean | undefined;
}

export interface SearchOptions extends ReadOptions {
  /** Whether the server shall refuse what it does not understand, or drop it (R4 search.html#errors). */
  readonly handling?: 'strict' | 'lenient';
}

export interface HospitalClient {
  readonly base: ServiceBase;
  /** Reads `Type/id`, or an absolute reference into this server; anything else is refused without a request. */
  read<R extends fhir4.FhirResource = fhir4.FhirResource>(
    reference: string,
    options?: ReadOptions,
  ): Promise<Answer<R>>;
  search(
    type: ResourceType,
    params: SearchParams,
    options?: SearchOptions,
  ): Promise<Answer<AnyBundle>>;
  /**
   * Follows a paging link as the server gave it. One that names another host is laid onto the base, where that is allowed
   * and fits; else it throws `foreign-origin`.
   */
  nextPage(url: string): Promise<Answer<AnyBundle>>;
  /** The address that `nextPage` would ask. */
  pageAddress(url: string): NextLink;
  /** What an issue code of this server product means, as far as it is known. */
  readonly meaningOf: MeaningOf;
  /** Name of the search parameter for the size of a page. */
  countParam(): string;
  /** `ifNoneExist`: search parameters, e.g. `identifier=system%7Cvalue`. Status 200 then means that it existed. */
  create<R extends fhir4.FhirResource>(
    resource: R,
    options?: { readonly ifNoneExist?: string },
  ): Promise<Answer<R>>;
  /** `ifMatch`: the ETag exactly as it was received. */
  update<R extends fhir4.FhirResource>(
    resource: R,
    options?: { readonly ifMatch?: string },
  ): Promise<Answer<R>>;
  transaction(bundle: AnyBundle): Promise<Answer<AnyBundle>>;
  capabilities(): Promise<Capabilities>;
  /** What the server says about signing in; asked without a token, and each time anew. */
  smartConfiguration(): Promise<Discovered>;
  /** Scopes that we asked for and were not granted, of the last token. */
  missingScopes(): readonly string[];
  /** Waits for exchanges under way, then closes the sockets. */
  close(): Promise<void>;
}

/** Opens the client of one hospital; nothing is sent before the first call. */
export function openClient(connection: HospitalConnection, deps: ClientDeps): HospitalClient {
  const base = serviceBase(connection.base);
  const {
    timezone,
    meaningOf = () => undefined,
    countParam = () => '_count',
    pagingHost = 'rebase',
    limits = {},
  } = connection;
  const { connections, maxBytes, perMinute, perDay } = limits;
  const transport = openTransport(
    base,
    {
      ...defaultLimits,
      ...(connection.timeouts && { timeouts: connection.timeouts }),
      ...(connections !== undefined && { connections }),
      ...(maxBytes !== undefined && { maxBytes }),
      ...deps.limits,
    },
    { tls: connection.tls, proxy: connection.proxy, env: deps.env },
  );
  const plain = plainRequests({ ...deps, connection });
  const signedIn = openSignIn(connection.signIn, base, {
    ...deps,
    nowMs: () => Date.parse(deps.clock()),
    ask: plain.ask,
  });
  const means = {
    signedIn,
    gate: openGate(connection.id, { timezone, perMinute, perDay }, deps),
    send: sending(base, transport),
  };
  const exchange = exchanging(connection, base, transport, means, deps);
  const judging = (): Judging => ({ nowMs: Date.parse(deps.clock()), meaningOf, timezone });

  function ask(method: Asked['method'], url: string, more: Partial<Ask> = {}): Ask {
    return { ...more, method, url, path: loggedPath(base, url) };
  }

  function get<R extends fhir4.FhirResource>(
    url: string,
    type: string,
    { handling, forWrite }: SearchOptions = {},
  ): Promise<Answer<R>> {
    const isSearch = type === 'Bundle';
    const asked = ask('GET', url, {
      ...(handling !== undefined && { headers: { prefer: `handling=${handling}` } }),
      ...(forWrite && { forWrite }),
      ...(isSearch && { takes: (got) => outcomePage(got, meaningOf) !== undefined }),
    });
    const accept = (got: Received) => {
      refuseSpentDay(got, asked, judging());
      const shown = (isSearch && outcomePage(got, meaningOf)) || got;
      return expectResource<R>(shown, type, asked, judging());
    };
    return retryRead(() => exchange(asked, accept), deps);
  }

  /** The address that was last found to be one of our base. */
  let inside: NextLink | undefined;

  const client: HospitalClient = {
    base,
    async read<R extends fhir4.FhirResource>(reference: string, options?: ReadOptions) {
      const local = localReference(reference, base.href);
      if (local === undefined) throw notReadable(reference);
      const [type = '', id = ''] = local.split('/');
      return get<R>(`${base.href}/${type}/${encodeURIComponent(id)}`, type, options);
    },
    async search(type, params, options) {
      const query = new URLSearchParams();
      // A parameter without a value would go out as the word `undefined`, which matches nothing or everything.
      for (const [name, value] of params)
        if (value !== undefined) query.append(name, String(value));
      const url = query.size === 0 ? `${base.href}/${type}` : `${base.href}/${type}?${query}`;
      return get<AnyBundle>(url, 'Bundle', options);
    },
    async nextPage(url) {
      const { href } = url === inside?.href ? inside : nextLink(base, url, pagingHost);
      return get<AnyBundle>(href, 'Bundle');
    },
    pageAddress(url) {
      inside = nextLink(base, url, pagingHost);
      return inside;
    },
    meaningOf,
    countParam,
    async create(resource, { ifNoneExist } = {}) {
      refuseTheirs(resource);
      const asked = ask('POST', `${base.href}/${resource.resourceType}`, {
        body: resource,
        ...(ifNoneExist !== undefined && {
          ifNoneExist: true,
          headers: { 'if-none-exist': ifNoneExist },
        }),
      });
      return written(asked, resource);
    },
    async update(resource, { ifMatch } = {}) {
      refuseTheirs(resource);
      if (!resource.id)
        throw new AdapterError('internal', `An update of ${resource.resourceType} needs an id.`);
      const asked = ask(
        'PUT',
        `${base.href}/${resource.resourceType}/${encodeURIComponent(resource.id)}`,
        {
          body: resource,
          ...(ifMatch !== undefined && { headers: { 'if-match': ifMatch } }),
        },
      );
      return written(asked, resource);
    },
    async transaction(bundle) {
      refuseTheirs(bundle);
      // To the base itself: the library would add a slash, which some servers route elsewhere.
      const asked = ask('POST', base.href, { body: bundle });
      return exchange(asked, (got) => expectResource<AnyBundle>(got, 'Bundle', asked, judging()));
    },
    async capabilities() {
      const asked = ask('GET', `${base.href}/metadata`, {
        allowed: statementAllowance,
        // Asked for once in a while, and no write goes out without it.
        forWrite: true,
      });
      const accept = (got: Received) => expectStatement(got, asked, judging());
      try {
        return readCapabilities(await retryRead(() => exchange(asked, accept), deps));
      } catch (thrown) {
        return undeclared(thrown);
      }
    },
    smartConfiguration: () => retryRead(() => discoverSmart(base, plain.ask), deps),
    missingScopes: () => signedIn.missingScopes(),
    async close() {
      await transport.close();
      await plain.close();
    },
  };

  async function written<R extends fhir4.FhirResource>(asked: Ask, sent: R): Promise<Answer<R>> {
    const { received, proof } = await exchange(asked, (got) => ({
      received: got,
      proof: expectWritten(got, sent, asked),
    }));
    if ('shown' in proof) return proof.shown;
    const { status, requestId, ms } = received;
    try {
      const seen = await client.read<R>(`${sent.resourceType}/${proof.at.id}`, { forWrite: true });
      return { ...seen, status, requestId, ms };
    } catch (thrown) {
      if (!(thrown instanceof AdapterError)) throw thrown;
      // The write is proven. An error here would send it again; so it is reported as done, but not seen.
      return unseenAnswer(received, sent, proof.at);
    }
  }

  return client;
}

/** A statement may be large and slow to make: 1.9 MB and more (Q35). */
const statementAllowance = { waitMs: 60_000, maxBytes: 8 * 1024 * 1024 };

/** fhir-kit-client behind our seam: its three ways to fail become an answer, or the thrown thing that there is. */
function sending(base: ServiceBase, { dispatcher }: Transport): Send {
  // `manual`: fetch would follow a redirect to any host. `agent` would be ignored, so the pool goes in as dispatcher.
  const kit = new Client({
    baseUrl: base.href,
    requestOptions: { dispatcher, redirect: 'manual' },
  });
  return async ({ method, url, body }, { headers, signal }) => {
    try {
      const options = { headers, signal };
      const data = await kit.request(url, { method, options, ...(body && { body }) });
      const { response } = Client.httpFor(data);
      if (!response) throw new AdapterError('internal', 'fhir-kit-client gave no response.');
      return { status: response.status, headers: response.headers, body: { ...data } };
    } catch (thrown) {
      if (!isAnswered(thrown)) throw thrown;
      const { status, data } = thrown.response;
      // A text is a body that is no JSON: HTML of a proxy, XML, or JSON that was cut off.
      return {
        status,
        headers: thrown.config.headers,
        body: typeof data === 'string' ? undefined : data,
      };
    }
  };
}

/** The library throws for 4xx, 5xx and for bodies that are no JSON; the answer's headers are under `config`. */
function isAnswered(
  thrown: unknown,
): thrown is { response: { status: number; data: unknown }; config: { headers: Headers } } {
  return (
    thrown instanceof Error &&
    'response' in thrown &&
    'config' in thrown &&
    typeof thrown.config === 'object' &&
    thrown.config !== null &&
    'headers' in thrown.config &&
    thrown.config.headers instanceof Headers
  );
}

function notReadable(reference: string): AdapterError {
  const isElsewhere = /^https?:/i.test(reference);
  return isElsewhere
    ? new AdapterError(
        'foreign-origin',
        'A reference leads to another server; it was not followed.',
      )
    : new AdapterError(
        'not-found',
        'A reference that is not Type/id cannot be read from the hospital.',
      );
}
