/** Hospitals send anything: a mapping answers with findings, never with an exception, and never repeats content. */
import { expect } from 'chai';
import fc from 'fast-check';
import { readAppointment } from '../../mappings/appointment-to-session.ts';
import { mapAnything, readTypes } from '../../mappings/mappings.ts';
import { outlineOrder } from '../../mappings/order-outline.ts';
import { readOrder } from '../../mappings/order-to-referral.ts';
import { patientOf } from '../../mappings/patient.ts';
import { readProcedure } from '../../mappings/procedure-to-session.ts';
import { writeTask } from '../../mappings/referral-to-task.ts';
import { writeAppointment } from '../../mappings/session-to-appointment.ts';
import * as shapes from '../../mappings/shapes.ts';
import { readTask } from '../../mappings/task-to-request.ts';
import type { Mapped } from '../../src/mapping/finding.ts';
import { episode, instant, referral, session } from './arbitraries.ts';

type AnyShape = string | readonly AnyShape[] | { readonly [key: string]: AnyShape };

/** JSON that is nearly of a shape: mostly what is expected, here and there something else entirely. */
function nearly(shape: AnyShape): fc.Arbitrary<unknown> {
  const junk = fc.jsonValue({ maxDepth: 2 });
  return fc.oneof(
    { weight: 6, arbitrary: expected(shape) },
    { weight: 1, arbitrary: junk },
    { weight: 1, arbitrary: expected(shape).map((value) => [value]) },
  );
}

const texts = fc.oneof(
  fc.string(),
  fc.constantFrom('2026-03-02T09:00:00Z', '2026-13-41', 'Patient/1', 'wk', '__proto__', 'booked'),
);

function expected(shape: AnyShape): fc.Arbitrary<unknown> {
  if (shape === 'string') return texts;
  if (shape === 'number') return fc.oneof(fc.double(), fc.integer(), fc.constant(1e308));
  if (shape === 'boolean') return fc.boolean();
  if (typeof shape === 'string') return fc.jsonValue();
  if (isList(shape)) return fc.array(nearly(shape[0] ?? 'any'), { maxLength: 3 });
  const fields = Object.entries(shape).map(([key, inner]) => [key, nearly(inner)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
}

function isList(shape: AnyShape): shape is readonly AnyShape[] {
  return Array.isArray(shape);
}

// biome-ignore lint/suspicious/noExplicitAny: the point is that any JSON may come
type Any = any;

const readers: readonly (readonly [string, AnyShape, (resource: Any) => Mapped<unknown>])[] = [
  ['outlineOrder', shapes.serviceRequest, (one) => outlineOrder(one, { taskedToUs: false })],
  [
    'readOrder',
    shapes.serviceRequest,
    (one) => readOrder(one, { patient: one, requester: one, location: one }),
  ],
  ['readAppointment', shapes.appointment, (one) => readAppointment(one, { therapists: {} })],
  ['readTask', shapes.task, (one) => readTask(one)],
  [
    'readProcedure',
    shapes.procedure,
    (one) => readProcedure(one, { observations: [one, ...[one?.observations].flat()] }),
  ],
];

describe('mappings take anything', function () {
  this.timeout(60_000);

  for (const [name, shape, read] of readers) {
    it(`${name} gives a value and findings for any JSON`, () => {
      fc.assert(
        fc.property(fc.oneof(fc.jsonValue(), nearly(shape)), (resource) => {
          const before = structuredClone(resource);
          const { value, flags } = read(resource);
          expect(value).to.be.an('object');
          for (const { path, says } of flags) expect(`${path} ${says}`).to.match(/^\S.* \S/);
          expect(resource).to.deep.equal(before);
        }),
        { numRuns: 300 },
      );
    });
  }

  it('readProcedure survives any Observations', () => {
    const procedure: fhir4.Procedure = {
      resourceType: 'Procedure',
      status: 'completed',
      subject: { reference: 'Patient/1' },
    };
    fc.assert(
      fc.property(fc.array(nearly(shapes.observation)), (observations: Any) => {
        expect(readProcedure(procedure, { observations }).value.record.pauses).to.be.an('array');
      }),
    );
  });

  it('patientOf gives somebody for any Patient', () => {
    fc.assert(
      fc.property(nearly(shapes.patient), (patient: Any) => {
        expect(patientOf(patient, 'Patient/1').reference).to.equal('Patient/1');
      }),
    );
  });

  it('a current version that makes no sense does not stop a write', () => {
    const identifier = { system: 'urn:ours', value: '1' };
    fc.assert(
      fc.property(
        // the client hands on resources only: an object, whatever is in it
        expected(shapes.appointment),
        expected(shapes.task),
        session(),
        referral(),
        episode,
        (appointment: Any, task: Any, visit, ref, one) => {
          writeAppointment(
            { session: visit, referral: ref },
            { identifier, previous: appointment },
          );
          const given = { organization: 'Organization/m', outputs: [], lastModified: instant(0) };
          writeTask(one, 'core', { ...given, previous: task });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('explains any JSON of a known type', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...readTypes),
        nearly({ ...shapes.serviceRequest, ...shapes.appointment, ...shapes.task } as AnyShape),
        async (resourceType, resource) => {
          const mapped = await mapAnything({ ...(resource as object), resourceType });
          expect(mapped?.explain).to.have.length.greaterThan(5);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('survives nesting deeper than the stack', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = { code: deep, coding: [deep] };
    const resource = { resourceType: 'ServiceRequest', code: deep, identifier: deep };
    expect(readOrder(resource as Any, {}).flags).not.to.deep.equal([]);
  });

  it('says what is wrong without repeating what a resource says', () => {
    const secret = 'Zyxwvut';
    const resource = {
      resourceType: secret,
      id: { secret },
      status: secret,
      subject: secret,
      priority: secret,
      code: { text: [secret, secret], coding: secret },
      quantityQuantity: { value: 3, unit: secret },
      start: secret,
      [secret]: secret,
    };
    for (const [, , read] of readers)
      expect(JSON.stringify(read(resource).flags)).not.to.contain(secret);
  });
});
