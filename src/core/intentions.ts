/**
 * What we mean to write to the hospital. An intention names what is to be made true there, not the bytes: they are
 * mapped from the record at the moment of sending, so that a late sender never writes an outdated state.
 */
import type { Measure, Moment, SessionRecord } from './session.ts';

export const intentionKinds = [
  'write-appointment',
  'write-procedure',
  'write-observation',
  'report-progress',
  'answer-cancellation',
] as const;
export type IntentionKind = (typeof intentionKinds)[number];

export interface Intended {
  readonly kind: IntentionKind;
  readonly session?: string | undefined;
  /** Which Observation of the session, e.g. `score:pain:before`, `hands-on`, `pause:0`, `technique:1`. */
  readonly part?: string | undefined;
}

export type ObservationPart =
  | `score:${Measure}:${Moment}`
  | 'hands-on'
  | `pause:${number}`
  | `technique:${number}`;

/** The Observations that a record gives (clinical §4): one per score, pause and technique, and the hands-on minutes. */
export function observationParts(record: SessionRecord): ObservationPart[] {
  return [
    ...record.scores.map((score): ObservationPart => `score:${score.measure}:${score.when}`),
    'hands-on',
    ...record.pauses.map((_, index): ObservationPart => `pause:${index}`),
    ...record.techniques.map((_, index): ObservationPart => `technique:${index}`),
  ];
}

/** Everything that the result of one visit needs, in the order in which it is sent (closed-loop 8.3 f). */
export function resultIntentions(session: string, record: SessionRecord): Intended[] {
  return [
    { kind: 'write-procedure', session },
    ...observationParts(record).map(
      (part): Intended => ({ kind: 'write-observation', session, part }),
    ),
    { kind: 'write-appointment', session },
    { kind: 'report-progress' },
  ];
}
