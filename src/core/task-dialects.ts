/**
 * What guides do differently with a Task, as one record each (closed-loop §4, §8.3). Nothing else in the product asks
 * which guide a hospital follows; it asks these fields.
 */

export interface TaskDialect {
  /** Write `received` when an order has reached us. */
  readonly received: boolean;
  /** Task.status once a visit is booked and none has begun (8.3 a). */
  readonly whenBooked: 'accepted' | 'in-progress';
  /** When Task.status may say `on-hold` (8.3 g); where it may not, businessStatus alone says so. */
  readonly onHold: 'always' | 'after-start' | 'never';
  /** Task.status for a cancellation after the first visit began (§4 "Cancel after start"). */
  readonly cancelledAfterStart: 'failed' | 'cancelled';
  /** Task.status when the service gives up after accepting. */
  readonly givenUp: 'failed' | 'rejected';
  /** Whether the fulfiller may write Task.businessStatus (SDOHCC does not list it). */
  readonly businessStatus: boolean;
  /** Code system of the guide's own businessStatus codes, which are written before ours; false where it has none. */
  readonly guideStatuses: string | false;
  /** Where the rules stand. */
  readonly source: string;
}

export const taskDialects = {
  core: {
    received: true,
    whenBooked: 'accepted',
    onHold: 'always',
    cancelledAfterStart: 'failed',
    givenUp: 'failed',
    businessStatus: true,
    guideStatuses: false,
    source: 'FHIR R4 Task; closed-loop §8',
  },
  cow: {
    received: true,
    whenBooked: 'accepted',
    onHold: 'after-start',
    cancelledAfterStart: 'failed',
    givenUp: 'failed',
    businessStatus: true,
    guideStatuses: 'http://hl7.org/fhir/uv/cow/CodeSystem/temp',
    source: 'HL7 Clinical Order Workflows 1.0.0-ballot',
  },
  sdohcc: {
    received: false,
    whenBooked: 'accepted',
    onHold: 'always',
    cancelledAfterStart: 'cancelled',
    givenUp: 'failed',
    businessStatus: false,
    guideStatuses: false,
    source: 'Gravity SDOH Clinical Care 3.0.0',
  },
  bser: {
    received: true,
    whenBooked: 'in-progress',
    onHold: 'never',
    cancelledAfterStart: 'cancelled',
    givenUp: 'rejected',
    businessStatus: true,
    guideStatuses: 'http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS',
    source: 'HL7 BSeR 2.0.0-ballot',
  },
} as const satisfies Record<string, TaskDialect>;

export type DialectName = keyof typeof taskDialects;

/** Our own businessStatus codes (closed-loop §8); the code table `business-status` gives those of the guides. */
export const businessStatuses = {
  'to-be-scheduled': 'Accepted, to be scheduled',
  'visit-scheduled': 'Visit scheduled',
  'visit-under-way': 'Visit under way',
  'visit-complete': 'Visit complete',
  'visit-missed': 'Visit missed',
  'visit-cancelled': 'Visit cancelled',
  'on-hold': 'On hold',
  'cancellation-requested': 'Cancellation requested',
  'cancelled-as-requested': 'Cancelled as requested',
} as const;
export type BusinessStatus = keyof typeof businessStatuses;
