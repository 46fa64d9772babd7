/**
 * The referral: one order of the hospital as the massage service sees it, and where it stands. What the hospital
 * asked for (`care`) is only ever replaced by a newer version of the order; where it stands changes by events.
 */
import type { Concept, Identifier, Instant, Named } from './concept.ts';
import type { Stay } from './stay.ts';

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

/** What is wrong with the hospital's record of a patient, in words: nobody may be sent to a bedside on its strength. */
export const patientGone = {
  deceased: 'The hospital records the patient as deceased.',
  merged: 'The hospital merged the patient’s record into another.',
  unused: 'The hospital no longer uses the patient’s record.',
} as const;
export type PatientGone = keyof typeof patientGone;

export interface Patient {
  /** `Patient/…` of the record that stands. */
  readonly reference: string;
  /** As the order spells it, where that is another record (merged since) or another spelling. */
  readonly ordered?: string | undefined;
  readonly gone?: PatientGone | undefined;
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

/** A Coverage that the order names, as far as it is shown to us. */
export interface Insurance {
  readonly reference?: string | undefined;
  readonly text?: string | undefined;
  readonly status?: string | undefined;
  /** Why no more is known of it. */
  readonly unread?: string | undefined;
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
  /** `Location/…` of that place, where it has one. */
  readonly location?: string | undefined;
  /** `Encounter/…` of the stay or visit. */
  readonly encounter?: string | undefined;
  /** That Encounter, as it was last read. */
  readonly stay?: Stay | undefined;
  readonly insurance?: readonly Insurance[] | undefined;
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
