/** Everything that the mappings write meets the profile that it is meant to meet, whatever referral and session it is of. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { profileOf, profileUrl } from '../../mappings/profiles.ts';
import { writeObservation } from '../../mappings/record-to-observations.ts';
import { writeTask } from '../../mappings/referral-to-task.ts';
import { writeAppointment } from '../../mappings/session-to-appointment.ts';
import { writeProcedure } from '../../mappings/session-to-procedure.ts';
import { ourIdentifierSystem } from '../../src/core/concept.ts';
import {
  type IntentionKind,
  intentionKinds,
  type ObservationPart,
  observationParts,
} from '../../src/core/intentions.ts';
import { type DialectName, taskDialects } from '../../src/core/task-dialects.ts';
import { openDefinitions } from '../../src/fhir/definitions/definitions.ts';
import { openValidator } from '../../src/fhir/validation/validator.ts';
import { episode, instant, record, referral, session } from '../mappings/arbitraries.ts';
import { published } from './compiled.ts';

const given = {
  identifier: { system: ourIdentifierSystem, value: '3f0c1c7e-6a55-4f7e-9a3e-0f5d2f1f4b10' },
  therapist: { reference: 'Practitioner/ana', display: 'Ana Example' },
  organization: 'Organization/massage',
};

describe('what is written meets its profile', function () {
  this.timeout(60_000);
  const validator = openValidator(openDefinitions());

  function expectMet(written: fhir4.FhirResource, kind: IntentionKind, part?: ObservationPart) {
    const profile = profileOf(kind, part);
    if (profile === undefined) throw new Error(`${kind} ${part} has no profile.`);
    // what leaves is JSON: a property that is undefined is not there
    const sent = JSON.parse(JSON.stringify(written));
    const { issues } = validator.validate(sent, { profiles: [profile] });
    expect(issues.filter(({ severity }) => severity !== 'warning')).to.deep.equal([]);
  }

  it('every intention has a profile that is published, except the answer to a request to cancel', () => {
    const parts = [...fc.sample(record, { numRuns: 20, seed: 3 }).flatMap(observationParts)];
    expect(new Set(parts.map((part) => part.split(':')[0])).size).to.equal(4);
    const urls = [
      ...intentionKinds
        .filter((kind) => kind !== 'write-observation' && kind !== 'answer-cancellation')
        .map((kind) => profileOf(kind)),
      ...parts.map((part) => profileOf('write-observation', part)),
    ];
    for (const url of urls)
      published('StructureDefinition', url?.slice(url.lastIndexOf('/') + 1) ?? '');
    expect(profileOf('answer-cancellation')).to.equal(undefined);
  });

  it('Appointments', () => {
    fc.assert(
      fc.property(session(), session(), referral(), (first, then, ref) => {
        const before = writeAppointment({ session: first, referral: ref }, given).value;
        expectMet(before, 'write-appointment');
        const theirs = { ...before, id: 'slot-1', slot: [{ reference: 'Slot/1' }] };
        const { value, leftAsIs } = writeAppointment(
          { session: then, referral: ref },
          { ...given, previous: theirs },
        );
        if (leftAsIs === undefined) expectMet(value, 'write-appointment');
      }),
    );
  });

  it('Procedures, and each Observation of the record', () => {
    fc.assert(
      fc.property(
        session(['finished', 'stopped', 'not-done']),
        referral(),
        fc.boolean(),
        (visit, ref, known) => {
          const source = { session: visit, referral: ref };
          const mine = known ? given : { identifier: given.identifier };
          expectMet(writeProcedure(source, mine).value, 'write-procedure');
          if (visit.state === 'not-done') return;
          for (const part of observationParts(visit.record)) {
            const { value } = writeObservation(
              { ...source, part },
              { ...mine, procedure: 'Procedure/p' },
            );
            expectMet(value, 'write-observation', part);
          }
        },
      ),
    );
  });

  it('Tasks of ours, in every state and dialect, also when they are carried on', () => {
    const dialects = Object.keys(taskDialects) as DialectName[];
    fc.assert(
      fc.property(episode, episode, fc.constantFrom(...dialects), (first, then, dialect) => {
        const outputs = [{ reference: 'Procedure/1', display: 'Massage on 2026-03-02' }];
        const once = writeTask(first, dialect, { ...given, outputs, lastModified: instant(-90) });
        expectMet(once.value, 'report-progress');
        const previous = { ...once.value, id: 't-1' };
        const { value } = writeTask(then, dialect, {
          ...{ ...given, outputs, previous },
          lastModified: instant(9),
        });
        expectMet(value, 'report-progress');
      }),
    );
  });

  it('the examples beside the mappings', () => {
    const folder = join(import.meta.dirname, '../../mappings/examples');
    const kinds: Readonly<Record<string, string>> = {
      'session-to-appointment': 'massage-appointment',
      'session-to-procedure': 'massage-procedure',
      'referral-to-task': 'massage-referral-task',
      'record-to-observations': 'massage-observation',
    };
    // One is of a hospital with an element of its own making, the other is of no part at all
    const unsound = ['cancelled-on-theirs', 'no-such-part'];
    let seen = 0;
    for (const [mapping, profile] of Object.entries(kinds))
      for (const file of globSync(`${mapping}/*.expected.json`, { cwd: folder })) {
        if (unsound.some((name) => file.includes(name))) continue;
        const { value } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
        const { issues } = validator.validate(value, { profiles: [profileUrl(profile)] });
        expect(
          issues.filter(({ severity }) => severity !== 'warning'),
          file,
        ).to.deep.equal([]);
        seen += 1;
      }
    expect(seen).to.be.greaterThan(12);
  });
});
