/**
 * A hospital in a box: an in-memory FHIR R4 server on a port of its own, with a door for its staff (put, post,
 * remove), faults on demand and a log of what it was asked. It knows nothing of who uses it.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fhirPath, plainEntrance, staffPath, vendorEntrance } from './entrances.ts';
import type { FhirServer } from './exchange.ts';
import type { Fault } from './faults/kinds.ts';
import { Faults, type ListedFault } from './faults.ts';
import type { SandboxAuth } from './http-messages.ts';
import { type Door, handle } from './http-server.ts';
import { type JsonResource, plain } from './json.ts';
import { isLive, Repository, type Version } from './repository.ts';
import { type LoggedRequest, RequestLog } from './request-log.ts';
import { Snapshots } from './snapshots.ts';
import { type VendorName, vendorNamed } from './vendors/vendors.ts';

export type { Fault } from './faults/kinds.ts';
export type { ListedFault } from './faults.ts';
export type { SandboxAuth } from './http-messages.ts';
export type { LoggedRequest } from './request-log.ts';
export { type VendorName, vendorNames } from './vendors/vendors.ts';

export type SandboxOptions = {
  /** How the server behaves; `generic`, the default, is plain FHIR R4. */
  readonly vendor?: VendorName;
  /** Where tokens are to be had: the SMART configuration then names it, which else is a 404. */
  readonly tokenEndpoint?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** 127.0.0.1 by default: a sandbox is nobody else's business. */
  readonly host?: string;
  readonly clock?: () => Date;
  /** Ids for what is created without one; random by default. */
  readonly newId?: () => string;
  /** What is there at the start. A `meta.lastUpdated` in the past is kept, so that a ward has a history. */
  readonly resources?: readonly fhir4.Resource[];
  readonly auth?: SandboxAuth;
  /** The largest page, whatever `_count` says; 200 by default. */
  readonly maxCount?: number;
  /** The page without `_count`; 50 by default. */
  readonly defaultCount?: number;
  /** Bytes of a request body; 10 MB by default. */
  readonly maxBody?: number;
  /** Refuse references to what is not here (422) and deletion of what is referred to (409); off by default. */
  readonly referentialIntegrity?: boolean;
};

type TypeName = fhir4.FhirResource['resourceType'];
type Of<T extends TypeName> = Extract<fhir4.FhirResource, { resourceType: T }>;

export type Sandbox = {
  /** `http://127.0.0.1:PORT/fhir`, or with the path that the vendor has. */
  readonly base: string;
  /** Plain FHIR without the vendor's rules and without faults, on the same resources; the base where there is no vendor. */
  readonly staff: string;
  readonly origin: string;
  /** Stores a resource under its id as hospital staff would, unchecked; answers what is stored. */
  put<R extends fhir4.Resource>(resource: R): R;
  /** The same under a new id. */
  post<R extends fhir4.Resource>(resource: R): R;
  /** The current version; undefined if there is none, or it was deleted. */
  get<T extends TypeName>(type: T, id: string): Of<T> | undefined;
  remove(type: TypeName, id: string): void;
  all<T extends TypeName>(type: T): Of<T>[];
  count(type: TypeName): number;
  /** All versions, oldest first; a deletion is an entry without a resource. */
  history(type: TypeName, id: string): readonly Version[];
  readonly faults: {
    /** Plans a fault; returns its number in the list. */
    add(fault: Fault): number;
    clear(): void;
    list(): ListedFault[];
  };
  /** Oldest first; the newest grow their status while they are being answered. */
  readonly requests: readonly LoggedRequest[];
  /** Closes the port and cuts every connection at once. */
  stop(): Promise<void>;
};

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, host = '127.0.0.1', clock = () => new Date() } = options;
  const vendor = vendorNamed(options.vendor ?? 'generic');
  const repository = new Repository(clock, options.newId ?? vendor?.newId);
  for (const { resource, at } of byTime(options.resources ?? [], repository.now())) {
    repository.seed(resource, at);
  }
  const ownBases: string[] = [];
  const server: FhirServer = {
    repository,
    searches: new Snapshots(),
    histories: new Snapshots(),
    ownBases,
    defaultCount: options.defaultCount ?? 50,
    maxCount: options.maxCount ?? 200,
    referentialIntegrity: options.referentialIntegrity ?? false,
  };
  const faults = new Faults(() => repository.newestAt());
  const log = new RequestLog();
  const entrances: Door['entrances'] =
    vendor === undefined
      ? [plainEntrance(fhirPath, server, { faulty: true, tokenEndpoint: options.tokenEndpoint })]
      : [
          vendorEntrance(vendor, server, options.tokenEndpoint),
          plainEntrance(staffPath, server, { faulty: false }),
        ];
  const [{ path }] = entrances;
  const door: Door = {
    entrances,
    now: () => repository.now(),
    faults,
    log,
    auth: options.auth,
    maxBody: options.maxBody ?? 10_000_000,
    startedAt: new Date(repository.now()),
    address: () => new URL(origin).host,
  };
  const http = createServer((request, response) => {
    handle(door, request, response).catch((error: Error) => response.destroy(error));
  });
  // longer than a client keeps its idle connections, or a request meets a connection that is just being closed
  http.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, resolve);
  });
  const { port: taken } = http.address() as AddressInfo;
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
  for (const entrance of entrances) {
    ownBases.push(origin + entrance.path, `http://localhost:${taken}${entrance.path}`);
  }
  return {
    base: origin + path,
    staff: vendor === undefined ? origin + path : origin + staffPath,
    origin,
    put: (resource) => stored(repository, resource, idOf(resource)),
    post: (resource) =>
      stored(repository, resource, repository.freeId(resource.resourceType), 'POST'),
    get: (type, id) => {
      const version = repository.newest(type, id);
      return isLive(version) ? shown(version.resource) : undefined;
    },
    remove: (type, id) => {
      if (!isLive(repository.newest(type, id))) throw new Error(`There is no ${type}/${id}.`);
      repository.remove(type, id);
    },
    all: (type) => [...repository.live(type)].map(({ resource }) => shown(resource)),
    count: (type) => [...repository.live(type)].length,
    history: (type, id) => repository.history(type, id).reverse(),
    faults: {
      add: (fault) => faults.add(fault),
      clear: () => faults.clear(),
      list: () => faults.list(),
    },
    requests: log.entries,
    stop: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

function idOf(resource: fhir4.Resource): string {
  if (resource.id === undefined) throw new Error(`This ${resource.resourceType} has no id.`);
  return resource.id;
}

function stored<R extends fhir4.Resource>(
  repository: Repository,
  resource: R,
  id: string,
  method: 'PUT' | 'POST' = 'PUT',
): R {
  return shown(repository.write(plain(resource), id, method).resource);
}

/** The types meet JSON here: a copy, so that no test can reach into the server's memory. */
function shown<R>(resource: JsonResource | undefined): R {
  return structuredClone(resource) as R;
}

/** The resources of the start, oldest first; those without a time, or of the future, come last, now. */
function byTime(resources: readonly fhir4.Resource[], now: number) {
  return resources
    .map((resource) => {
      const at = Date.parse(resource.meta?.lastUpdated ?? '');
      const json = { ...plain(resource), id: idOf(resource) };
      return { resource: json, at: Number.isNaN(at) ? now : Math.min(at, now) };
    })
    .toSorted((one, two) => one.at - two.at);
}
