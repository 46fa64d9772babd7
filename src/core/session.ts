/**
 * The session: one visit, planned or carried out, and the record of it that becomes the hospital's Procedure.
 * Times are instants; hands-on time is what is left of a visit when its pauses are taken out (clinical §4, §6).
 */
import type { Instant } from './concept.ts';

export const sessionStates = [
  'planned',
  'booked',
  'arrived',
  'in-progress',
  'paused',
  'finished',
  'stopped',
  'not-done',
  'no-show',
  'cancelled',
] as const;
export type SessionState = (typeof sessionStates)[number];

export const endedSessionStates = [
  'finished',
  'stopped',
  'not-done',
  'no-show',
  'cancelled',
] as const satisfies readonly SessionState[];
export type EndedSessionState = (typeof endedSessionStates)[number];

export const interrupters = ['care-team', 'family', 'device', 'patient'] as const;
export type Interrupter = (typeof interrupters)[number];

export const measures = ['pain', 'anxiety', 'stress'] as const;
export type Measure = (typeof measures)[number];
export const moments = ['before', 'after'] as const;
export type Moment = (typeof moments)[number];
export const missingReasons = ['asleep', 'declined', 'not-asked'] as const;
export type MissingReason = (typeof missingReasons)[number];

/** A 0-10 rating, or why there is none. */
export type Score =
  | { readonly measure: Measure; readonly when: Moment; readonly value: number }
  | { readonly measure: Measure; readonly when: Moment; readonly missing: MissingReason };

export const techniques = [
  'swedish',
  'effleurage',
  'petrissage',
  'friction',
  'tapotement',
  'deep-tissue',
  'myofascial-release',
  'trigger-point',
  'manual-lymphatic-drainage',
  'scar-massage',
  'reflexology',
  'acupressure',
  'craniosacral',
  'gentle-touch',
  'hand-massage',
  'foot-massage',
  'oncology-modified',
  'joint-mobilisation',
  'stretching',
  'other',
] as const;
export type Technique = (typeof techniques)[number];

/** One technique on one site. Pressure is the Walton scale, 1 (light lotioning) to 5 (deep). */
export interface AppliedTechnique {
  readonly technique: Technique;
  readonly site: string;
  readonly pressure: number;
}

export interface Pause {
  readonly by: Interrupter;
  readonly from: Instant;
  /** Open while the visit is paused. */
  readonly to?: Instant | undefined;
}

export const visitReasons = {
  asleep: 'Patient asleep',
  declined: 'Patient declined',
  'off-unit': 'Patient off the unit',
  'with-care-team': 'Patient with the care team',
  'clinician-hold': 'Held by a clinician',
  contraindicated: 'Contraindicated today',
  isolation: 'Isolation precautions',
  'no-interpreter': 'Interpreter not available',
  discharged: 'Patient discharged',
  deceased: 'Patient deceased',
  'feeling-better': 'Patient feels better',
  discomfort: 'Patient discomfort',
  'therapist-unavailable': 'Therapist not available',
  'order-ended': 'The order ended',
  'no-show': 'Patient did not attend',
} as const;
export type VisitReasonCode = keyof typeof visitReasons;

/** Why a visit was cancelled, not done or stopped: one of our codes where it fits, words always. */
export interface VisitReason {
  readonly code?: VisitReasonCode | undefined;
  readonly text: string;
}

/** What happened at the bedside. */
export interface SessionRecord {
  readonly startedAt?: Instant | undefined;
  readonly endedAt?: Instant | undefined;
  readonly pauses: readonly Pause[];
  readonly techniques: readonly AppliedTechnique[];
  readonly scores: readonly Score[];
  readonly response?: string | undefined;
  readonly note?: string | undefined;
}

export interface Session {
  readonly id: string;
  readonly referral: string;
  readonly hospital: string;
  readonly state: SessionState;
  readonly version: number;
  readonly start: Instant;
  readonly end: Instant;
  /** An id from the settings. */
  readonly therapist?: string | undefined;
  readonly place?: string | undefined;
  /** `Location/…` of that place, where it is the place of the stay. */
  readonly location?: string | undefined;
  /** Where it was before the patient was moved: the hospital's calendar may still say so. */
  readonly placeBefore?: string | undefined;
  /** Who put it into the calendar: then that side's Appointment is the one that counts. */
  readonly bookedBy: 'service' | 'hospital';
  readonly reason?: VisitReason | undefined;
  readonly record: SessionRecord;
}

export const emptyRecord: SessionRecord = { pauses: [], techniques: [], scores: [] };

export function sessionHasEnded(state: SessionState): state is EndedSessionState {
  return (endedSessionStates as readonly string[]).includes(state);
}

/** Under way at the bedside: hands may be on. */
export function isRunning(state: SessionState): boolean {
  return state === 'in-progress' || state === 'paused';
}

/** A visit that delivered something: it counts against the visits that were ordered and has a Procedure as result. */
export function wasDelivered(state: SessionState): boolean {
  return state === 'finished' || state === 'stopped';
}

/** A reason given as one of our codes or in free words. */
export function visitReason(given: string): VisitReason {
  const code = given.trim();
  return Object.hasOwn(visitReasons, code)
    ? { code: code as VisitReasonCode, text: visitReasons[code as VisitReasonCode] }
    : { text: code };
}

export interface VisitTime {
  readonly totalMs: number;
  readonly pausedMs: number;
  readonly handsOnMs: number;
}

/** Time spent, in milliseconds; an open visit or pause is counted up to `now`. total = paused + hands-on, always. */
export function visitTime(record: SessionRecord, now: Instant): VisitTime {
  if (record.startedAt === undefined) return { totalMs: 0, pausedMs: 0, handsOnMs: 0 };
  const end = Date.parse(record.endedAt ?? now);
  const totalMs = end - Date.parse(record.startedAt);
  const pausedMs = record.pauses.reduce(
    (sum, pause) =>
      sum + ((pause.to === undefined ? end : Date.parse(pause.to)) - Date.parse(pause.from)),
    0,
  );
  return { totalMs, pausedMs, handsOnMs: totalMs - pausedMs };
}

/** Milliseconds as minutes with one decimal: a charge of whole minutes is the payer's rounding, not ours. */
export function minutes(ms: number): number {
  return Math.round(ms / 6_000) / 10;
}
