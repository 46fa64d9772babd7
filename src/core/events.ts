/**
 * What can happen to a referral and its sessions, as facts in the past. An event carries everything that `apply`
 * needs, so that the record can be rebuilt from its events alone.
 */
import type { Instant } from './concept.ts';
import type { OrderedCare, PendingEnd, ReferralState } from './referral.ts';
import type { ReferralMove } from './referral-states.ts';
import type { AppliedTechnique, Interrupter, Score, VisitReason } from './session.ts';
import type { Stay } from './stay.ts';

export interface Stamp {
  readonly at: Instant;
  /** Who did it: a key's name, `hospital` or `adapter`. */
  readonly by: string;
}

export type ReferralEvent = Stamp &
  (
    | { readonly type: 'requested'; readonly care: OrderedCare; readonly episode: number }
    | { readonly type: 'revised'; readonly care: OrderedCare }
    | {
        readonly type: 'stay-changed';
        readonly stay: Stay;
        /** Given where the place of the order is that of the stay. */
        readonly place?: string | undefined;
        readonly location?: string | undefined;
      }
    | { readonly type: 'accepted' | 'scheduled' | 'unscheduled' | 'started' | 'completed' }
    | {
        readonly type: 'declined' | 'given-up' | 'cancelled' | 'closed-there';
        readonly reason: string;
      }
    | { readonly type: 'held'; readonly reason: string; readonly side: 'service' | 'hospital' }
    | { readonly type: 'resumed'; readonly to: Exclude<ReferralState, 'on-hold'> }
    | {
        readonly type: 'cancel-asked';
        readonly reason: string;
        readonly end: PendingEnd;
        readonly binding: boolean;
      }
    | { readonly type: 'cancel-refused' }
    | {
        readonly type: 'superseded';
        readonly reason: string;
        readonly supersededBy?: string | undefined;
      }
  );

/** What `finish` and `stop` write down. */
export interface Outcome {
  readonly scores: readonly Score[];
  readonly techniques: readonly AppliedTechnique[];
  readonly response?: string | undefined;
  readonly note?: string | undefined;
}

export type SessionEvent = Stamp & { readonly session: string } & (
    | {
        readonly type: 'planned';
        readonly start: Instant;
        readonly end: Instant;
        readonly therapist?: string | undefined;
        readonly place?: string | undefined;
        readonly location?: string | undefined;
        readonly bookedBy: 'service' | 'hospital';
      }
    | { readonly type: 'booked' | 'arrived' | 'no-show' }
    | {
        readonly type: 'moved';
        readonly start: Instant;
        readonly end: Instant;
        readonly place?: string | undefined;
      }
    | {
        readonly type: 'place-moved';
        readonly place?: string | undefined;
        readonly location?: string | undefined;
      }
    | { readonly type: 'started' | 'resumed'; readonly when: Instant }
    | { readonly type: 'paused'; readonly when: Instant; readonly interrupter: Interrupter }
    | { readonly type: 'finished'; readonly when: Instant; readonly outcome: Outcome }
    | {
        readonly type: 'stopped';
        readonly when: Instant;
        readonly outcome: Outcome;
        readonly reason: VisitReason;
      }
    | { readonly type: 'not-done' | 'cancelled'; readonly reason: VisitReason }
  );

export type EpisodeEvent = ReferralEvent | SessionEvent;

export function isSessionEvent(event: EpisodeEvent): event is SessionEvent {
  return 'session' in event;
}

/** The move in the table of states that a referral event stands for; none for those that only change content. */
export function moveOf(event: ReferralEvent): ReferralMove | undefined {
  if (isContent(event)) return undefined;
  if (event.type === 'resumed') return `resumed-${event.to}` as ReferralMove;
  return event.type;
}

type ContentEvent = Extract<ReferralEvent, { type: 'requested' | 'revised' | 'stay-changed' }>;

function isContent(event: ReferralEvent): event is ContentEvent {
  return event.type === 'requested' || event.type === 'revised' || event.type === 'stay-changed';
}
