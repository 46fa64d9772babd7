/**
 * Where a visit can go, who may send it there, and by which rule (DESIGN §5; closed-loop §8 rows 6-7b, §9).
 * A hospital may move or cancel what has not begun; what has begun is ended by the person at the bedside.
 */
import type { Edge } from './edges.ts';
import type { SessionState } from './session.ts';

export type SessionMove =
  | 'booked'
  | 'moved'
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
  [
    'planned',
    'booked',
    'booked',
    ['adapter', 'hospital'],
    '§8 row 6: the hospital has the Appointment',
  ],
  ['planned', 'moved', 'planned', ['service'], '8.1: 6 → 6'],
  ['planned', 'arrived', 'arrived', ['service', 'hospital'], '§8 row 7'],
  [
    'planned',
    'started',
    'in-progress',
    ['service'],
    '§8 row 7: care does not wait for the network',
  ],
  ['planned', 'not-done', 'not-done', ['service'], 'clinical §4: never started'],
  ['planned', 'no-show', 'no-show', ['service', 'hospital'], '§8 row 7a'],
  ['planned', 'cancelled', 'cancelled', ['service', 'hospital'], '§8 row 7b'],

  ['booked', 'moved', 'booked', ['service', 'hospital'], '8.1: 6 → 6; §9.1'],
  ['booked', 'arrived', 'arrived', ['service', 'hospital'], '§8 row 7'],
  ['booked', 'started', 'in-progress', ['service'], '§8 row 7'],
  ['booked', 'not-done', 'not-done', ['service'], 'clinical §4: never started'],
  ['booked', 'no-show', 'no-show', ['service', 'hospital'], '§8 row 7a'],
  ['booked', 'cancelled', 'cancelled', ['service', 'hospital'], '§8 row 7b'],

  [
    'arrived',
    'moved',
    'booked',
    ['service', 'hospital'],
    '8.1: 7 → 6, the patient was called away',
  ],
  ['arrived', 'started', 'in-progress', ['service'], '§8 row 7'],
  ['arrived', 'not-done', 'not-done', ['service'], 'clinical §4: never started'],
  ['arrived', 'cancelled', 'cancelled', ['service', 'hospital'], '§8 row 7b'],

  ['in-progress', 'paused', 'paused', ['service'], 'clinical §4: interruption'],
  ['in-progress', 'finished', 'finished', ['service'], '§8 row 7'],
  ['in-progress', 'stopped', 'stopped', ['service'], '§8 row 7b: stopped if mid-session'],

  ['paused', 'resumed', 'in-progress', ['service'], 'clinical §4: interruption'],
  ['paused', 'finished', 'finished', ['service'], 'clinical §4: the pause ends with the visit'],
  ['paused', 'stopped', 'stopped', ['service'], 'clinical §4: permanent interruption'],
] as const satisfies readonly Edge<SessionState, SessionMove>[];
