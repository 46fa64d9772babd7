/**
 * Where a referral can go, who may send it there, and by which rule. `decide` asks this
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
  ['requested', 'accepted', 'accepted', ['service'], 'the service agrees to carry the order out'],
  [
    'requested',
    'declined',
    'declined',
    ['service'],
    'refused before any work; a reason is required (SDOHCC, BSeR: statusReason)',
  ],
  [
    'requested',
    'held',
    'on-hold',
    ['service', 'hospital'],
    'the order is on hold, or the service waits; mirrored on the Task',
  ],
  [
    'requested',
    'cancelled',
    'cancelled',
    ['hospital'],
    'the placer cancels on its own until work begins (COW)',
  ],
  [
    'requested',
    'closed-there',
    'closed-by-hospital',
    ['hospital'],
    'the hospital completed the order while it was open here',
  ],
  ['requested', 'superseded', 'superseded', ['hospital'], 'a new order replaces this one'],

  ['accepted', 'scheduled', 'scheduled', ['service', 'hospital'], 'a visit is planned'],
  ['accepted', 'started', 'in-series', ['service'], 'the first visit begins without a plan ahead'],
  [
    'accepted',
    'held',
    'on-hold',
    ['service', 'hospital'],
    'the order is on hold, or the service waits; mirrored on the Task',
  ],
  [
    'accepted',
    'given-up',
    'failed',
    ['service'],
    'the service cannot carry it out after accepting: Task failed',
  ],
  [
    'accepted',
    'cancelled',
    'cancelled',
    ['hospital'],
    'the placer cancels on its own until work begins (COW)',
  ],
  [
    'accepted',
    'closed-there',
    'closed-by-hospital',
    ['hospital'],
    'the hospital completed the order while it was open here',
  ],
  ['accepted', 'superseded', 'superseded', ['hospital'], 'a new order replaces this one'],

  [
    'scheduled',
    'unscheduled',
    'accepted',
    ['service', 'hospital'],
    'no visit is left ahead: to be scheduled again',
  ],
  [
    'scheduled',
    'started',
    'in-series',
    ['service'],
    'the first visit begins: Task in progress (COW, SDOHCC)',
  ],
  [
    'scheduled',
    'held',
    'on-hold',
    ['service', 'hospital'],
    'the order is on hold, or the service waits; mirrored on the Task',
  ],
  [
    'scheduled',
    'given-up',
    'failed',
    ['service'],
    'the service cannot carry it out after accepting: Task failed',
  ],
  [
    'scheduled',
    'cancelled',
    'cancelled',
    ['hospital'],
    'the placer cancels on its own until work begins (COW)',
  ],
  [
    'scheduled',
    'closed-there',
    'closed-by-hospital',
    ['hospital'],
    'the hospital completed the order while it was open here',
  ],
  ['scheduled', 'superseded', 'superseded', ['hospital'], 'a new order replaces this one'],

  [
    'in-series',
    'held',
    'on-hold',
    ['service', 'hospital'],
    'the order is on hold, or the service waits; mirrored on the Task',
  ],
  [
    'in-series',
    'completed',
    'completed',
    ['service'],
    'done, with at least one result as output (SDOHCC, COW)',
  ],
  [
    'in-series',
    'given-up',
    'failed',
    ['service'],
    'the service cannot carry it out after accepting: Task failed',
  ],
  [
    'in-series',
    'cancel-asked',
    'cancellation-requested',
    ['hospital'],
    'after the start the placer asks, or its order ended during a visit (COW)',
  ],
  [
    'in-series',
    'cancelled',
    'cancelled',
    ['hospital'],
    'the order was revoked after the start and no visit is under way',
  ],
  [
    'in-series',
    'closed-there',
    'closed-by-hospital',
    ['hospital'],
    'the hospital completed the order while it was open here',
  ],
  ['in-series', 'superseded', 'superseded', ['hospital'], 'a new order replaces this one'],

  [
    'on-hold',
    'resumed-requested',
    'requested',
    ['service', 'hospital'],
    'back to the state before the hold',
  ],
  [
    'on-hold',
    'resumed-accepted',
    'accepted',
    ['service', 'hospital'],
    'back to the state before the hold',
  ],
  [
    'on-hold',
    'resumed-scheduled',
    'scheduled',
    ['service', 'hospital'],
    'back to the state before the hold',
  ],
  [
    'on-hold',
    'resumed-in-series',
    'in-series',
    ['service', 'hospital'],
    'back to the state before the hold',
  ],
  [
    'on-hold',
    'given-up',
    'failed',
    ['service'],
    'the service cannot carry it out after accepting: Task failed',
  ],
  [
    'on-hold',
    'cancel-asked',
    'cancellation-requested',
    ['hospital'],
    'after the start the placer asks, or its order ended during a visit (COW)',
  ],
  [
    'on-hold',
    'cancelled',
    'cancelled',
    ['hospital'],
    'the placer cancels on its own until work begins (COW)',
  ],
  [
    'on-hold',
    'closed-there',
    'closed-by-hospital',
    ['hospital'],
    'the hospital completed the order while it was open here',
  ],
  ['on-hold', 'superseded', 'superseded', ['hospital'], 'a new order replaces this one'],

  [
    'cancellation-requested',
    'cancel-asked',
    'cancellation-requested',
    ['hospital'],
    'asked before, and now the order has ended',
  ],
  [
    'cancellation-requested',
    'cancel-refused',
    'in-series',
    ['service', 'hospital'],
    'the service goes on; or the order is active again',
  ],
  [
    'cancellation-requested',
    'completed',
    'completed',
    ['service'],
    'everything was done before the request was answered (BSeR)',
  ],
  [
    'cancellation-requested',
    'cancelled',
    'cancelled',
    ['service', 'adapter', 'hospital'],
    'the service agrees, or the visit under way has ended',
  ],
  [
    'cancellation-requested',
    'closed-there',
    'closed-by-hospital',
    ['adapter', 'hospital'],
    'the visit under way has ended',
  ],
  [
    'cancellation-requested',
    'superseded',
    'superseded',
    ['adapter', 'hospital'],
    'the visit under way has ended',
  ],
] as const satisfies readonly Edge<ReferralState, ReferralMove>[];
