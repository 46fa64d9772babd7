/**
 * What the therapist may do with one visit. Care does not wait for the network: a visit that the hospital has not
 * confirmed yet can be started; but not one whose order is on hold, ended, or about to be cancelled.
 */
import type { SessionCommand, SessionCommandName } from './commands.ts';
import type { Instant } from './concept.ts';
import {
  allowed,
  dropVisits,
  findClash,
  type Given,
  mayPlan,
  timeProblem,
  type Unstamped,
} from './decide-referral.ts';
import { follow } from './edges.ts';
import { type Decision, decided, type Episode, refuse } from './episode.ts';
import type { EpisodeEvent, Outcome } from './events.ts';
import { type Intended, resultIntentions } from './intentions.ts';
import type { PendingEnd } from './referral.ts';
import {
  isRunning,
  type Session,
  type SessionRecord,
  sessionHasEnded,
  visitReason,
} from './session.ts';
import { type SessionMove, sessionEdges } from './session-states.ts';

const moves: Record<SessionCommandName, SessionMove> = {
  move: 'moved',
  cancel: 'cancelled',
  arrive: 'arrived',
  start: 'started',
  pause: 'paused',
  resume: 'resumed',
  finish: 'finished',
  stop: 'stopped',
  'not-done': 'not-done',
  'no-show': 'no-show',
};

/** Clocks of bedside devices run a little fast; later than this is a mistake in the input. */
const clockTolerance = 5 * 60_000;

export function decideSession(episode: Episode, command: SessionCommand, given: Given): Decision {
  const { referral } = episode;
  const known = episode.sessions.find((one) => one.id === command.session);
  if (known === undefined)
    return refuse('not-possible-now', 'This referral has no such session.', []);
  const session: Session = known;
  const possible = possibleForSession(episode, session);
  if (follow(sessionEdges, session.state, moves[command.type], 'service') === undefined)
    return refuse(
      'not-possible-now',
      `A session that is ${session.state} does not take ${command.type}.`,
      possible,
    );
  const id = session.id;

  switch (command.type) {
    case 'move': {
      if (!mayPlan(referral.state)) return notWhile();
      const problem = timeProblem(command.start, command.end);
      if (problem !== undefined) return refuse('bad-request', problem, possible);
      const clash = findClash(given.busy, {
        session: id,
        patient: referral.care.patient.reference,
        therapist: session.therapist,
        start: command.start,
        end: command.end,
      });
      if (clash !== undefined) return refuse('overlap', clash, possible);
      return done(
        [{ type: 'moved', session: id, start: command.start, end: command.end }],
        [{ kind: 'write-appointment', session: id }],
      );
    }
    case 'arrive':
      if (!mayPlan(referral.state)) return notWhile();
      return done([{ type: 'arrived', session: id }], [{ kind: 'write-appointment', session: id }]);
    case 'start': {
      if (!mayPlan(referral.state)) return notWhile();
      const running = episode.sessions.find((other) => isRunning(other.state));
      if (running !== undefined)
        return refuse(
          'not-possible-now',
          `Session ${running.id} of this referral is already under way.`,
          possible,
        );
      return at(command.at, undefined, (when) =>
        done(
          [
            { type: 'started', session: id, when },
            ...(referral.started && referral.state === 'in-series'
              ? []
              : [{ type: 'started' } as const]),
          ],
          [{ kind: 'write-appointment', session: id }, { kind: 'report-progress' }],
        ),
      );
    }
    case 'pause':
      return at(command.at, lastTime(session), (when) =>
        done([{ type: 'paused', session: id, when, interrupter: command.by }]),
      );
    case 'resume':
      return at(command.at, lastTime(session), (when) =>
        done([{ type: 'resumed', session: id, when }]),
      );
    case 'finish':
      return at(command.at, lastTime(session), (when) =>
        result({ type: 'finished', session: id, when, outcome: outcomeOf(command) }),
      );
    case 'stop':
      return at(command.at, lastTime(session), (when) =>
        result({
          type: 'stopped',
          session: id,
          when,
          outcome: outcomeOf(command),
          reason: visitReason(command.reason),
        }),
      );
    case 'not-done':
      return withoutResult({ type: 'not-done', session: id, reason: visitReason(command.reason) }, [
        { kind: 'write-procedure', session: id },
      ]);
    case 'no-show':
      return withoutResult({ type: 'no-show', session: id }, []);
    case 'cancel':
      return withoutResult(
        { type: 'cancelled', session: id, reason: visitReason(command.reason) },
        [],
      );
  }

  function done(events: readonly Unstamped[], intentions: readonly Intended[] = []): Decision {
    return decided(
      events.map((event) => ({ ...event, at: given.now, by: given.by }) as EpisodeEvent),
      intentions,
    );
  }

  function notWhile(): Decision {
    return refuse(
      'not-possible-now',
      `The referral is ${referral.state}: its visits cannot ${command.type} now.`,
      possible,
    );
  }

  function at(
    wanted: Instant | undefined,
    after: Instant | undefined,
    then: (when: Instant) => Decision,
  ): Decision {
    const when = wanted ?? given.now;
    if (Number.isNaN(Date.parse(when)))
      return refuse('bad-request', '`at` is an instant with a zone.', possible);
    if (Date.parse(when) > Date.parse(given.now) + clockTolerance)
      return refuse(
        'bad-request',
        `\`at\` ${when} lies in the future (now ${given.now}).`,
        possible,
      );
    if (after !== undefined && Date.parse(when) < Date.parse(after))
      return refuse(
        'bad-request',
        `\`at\` ${when} is before what was recorded last (${after}).`,
        possible,
      );
    return then(when);
  }

  /** The visit is over: write its result, and let an end that waited for it happen now. */
  function result(event: Unstamped): Decision {
    const over = { ...event, at: given.now, by: given.by } as EpisodeEvent;
    const record = recordAfter(session, event);
    const due = referral.state === 'cancellation-requested' && referral.pendingEnd?.binding;
    if (!due) return decided([over], resultIntentions(id, record));
    const visits = dropVisits(episode, given, 'order-ended');
    const end = endOf(referral.pendingEnd.to, referral.reason ?? 'ended by the hospital', given);
    return decided(
      [over, ...visits.events, end],
      // the hospital may have asked by an abort Task as well
      [...visits.intentions, ...resultIntentions(id, record), { kind: 'answer-cancellation' }],
    );
  }

  /** The visit will not happen; without another one ahead the referral waits to be scheduled again. */
  function withoutResult(event: Unstamped, intentions: readonly Intended[]): Decision {
    const ahead = episode.sessions.some(
      (other) => other.id !== id && !sessionHasEnded(other.state),
    );
    const back: Unstamped[] =
      !ahead && allowed(referral.state, 'unscheduled', 'service') ? [{ type: 'unscheduled' }] : [];
    return done(
      [event, ...back],
      [...intentions, { kind: 'write-appointment', session: id }, { kind: 'report-progress' }],
    );
  }
}

