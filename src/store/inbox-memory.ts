/**
 * What the inbox remembers of the things on a page: which of them are as they were shown last, which were seen some time
 * before, and which are new. Asked for whole pages, since a night shows everything that a hospital has.
 */
import { type Selectable, sql } from 'kysely';
import type { Instant } from '../core/concept.ts';
import type { InboxTable, Tx } from './tables.ts';

/** One thing as it arrived. `body` is kept as the text that it is: not everything that arrives is JSON. */
export interface FoundRow {
  readonly hospital: string;
  readonly run?: string | undefined;
  /** How it came: the rung, `push`, `folder`, `read`. */
  readonly via: string;
  /** Name of the file, for a folder. */
  readonly origin?: string | undefined;
  readonly type?: string | undefined;
  readonly id?: string | undefined;
  readonly versionId?: string | undefined;
  readonly lastUpdated?: string | undefined;
  /** Of the content, the same for the same content whatever its spelling. */
  readonly hash: string;
  readonly body: string;
  readonly at: Instant;
  readonly newId: string;
}

/** The latest version of a resource, and how it ended as far as it has. */
export type Latest = Pick<
  Selectable<InboxTable>,
  'type' | 'resource_id' | 'version_id' | 'last_updated' | 'hash' | 'state' | 'rule'
>;

/** Whether something is as it was shown last, by other signs than its content. */
export type Vouches = (one: FoundRow, latest: Latest) => boolean;

/** Rows of one insert or lookup: an engine takes some 32,000 parameters in a statement. */
export const rowsAtOnce = 500;

export interface Memory {
  /**
   * Whether this is new, was seen some time before, or is as it was shown last; from then on it was seen, so that a page
   * that shows a thing twice stores it once.
   */
  take(one: FoundRow): 'new' | 'seen' | Latest;
}

/** Looks up what the inbox has of a page that was found. */
export async function recall(
  tx: Tx,
  hospital: string,
  found: readonly FoundRow[],
  vouches: Vouches,
): Promise<Memory> {
  const shown = await latestShown(tx, hospital, found);
  const lastOf = (one: FoundRow) => (one.id === undefined ? undefined : shown.get(nameOf(one)));
  const isLast = (one: FoundRow, last: Latest) =>
    vouches(one, last) ||
    (last.hash === one.hash && (one.versionId === undefined || one.versionId === last.version_id));
  // Nearly all of a page is as it was shown last; only for the rest it matters what came before that.
  const same = new Map<FoundRow, Latest>();
  const others = found.filter((one) => {
    const last = lastOf(one);
    if (last === undefined || !isLast(one, last))
      return one.id === undefined || one.versionId !== undefined;
    same.set(one, last);
    return false;
  });
  const contents = await knownContents(tx, hospital, others);
  return {
    take(one) {
      const last = lastOf(one);
      if (last !== undefined && (same.get(one) === last || isLast(one, last))) return last;
      const mayBeOlder = one.id === undefined || one.versionId !== undefined;
      if (mayBeOlder && contents.has(contentOf(one)))
        return last?.hash === one.hash ? last : 'seen';
      contents.add(contentOf(one));
      // What takes the place of the last one leaves that among what was seen before.
      if (last !== undefined)
        contents.add(contentOf({ ...last, id: last.resource_id, versionId: last.version_id }));
      if (one.id !== undefined) shown.set(nameOf(one), received(one));
      return 'new';
    },
  };
}

function received(one: FoundRow): Latest {
  return {
    type: one.type ?? null,
    resource_id: one.id ?? null,
    version_id: one.versionId ?? null,
    last_updated: one.lastUpdated ?? null,
    hash: one.hash,
    state: 'received',
    rule: null,
  };
}

/**
 * What was shown last of each resource of a page, by its name. One step along the index for each, however many versions
 * of it there are: a night over orders that did not change does this and no more.
 */
async function latestShown(
  tx: Tx,
  hospital: string,
  found: readonly FoundRow[],
): Promise<Map<string, Latest>> {
  const shown = new Map<string, Latest>();
  const named = found.filter((one) => one.id !== undefined);
  for (let from = 0; from < named.length; from += rowsAtOnce) {
    const latest = named.slice(from, from + rowsAtOnce).map(
      ({ type, id }) => sql`(
        select max(seq) from inbox
        where hospital = ${hospital} and resource_id = ${id}
        and ${type === undefined ? sql`type is null` : sql`type = ${type}`}
      )`,
    );
    const { rows } = await sql<Latest>`
      select type, resource_id, version_id, last_updated, hash, state, rule
      from inbox where seq in (${sql.join(latest)})`.execute(tx);
    for (const row of rows) shown.set(nameOf({ type: row.type, id: row.resource_id }), row);
  }
  return shown;
}

/** The versions with the same content, and what without an id has it. */
async function knownContents(
  tx: Tx,
  hospital: string,
  found: readonly FoundRow[],
): Promise<Set<string>> {
  const hashes = [...new Set(found.map(({ hash }) => hash))];
  const known = new Set<string>();
  for (let from = 0; from < hashes.length; from += rowsAtOnce) {
    const rows = await tx
      .selectFrom('inbox')
      .select(['type', 'resource_id as id', 'version_id as versionId', 'origin', 'hash'])
      .where('hospital', '=', hospital)
      .where('hash', 'in', hashes.slice(from, from + rowsAtOnce))
      .execute();
    for (const row of rows) known.add(contentOf(row));
  }
  return known;
}

type Maybe = string | null | undefined;

function nameOf({ type, id }: { readonly type?: Maybe; readonly id?: Maybe }): string {
  return `${type ?? ''} ${id ?? ''}`;
}

interface Content {
  readonly type?: Maybe;
  readonly id?: Maybe;
  readonly versionId?: Maybe;
  readonly origin?: Maybe;
  readonly hash: string;
}

function contentOf({ type, id, versionId, origin, hash }: Content): string {
  return JSON.stringify(
    (id ?? null) === null ? [hash, origin ?? null] : [hash, type ?? null, id, versionId ?? null],
  );
}
