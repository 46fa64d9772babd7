/**
 * Results that are longer than a page, kept as they were when the search ran: whoever follows the next links sees
 * each row once, whatever changes meanwhile. The oldest results are forgotten, and their links answer 410.
 */
import { randomUUID } from 'node:crypto';
import { refuse } from './outcome.ts';
import type { LiveVersion, Version } from './repository.ts';
import type { Query } from './search-query.ts';

const maxKept = 200;

type Snapshot<Row extends Version = Version> = {
  /** The path after the base that the result belongs to, e.g. `ServiceRequest` or `Task/_history`. */
  readonly path: string;
  readonly rows: readonly Row[];
  readonly pageSize: number;
  readonly total?: number;
};

export type SearchResult = Snapshot<LiveVersion> & {
  readonly query: Query;
  /** How many resources met the search, also where a cap hides some. */
  readonly found: number;
};
export type HistoryResult = Snapshot;

export class Snapshots<S extends Snapshot> {
  readonly #kept = new Map<string, S>();

  keep(snapshot: S): string {
    const id = randomUUID();
    this.#kept.set(id, snapshot);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest);
    return id;
  }

  find(id: string, path: string): S {
    const snapshot = this.#kept.get(id);
    if (snapshot === undefined || snapshot.path !== path) {
      throw refuse(410, 'not-found', 'This page has expired; run the search again.');
    }
    return snapshot;
  }
}