/** The event by which a referral reaches the end that the hospital asked for. */
export function endOf(
  end: PendingEnd,
  reason: string,
  given: Pick<Given, 'now' | 'by'>,
): EpisodeEvent {
  const stamp = { at: given.now, by: given.by };
  if (end === 'cancelled') return { type: 'cancelled', reason, ...stamp };
  if (end === 'closed-by-hospital') return { type: 'closed-there', reason, ...stamp };
  return { type: 'superseded', reason, ...stamp };
}

/** The commands that would not be refused for the states that session and referral are in. */
export function possibleForSession(episode: Episode, session: Session): string[] {
  const needsOpenReferral: readonly SessionCommandName[] = ['move', 'arrive', 'start'];
  const open = mayPlan(episode.referral.state);
  return (Object.keys(moves) as SessionCommandName[]).filter(
    (name) =>
      follow(sessionEdges, session.state, moves[name], 'service') !== undefined &&
      (open || !needsOpenReferral.includes(name)),
  );
}

function outcomeOf(given: Outcome): Outcome {
  return {
    scores: given.scores,
    techniques: given.techniques,
    response: given.response,
    note: given.note,
  };
}

/** The latest moment that the record knows: nothing recorded later may lie before it. */
function lastTime(session: Session): Instant | undefined {
  const { startedAt, pauses } = session.record;
  const last = pauses.at(-1);
  return last?.to ?? last?.from ?? startedAt;
}

function recordAfter(session: Session, event: Unstamped): SessionRecord {
  if (event.type !== 'finished' && event.type !== 'stopped') return session.record;
  return { ...session.record, ...event.outcome };
}
