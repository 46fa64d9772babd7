/** By whose word a rung is used: statement, record, probe, settings, operator. */
import { expect } from 'chai';
import fc from 'fast-check';
import { readCapabilities } from '../../../src/hospital/capabilities.ts';
import { whyNot } from '../../../src/hospital/needs.ts';
import { rungFunctions, rungs } from '../../../src/hospital/rungs.ts';
import { overrideOf, type ProbeResult } from '../../../src/hospital/survey.ts';
import { served, statementOf } from '../statements.ts';
import { against, all, nothing, survey, unproven, used, works } from '../surveyed.ts';

const open = (params = '_lastUpdated patient') =>
  statementOf({
    ServiceRequest: ['R S', params],
    Task: ['R S U', 'owner status _lastUpdated'],
    Appointment: ['R S', 'date location practitioner based-on'],
  });

describe('rungs: whose word counts', () => {
  it('takes what an unknown server declares, and says by whose word', () => {
    const one = survey({ statement: open() });
    expect(used(one, 'discovery')).to.deep.equal(['A1', 'A3']);
    expect(one.discovery[0]).to.include({
      by: 'statement',
      why: 'the statement declares what it needs',
    });
    expect(against(one, 'A6')).to.equal('A1 is used, which is better');
  });

  it('a refusal at run time overrides the statement', () => {
    const probes: ProbeResult[] = [{ rung: 'A1', outcome: 'fails', says: 'it was refused (403)' }];
    const one = survey({ statement: open(), probes });
    expect(used(one, 'discovery')).to.deep.equal(['A5', 'A6', 'A3']);
    expect(one.passed.find(({ rung }) => rung === 'A1')).to.include({ by: 'probe', holds: 'no' });
    expect(against(one, 'A1')).to.equal('it was refused (403)');
  });

  it('an answer that says nothing changes nothing', () => {
    const probes: ProbeResult[] = [{ rung: 'A1', outcome: 'unclear', says: 'no answer' }];
    expect(used(survey({ statement: open(), probes }), 'discovery')).to.include('A1');
  });

  it('a parameter that is not listed is used once the server has shown that it heeds it', () => {
    const statement = open('patient');
    expect(unproven(survey({ statement }))).to.deep.equal(['A1']);
    expect(used(survey({ statement }), 'discovery')).to.deep.equal(['A5', 'A6', 'A3']);
    const probes: ProbeResult[] = [{ rung: 'A1', outcome: 'holds', says: 'it answered' }];
    expect(used(survey({ statement, probes }), 'discovery')).to.deep.equal(['A1', 'A3']);
  });

  it('what a record doubts is asked, also against the prose of the statement', () => {
    const statement = served.epic.statement();
    const appointment = statement.rest?.[0]?.resource?.find(({ type }) => type === 'Appointment');
    for (const param of appointment?.searchParam ?? [])
      if (param.name === 'patient') param.documentation = 'Required, unless _id is given.';
    const { base } = served.epic;
    expect(unproven(survey({ base, statement }))).to.include('A5');
    const probes: ProbeResult[] = [{ rung: 'A5', outcome: 'fails', says: 'it was refused' }];
    const one = survey({ base, statement, probes });
    expect(one.passed.find(({ rung }) => rung === 'A5')).to.include({ holds: 'no', by: 'probe' });
  });

  it('a server that takes nothing of what we write is said to, and how the attempts are stopped', () => {
    const says =
      'The statement declares neither create nor update of Task, Appointment, Procedure, Observation: what we write is refused piece by piece, and is for a person to enter there. write: off in the settings of this hospital stops the attempts.';
    const reading = survey({ statement: served.meditech.statement() });
    expect(reading.takesNothing).to.equal(says);
    expect(reading.notes.filter((one) => one === says)).to.have.length(1);
    const orders = { ServiceRequest: ['R S C U', 'patient'] } as const;
    const told = (more: Parameters<typeof statementOf>[0]) =>
      survey({ statement: statementOf({ ...orders, ...more }) }).takesNothing;
    expect(told({})).to.equal(says);
    expect(told({ Task: ['R U', 'owner'] })).to.equal(undefined);
    expect(told({ Procedure: ['C', ''] })).to.equal(undefined);
    expect(told({ Task: ['', 'owner'] }), 'a type that lists nothing').to.equal(undefined);
    expect(survey({}).takesNothing, 'no statement').to.equal(undefined);
  });

  it('a calendar leads nowhere where orders cannot be searched by patient', () => {
    const statement = statementOf({
      ServiceRequest: ['R S', 'code'],
      Appointment: ['R S', 'date location'],
    });
    const probes: ProbeResult[] = [
      { rung: 'A5', outcome: 'holds', says: 'it answered', param: 'location' },
    ];
    const one = survey({ statement, probes });
    expect(used(one, 'discovery')).to.deep.equal([]);
    expect(against(one, 'A5')).to.equal('ServiceRequest cannot be searched by patient');
  });

  it('without a statement everything may be, and the first answer decides', () => {
    const one = survey({});
    expect(used(one, 'discovery')).to.deep.equal(['A1', 'A3']);
    expect(one.discovery[0]?.by).to.equal('assumed');
    expect([used(one, 'booking'), used(one, 'result'), used(one, 'once')]).to.deep.equal([
      ['B3'],
      ['C1'],
      ['D1'],
    ]);
    expect(one.notes).to.deep.equal(['The server shows no statement: its first answers decide.']);
  });

  it('the record of a product does not make possible what the statement does not declare', () => {
    const statement = statementOf({ Appointment: ['R S', 'date location'] });
    const one = survey({ statement, override: overrideOf('oracle-health', {}) });
    expect(used(one, 'discovery')).to.deep.equal([]);
    expect(against(one, 'A5')).to.contain('ServiceRequest is not declared');
    expect(used(one, 'result')).to.deep.equal(['C6']);
  });

  it('the operator’s word counts against all others, which are told', () => {
    const { base, statement } = served.epic;
    const override = overrideOf('auto', { discovery: ['A1', 'A6'], booking: 'B3', once: 'D4' });
    const one = survey({ base, statement: statement(), override });
    expect(used(one, 'discovery')).to.deep.equal(['A1', 'A6']);
    expect(one.discovery.map(({ by }) => by)).to.deep.equal(['operator', 'operator']);
    expect(used(one, 'booking')).to.deep.equal(['B3']);
    expect(used(one, 'result')).to.deep.equal(['C1']);
    expect(one.notes.join('\n')).to.match(
      /A1 is used because the settings name it, although .*Epic wants a patient/,
    );
    expect(against(one, 'A5')).to.equal('the settings name others');
  });

  it('what is not built is not used, also when the operator names it', () => {
    const one = survey({ statement: open(), override: overrideOf('auto', { discovery: ['A2'] }) });
    expect(used(one, 'discovery')).to.deep.equal([]);
    expect(one.notes).to.include('The settings name A2 for discovery, which is not built yet.');
  });

  it('a named product is taken, whatever the server calls itself', () => {
    const one = survey({ statement: open(), override: overrideOf('epic', {}) });
    expect(one.vendor.name).to.equal('epic');
    expect(used(one, 'discovery')).to.not.include('A1');
  });
});

