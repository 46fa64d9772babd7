/**
 * What the inbox remembers of the things on a page: which of them are as they were shown last, which were seen some time
 * before, and which are new. Asked for whole pages, since a night shows everything that a hospital has.
 */
import { CompiledQuery, type QueryExecutor, type Selectable, sql } from 'kysely';
import type { Instant } from '../core/concept.ts';
import type { Db, InboxTable, Tx } from './tables.ts';

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

/** What is as it was shown last, with that. */
export interface Unchanged {
  readonly one: FoundRow;
  readonly latest: Latest;
}

/**
 * The things of a page with what was shown last of each, when all of them are as they were shown last; undefined when
 * anything is not, for which `recall` asks further. Only reads, so that a night in which nothing changed writes nothing.
 */
export async function allAsShown(
  db: Db,
  hospital: string,
  found: readonly FoundRow[],
  vouches: Vouches,
): Promise<readonly Unchanged[] | undefined> {
  if (found.some(({ id }) => id === undefined)) return undefined;
  const shown = await latestShown(db, hospital, found);
  const unchanged: Unchanged[] = [];
  for (const [at, one] of found.entries()) {
    const latest = shown[at];
    if (latest === undefined || !isAsShown(one, latest, vouches)) return undefined;
    unchanged.push({ one, latest });
  }
  return unchanged;
}

function isAsShown(one: FoundRow, last: Latest, vouches: Vouches): boolean {
  return (
    vouches(one, last) ||
    (last.hash === one.hash && (one.versionId === undefined || one.versionId === last.version_id))
  );
}

/** Looks up what the inbox has of a page that was found. */
export async function recall(
  tx: Tx,
  hospital: string,
  found: readonly FoundRow[],
  vouches: Vouches,
): Promise<Memory> {
  const before = await latestShown(tx, hospital, found);
  const shown = new Map<string, Latest>();
  for (const [at, one] of found.entries()) {
    const latest = before[at];
    if (latest !== undefined) shown.set(nameOf(one), latest);
  }
  const lastOf = (one: FoundRow) => (one.id === undefined ? undefined : shown.get(nameOf(one)));
  const isLast = (one: FoundRow, last: Latest) => isAsShown(one, last, vouches);
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
      const mayBeOlder = one.id === undefined || isVersioned(one, last);
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

/**
 * Whether its version can tell that this was seen before. One that stayed the same while the content changed cannot: then
 * only the latest content tells (I3). Where the time of writing stayed too, it is one version that is shown in two ways.
 */
function isVersioned(one: FoundRow, last: Latest | undefined): boolean {
  if (one.versionId === undefined) return false;
  const isReused =
    last !== undefined &&
    last.version_id === one.versionId &&
    last.hash !== one.hash &&
    (one.lastUpdated === undefined || one.lastUpdated !== last.last_updated);
  return !isReused;
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
 * What was shown last of each thing of a page, in the order of the page; undefined for what has no id, and for what was
 * never shown. One step along the index for each, however many versions of it there are: a night over orders that did not
 * change does this and no more.
 */
async function latestShown(
  db: Db,
  hospital: string,
  found: readonly FoundRow[],
): Promise<readonly (Latest | undefined)[]> {
  const shown: (Latest | undefined)[] = found.map(() => undefined);
  const positions = found.flatMap(({ id }, at) => (id === undefined ? [] : [at]));
  for (const [type, ofType] of Map.groupBy(positions, (at) => found[at]?.type))
    for (let from = 0; from < ofType.length; from += rowsAtOnce) {
      const some = ofType.slice(from, from + rowsAtOnce);
      const parameters = [...some.map((at) => found[at]?.id), hospital];
      if (type !== undefined) parameters.push(type);
      const text = lookup(db, some.length, type !== undefined);
      const { rows } = await db.executeQuery<Latest & { readonly at: number }>(
        CompiledQuery.raw(text, parameters),
      );
      for (const row of rows) shown[some[row.at] ?? 0] = row;
    }
  return shown;
}

/** Putting the statement together takes longer than running it, and the pages of a night have one size. */
const lookups = new WeakMap<QueryExecutor, Map<string, string>>();

/** Text of the statement that looks up so many resources, with the id of each as a parameter, then hospital and type. */
function lookup(db: Db, count: number, isTyped: boolean): string {
  const executor = db.getExecutor();
  const known = lookups.get(executor) ?? new Map<string, string>();
  lookups.set(executor, known);
  const key = `${count} ${isTyped}`;
  const text = known.get(key);
  if (text !== undefined) return text;
  const asked = Array.from({ length: count }, (_, at) => sql`(${sql.lit(at)}, ${''})`);
  const made = sql`
    with asked (at, id) as (values ${sql.join(asked)})
    select asked.at, type, resource_id, version_id, last_updated, hash, state, rule
    from asked join inbox on seq = (
      select max(i.seq) from inbox as i
      where i.hospital = ${''} and i.resource_id = asked.id
        and ${isTyped ? sql`i.type = ${''}` : sql`i.type is null`}
    )`.compile(db);
  known.set(key, made.sql);
  return made.sql;
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
