/**
 * Where a visit can go, who may send it there, and by which rule.
 * A hospital may move or cancel what has not begun; what has begun is ended by the person at the bedside.
 */
import type { Edge } from './edges.ts';
import type { SessionState } from './session.ts';

export type SessionMove =
  | 'booked'
  | 'moved'
  | 'place-moved'
  | 'arrived'
  | 'started'
  | 'paused'
  | 'resumed'
  | 'finished'
  | 'stopped'
  | 'not-done'
  | 'no-show'
  | 'cancelled';

export const sessionEdges = [
  ['planned', 'booked', 'booked', ['adapter', 'hospital'], 'the hospital has the Appointment'],
  ['planned', 'moved', 'planned', ['service'], 'another time, the same visit'],
  ['planned', 'place-moved', 'planned', ['hospital'], 'the patient was moved to another place'],
  ['planned', 'arrived', 'arrived', ['service', 'hospital'], 'patient and therapist are there'],
  [
    'planned',
    'started',
    'in-progress',
    ['service'],
    'hands on; care does not wait for the network',
  ],
  ['planned', 'not-done', 'not-done', ['service'], 'never started, with a reason'],
  ['planned', 'no-show', 'no-show', ['service', 'hospital'], 'the patient did not attend'],
  ['planned', 'cancelled', 'cancelled', ['service', 'hospital'], 'called off before it began'],

  ['booked', 'moved', 'booked', ['service', 'hospital'], 'another time, the same visit'],
  ['booked', 'place-moved', 'booked', ['hospital'], 'the patient was moved to another place'],
  ['booked', 'arrived', 'arrived', ['service', 'hospital'], 'patient and therapist are there'],
  ['booked', 'started', 'in-progress', ['service'], 'hands on; care does not wait for the network'],
  ['booked', 'not-done', 'not-done', ['service'], 'never started, with a reason'],
  ['booked', 'no-show', 'no-show', ['service', 'hospital'], 'the patient did not attend'],
  ['booked', 'cancelled', 'cancelled', ['service', 'hospital'], 'called off before it began'],

  ['arrived', 'moved', 'booked', ['service', 'hospital'], 'the patient was called away'],
  [
    'arrived',
    'started',
    'in-progress',
    ['service'],
    'hands on; care does not wait for the network',
  ],
  ['arrived', 'not-done', 'not-done', ['service'], 'never started, with a reason'],
  ['arrived', 'cancelled', 'cancelled', ['service', 'hospital'], 'called off before it began'],

  [
    'in-progress',
    'paused',
    'paused',
    ['service'],
    'interrupted by care team, family, device or patient',
  ],
  ['in-progress', 'finished', 'finished', ['service'], 'done; an open pause ends with the visit'],
  ['in-progress', 'stopped', 'stopped', ['service'], 'ended early, with a reason'],

  ['paused', 'resumed', 'in-progress', ['service'], 'hands on again'],
  ['paused', 'finished', 'finished', ['service'], 'done; an open pause ends with the visit'],
  ['paused', 'stopped', 'stopped', ['service'], 'ended early, with a reason'],
] as const satisfies readonly Edge<SessionState, SessionMove>[];
