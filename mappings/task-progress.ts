/**
 * Where a Task stands for an episode, by the table of closed-loop §8 and the dialect of the hospital: status, the
 * reason for it, and the businessStatus. Pure answers about states; putting them on a Task is referral-to-task's.
 */
import type { Episode } from '../src/core/episode.ts';
import type { ReferralState } from '../src/core/referral.ts';
import { isRunning, type Session, sessionHasEnded } from '../src/core/session.ts';
import type { BusinessStatus, TaskDialect } from '../src/core/task-dialects.ts';

type TaskStatus = fhir4.Task['status'];

const endedStatuses: readonly TaskStatus[] = [
  'rejected',
  'cancelled',
  'failed',
  'completed',
  'entered-in-error',
];

/** A Task that is over: nothing but its hospital may open it again. */
export function taskHasEnded(status: string | undefined): boolean {
  return (endedStatuses as readonly (string | undefined)[]).includes(status);
}

/** Statuses that must say why, in words (§6: SDOHCC statusReason.text 1.., BSeR 1..1). */
const withReason: readonly TaskStatus[] = ['rejected', 'cancelled', 'on-hold', 'failed'];

export function needsReason(status: TaskStatus): boolean {
  return withReason.includes(status);
}

/** Task.status for the state of the episode. `delivered`: at least one result of it is at the hospital. */
export function taskStatus(
  { referral }: Episode,
  dialect: TaskDialect,
  previous: TaskStatus | undefined,
  delivered: boolean,
): TaskStatus {
  const { state, started } = referral;
  switch (state) {
    case 'requested':
    case 'accepted':
    case 'scheduled':
    case 'in-series':
      return forward(previous, openStatus(state, dialect));
    case 'on-hold':
      return mayHold(dialect, started) ? 'on-hold' : heldStatus(referral, dialect, previous);
    case 'cancellation-requested':
      return previous === 'on-hold' ? 'on-hold' : 'in-progress';
    case 'declined':
      return 'rejected';
    case 'completed':
      return 'completed';
    case 'failed':
      return dialect.givenUp;
    case 'closed-by-hospital':
      return delivered ? 'completed' : ended(started, dialect);
    case 'cancelled':
    case 'superseded':
      return ended(started, dialect);
  }
}

type OpenState = 'requested' | 'accepted' | 'scheduled' | 'in-series';

function openStatus(state: OpenState, dialect: TaskDialect): TaskStatus {
  if (state === 'requested') return dialect.received ? 'received' : 'requested';
  if (state === 'accepted') return 'accepted';
  return state === 'scheduled' ? dialect.whenBooked : 'in-progress';
}

const order: readonly TaskStatus[] = ['requested', 'received', 'accepted', 'in-progress'];

/** A Task goes back only out of a hold: a visit that falls away does not take back that work had begun (SCP §4.1). */
function forward(previous: TaskStatus | undefined, wanted: TaskStatus): TaskStatus {
  if (previous === undefined) return wanted;
  return order.indexOf(previous) > order.indexOf(wanted) ? previous : wanted;
}

function mayHold({ onHold }: TaskDialect, started: boolean): boolean {
  return onHold === 'always' || (onHold === 'after-start' && started);
}

/** What the Task said before a hold that it may not show. */
function heldStatus(
  { started, held }: Episode['referral'],
  dialect: TaskDialect,
  previous: TaskStatus | undefined,
): TaskStatus {
  const from: ReferralState = started ? 'in-series' : (held?.from ?? 'accepted');
  const open = from === 'requested' || from === 'scheduled' || from === 'in-series';
  return forward(previous, openStatus(open ? from : 'accepted', dialect));
}

function ended(started: boolean, dialect: TaskDialect): TaskStatus {
  return started ? dialect.cancelledAfterStart : 'cancelled';
}

/** Our businessStatus for the state of the episode; undefined where the table has none. */
export function businessStatus({ referral, sessions }: Episode): BusinessStatus | undefined {
  switch (referral.state) {
    case 'accepted':
    case 'scheduled':
    case 'in-series':
      return visitStatus(sessions);
    case 'on-hold':
      return 'on-hold';
    case 'cancellation-requested':
      return 'cancellation-requested';
    case 'completed':
      return 'visit-complete';
    case 'cancelled':
      return referral.started ? 'cancelled-as-requested' : undefined;
    default:
      return undefined;
  }
}

function visitStatus(sessions: readonly Session[]): BusinessStatus {
  if (sessions.some(({ state }) => isRunning(state))) return 'visit-under-way';
  if (sessions.some(({ state }) => !sessionHasEnded(state))) return 'visit-scheduled';
  const last = sessions.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start)).at(-1);
  switch (last?.state) {
    case undefined:
      return 'to-be-scheduled';
    case 'no-show':
      return 'visit-missed';
    case 'cancelled':
    case 'not-done':
      return 'visit-cancelled';
    default:
      return 'visit-complete';
  }
}
