/**
 * What the massage service may do with a referral, decided purely: events and intentions, or a refusal that says what
 * is possible instead. Every move is looked up in the table of states; this file adds only what a table cannot say.
 */
import type { ReferralCommand, ReferralCommandName } from './commands.ts';
import type { Instant } from './concept.ts';
import { type Actor, follow } from './edges.ts';
import { type Decision, decided, type Episode, refuse } from './episode.ts';
import type { EpisodeEvent } from './events.ts';
import type { Intended } from './intentions.ts';
import { hasEnded, type ReferralState } from './referral.ts';
import { type ReferralMove, referralEdges } from './referral-states.ts';
import { isRunning, sessionHasEnded, visitReason, wasDelivered } from './session.ts';

/** A visit of somebody else, or of the same patient elsewhere, that a new one could collide with. */
export interface Busy {
  readonly session: string;
  readonly patient: string;
  readonly therapist?: string | undefined;
  readonly start: Instant;
  readonly end: Instant;
}

/** Everything that varies from run to run. */
export interface Given {
  readonly now: Instant;
  readonly by: string;
  readonly newId: () => string;
  /** Open visits of the same patient or therapist around the wanted time. */
  readonly busy: readonly Busy[];
}

/** The move that each command asks the table for. `resume` depends on where the referral came from. */
const moves: Record<Exclude<ReferralCommandName, 'resume' | 'plan'>, ReferralMove> = {
  accept: 'accepted',
  decline: 'declined',
  hold: 'held',
  complete: 'completed',
  'give-up': 'given-up',
};

export function decideReferral(episode: Episode, command: ReferralCommand, given: Given): Decision {
  const { referral } = episode;
  const cannot = (says: string) => refuse('not-possible-now', says, possibleForReferral(episode));
  const impossible = `A referral that is ${referral.state} cannot be changed by ${command.type}.`;
  switch (command.type) {
    case 'accept': {
      if (!allowed(referral.state, 'accepted', 'service')) return cannot(impossible);
      // the hospital may have booked a visit before anybody here accepted
      const ahead = episode.sessions.some((session) => !sessionHasEnded(session.state));
      return end([{ type: 'accepted' }, ...(ahead ? [{ type: 'scheduled' } as const] : [])]);
    }
    case 'decline': {
      if (!allowed(referral.state, 'declined', 'service')) return cannot(impossible);
      const visits = dropVisits(episode, given, 'order-ended');
      return end(
        [...visits.events, { type: 'declined', reason: command.reason }],
        visits.intentions,
      );
    }
    case 'hold':
      return allowed(referral.state, 'held', 'service')
        ? end([{ type: 'held', reason: command.reason, side: 'service' }])
        : cannot(impossible);
    case 'resume':
      return resume();
    case 'complete':
      return complete();
    case 'give-up':
      return giveUp(command.reason);
    case 'plan':
      return plan(command);
  }

  function end(events: readonly Unstamped[], before: readonly Intended[] = []): Decision {
    return decided(stamp(events), [...before, { kind: 'report-progress' }]);
  }

  function stamp(events: readonly Unstamped[]): EpisodeEvent[] {
    return events.map((event) => ({ ...event, at: given.now, by: given.by }) as EpisodeEvent);
  }

  function resume(): Decision {
    if (referral.state === 'cancellation-requested') {
      if (referral.pendingEnd?.binding)
        return cannot(
          'The order has ended at the hospital: finish or stop the visit that is under way.',
        );
      return end([{ type: 'cancel-refused' }], [{ kind: 'answer-cancellation' }]);
    }
    if (referral.state !== 'on-hold' || referral.held === undefined) return cannot(impossible);
    if (referral.care.order.status === 'on-hold')
      return cannot('The hospital put this order on hold: only the hospital can resume it.');
    return end([{ type: 'resumed', to: stateAfterHold(episode) }]);
  }

  function complete(): Decision {
    if (!allowed(referral.state, 'completed', 'service')) return cannot(impossible);
    if (episode.sessions.some((session) => isRunning(session.state)))
      return cannot('A visit is under way: finish or stop it first.');
    if (!episode.sessions.some((session) => wasDelivered(session.state)))
      return cannot('No visit was carried out: give the referral up instead, with a reason.');
    const visits = dropVisits(episode, given, 'order-ended');
    const answers: Intended[] =
      referral.state === 'cancellation-requested' ? [{ kind: 'answer-cancellation' }] : [];
    return end([...visits.events, { type: 'completed' }], [...visits.intentions, ...answers]);
  }

  function giveUp(reason: string): Decision {
    const asked = referral.state === 'cancellation-requested';
    if (!asked && !allowed(referral.state, 'given-up', 'service')) return cannot(impossible);
    if (episode.sessions.some((session) => isRunning(session.state)))
      return cannot('A visit is under way: finish or stop it first.');
    const visits = dropVisits(episode, given, 'order-ended');
    return asked
      ? end(
          [...visits.events, { type: 'cancelled', reason }],
          [...visits.intentions, { kind: 'answer-cancellation' }],
        )
      : end([...visits.events, { type: 'given-up', reason }], visits.intentions);
  }

  function plan(wanted: Extract<ReferralCommand, { type: 'plan' }>): Decision {
    if (!mayPlan(referral.state)) return cannot(impossible);
    const problem = timeProblem(wanted.start, wanted.end);
    if (problem !== undefined) return refuse('bad-request', problem, possibleForReferral(episode));
    const clash = findClash(given.busy, {
      session: '',
      patient: referral.care.patient.reference,
      therapist: wanted.therapist,
      start: wanted.start,
      end: wanted.end,
    });
    if (clash !== undefined) return refuse('overlap', clash, possibleForReferral(episode));
    const session = given.newId();
    const planned: Unstamped = {
      type: 'planned',
      session,
      start: wanted.start,
      end: wanted.end,
      therapist: wanted.therapist,
      place: wanted.place ?? referral.care.place,
      location: wanted.place === undefined ? referral.care.location : undefined,
      bookedBy: 'service',
    };
    const moved: Unstamped[] = referral.state === 'accepted' ? [{ type: 'scheduled' }] : [];
    return end([planned, ...moved], [{ kind: 'write-appointment', session }]);
  }
}

