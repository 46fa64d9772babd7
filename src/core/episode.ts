/**
 * An episode is one run of a referral with all its sessions: what a decision looks at and what one transaction
 * saves. `apply` folds an event into it and is total: what was decided once can always be replayed.
 */

import { follow } from './edges.ts';
import type { EpisodeEvent, ReferralEvent, SessionEvent } from './events.ts';
import { isSessionEvent, moveOf } from './events.ts';
import type { Intended } from './intentions.ts';
import type { OrderedCare, Referral } from './referral.ts';
import { referralEdges } from './referral-states.ts';
import { emptyRecord, type Session, type SessionRecord } from './session.ts';
import { sessionEdges } from './session-states.ts';

export interface Episode {
  readonly referral: Referral;
  readonly sessions: readonly Session[];
}

/** Something for a person: shown in /api/work until it is settled. */
export interface WorkNote {
  readonly kind:
    | 'conflict'
    | 'patient-gone'
    | 'stay-ended'
    | 'order-gone'
    | 'order-withdrawn'
    | 'cancel-asked'
    | 'reopened'
    | 'overlap';
  readonly says: string;
  readonly session?: string | undefined;
}

export interface Decided {
  readonly events: readonly EpisodeEvent[];
  readonly intentions: readonly Intended[];
  readonly work: readonly WorkNote[];
}

export interface Refusal {
  readonly code: 'not-possible-now' | 'overlap' | 'bad-request';
  readonly says: string;
  /** Commands that are possible now. */
  readonly possible: readonly string[];
}

export type Decision = { readonly decided: Decided } | { readonly refused: Refusal };

export const nothing: Decided = { events: [], intentions: [], work: [] };

export function decided(
  events: readonly EpisodeEvent[],
  intentions: readonly Intended[] = [],
  work: readonly WorkNote[] = [],
): Decision {
  return { decided: { events, intentions, work } };
}

export function refuse(code: Refusal['code'], says: string, possible: readonly string[]): Decision {
  return { refused: { code, says, possible } };
}

/** A new episode, as its `requested` event makes it. */
export function openEpisode(
  id: string,
  hospital: string,
  event: Extract<ReferralEvent, { type: 'requested' }>,
): Episode {
  return {
    referral: {
      id,
      hospital,
      episode: event.episode,
      state: 'requested',
      version: 1,
      care: event.care,
      requestedAt: event.at,
      answered: false,
      started: false,
    },
    sessions: [],
  };
}

export function apply(episode: Episode, event: EpisodeEvent): Episode {
  return isSessionEvent(event)
    ? applyToSession(episode, event)
    : { ...episode, referral: applyToReferral(episode.referral, event) };
}

export function applyAll(episode: Episode, events: readonly EpisodeEvent[]): Episode {
  return events.reduce(apply, episode);
}

function applyToReferral(referral: Referral, event: ReferralEvent): Referral {
  const move = moveOf(event);
  const state =
    move === undefined
      ? referral.state
      : (follow(referralEdges, referral.state, move) ?? referral.state);
  const next = { ...referral, state, version: referral.version + 1 };
  switch (event.type) {
    case 'requested':
    case 'revised':
      return { ...next, care: event.care };
    case 'stay-changed': {
      const { stay, place, location } = event;
      const at = place === undefined ? {} : { place, location };
      return { ...next, care: { ...referral.care, ...at, stay } };
    }
    case 'accepted':
      return { ...next, answered: true };
    case 'started':
      return { ...next, started: true };
    case 'held':
      return { ...next, held: { from: referral.state, by: event.side }, reason: event.reason };
    case 'resumed':
    case 'cancel-refused':
      return { ...next, held: undefined, pendingEnd: undefined, reason: undefined };
    case 'cancel-asked':
      return {
        ...next,
        held: undefined,
        pendingEnd: { to: event.end, binding: event.binding },
        reason: event.reason,
      };
    case 'declined':
      return { ...next, answered: true, reason: event.reason };
    case 'given-up':
    case 'cancelled':
    case 'closed-there':
      return { ...next, held: undefined, pendingEnd: undefined, reason: event.reason };
    case 'superseded':
      return {
        ...next,
        held: undefined,
        pendingEnd: undefined,
        reason: event.reason,
        supersededBy: event.supersededBy,
      };
    default:
      return next;
  }
}

function applyToSession(episode: Episode, event: SessionEvent): Episode {
  if (event.type === 'planned') {
    const session: Session = {
      id: event.session,
      referral: episode.referral.id,
      hospital: episode.referral.hospital,
      state: 'planned',
      version: 1,
      start: event.start,
      end: event.end,
      therapist: event.therapist,
      place: event.place,
      location: event.location,
      bookedBy: event.bookedBy,
      record: emptyRecord,
    };
    return touch({ ...episode, sessions: [...episode.sessions, session] });
  }
  return touch({
    ...episode,
    sessions: episode.sessions.map((session) =>
      session.id === event.session ? changed(session, event) : session,
    ),
  });
}

/** A referral shows its sessions, so its version (the ETag) moves with each of theirs. */
function touch(episode: Episode): Episode {
  return { ...episode, referral: { ...episode.referral, version: episode.referral.version + 1 } };
}

function changed(session: Session, event: Exclude<SessionEvent, { type: 'planned' }>): Session {
  const state = follow(sessionEdges, session.state, event.type) ?? session.state;
  const next = { ...session, state, version: session.version + 1 };
  const { record } = session;
  switch (event.type) {
    case 'moved':
      return { ...next, start: event.start, end: event.end, ...placeAfter(session, event.place) };
    case 'place-moved':
      return {
        ...next,
        place: event.place,
        location: event.location,
        placeBefore: session.place,
      };
    case 'started':
      return { ...next, record: { ...record, startedAt: event.when } };
    case 'paused':
      return {
        ...next,
        record: {
          ...record,
          pauses: [...record.pauses, { by: event.interrupter, from: event.when }],
        },
      };
    case 'resumed':
      return { ...next, record: closePause(record, event.when) };
    case 'finished':
      return {
        ...next,
        record: { ...closePause(record, event.when), ...event.outcome, endedAt: event.when },
      };
    case 'stopped':
      return {
        ...next,
        reason: event.reason,
        record: { ...closePause(record, event.when), ...event.outcome, endedAt: event.when },
      };
    case 'not-done':
    case 'cancelled':
      return { ...next, reason: event.reason };
    default:
      return next;
  }
}

/** A place that the hospital's calendar names is words of its own: no Location of the stay stands behind them. */
function placeAfter(session: Session, place: string | undefined) {
  const isSame = place === undefined || place === session.place;
  return isSame ? {} : { place, location: undefined, placeBefore: undefined };
}

function closePause(record: SessionRecord, to: string): SessionRecord {
  return {
    ...record,
    pauses: record.pauses.map((pause) => (pause.to === undefined ? { ...pause, to } : pause)),
  };
}

/** The same care, whatever the order of keys: decides whether a newer order changes anything for us. */
export function sameCare(a: OrderedCare, b: OrderedCare): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
