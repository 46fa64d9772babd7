/**
 * The referral: one order of the hospital as the massage service sees it, and where it stands. What the hospital
 * asked for (`care`) is only ever replaced by a newer version of the order; where it stands changes by events.
 */
import type { Concept, Identifier, Instant, Named } from './concept.ts';

export const referralStates = [
  'requested',
  'accepted',
  'scheduled',
  'in-series',
  'on-hold',
  'cancellation-requested',
  'declined',
  'completed',
  'failed',
  'cancelled',
  'closed-by-hospital',
  'superseded',
] as const;
export type ReferralState = (typeof referralStates)[number];

/** States that are left only by a new episode (closed-loop §8.1). */
export const endedReferralStates = [
  'declined',
  'completed',
  'failed',
  'cancelled',
  'closed-by-hospital',
  'superseded',
] as const satisfies readonly ReferralState[];
export type EndedReferralState = (typeof endedReferralStates)[number];

/** States that a hospital can bring about while a visit is still running; reached when that visit ends. */
export type PendingEnd = 'cancelled' | 'closed-by-hospital' | 'superseded';

export const priorities = ['routine', 'urgent', 'asap', 'stat'] as const;
export type Priority = (typeof priorities)[number];

export interface Order {
  /** `ServiceRequest/…` as the hospital names it. */
  readonly reference: string;
  readonly identifier: readonly Identifier[];
  readonly status: string;
  readonly intent: string;
  readonly authoredOn?: string | undefined;
  readonly requester?: Named | undefined;
  readonly basedOn: readonly string[];
  readonly replaces: readonly string[];
}

export interface Patient {
  readonly reference: string;
  readonly name?: string | undefined;
  readonly birthDate?: string | undefined;
  readonly identifier: readonly Identifier[];
}

/** How often, as ordered: "2x/week x 4 wk" is times 2, period 1, unit wk, for 4 wk. */
export interface Frequency {
  readonly text: string;
  readonly times?: number | undefined;
  readonly period?: number | undefined;
  readonly unit?: string | undefined;
  readonly bounds?: string | undefined;
  readonly asNeeded?: boolean | undefined;
}

/** What the hospital asked for (clinical §3). */
export interface OrderedCare {
  readonly order: Order;
  readonly patient: Patient;
  readonly service: Concept;
  readonly reasons: readonly Concept[];
  /** The physician's direction on the type of massage, in the words of the order. */
  readonly direction?: string | undefined;
  readonly techniques: readonly Concept[];
  readonly bodySites: readonly Concept[];
  readonly priority: Priority;
  readonly frequency?: Frequency | undefined;
  /** Number of visits that the order asks for, where it says one. */
  readonly visits?: number | undefined;
  readonly place?: string | undefined;
  /** `Encounter/…` of the stay or visit. */
  readonly encounter?: string | undefined;
  readonly supportingInfo: readonly string[];
}

export interface Referral {
  readonly id: string;
  readonly hospital: string;
  /** 1 for the first run of an order; a re-opened order starts the next. */
  readonly episode: number;
  readonly state: ReferralState;
  /** Number of events applied; the ETag of the API. */
  readonly version: number;
  readonly care: OrderedCare;
  readonly requestedAt: Instant;
  /** True once the service accepted or declined: from then on the hospital is told where it stands. */
  readonly answered: boolean;
  /** True once a visit was started: the hospital then has to ask before it cancels (closed-loop §5). */
  readonly started: boolean;
  /** Where an on-hold referral came from, and who put it there. */
  readonly held?: { readonly from: ReferralState; readonly by: 'service' | 'hospital' } | undefined;
  /**
   * Where a cancellation-requested referral goes. Binding: the order has ended there, so it happens when the visit
   * under way ends. Not binding: the hospital asked (abort Task), and the service answers.
   */
  readonly pendingEnd?: { readonly to: PendingEnd; readonly binding: boolean } | undefined;
  /** Why it is declined, on hold, failed, cancelled …, in words. */
  readonly reason?: string | undefined;
  /** Reference of the order that replaced this one. */
  readonly supersededBy?: string | undefined;
}

export function hasEnded(state: ReferralState): state is EndedReferralState {
  return (endedReferralStates as readonly string[]).includes(state);
}
