/** What changed between two surveys of one server. */
import { expect } from 'chai';
import fc from 'fast-check';
import { driftBetween } from '../../../src/hospital/survey/drift.ts';
import type { ProbeResult, Survey } from '../../../src/hospital/survey.ts';
import { served, statementOf, withGroupExport } from '../statements.ts';
import { all, survey } from '../surveyed.ts';

const surveyOf = (
  statement: fhir4.CapabilityStatement | undefined,
  base?: string,
  probes: readonly ProbeResult[] = [],
): Survey =>
  survey({
    ...(statement && { statement }),
    ...(base !== undefined && { base }),
    probes,
    given: { ...all, push: true },
  });

describe('survey: drift', () => {
  /** Millennium in 2023 and in 2026, as far as hospital-servers.md §9 tells the difference. */
  const then = () =>
    statementOf(
      {
        ServiceRequest: ['R S', '_id patient _lastUpdated'],
        Procedure: ['R S C', 'patient date'],
        DocumentReference: ['R S C U', 'patient'],
        DiagnosticReport: ['R S', 'patient'],
        Encounter: ['R S C P', 'patient'],
        Coverage: ['S C P D', 'patient'],
      },
      { publisher: 'Cerner', software: { name: 'Millennium', version: '2023.11' } },
    );
  const later = () => {
    const statement = statementOf(
      {
        ServiceRequest: ['R S', '_id patient _lastUpdated'],
        Procedure: ['R S C', 'patient date _lastUpdated'],
        DocumentReference: ['R S C U', 'patient _lastUpdated'],
        DiagnosticReport: ['R S C', 'patient _lastUpdated'],
        Encounter: ['R S C P', 'patient _lastUpdated'],
        Coverage: ['R S C P D', 'patient'],
      },
      { publisher: 'Oracle', software: { name: 'Millennium', version: '2026.8' } },
    );
    const [rest] = statement.rest ?? [];
    if (rest) rest.interaction = [{ code: 'batch' }];
    return statement;
  };

  it('reports what Millennium added within three years', () => {
    const { changes, lost } = driftBetween(surveyOf(then()), surveyOf(later()));
    expect(changes).to.deep.equal([
      'Software: Millennium 2023.11 before, Millennium 2026.8 now.',
      'Batch is new.',
      'Coverage: interaction read is new.',
      'DiagnosticReport: interaction create is new.',
      'DiagnosticReport: search by _lastUpdated is new.',
      'DocumentReference: search by _lastUpdated is new.',
      'Encounter: search by _lastUpdated is new.',
      'Procedure: search by _lastUpdated is new.',
    ]);
    expect(lost).to.deep.equal([]);
  });

  it('and, backwards, what went', () => {
    const { changes } = driftBetween(surveyOf(later()), surveyOf(then()));
    expect(changes).to.include('Batch is gone.');
    expect(changes).to.include('Procedure: search by _lastUpdated is gone.');
  });

  it('names conditional creates, versions, operations, and what a search must carry', () => {
    const before = statementOf({ Task: ['R S', 'owner'] }, {}, { conditionalCreate: true });
    const after = withGroupExport(
      statementOf(
        { Task: ['R S', 'owner patient', { patient: 'Required.' }] },
        {},
        { versioning: 'no-version', updateCreate: true },
      ),
      'export',
    );
    expect(driftBetween(surveyOf(before), surveyOf(after)).changes).to.deep.equal([
      'Group is declared now.',
      'Task: search by patient is new.',
      'Task: required search by patient is new.',
      'Task conditional create is gone.',
      'Task versioning: nothing before, no-version now.',
    ]);
    expect(driftBetween(surveyOf(before), surveyOf(undefined)).changes).to.deep.equal([
      'The server shows no statement any more.',
    ]);
  });

  it('tells which way is used in place of another, and which is lost', () => {
    const before = surveyOf(served.aidbox.statement());
    const probes: ProbeResult[] = [{ rung: 'A1', outcome: 'fails', says: 'it was refused (403)' }];
    const after = surveyOf(served.aidbox.statement(), undefined, probes);
    const { changes, rungs, lost } = driftBetween(before, after);
    expect(changes).to.deep.equal([]);
    expect(rungs).to.deep.equal([
      'For discovery A5 and A6 and A3 and push is used now, and A1 and A3 and push was before.',
    ]);
    expect(lost).to.deep.equal([
      'A1 (search ServiceRequest by the time of its last change) does not work here any more: it was refused (403).',
    ]);
    expect(driftBetween(after, before).lost).to.deep.equal([]);
  });

  it('there is none between a survey and itself, also when it was kept as JSON', () => {
    const any = fc.constantFrom(...Object.values(served));
    fc.assert(
      fc.property(any, ({ base, statement }) => {
        const one = surveyOf(statement(), base);
        const kept = JSON.parse(JSON.stringify(one)) as Survey;
        expect(driftBetween(kept, one)).to.deep.equal({ changes: [], rungs: [], lost: [] });
      }),
    );
  });
});
