/**
 * An episode as rows and back. Columns hold what is filtered and sorted by; the rest is JSON, in the words of the
 * domain, so that what comes back is what went in. Times that are sorted by are columns in UTC beside the JSON, which
 * keeps them as they were given.
 */
import type { Insertable, Selectable } from 'kysely';
import type { Instant } from '../core/concept.ts';
import type { EpisodeEvent } from '../core/events.ts';
import type { OrderedCare, Referral } from '../core/referral.ts';
import type { Session } from '../core/session.ts';
import type { EventTable, ReferralTable, SessionTable } from './tables.ts';

type ReferralRest = Pick<
  Referral,
  'requestedAt' | 'answered' | 'started' | 'held' | 'pendingEnd' | 'reason' | 'supersededBy'
>;
type SessionRest = Pick<
  Session,
  'start' | 'end' | 'place' | 'location' | 'placeBefore' | 'bookedBy' | 'reason' | 'record'
>;

export function referralRow(referral: Referral): Insertable<ReferralTable> {
  const { care } = referral;
  const rest: ReferralRest = {
    requestedAt: referral.requestedAt,
    answered: referral.answered,
    started: referral.started,
    held: referral.held,
    pendingEnd: referral.pendingEnd,
    reason: referral.reason,
    supersededBy: referral.supersededBy,
  };
  return {
    id: referral.id,
    hospital: referral.hospital,
    state: referral.state,
    version: referral.version,
    episode: referral.episode,
    patient: care.patient.reference,
    order_reference: care.order.reference,
    priority: care.priority,
    requested_at: inUtc(referral.requestedAt),
    search: searchText(referral),
    care: JSON.stringify(care),
    rest: JSON.stringify(rest),
  };
}

export function referralOf(row: Selectable<ReferralTable>): Referral {
  const care: OrderedCare = JSON.parse(row.care);
  const rest: ReferralRest = JSON.parse(row.rest);
  const { id, hospital, episode, state, version } = row;
  return { id, hospital, episode, state, version, care, ...rest };
}

export function sessionRow(
  session: Session,
  position: number,
  patient: string,
): Insertable<SessionTable> {
  const rest: SessionRest = {
    start: session.start,
    end: session.end,
    place: session.place,
    location: session.location,
    placeBefore: session.placeBefore,
    bookedBy: session.bookedBy,
    reason: session.reason,
    record: session.record,
  };
  return {
    id: session.id,
    referral: session.referral,
    position,
    hospital: session.hospital,
    state: session.state,
    version: session.version,
    starts_at: inUtc(session.start),
    ends_at: inUtc(session.end),
    therapist: session.therapist ?? null,
    patient,
    rest: JSON.stringify(rest),
  };
}

export function sessionOf(row: Selectable<SessionTable>): Session {
  const rest: SessionRest = JSON.parse(row.rest);
  const { id, referral, hospital, state, version, therapist } = row;
  return {
    id,
    referral,
    hospital,
    state,
    version,
    ...(therapist !== null && { therapist }),
    ...rest,
  };
}

export function eventRow(
  referral: string,
  version: number,
  event: EpisodeEvent,
): Insertable<EventTable> {
  const { type, at, by, ...data } = event;
  return {
    referral,
    session: 'session' in event ? event.session : null,
    version,
    type,
    at,
    done_by: by,
    data: JSON.stringify(data),
  };
}

export function eventOf(row: Selectable<EventTable>): EpisodeEvent {
  // what eventRow took apart; the data of a type are those that it was saved with
  return { type: row.type, at: row.at, by: row.done_by, ...JSON.parse(row.data) } as EpisodeEvent;
}

/** The same moment as text that sorts by time. */
export function inUtc(instant: Instant): Instant {
  return new Date(instant).toISOString();
}

/** What a person may know a referral by, in lower case: name, numbers, references, our id. */
function searchText({ id, care: { patient, order } }: Referral): string {
  const numbers = [...patient.identifier, ...order.identifier].flatMap(({ value }) => value ?? []);
  return [patient.name ?? '', ...numbers, patient.reference, order.reference, id]
    .join('\n')
    .toLowerCase();
}
