/**
 * Referrals with their sessions, and the events that made them so: the record and its history change together or not
 * at all. A save builds on the version that was loaded, or fails: two people who decide at once cannot both win.
 */
import type { Selectable } from 'kysely';
import type { Instant } from '../core/concept.ts';
import type { Busy } from '../core/decide-referral.ts';
import type { Episode } from '../core/episode.ts';
import { AdapterError } from '../core/errors.ts';
import { type EpisodeEvent, isSessionEvent } from '../core/events.ts';
import { endedReferralStates, type ReferralState, referralStates } from '../core/referral.ts';
import {
  endedSessionStates,
  type Session,
  type SessionState,
  sessionStates,
} from '../core/session.ts';
import {
  eventOf,
  eventRow,
  inUtc,
  referralOf,
  referralRow,
  sessionOf,
  sessionRow,
} from './episode-rows.ts';
import type { Db, ReferralTable, SessionTable, Tx } from './tables.ts';

const openReferralStates = referralStates.filter(
  (state) => !(endedReferralStates as readonly ReferralState[]).includes(state),
);
const openSessionStates = sessionStates.filter(
  (state) => !(endedSessionStates as readonly SessionState[]).includes(state),
);

/**
 * Saves an episode and the events that led to it from what is stored.
 * Fails with `stale-version` if what is stored is not `expectedVersion`, or not the version that these events build on.
 */
export async function saveEpisode(
  tx: Tx,
  episode: Episode,
  events: readonly EpisodeEvent[],
  expectedVersion?: number,
): Promise<void> {
  const { referral } = episode;
  const before = referral.version - events.length;
  if (expectedVersion !== undefined && expectedVersion !== before) throw stale(referral.id);
  const { id, ...values } = referralRow(referral);
  if (before === 0) {
    await tx
      .insertInto('referral')
      .values({ id, ...values })
      .onConflict((same) => same.column('id').doNothing())
      .returning('id')
      .executeTakeFirstOrThrow(() => stale(id));
  } else {
    await tx
      .updateTable('referral')
      .set(values)
      .where('id', '=', id)
      .where('version', '=', before)
      .returning('id')
      .executeTakeFirstOrThrow(() => stale(id));
  }
  await saveSessions(tx, episode, events);
  if (events.length > 0)
    await tx
      .insertInto('event')
      .values(events.map((event, index) => eventRow(id, before + 1 + index, event)))
      .execute();
}

/** Saves the sessions that events touched; all of them where the care changed, since they name the patient. */
async function saveSessions(
  tx: Tx,
  { referral, sessions }: Episode,
  events: readonly EpisodeEvent[],
): Promise<void> {
  const touched = new Set(
    events.map((event) => (isSessionEvent(event) ? event.session : event.type)),
  );
  const all = touched.has('requested') || touched.has('revised');
  const rows = sessions.flatMap((session, position) =>
    all || touched.has(session.id)
      ? [sessionRow(session, position, referral.care.patient.reference)]
      : [],
  );
  if (rows.length === 0) return;
  await tx
    .insertInto('session')
    .values(rows)
    .onConflict((same) =>
      same.column('id').doUpdateSet(({ ref }) => ({
        state: ref('excluded.state'),
        version: ref('excluded.version'),
        starts_at: ref('excluded.starts_at'),
        ends_at: ref('excluded.ends_at'),
        therapist: ref('excluded.therapist'),
        patient: ref('excluded.patient'),
        rest: ref('excluded.rest'),
      })),
    )
    .execute();
}

function stale(id: string): AdapterError {
  return new AdapterError('stale-version', 'The referral was changed meanwhile.', { about: id });
}

