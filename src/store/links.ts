/**
 * Which resource at the hospital belongs to which referral, in which role, and what we saw or wrote of it last. The
 * ETag is the one to send with the next update; the hash tells our own write from a change of the hospital.
 */
import type { Selectable } from 'kysely';
import type { Instant } from '../core/concept.ts';
import type { Db, LinkRole, LinkTable, Tx } from './tables.ts';

export type { LinkRole };
export type LinkRow = Selectable<LinkTable>;

/** What was seen of a resource: its version as the hospital names it, and its content. */
export interface SeenVersion {
  readonly etag?: string | undefined;
  readonly versionId?: string | undefined;
  readonly lastUpdated?: string | undefined;
  readonly hash?: string | undefined;
}

export interface NewLink extends SeenVersion {
  readonly hospital: string;
  /** `Task/12`. */
  readonly reference: string;
  readonly role: LinkRole;
  readonly referral: string;
  readonly session?: string | undefined;
  /** Which Observation of the session. */
  readonly part?: string | undefined;
  /** The intention that made the resource, if we did. */
  readonly intention?: string | undefined;
  readonly at: Instant;
}

/** Links a resource, or adds to what a link knows: what is not given stays as it is. */
export async function putLink(tx: Tx, link: NewLink): Promise<void> {
  await tx
    .insertInto('link')
    .values({
      hospital: link.hospital,
      reference: link.reference,
      role: link.role,
      referral: link.referral,
      session: link.session ?? null,
      part: link.part ?? null,
      intention: link.intention ?? null,
      ...seenColumns(link),
      at: link.at,
    })
    .onConflict((same) =>
      same.columns(['hospital', 'reference', 'role', 'referral']).doUpdateSet(({ fn, ref }) => ({
        session: fn.coalesce('excluded.session', 'link.session'),
        part: fn.coalesce('excluded.part', 'link.part'),
        intention: fn.coalesce('excluded.intention', 'link.intention'),
        etag: fn.coalesce('excluded.etag', 'link.etag'),
        version_id: fn.coalesce('excluded.version_id', 'link.version_id'),
        last_updated: fn.coalesce('excluded.last_updated', 'link.last_updated'),
        hash: fn.coalesce('excluded.hash', 'link.hash'),
        at: ref('excluded.at'),
      })),
    )
    .execute();
}

/** All that a resource (`Type/id`) of a hospital belongs to, the oldest link first. */
export async function linksTo(db: Db, hospital: string, reference: string): Promise<LinkRow[]> {
  return db
    .selectFrom('link')
    .selectAll()
    .where('hospital', '=', hospital)
    .where('reference', '=', reference)
    .orderBy('seq')
    .execute();
}

/** All that belongs to a referral, the oldest link first. */
export async function linksOf(db: Db, referralId: string): Promise<LinkRow[]> {
  return db
    .selectFrom('link')
    .selectAll()
    .where('referral', '=', referralId)
    .orderBy('seq')
    .execute();
}

/**
 * The hospital replaced a resource by another, as an Appointment that was moved: the link points to the new one from
 * now on. What is not given of the new one comes from the old link, except what was seen of its content.
 */
export async function moveLink(
  tx: Tx,
  from: Pick<LinkRow, 'seq' | 'session' | 'part' | 'intention'>,
  to: NewLink,
): Promise<void> {
  await tx.deleteFrom('link').where('seq', '=', from.seq).execute();
  await putLink(tx, {
    ...to,
    session: to.session ?? from.session ?? undefined,
    part: to.part ?? from.part ?? undefined,
    intention: to.intention ?? from.intention ?? undefined,
  });
}

function seenColumns(seen: SeenVersion) {
  return {
    etag: seen.etag ?? null,
    version_id: seen.versionId ?? null,
    last_updated: seen.lastUpdated ?? null,
    hash: seen.hash ?? null,
  };
}
