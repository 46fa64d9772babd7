/**
 * One request and one answer, free of HTTP: what the handlers work on, whether the call came over the wire or as an
 * entry of a batch. Everything runs to its end at once, so two calls never see each other half done.
 */
import type { Json, JsonObject, JsonResource } from './json.ts';
import { refuse } from './outcome.ts';
import type { Repository, Version } from './repository.ts';
import { idPattern } from './resource-checks.ts';
import { resourceTypes } from './resource-types.ts';
import type { SearchPlace } from './search-criteria.ts';
import type { Parameter } from './search-parameters.ts';
import type { Pair } from './search-query.ts';
import type { HistoryResult, SearchResult, Snapshots } from './snapshots.ts';

/** The server behind the calls. */
export type FhirServer = {
  readonly repository: Repository;
  readonly searches: Snapshots<SearchResult>;
  readonly histories: Snapshots<HistoryResult>;
  /** The absolute addresses under which this server knows itself. */
  readonly ownBases: readonly string[];
  readonly defaultCount: number;
  readonly maxCount: number;
  /** Refuse references to what is not here, and deletion of what is referred to. */
  readonly referentialIntegrity: boolean;
  /** Search parameters beside those of R4, by `Type?name`. */
  readonly parameters?: ReadonlyMap<string, Parameter>;
  /** A search shows no more rows than this on all its pages together, and does not say so. */
  readonly cap?: number;
};

export type Call = {
  readonly method: string;
  /** The address of this server as the client knows it, without a slash at the end. */
  readonly base: string;
  /** The path after the base, decoded: `['Task', '7']`. */
  readonly path: readonly string[];
  readonly query: readonly Pair[];
  /** The part of the query that came as the form of a POST _search. */
  readonly form?: readonly Pair[];
  /** A request header by its lower-case name. */
  readonly header: (name: string) => string | undefined;
  readonly body?: Json;
  /** Set for the entries of a transaction, whose references are checked once, at its end. */
  readonly within?: 'transaction';
};

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
  /** Sent as it is in place of a JSON body; its Content-Type is among the headers. */
  readonly text?: string;
  /** Of a search: how many resources meet it, whatever the pages show. */
  readonly found?: number;
  /** The version that was read or written, if the call was about one. */
  readonly version?: Version;
};

export type Handler = (server: FhirServer, call: Call) => Answer;

export function placeOf(server: FhirServer, call: Call): SearchPlace {
  const { repository, parameters } = server;
  const ownBases = [...server.ownBases, call.base];
  return { repository, ownBases, ...(parameters === undefined ? {} : { parameters }) };
}

/** The type segment of the path; 404 if R4 has no such type. */
export function typeIn(call: Call): string {
  const type = call.path[0] ?? '';
  if (!resourceTypes.has(type)) {
    throw refuse(404, 'not-supported', `"${type}" is not an R4 resource type.`);
  }
  return type;
}

export function idIn(call: Call): string {
  const id = call.path[1] ?? '';
  if (!idPattern.test(id)) throw refuse(400, 'value', 'This is not a valid resource id.');
  return id;
}

export function etag(version: Version): string {
  return `W/"${version.number}"`;
}

export function urlOf(base: string, { type, id }: { type: string; id: string }): string {
  return `${base}/${type}/${id}`;
}

/** An answer with one version as its body, and the headers that belong to it. */
export function versionAnswer(status: number, version: Version): Answer {
  return {
    status,
    version,
    headers: { ETag: etag(version), 'Last-Modified': new Date(version.at).toUTCString() },
    ...(version.resource === undefined ? {} : { body: version.resource }),
  };
}

/** The version number that an If-Match or If-None-Match names: `W/"3"`, `"3"` or, as some clients do, bare `3`. */
export function versionNamed(header: string): string {
  const [, quoted, bare] = /^(?:W\/)?"([^"]*)"$|^([A-Za-z0-9\-.]{1,64})$/.exec(header.trim()) ?? [];
  const named = quoted ?? bare;
  if (named === undefined) throw refuse(400, 'value', 'An ETag has the form W/"3".');
  return named;
}

/** A body that is a resource of the type that the address names. */
export function resourceIn(call: Call, type: string): JsonResource {
  const { body } = call;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw refuse(400, 'structure', 'The body must be one FHIR resource in JSON.');
  }
  if (body.resourceType !== type) {
    throw refuse(400, 'structure', `The body is no ${type}.`);
  }
  return body as JsonResource;
}

/** The value of one preference of the Prefer header, e.g. `return` → `minimal`. */
export function preference(call: Call, name: string): string | undefined {
  for (const part of (call.header('prefer') ?? '').split(/[,;]/)) {
    const [key, value] = part.trim().split('=');
    if (key?.toLowerCase() === name) return value?.replaceAll('"', '');
  }
  return undefined;
}