type WithoutStamp<E> = E extends unknown ? Omit<E, 'at' | 'by'> : never;
export type Unstamped = WithoutStamp<EpisodeEvent>;

export function allowed(state: ReferralState, move: ReferralMove, who: Actor): boolean {
  return follow(referralEdges, state, move, who) !== undefined;
}

export function mayPlan(state: ReferralState): boolean {
  return state === 'accepted' || state === 'scheduled' || state === 'in-series';
}

/** Where a hold ends: what the referral was, unless its visits have moved it on meanwhile. */
export function stateAfterHold(episode: Episode): Exclude<ReferralState, 'on-hold'> {
  const { referral, sessions } = episode;
  if (referral.started) return 'in-series';
  if (referral.held?.from === 'requested') return 'requested';
  return sessions.some((session) => !sessionHasEnded(session.state)) ? 'scheduled' : 'accepted';
}

/** Cancels every visit that has not begun, when the order that they stand on ends. */
export function dropVisits(
  episode: Episode,
  given: Pick<Given, 'now' | 'by'>,
  reason: string,
): { events: EpisodeEvent[]; intentions: Intended[] } {
  const ahead = episode.sessions.filter(
    (session) => !sessionHasEnded(session.state) && !isRunning(session.state),
  );
  return {
    events: ahead.map((session) => ({
      type: 'cancelled',
      session: session.id,
      reason: visitReason(reason),
      at: given.now,
      by: given.by,
    })),
    intentions: ahead.map((session) => ({ kind: 'write-appointment', session: session.id })),
  };
}

/** The commands that would not be refused for the state that the referral is in. */
export function possibleForReferral(episode: Episode): string[] {
  const { state } = episode.referral;
  if (hasEnded(state)) return [];
  const names = Object.keys(moves) as (keyof typeof moves)[];
  const possible: string[] = names.filter((name) => allowed(state, moves[name], 'service'));
  if (state === 'on-hold' && episode.referral.care.order.status !== 'on-hold')
    possible.push('resume');
  if (state === 'cancellation-requested' && !episode.referral.pendingEnd?.binding)
    possible.push('resume', 'give-up');
  if (mayPlan(state)) possible.push('plan');
  return possible;
}

export function timeProblem(start: Instant, end: Instant): string | undefined {
  const length = Date.parse(end) - Date.parse(start);
  if (Number.isNaN(length))
    return 'start and end are instants with a zone, e.g. 2026-03-02T09:30:00Z.';
  if (length <= 0) return 'A visit ends after it starts.';
  if (length > 8 * 3_600_000) return 'A visit is at most eight hours long.';
  return undefined;
}

/** The first visit that the wanted one would overlap, in words that name it; half-open, so back to back is fine. */
export function findClash(busy: readonly Busy[], wanted: Busy): string | undefined {
  const clash = busy.find(
    (other) =>
      other.session !== wanted.session &&
      Date.parse(other.start) < Date.parse(wanted.end) &&
      Date.parse(wanted.start) < Date.parse(other.end) &&
      (other.patient === wanted.patient ||
        (wanted.therapist !== undefined && other.therapist === wanted.therapist)),
  );
  if (clash === undefined) return undefined;
  const who = clash.patient === wanted.patient ? 'the patient' : `therapist ${wanted.therapist}`;
  return `Overlaps session ${clash.session} of ${who}, ${clash.start} to ${clash.end}.`;
}
