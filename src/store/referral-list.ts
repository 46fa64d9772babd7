/**
 * The list of referrals, newest first, a page at a time. A page starts after the last row of the one before (keyset),
 * not at a count of rows: what arrives while somebody leafs through is neither shown twice nor passed over.
 */
import { sql } from 'kysely';
import type { Episode } from '../core/episode.ts';
import { AdapterError } from '../core/errors.ts';
import type { ReferralState } from '../core/referral.ts';
import { withSessions } from './episodes.ts';
import type { Db } from './tables.ts';

export interface ReferralQuery {
  readonly state?: ReferralState | undefined;
  readonly hospital?: string | undefined;
  /** Words that must all occur in name, numbers, references or ids; upper and lower case are the same. */
  readonly q?: string | undefined;
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

export interface ReferralPage {
  readonly items: Episode[];
  /** Asks for the page that follows; absent on the last one. Opaque to callers. */
  readonly next?: string;
}

/** Fails with `bad-request` for an `after` that did not come from here. */
export async function listReferrals(db: Db, wanted: ReferralQuery): Promise<ReferralPage> {
  let query = db.selectFrom('referral').selectAll();
  if (wanted.state !== undefined) query = query.where('state', '=', wanted.state);
  if (wanted.hospital !== undefined) query = query.where('hospital', '=', wanted.hospital);
  for (const word of wordsOf(wanted.q))
    query = query.where(sql<boolean>`search like ${`%${literally(word)}%`} escape '\\'`);
  if (wanted.after !== undefined) {
    const [requestedAt, id] = positionOf(wanted.after);
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('requested_at', 'id'), '<', tuple(requestedAt, id)),
    );
  }
  const rows = await query
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .limit(wanted.limit + 1)
    .execute();
  const page = rows.slice(0, wanted.limit);
  const last = page.at(-1);
  return {
    items: await withSessions(db, page),
    ...(rows.length > page.length && last && { next: cursorAt(last.requested_at, last.id) }),
  };
}

function wordsOf(q = ''): string[] {
  return q
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** What a person types is text to find, not a pattern. */
function literally(word: string): string {
  return word.replace(/[\\%_]/g, '\\$&');
}

function cursorAt(requestedAt: string, id: string): string {
  return Buffer.from(JSON.stringify([requestedAt, id])).toString('base64url');
}

function positionOf(after: string): [string, string] {
  try {
    const position: unknown = JSON.parse(Buffer.from(after, 'base64url').toString());
    if (Array.isArray(position)) {
      const [requestedAt, id, ...more] = position;
      if (typeof requestedAt === 'string' && typeof id === 'string' && more.length === 0)
        return [requestedAt, id];
    }
  } catch (cause) {
    throw new AdapterError('bad-request', '`after` is not the `next` of a page.', { cause });
  }
  throw new AdapterError('bad-request', '`after` is not the `next` of a page.');
}
