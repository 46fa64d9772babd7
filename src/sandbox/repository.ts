/**
 * The memory of the sandbox: every version of every resource, tombstones included, and one journal of all changes in
 * order. The journal is what makes history one reversal away and a transaction atomic: undoing it means taking the
 * newest entries off again.
 */
import { randomUUID } from 'node:crypto';
import type { JsonObject, JsonResource } from './json.ts';

export type ChangeMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One version of one resource. A deletion is a version too, without a resource. */
export type Version = {
  readonly type: string;
  readonly id: string;
  /** 1, 2, 3 …; a deletion counts. */
  readonly number: number;
  /** Milliseconds since 1970, strictly increasing over the whole server. */
  readonly at: number;
  readonly method: ChangeMethod;
  readonly resource?: JsonResource;
};

export type LiveVersion = Version & { readonly resource: JsonResource };

export function isLive(version: Version | undefined): version is LiveVersion {
  return version?.resource !== undefined;
}

export class Repository {
  readonly #clock: () => Date;
  readonly #newId: () => string;
  readonly #types = new Map<string, Map<string, Version[]>>();
  readonly #journal: Version[] = [];
  #lastAt = 0;

  constructor(clock: () => Date, newId: () => string = randomUUID) {
    this.#clock = clock;
    this.#newId = newId;
  }

  /** Server time: never behind the newest version, so that a client may use it as a watermark. */
  now(): number {
    return Math.max(this.#clock().getTime(), this.#lastAt);
  }

  /** The time of the newest version. */
  newestAt(): number {
    return this.#lastAt;
  }

  /** An id that no resource of this type has or had. */
  freeId(type: string): string {
    for (;;) {
      const id = this.#newId();
      if (!this.#types.get(type)?.has(id)) return id;
    }
  }

  /** The newest version, which may be a deletion; undefined if there never was one. */
  newest(type: string, id: string): Version | undefined {
    return this.#types.get(type)?.get(id)?.at(-1);
  }

  version(type: string, id: string, number: number): Version | undefined {
    return this.#types.get(type)?.get(id)?.[number - 1];
  }

  /** Stores the next version. `meta.versionId` and `meta.lastUpdated` are the server's; the rest of meta is kept. */
  write(resource: JsonObject & { resourceType: string }, id: string, method: ChangeMethod) {
    return this.#append(resource.resourceType, id, method, this.#nextAt(), resource);
  }

  /** Stores a resource as it was at an earlier time. Only for the filling of an empty server, oldest first. */
  seed(resource: JsonResource & { id: string }, at: number): void {
    this.#lastAt = Math.max(this.#lastAt + 1, at);
    this.#append(resource.resourceType, resource.id, 'PUT', this.#lastAt, resource);
  }

  remove(type: string, id: string): Version {
    return this.#append(type, id, 'DELETE', this.#nextAt());
  }

  /** All live resources of a type, in the order in which their ids came to be. */
  *live(type: string): Generator<LiveVersion> {
    for (const versions of this.#types.get(type)?.values() ?? []) {
      const newest = versions.at(-1);
      if (isLive(newest)) yield newest;
    }
  }

  /** The ids of a type, of deleted resources too, in the order in which they came to be. */
  ids(type: string): Iterable<string> {
    return this.#types.get(type)?.keys() ?? [];
  }

  types(): string[] {
    return [...this.#types.keys()];
  }

  /** All versions, newest first: of one resource, of a type, or of the server. */
  history(type?: string, id?: string): Version[] {
    const versions =
      type === undefined
        ? this.#journal
        : id === undefined
          ? this.#journal.filter((version) => version.type === type)
          : (this.#types.get(type)?.get(id) ?? []);
    return versions.toReversed();
  }

  /** Runs `work`; if it throws, everything that it wrote is undone, and the error goes on. */
  atomically<T>(work: () => T): T {
    const mark = this.#journal.length;
    try {
      return work();
    } catch (error) {
      while (this.#journal.length > mark) this.#undo();
      throw error;
    }
  }

  #undo(): void {
    const version = this.#journal.pop();
    if (version === undefined) return;
    const versions = this.#types.get(version.type)?.get(version.id);
    versions?.pop();
    if (versions?.length === 0) this.#types.get(version.type)?.delete(version.id);
  }

  #nextAt(): number {
    this.#lastAt = Math.max(this.#lastAt + 1, this.#clock().getTime());
    return this.#lastAt;
  }

  #append(type: string, id: string, method: ChangeMethod, at: number, body?: JsonObject): Version {
    const ofType = this.#types.get(type) ?? new Map<string, Version[]>();
    this.#types.set(type, ofType);
    const versions = ofType.get(id) ?? [];
    ofType.set(id, versions);
    const number = versions.length + 1;
    const version: Version = {
      type,
      id,
      number,
      at,
      method,
      ...(body === undefined ? {} : { resource: stamped(body, type, id, number, at) }),
    };
    versions.push(version);
    this.#journal.push(version);
    return version;
  }
}

/** The resource as stored: resourceType, id and meta first, as people expect to read it. */
function stamped(
  body: JsonObject,
  type: string,
  id: string,
  number: number,
  at: number,
): JsonResource {
  const { resourceType: _type, id: _id, meta, ...rest } = body;
  return {
    resourceType: type,
    id,
    meta: {
      ...(typeof meta === 'object' && !Array.isArray(meta) ? meta : {}),
      versionId: String(number),
      lastUpdated: new Date(at).toISOString(),
    },
    ...rest,
  };
}
