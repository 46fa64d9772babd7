/**
 * What the hospital did, followed. A change has already happened, so it is never refused: either the tables have an
 * edge for it, or it becomes visible work for a person (invariant I9). Decided against the latest state only (I3).
 */
import type { HospitalChange, OwnNews } from './commands.ts';
import {
  allowed,
  dropVisits,
  findClash,
  type Given,
  stateAfterHold,
  type Unstamped,
} from './decide-referral.ts';
import { endOf } from './decide-session.ts';
import { stayEndedWork, stayNews } from './decide-stay.ts';
import { follow } from './edges.ts';
import { type Decided, type Episode, nothing, sameCare, type WorkNote } from './episode.ts';
import type { EpisodeEvent } from './events.ts';
import type { Intended } from './intentions.ts';
import { hasEnded, type OrderedCare, type PendingEnd } from './referral.ts';
import { isRunning, type Session, sessionHasEnded } from './session.ts';
import { type SessionMove, sessionEdges } from './session-states.ts';
import type { Stay } from './stay.ts';

export function decideChange(
  episode: Episode,
  change: HospitalChange | OwnNews,
  given: Given,
): Decided {
  const { referral } = episode;
  switch (change.type) {
    case 'order-revised':
      return found(revision(change.care));
    case 'order-revoked':
      return endThere('cancelled', change.reason, change.care);
    case 'order-withdrawn':
      return endThere('cancelled', change.reason, change.care, [
        {
          kind: 'order-withdrawn',
          says: 'The hospital marked the order as entered in error: review what was done under it.',
        },
      ]);
    case 'order-completed':
      return endThere('closed-by-hospital', 'The hospital completed the order.', change.care);
    case 'order-replaced':
      return endThere('superseded', `Replaced by ${change.supersededBy}.`);
    case 'order-held':
      return hold(change.reason, [], change.care);
    case 'order-gone':
      return hold(change.reason, [
        {
          kind: 'order-gone',
          says: 'The hospital no longer shows this order: ask whether it still holds.',
        },
      ]);
    case 'patient-gone':
      return hold(change.reason, [
        {
          kind: 'patient-gone',
          says: `${change.reason} Visits are frozen until somebody decides.`,
        },
      ]);
    case 'stay-seen':
      return staySeen(change.stay);
    case 'stay-ended':
      return hold(change.reason, [stayEndedWork(change.reason)]);
    case 'order-active':
      return active(change.care);
    case 'cancel-asked':
      return cancelAsked(change.reason);
    case 'visit-booked':
      return visitBooked(change);
    case 'visit-confirmed':
      return aboutVisit(change.session, (session) =>
        session.state === 'planned' ? found([{ type: 'booked', session: session.id }]) : nothing,
      );
    case 'visit-moved':
      return aboutVisit(change.session, (session) => {
        const place = change.place === session.placeBefore ? undefined : change.place;
        if (sameTime(session, change) && (place ?? session.place) === session.place) return nothing;
        return visitMove(
          session,
          'moved',
          {
            type: 'moved',
            session: session.id,
            start: change.start,
            end: change.end,
            place,
          },
          overlap(session.id, session.therapist, change),
        );
      });
    case 'visit-cancelled':
      return aboutVisit(change.session, (session) =>
        session.state === 'cancelled'
          ? nothing
          : visitMove(session, 'cancelled', {
              type: 'cancelled',
              session: session.id,
              reason: change.reason,
            }),
      );
    case 'visit-arrived':
      return aboutVisit(change.session, (session) =>
        session.state === 'arrived' || isRunning(session.state) || sessionHasEnded(session.state)
          ? nothing
          : visitMove(session, 'arrived', { type: 'arrived', session: session.id }),
      );
    case 'visit-missed':
      return aboutVisit(change.session, (session) =>
        session.state === 'no-show'
          ? nothing
          : visitMove(session, 'no-show', { type: 'no-show', session: session.id }),
      );
    case 'visit-fulfilled':
      return aboutVisit(change.session, (session) =>
        sessionHasEnded(session.state) || isRunning(session.state)
          ? nothing
          : conflict(
              session,
              'The hospital says that this visit took place; nothing is recorded here.',
            ),
      );
  }

  function found(
    events: readonly Unstamped[],
    intentions: readonly Intended[] = [],
    work: readonly WorkNote[] = [],
  ): Decided {
    return {
      events: events.map((event) => ({ ...event, at: given.now, by: given.by }) as EpisodeEvent),
      intentions,
      work,
    };
  }

  function revision(care: OrderedCare | undefined): Unstamped[] {
    return care === undefined || sameCare(care, referral.care) ? [] : [{ type: 'revised', care }];
  }

  /** The order is over at the hospital: at once, or when the visit that is under way has ended. */
  function endThere(
    to: PendingEnd,
    reason: string,
    care?: OrderedCare,
    work: readonly WorkNote[] = [],
  ): Decided {
    if (hasEnded(referral.state)) return found(revision(care));
    const visits = dropVisits(episode, given, 'order-ended');
    const running = episode.sessions.some((session) => isRunning(session.state));
    const end: readonly EpisodeEvent[] = running
      ? found([{ type: 'cancel-asked', reason, end: to, binding: true }]).events
      : [endOf(to, reason, given)];
    // Asked before by an abort Task, which nobody will answer any more once the referral has ended.
    const answers: Intended[] =
      referral.state === 'cancellation-requested' ? [{ kind: 'answer-cancellation' }] : [];
    return {
      events: [...found(revision(care)).events, ...visits.events, ...end],
      intentions: [...visits.intentions, { kind: 'report-progress' }, ...answers],
      work: running
        ? [
            ...work,
            { kind: 'cancel-asked', says: `${reason} A visit is under way: finish or stop it.` },
          ]
        : work,
    };
  }

  function hold(reason: string, work: readonly WorkNote[], care?: OrderedCare): Decided {
    const events = revision(care);
    if (hasEnded(referral.state)) return found(events);
    if (!allowed(referral.state, 'held', 'hospital')) return found(events, [], work);
    return found(
      [...events, { type: 'held', reason, side: 'hospital' }],
      [{ kind: 'report-progress' }],
      work,
    );
  }

  function staySeen(stay: Stay): Decided {
    if (hasEnded(referral.state)) return nothing;
    const { events, intentions, ended } = stayNews(episode, stay);
    const seen = found(events, intentions);
    if (ended === undefined) return seen;
    const held = hold(ended, [stayEndedWork(ended)]);
    return {
      events: [...seen.events, ...held.events],
      intentions: [...seen.intentions, ...held.intentions],
      work: held.work,
    };
  }

  function active(care: OrderedCare): Decided {
    const events = revision(care);
    if (hasEnded(referral.state)) return found(events);
    // Only an order that had ended can take its end back: a cancelled Task is not undone by a new version of the order.
    if (
      referral.state === 'cancellation-requested' &&
      referral.pendingEnd?.binding &&
      referral.care.order.status !== 'active'
    )
      return found([...events, { type: 'cancel-refused' }], [{ kind: 'report-progress' }]);
    if (
      referral.state !== 'on-hold' ||
      referral.held?.by !== 'hospital' ||
      referral.care.order.status !== 'on-hold'
    )
      return found(events);
    return found(
      [...events, { type: 'resumed', to: stateAfterHold(episode) }],
      [{ kind: 'report-progress' }],
    );
  }

  /** The placer asks by an abort Task; after start a person answers, before start its wish counts (closed-loop §5). */
  function cancelAsked(reason: string): Decided {
    // What has ended is answered at once; what ends with the visit under way is answered then.
    if (hasEnded(referral.state)) return found([], [{ kind: 'answer-cancellation' }]);
    if (referral.state === 'cancellation-requested') return nothing;
    if (!referral.started) {
      const ended = endThere('cancelled', reason);
      return { ...ended, intentions: [...ended.intentions, { kind: 'answer-cancellation' }] };
    }
    return found(
      [{ type: 'cancel-asked', reason, end: 'cancelled', binding: false }],
      [{ kind: 'report-progress' }],
      [
        {
          kind: 'cancel-asked',
          says: `The hospital asks to cancel (${reason}): give up to agree, resume to refuse.`,
        },
      ],
    );
  }

  function visitBooked(visit: Extract<HospitalChange, { type: 'visit-booked' }>): Decided {
    if (hasEnded(referral.state))
      return found(
        [],
        [],
        [
          {
            kind: 'conflict',
            says: `The hospital booked a visit for a referral that is ${referral.state}.`,
          },
        ],
      );
    const scheduled: Unstamped[] = referral.state === 'accepted' ? [{ type: 'scheduled' }] : [];
    const work = overlap(visit.session, visit.therapist, visit);
    return found(
      [
        {
          type: 'planned',
          session: visit.session,
          start: visit.start,
          end: visit.end,
          therapist: visit.therapist,
          place: visit.place ?? referral.care.place,
          location: visit.place === undefined ? referral.care.location : undefined,
          bookedBy: 'hospital',
        },
        { type: 'booked', session: visit.session },
        ...scheduled,
      ],
      scheduled.length > 0 ? [{ kind: 'report-progress' }] : [],
      work,
    );
  }

  /** The hospital's word counts, also where it puts two visits at one time: a person has to sort that out. */
  function overlap(
    session: string,
    therapist: string | undefined,
    { start, end }: { readonly start: string; readonly end: string },
  ): WorkNote[] {
    const patient = referral.care.patient.reference;
    const clash = findClash(given.busy, { session, patient, therapist, start, end });
    return clash === undefined ? [] : [{ kind: 'overlap', says: clash, session }];
  }

  function aboutVisit(id: string, then: (session: Session) => Decided): Decided {
    const session = episode.sessions.find((one) => one.id === id);
    return session === undefined ? nothing : then(session);
  }

  function visitMove(
    session: Session,
    move: SessionMove,
    event: Unstamped,
    work: readonly WorkNote[] = [],
  ): Decided {
    if (follow(sessionEdges, session.state, move, 'hospital') === undefined)
      return conflict(
        session,
        `The hospital changed this visit (${move}) while it is ${session.state} here.`,
      );
    const gone = move === 'cancelled' || move === 'no-show';
    const ahead = episode.sessions.some(
      (other) => other.id !== session.id && !sessionHasEnded(other.state),
    );
    const back: Unstamped[] =
      gone && !ahead && allowed(referral.state, 'unscheduled', 'hospital')
        ? [{ type: 'unscheduled' }]
        : [];
    return found([event, ...back], gone ? [{ kind: 'report-progress' }] : [], work);
  }

  function conflict(session: Session, says: string): Decided {
    return found([], [], [{ kind: 'conflict', says, session: session.id }]);
  }
}

function sameTime(session: Session, other: { start: string; end: string }): boolean {
  return (
    Date.parse(session.start) === Date.parse(other.start) &&
    Date.parse(session.end) === Date.parse(other.end)
  );
}
