/**
 * One small day at the massage service, one step at a time. The next step is read off the record as it is now, so that
 * whoever is interrupted anywhere, also by kill -9, just goes on; the day is the same in this process and in a child.
 */
import { hasEnded } from '../../src/core/referral.ts';
import { sessionHasEnded } from '../../src/core/session.ts';
import { nextDueAt } from '../../src/store/outbox.ts';
import type { TestAdapter } from '../sync/adapter.ts';

export const order = 'ServiceRequest/order-1';

export interface DayPlan {
  /** How often the service moves the visit before it starts. */
  readonly moves: number;
  readonly pauses: number;
  readonly scores: number;
  readonly techniques: number;
}

/** Observations that the record of such a day gives: each score, the hands-on minutes, each pause, each technique. */
export function expectedObservations({ pauses, scores, techniques }: DayPlan): number {
  return scores + 1 + pauses + techniques;
}

/** A hospital with one patient and one order, with or without a Task of its own that asks us for it. */
export function smallHospital(now: Date, withTask: boolean): fhir4.FhirResource[] {
  const yesterday = new Date(now.getTime() - 24 * 3_600_000).toISOString();
  const meta = { lastUpdated: yesterday };
  const patient: fhir4.Patient = {
    resourceType: 'Patient',
    id: 'patient-1',
    meta,
    identifier: [{ system: 'http://hospital.example/mrn', value: 'crash-0001' }],
    name: [{ family: 'Prüfstein', given: ['Odalys'] }],
    birthDate: '1961-04-02',
  };
  const request: fhir4.ServiceRequest = {
    resourceType: 'ServiceRequest',
    id: 'order-1',
    meta,
    identifier: [{ system: 'http://hospital.example/order-number', value: 'crash-order-1' }],
    status: 'active',
    intent: 'order',
    priority: 'routine',
    code: { coding: [{ system: 'http://snomed.info/sct', code: '387854002' }] },
    subject: { reference: 'Patient/patient-1' },
    authoredOn: yesterday,
    performer: [{ reference: 'Organization/massage' }],
  };
  const task: fhir4.Task = {
    resourceType: 'Task',
    id: 'task-1',
    meta,
    status: 'requested',
    intent: 'order',
    code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }] },
    focus: { reference: order },
    for: { reference: 'Patient/patient-1' },
    authoredOn: yesterday,
    owner: { reference: 'Organization/massage' },
  };
  return [
    patient,
    { resourceType: 'Organization', id: 'massage', meta, name: 'Massage service' },
    { resourceType: 'Practitioner', id: 'ana', meta },
    request,
    ...(withTask ? [task] : []),
  ];
}

const minute = 60_000;
/** Each move puts the visit this much later; where it is tells how often it was moved. */
const moveBy = 30 * minute;

/** Does the next thing of the day; says what, or `waiting` while the order has not come in, or `over`. */
export async function nextStep(adapter: TestAdapter, plan: DayPlan): Promise<string> {
  const found = (await adapter.referrals()).filter(
    (one) => one.referral.care.order.reference === order,
  );
  const [episode] = found;
  if (episode === undefined) return 'waiting';
  const { referral, sessions } = episode;
  if (referral.state === 'requested') {
    await adapter.referral(referral.id, { type: 'accept' });
    return 'accept';
  }
  if (hasEnded(referral.state)) return 'over';
  const session = sessions[0];
  if (session === undefined) {
    const start = firstStart(referral.requestedAt);
    await adapter.referral(referral.id, { type: 'plan', therapist: 'ana', ...visitAt(start) });
    return 'plan';
  }
  if (sessionHasEnded(session.state)) {
    await adapter.referral(referral.id, { type: 'complete' });
    return 'complete';
  }
  const start = firstStart(referral.requestedAt);
  const moved = Math.round((Date.parse(session.start) - start) / moveBy);
  const { pauses } = session.record;
  switch (session.state) {
    case 'planned':
    case 'booked':
      if (moved < plan.moves) {
        await adapter.session(session.id, {
          type: 'move',
          ...visitAt(Date.parse(session.start) + moveBy),
        });
        return 'move';
      }
      await adapter.session(session.id, { type: 'start' });
      return 'start';
    case 'in-progress':
      if (pauses.length < plan.pauses) {
        await adapter.session(session.id, { type: 'pause', by: 'care-team' });
        return 'pause';
      }
      await adapter.session(session.id, { type: 'finish', ...outcomeOf(plan) });
      return 'finish';
    case 'paused':
      await adapter.session(session.id, { type: 'resume' });
      return 'resume';
    default:
      throw new Error(`The day does not know what to do with a session that is ${session.state}.`);
  }
}

/** The visit was ordered yesterday and planned for tomorrow; the same for every process that takes part in the day. */
function firstStart(requestedAt: string): number {
  return Date.parse(requestedAt) + 48 * 3_600_000;
}

function visitAt(start: number) {
  return {
    start: new Date(start).toISOString(),
    end: new Date(start + 45 * minute).toISOString(),
  };
}

function outcomeOf({ scores, techniques }: DayPlan) {
  const all = (['pain', 'anxiety', 'stress'] as const).flatMap((measure) =>
    (['before', 'after'] as const).map((when, index) => ({ measure, when, value: 6 - 3 * index })),
  );
  const touch = { technique: 'effleurage' as const, site: 'back', pressure: 2 };
  return { scores: all.slice(0, scores), techniques: Array(techniques).fill(touch) };
}

/**
 * Milliseconds from `now` until the outbox has something to send; 0 when that is now, undefined when nothing is left
 * to be sent without a person.
 */
export async function untilDue(adapter: TestAdapter, now: Date): Promise<number | undefined> {
  const due = await nextDueAt(adapter.store.read, 'general');
  return due === undefined ? undefined : Math.max(0, Date.parse(due) - now.getTime());
}
