/**
 * Where a referral can go, who may send it there, and by which rule (numbers: closed-loop §8). `decide` asks this
 * table before it lets an event happen, the property test walks it, the documentation prints it.
 */
import type { Edge } from './edges.ts';
import type { ReferralState } from './referral.ts';

export type ReferralMove =
  | 'accepted'
  | 'declined'
  | 'scheduled'
  | 'unscheduled'
  | 'started'
  | 'held'
  | 'resumed-requested'
  | 'resumed-accepted'
  | 'resumed-scheduled'
  | 'resumed-in-series'
  | 'completed'
  | 'given-up'
  | 'cancel-asked'
  | 'cancel-refused'
  | 'cancelled'
  | 'closed-there'
  | 'superseded';

export const referralEdges = [
  ['requested', 'accepted', 'accepted', ['service'], '8.1: 1 → 5'],
  ['requested', 'declined', 'declined', ['service'], '8.1: 1 → 4, statusReason required (§6)'],
  ['requested', 'held', 'on-hold', ['service', 'hospital'], '8.2: order on-hold → 8'],
  ['requested', 'cancelled', 'cancelled', ['hospital'], '8.1: 1 → 10'],
  [
    'requested',
    'closed-there',
    'closed-by-hospital',
    ['hospital'],
    '8.1 note: 14 from every open state',
  ],
  ['requested', 'superseded', 'superseded', ['hospital'], '8.1: any → 15'],

  ['accepted', 'scheduled', 'scheduled', ['service', 'hospital'], '8.1: 5 → 6'],
  ['accepted', 'started', 'in-series', ['service'], '8.1: 5 → 7'],
  ['accepted', 'held', 'on-hold', ['service', 'hospital'], '8.1: 5 → 8'],
  ['accepted', 'given-up', 'failed', ['service'], '8.1: 5 → 12'],
  ['accepted', 'cancelled', 'cancelled', ['hospital'], '8.1: 5 → 10'],
  ['accepted', 'closed-there', 'closed-by-hospital', ['hospital'], '8.1 note: 14'],
  ['accepted', 'superseded', 'superseded', ['hospital'], '8.1: any → 15'],

  [
    'scheduled',
    'unscheduled',
    'accepted',
    ['service', 'hospital'],
    '8.1: 7a, 7b → 6; no visit is left ahead',
  ],
  [
    'scheduled',
    'started',
    'in-series',
    ['service'],
    '8.3 (a): in-progress at the first session start',
  ],
  ['scheduled', 'held', 'on-hold', ['service', 'hospital'], '8.1: 6 → 8'],
  ['scheduled', 'given-up', 'failed', ['service'], '8.1: 6 → 12'],
  ['scheduled', 'cancelled', 'cancelled', ['hospital'], '8.1: 6 → 10'],
  ['scheduled', 'closed-there', 'closed-by-hospital', ['hospital'], '8.1 note: 14'],
  ['scheduled', 'superseded', 'superseded', ['hospital'], '8.1: any → 15'],

  ['in-series', 'held', 'on-hold', ['service', 'hospital'], '8.1: 7 → 8'],
  ['in-series', 'completed', 'completed', ['service'], '8.1: 7 → 13; at least one output (8.3 h)'],
  ['in-series', 'given-up', 'failed', ['service'], '8.1: 7 → 12'],
  ['in-series', 'cancel-asked', 'cancellation-requested', ['hospital'], '8.1: 7 → 9; 8.3 (c)'],
  [
    'in-series',
    'cancelled',
    'cancelled',
    ['hospital'],
    '8.3 (c): revoked after start, accepted by policy',
  ],
  ['in-series', 'closed-there', 'closed-by-hospital', ['hospital'], '8.1: 7 → 14'],
  ['in-series', 'superseded', 'superseded', ['hospital'], '8.1: any → 15'],

  [
    'on-hold',
    'resumed-requested',
    'requested',
    ['service', 'hospital'],
    '8.1: 8 → the state before',
  ],
  ['on-hold', 'resumed-accepted', 'accepted', ['service', 'hospital'], '8.1: 8 → the state before'],
  [
    'on-hold',
    'resumed-scheduled',
    'scheduled',
    ['service', 'hospital'],
    '8.1: 8 → the state before',
  ],
  [
    'on-hold',
    'resumed-in-series',
    'in-series',
    ['service', 'hospital'],
    '8.1: 8 → the state before',
  ],
  ['on-hold', 'given-up', 'failed', ['service'], '§4.2 SDOHCC: on-hold → failed'],
  ['on-hold', 'cancel-asked', 'cancellation-requested', ['hospital'], '8.1: 8 → 9 if started'],
  ['on-hold', 'cancelled', 'cancelled', ['hospital'], '8.1: 8 → 10, 11'],
  ['on-hold', 'closed-there', 'closed-by-hospital', ['hospital'], '8.1 note: 14'],
  ['on-hold', 'superseded', 'superseded', ['hospital'], '8.1: any → 15'],

  [
    'cancellation-requested',
    'cancel-asked',
    'cancellation-requested',
    ['hospital'],
    '8.3 (c): asked, then revoked',
  ],
  [
    'cancellation-requested',
    'cancel-refused',
    'in-series',
    ['service', 'hospital'],
    '8.1: 9 → back',
  ],
  ['cancellation-requested', 'completed', 'completed', ['service'], '8.1: 9 → 13'],
  [
    'cancellation-requested',
    'cancelled',
    'cancelled',
    ['service', 'adapter', 'hospital'],
    '8.1: 9 → 11',
  ],
  [
    'cancellation-requested',
    'closed-there',
    'closed-by-hospital',
    ['adapter', 'hospital'],
    '8.1 note: 14',
  ],
  ['cancellation-requested', 'superseded', 'superseded', ['adapter', 'hospital'], '8.1: any → 15'],
] as const satisfies readonly Edge<ReferralState, ReferralMove>[];
