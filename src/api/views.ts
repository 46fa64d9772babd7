/** Referrals and sessions as the API shows them: the record, what follows from it, and what is possible next. */
import type { Instant } from '../core/concept.ts';
import { possibleForReferral } from '../core/decide-referral.ts';
import { possibleForSession } from '../core/decide-session.ts';
import type { Episode } from '../core/episode.ts';
import type { FactFile } from '../core/facts.ts';
import { minutes, type Session, visitTime, wasDelivered } from '../core/session.ts';
import { type FactsShown, viewFacts, viewFactsInShort } from './fact-views.ts';

/** In the form of `ReferralView`. `now`: up to when the minutes of a visit under way count. */
export function viewReferral(episode: Episode, now: Instant, facts: FactsShown) {
  const { id, hospital, episode: number, state, reason, version, care } = episode.referral;
  const { reference, identifier, authoredOn, requester } = care.order;
  const { patient, service, reasons, direction, techniques, bodySites, priority } = care;
  return {
    id,
    hospital,
    episode: number,
    state,
    reason,
    version,
    order: { reference, identifier, authoredOn, requester },
    patient: {
      reference: patient.reference,
      ordered: patient.ordered,
      gone: patient.gone,
      name: patient.name,
      birthDate: patient.birthDate,
      identifier: patient.identifier,
    },
    service,
    reasons,
    direction,
    techniques,
    bodySites,
    priority,
    frequency: care.frequency,
    visits: {
      planned: care.visits,
      done: episode.sessions.filter((session) => wasDelivered(session.state)).length,
    },
    place: care.place,
    location: care.location,
    stay: care.stay,
    insurance: care.insurance,
    sessions: episode.sessions.map((session) => viewSession(episode, session, now)),
    ...viewFacts(facts, now),
    possible: possibleForReferral(episode),
  };
}

/** In the form of `SessionView`; `facts` where one session is shown by itself. */
export function viewSession(episode: Episode, session: Session, now: Instant, facts?: FactFile) {
  const { record } = session;
  const time = visitTime(record, now);
  return {
    id: session.id,
    referral: session.referral,
    hospital: session.hospital,
    state: session.state,
    version: session.version,
    start: session.start,
    end: session.end,
    therapist: session.therapist,
    place: session.place,
    location: session.location,
    bookedBy: session.bookedBy,
    reason: session.reason,
    record: {
      startedAt: record.startedAt,
      endedAt: record.endedAt,
      pauses: record.pauses,
      techniques: record.techniques,
      scores: record.scores,
      response: record.response,
      note: record.note,
    },
    minutes: {
      total: minutes(time.totalMs),
      paused: minutes(time.pausedMs),
      handsOn: minutes(time.handsOnMs),
    },
    facts: facts && viewFactsInShort(facts),
    possible: possibleForSession(episode, session),
  };
}