describe('rungs: what the settings provide', () => {
  it('A3 needs our organization, A5 rooms or people, and each says so', () => {
    const one = survey({ statement: open('patient'), given: nothing });
    expect(used(one, 'discovery')).to.deep.equal(['A6']);
    expect(against(one, 'A3')).to.equal('the settings name no organization');
    expect(against(one, 'A5')).to.equal(
      'the settings name no locations and no practitioners of therapists',
    );
  });

  it('a folder and the way in for pushes are beside whatever else is used', () => {
    const one = survey({ statement: open(), given: { ...all, folder: true, push: true } });
    expect(used(one, 'discovery')).to.deep.equal(['A1', 'A3', 'A7', 'push']);
  });

  it('says when new patients cannot be found: no roster, no calendar, no search', () => {
    const { base, statement } = served.veradigm;
    const bare = survey({ base, statement: statement(), given: nothing });
    expect(bare.silent).to.match(/^No new patient is found by itself/);
    expect(survey({ base, statement: statement() }).silent).to.equal(undefined);
    expect(survey({ statement: open(), given: nothing }).silent).to.equal(undefined);
  });
});

describe('rungs: the table', () => {
  it('has each rung once, and at least one that is used in every function', () => {
    const codesOf = rungs.map(({ rung }) => rung);
    expect(new Set(codesOf).size).to.equal(codesOf.length);
    for (const name of rungFunctions)
      expect(
        rungs.some((one) => one.function === name && one.ships),
        name,
      ).to.equal(true);
  });

  it('lets a type that lists nothing be tried, as writing does', () => {
    const statement = statementOf(
      {},
      {
        rest: [{ mode: 'server', resource: [{ type: 'ServiceRequest' }, { type: 'Task' }] }],
      },
    );
    const [a1] = rungs;
    expect(whyNot(a1, readCapabilities(statement))).to.deep.equal([]);
  });

  it('a rung is either used or has a reason, whatever the server declares', () => {
    const letters = fc.subarray(['R', 'S', 'C', 'U']).map((some) => some.join(' '));
    const params = fc
      .subarray([
        '_lastUpdated',
        'patient',
        'identifier',
        'date',
        'location',
        'owner',
        'status',
        'based-on',
      ])
      .map((some) => some.join(' '));
    const line = fc.tuple(letters, params);
    const types = fc.record(
      { ServiceRequest: line, Task: line, Appointment: line, Procedure: line, Observation: line },
      { requiredKeys: [] },
    );
    const vendor = fc.constantFrom(
      ...(['auto', 'epic', 'oracle-health', 'hapi', 'nextgen', 'healthlake'] as const),
    );
    fc.assert(
      fc.property(types, vendor, fc.constantFrom(all, nothing), (declared, name, given) => {
        const lines = Object.entries(declared).filter((entry) => entry[1] !== undefined);
        const statement = statementOf(Object.fromEntries(lines));
        const one = survey({ statement, override: overrideOf(name, {}), given });
        for (const rung of rungs) {
          const isUsed = one[rung.function].some((chosen) => chosen.rung === rung.rung);
          const passed = one.passed.filter((other) => other.rung === rung.rung);
          expect(passed, rung.rung).to.have.length(isUsed ? 0 : 1);
          if (isUsed) expect(rung.ships, rung.rung).to.equal(true);
          else expect(passed[0]?.whyNot, rung.rung).to.not.be.empty;
        }
        for (const name of ['booking', 'result'] as const)
          expect(used(one, name)).to.have.length(1);
        const [interactions] = declared.ServiceRequest ?? ['R'];
        const cannotSearch = interactions !== '' && !interactions.includes('S');
        if (cannotSearch) expect(works(one, 'discovery')).to.not.include.members(['A1', 'A6']);
      }),
      { numRuns: 300 },
    );
  });
});