export async function loadEpisode(db: Db, referralId: string): Promise<Episode | undefined> {
  const row = await db
    .selectFrom('referral')
    .selectAll()
    .where('id', '=', referralId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const [episode] = await withSessions(db, [row]);
  return episode;
}

/** The episode that must be there; fails with `not-ours` if it is not. */
export async function episodeOf(db: Db, referralId: string): Promise<Episode> {
  const episode = await loadEpisode(db, referralId);
  if (episode !== undefined) return episode;
  throw new AdapterError('not-ours', 'There is no such referral.', { about: referralId });
}

export async function episodeOfSession(db: Db, sessionId: string): Promise<Episode | undefined> {
  const session = await db
    .selectFrom('session')
    .select('referral')
    .where('id', '=', sessionId)
    .executeTakeFirst();
  return session && loadEpisode(db, session.referral);
}

/** All runs of one order (`ServiceRequest/…`), the newest last. */
export async function episodesOfOrder(
  db: Db,
  hospital: string,
  orderReference: string,
): Promise<Episode[]> {
  const rows = await db
    .selectFrom('referral')
    .selectAll()
    .where('hospital', '=', hospital)
    .where('order_reference', '=', orderReference)
    .orderBy('episode')
    .execute();
  return withSessions(db, rows);
}

/** Everything of a hospital that has not ended, oldest first. */
export async function openEpisodes(db: Db, hospital: string): Promise<Episode[]> {
  const rows = await db
    .selectFrom('referral')
    .selectAll()
    .where('hospital', '=', hospital)
    .where('state', 'in', openReferralStates)
    .orderBy('requested_at')
    .orderBy('id')
    .execute();
  return withSessions(db, rows);
}

/** What of a hospital has not ended and is for one of these patients, as their records may be spelled; oldest first. */
export async function openEpisodesOfPatient(
  db: Db,
  hospital: string,
  patient: readonly string[],
): Promise<Episode[]> {
  const rows = await db
    .selectFrom('referral')
    .selectAll()
    .where('hospital', '=', hospital)
    .where('patient', 'in', patient)
    .where('state', 'in', openReferralStates)
    .orderBy('requested_at')
    .orderBy('id')
    .execute();
  return withSessions(db, rows);
}

/** Ids of one query: engines limit how many parameters a statement may have. */
const idsAtOnce = 500;

/** Rows of referrals as episodes, in the same order; one query for the sessions of many. */
export async function withSessions(db: Db, rows: readonly ReferralRow[]): Promise<Episode[]> {
  const sessions: Selectable<SessionTable>[] = [];
  for (let from = 0; from < rows.length; from += idsAtOnce)
    sessions.push(
      ...(await db
        .selectFrom('session')
        .selectAll()
        .where(
          'referral',
          'in',
          rows.slice(from, from + idsAtOnce).map((row) => row.id),
        )
        .orderBy('referral')
        .orderBy('position')
        .execute()),
    );
  const of = Map.groupBy(sessions, (session) => session.referral);
  return rows.map((row) => ({
    referral: referralOf(row),
    sessions: (of.get(row.id) ?? []).map(sessionOf),
  }));
}

export type ReferralRow = Selectable<ReferralTable>;

/**
 * Visits ahead or under way that touch the time from `start` to `end`: those of this patient at this hospital, and
 * those of this therapist at any, for one service works at all of them.
 */
export async function busyAround(
  db: Db,
  wanted: {
    readonly hospital: string;
    readonly patient: string;
    readonly therapist?: string | undefined;
    readonly start: Instant;
    readonly end: Instant;
  },
): Promise<Busy[]> {
  const { hospital, patient, therapist } = wanted;
  const touching = db
    .selectFrom('session')
    .selectAll()
    .where('state', 'in', openSessionStates)
    .where('starts_at', '<', inUtc(wanted.end))
    .where('ends_at', '>', inUtc(wanted.start));
  const rows = [
    ...(await touching.where('hospital', '=', hospital).where('patient', '=', patient).execute()),
    ...(therapist === undefined ? [] : await touching.where('therapist', '=', therapist).execute()),
  ];
  const each = new Map(rows.map((row) => [row.id, row]));
  return [...each.values()].map((row) => ({
    session: row.id,
    patient: row.patient,
    therapist: row.therapist ?? undefined,
    start: row.starts_at,
    end: row.ends_at,
  }));
}

/** Visits that start from `from` on and before `to`, of one therapist or of all, in the order of their start. */
export async function listSessions(
  db: Db,
  wanted: {
    readonly from?: Instant | undefined;
    readonly to?: Instant | undefined;
    readonly therapist?: string | undefined;
    readonly limit: number;
  },
): Promise<Session[]> {
  const { from, to, therapist, limit } = wanted;
  let query = db.selectFrom('session').selectAll();
  if (from !== undefined) query = query.where('starts_at', '>=', inUtc(from));
  if (to !== undefined) query = query.where('starts_at', '<', inUtc(to));
  if (therapist !== undefined) query = query.where('therapist', '=', therapist);
  const rows = await query.orderBy('starts_at').orderBy('id').limit(limit).execute();
  return rows.map(sessionOf);
}

export interface StoredEvent {
  /** Number among the events of all referrals, in the order of saving. */
  readonly seq: number;
  /** Version that the referral had after it. */
  readonly version: number;
  readonly event: EpisodeEvent;
}

/** The history of a referral: replayed with the core's `openEpisode` and `apply` it gives the stored episode. */
export async function eventsOf(db: Db, referralId: string): Promise<StoredEvent[]> {
  const rows = await db
    .selectFrom('event')
    .selectAll()
    .where('referral', '=', referralId)
    .orderBy('version')
    .execute();
  return rows.map((row) => ({ seq: row.seq, version: row.version, event: eventOf(row) }));
}
