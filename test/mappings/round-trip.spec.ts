/**
 * What a table marks as kept comes back: order → referral → Task → what the Task says, and session → Appointment,
 * Procedure and Observations → session. A kept field for which no way back is written here fails the test.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import { readAppointment } from '../../mappings/appointment-to-session.ts';
import { orderToReferral, readOrder } from '../../mappings/order-to-referral.ts';
import { readProcedure } from '../../mappings/procedure-to-session.ts';
import { recordToObservations, writeObservation } from '../../mappings/record-to-observations.ts';
import { writeTask } from '../../mappings/referral-to-task.ts';
import {
  type SessionSource,
  sessionToAppointment,
  writeAppointment,
} from '../../mappings/session-to-appointment.ts';
import { sessionToProcedure, writeProcedure } from '../../mappings/session-to-procedure.ts';
import { readTask, type TaskNews } from '../../mappings/task-to-request.ts';
import { ourIdentifierSystem } from '../../src/core/concept.ts';
import { openEpisode } from '../../src/core/episode.ts';
import { observationParts } from '../../src/core/intentions.ts';
import { type OrderedCare, priorities } from '../../src/core/referral.ts';
import type { Session } from '../../src/core/session.ts';
import { concept, instant, referral, session, words } from './arbitraries.ts';

const identifier = { system: ourIdentifierSystem, value: '1f0c8f0e-0000-4000-8000-000000000001' };
const therapist = { reference: 'Practitioner/ana', display: 'Ana Example' };
const therapists = { 'Practitioner/ana': 'ana' };
const given = { identifier, therapist, organization: 'Organization/massage' };

const keptFields = (table: { rows: readonly { field: string; kept?: true }[] }): string[] =>
  table.rows.filter(({ kept }) => kept).map(({ field }) => field);

describe('round trip of an order', () => {
  const order: fc.Arbitrary<fhir4.ServiceRequest> = fc
    .record({
      id: fc.stringMatching(/^[a-z0-9]{1,8}$/),
      priority: fc.option(fc.constantFrom(...priorities), { nil: undefined }),
      requester: fc.option(words, { nil: undefined }),
      encounter: fc.boolean(),
      count: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
      weeks: fc.integer({ min: 1, max: 8 }),
      reasons: fc.array(concept, { maxLength: 2 }),
    })
    .map(({ id, priority, requester, encounter, count, weeks, reasons }) => ({
      resourceType: 'ServiceRequest',
      id,
      status: 'active',
      intent: 'order',
      code: { text: 'Massage' },
      subject: { reference: `Patient/of-${id}` },
      reasonCode: reasons.map(({ text, coding = [] }) => ({ text, coding: [...coding] })),
      occurrenceTiming: {
        repeat: {
          frequency: 2,
          period: 1,
          periodUnit: 'wk',
          ...(count === undefined ? { boundsDuration: { value: weeks, code: 'wk' } } : { count }),
        },
      },
      ...(priority && { priority }),
      ...(requester && { requester: { reference: 'Practitioner/x', display: requester } }),
      ...(encounter && { encounter: { reference: 'Encounter/stay' } }),
    }));

  /** Field of the ordered care → the same from what the Task says. */
  const back: Readonly<
    Record<string, readonly [(care: OrderedCare) => unknown, (task: TaskNews) => unknown]>
  > = {
    'order.reference': [(care) => care.order.reference, (task) => task.order],
    'order.requester': [(care) => care.order.requester, (task) => task.requester],
    'patient.reference': [(care) => care.patient.reference, (task) => task.patient],
    priority: [(care) => care.priority, (task) => task.priority],
    visits: [(care) => care.visits, (task) => task.progress?.of],
    encounter: [(care) => care.encounter, (task) => task.encounter],
  };

  it('has a way back for every field that is kept', () => {
    expect(keptFields(orderToReferral).sort()).to.deep.equal(Object.keys(back).sort());
  });

  it('finds every kept field of the order on the Task', () => {
    fc.assert(
      fc.property(order, session(['finished']), (request, visit) => {
        const { value: care, flags } = readOrder(request, {});
        expect(flags).to.deep.equal([]);
        const event = {
          type: 'requested',
          at: instant(0),
          by: 'hospital',
          care,
          episode: 1,
        } as const;
        const opened = openEpisode('referral-1', 'general', event);
        const { value: task } = writeTask({ ...opened, sessions: [visit] }, 'core', {
          identifier,
          organization: 'Organization/massage',
          outputs: [{ reference: 'Procedure/1' }],
          lastModified: instant(1),
        });
        const { value: news, flags: odd } = readTask({ ...task, id: 't1' });
        expect(odd).to.deep.equal([]);
        for (const [field, [before, after]] of Object.entries(back))
          expect(after(news), field).to.deep.equal(before(care));
        expect(news.outputs).to.deep.equal(['Procedure/1']);
      }),
    );
  });
});

