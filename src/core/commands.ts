/**
 * What people may ask for (commands) and what the hospital may do on its own (changes). Both are decided against the
 * same tables; a change is never refused, since it has already happened: it is followed, or it becomes work.
 */
import type { Instant } from './concept.ts';
import type { Outcome } from './events.ts';
import type { OrderedCare } from './referral.ts';
import type { Interrupter, VisitReason } from './session.ts';
import type { Stay } from './stay.ts';

export type ReferralCommand =
  | { readonly type: 'accept' | 'resume' | 'complete' }
  | { readonly type: 'decline' | 'hold' | 'give-up'; readonly reason: string }
  | {
      readonly type: 'plan';
      readonly start: Instant;
      readonly end: Instant;
      readonly therapist?: string | undefined;
      readonly place?: string | undefined;
    };

export type SessionCommand = { readonly session: string } & (
  | { readonly type: 'move'; readonly start: Instant; readonly end: Instant }
  | { readonly type: 'cancel' | 'not-done'; readonly reason: string }
  | { readonly type: 'arrive' | 'no-show' }
  | { readonly type: 'start' | 'resume'; readonly at?: Instant | undefined }
  | { readonly type: 'pause'; readonly by: Interrupter; readonly at?: Instant | undefined }
  | ({ readonly type: 'finish'; readonly at?: Instant | undefined } & Outcome)
  | ({
      readonly type: 'stop';
      readonly at?: Instant | undefined;
      readonly reason: string;
    } & Outcome)
);

export type Command = ReferralCommand | SessionCommand;
export type ReferralCommandName = ReferralCommand['type'];
export type SessionCommandName = SessionCommand['type'];

/** What the hospital did, read from a newer version of one of its resources. */
export type HospitalChange =
  | { readonly type: 'order-revised'; readonly care: OrderedCare }
  | {
      readonly type: 'order-revoked';
      readonly care?: OrderedCare | undefined;
      readonly reason: string;
    }
  | {
      readonly type: 'order-withdrawn';
      readonly care?: OrderedCare | undefined;
      readonly reason: string;
    }
  | {
      readonly type: 'order-held';
      readonly care?: OrderedCare | undefined;
      readonly reason: string;
    }
  | { readonly type: 'order-active'; readonly care: OrderedCare }
  | { readonly type: 'order-completed'; readonly care: OrderedCare }
  | { readonly type: 'order-replaced'; readonly supersededBy: string }
  | { readonly type: 'order-gone'; readonly reason: string }
  | { readonly type: 'patient-gone'; readonly reason: string }
  | { readonly type: 'stay-seen'; readonly stay: Stay }
  | { readonly type: 'stay-ended'; readonly reason: string }
  | { readonly type: 'cancel-asked'; readonly reason: string }
  | {
      readonly type: 'visit-booked';
      readonly session: string;
      readonly start: Instant;
      readonly end: Instant;
      readonly therapist?: string | undefined;
      readonly place?: string | undefined;
    }
  | {
      readonly type: 'visit-moved';
      readonly session: string;
      readonly start: Instant;
      readonly end: Instant;
      readonly place?: string | undefined;
    }
  | { readonly type: 'visit-cancelled'; readonly session: string; readonly reason: VisitReason }
  | {
      readonly type: 'visit-arrived' | 'visit-missed' | 'visit-fulfilled';
      readonly session: string;
    };

/** What the adapter itself learns from its own writing. */
export type OwnNews = { readonly type: 'visit-confirmed'; readonly session: string };