describe('round trip of a session', () => {
  it('finds on the Appointment what was planned and what became of it', () => {
    expect(keptFields(sessionToAppointment)).to.deep.equal([
      ...['status', 'cancelationReason', 'start', 'end', 'basedOn', 'participant'],
    ]);
    const says: Record<Session['state'], string> = {
      ...{ planned: 'booked', booked: 'booked', arrived: 'arrived', 'in-progress': 'arrived' },
      ...{ paused: 'arrived', finished: 'fulfilled', stopped: 'fulfilled' },
      ...{ cancelled: 'cancelled', 'not-done': 'cancelled', 'no-show': 'no-show' },
    };
    fc.assert(
      fc.property(session(), referral(), (visit, ref) => {
        const { value } = writeAppointment({ session: visit, referral: ref }, given);
        const { value: news } = readAppointment({ ...value, id: 'a' }, { therapists });
        expect(news).to.deep.include({
          says: says[visit.state],
          start: visit.start,
          end: visit.end,
          therapist: visit.therapist,
          orders: [ref.care.order.reference],
          patient: ref.care.patient.reference,
        });
        expect(news.place).to.equal(visit.place);
        if (says[visit.state] === 'cancelled') expect(news.reason).to.deep.equal(visit.reason);
        if (visit.state === 'no-show') expect(news.reason?.code).to.equal('no-show');
      }),
    );
  });

  const results = session(['finished', 'stopped', 'not-done']);

  it('finds the record of the visit in the Procedure and its Observations', () => {
    expect(keptFields(sessionToProcedure)).to.deep.equal([
      ...['basedOn', 'status', 'statusReason', 'subject', 'performedPeriod', 'performer'],
      ...['outcome', 'note'],
    ]);
    expect(keptFields(recordToObservations)).to.deep.equal([
      ...['category', 'code', 'effectiveDateTime', 'effectivePeriod', 'valueQuantity'],
      ...['valueCodeableConcept', 'dataAbsentReason', 'component'],
    ]);
    fc.assert(
      fc.property(results, referral(), (visit, ref) => {
        const { news, flags } = thereAndBack({ session: visit, referral: ref });
        expect(flags).to.deep.equal([]);
        expect(news).to.deep.include({
          state: visit.state,
          therapist: visit.therapist,
          orders: [ref.care.order.reference],
          patient: ref.care.patient.reference,
          record: JSON.parse(JSON.stringify(visit.record)),
        });
        expect(news.reason).to.deep.equal(visit.reason);
      }),
    );
  });

  it('does not depend on how the hospital rounds the times of its Observations', () => {
    fc.assert(
      fc.property(session(['finished']), referral(), (visit, ref) => {
        const { news } = thereAndBack({ session: visit, referral: ref }, (one) => ({
          ...one,
          ...(one.effectiveDateTime && { effectiveDateTime: '2026-03-02' }),
        }));
        expect(news.record.scores).to.deep.equal(visit.record.scores);
      }),
    );
  });

  function thereAndBack(
    source: SessionSource,
    hospital: (one: fhir4.Observation) => fhir4.Observation = (one) => one,
  ) {
    const { value: procedure } = writeProcedure(source, given);
    const delivered = source.session.state !== 'not-done';
    const parts = delivered ? observationParts(source.session.record) : [];
    const observations = parts.map((part) =>
      hospital(writeObservation({ ...source, part }, { ...given, procedure: 'Procedure/p' }).value),
    );
    const { value: news, flags } = readProcedure(
      { ...procedure, id: 'p' },
      { observations, therapists },
    );
    return { news, flags };
  }
});
