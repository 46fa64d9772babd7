/** Reading a patient’s record off servers that declare little, refuse much, and answer with strangers. */
import { expect } from 'chai';
import nock from 'nock';
import type { RecordAsk } from '../../src/hospital/patient-record.ts';
import { closeAll, searchset, type Wire, wireTo } from './wire.ts';

const base = 'http://hospital.example/fhir';
const patient = 'Patient/p1';
const conditions: RecordAsk = {
  type: 'Condition',
  narrower: [{ param: 'clinical-status', value: 'active', words: 'those that are active' }],
};
const observations: RecordAsk = {
  type: 'Observation',
  newestBy: 'date',
  narrower: [{ param: 'code', value: 'urn:x|1,urn:x|2', words: 'results known here' }],
};

function condition(id: string, of = patient): fhir4.Condition {
  return { resourceType: 'Condition', id, subject: { reference: of } };
}

/** What the server declares of a type; nothing of it when there are no params. */
function declaring(type: string, params: readonly string[] | undefined, more: object = {}) {
  const resource =
    params === undefined
      ? [{ type: 'Basic', interaction: [{ code: 'search-type' }] }]
      : [
          {
            type,
            interaction: [{ code: 'search-type' }],
            searchParam: params.map((name) => ({ name, type: 'token' })),
            ...more,
          },
        ];
  nock(base)
    .get('/metadata')
    .reply(200, {
      resourceType: 'CapabilityStatement',
      fhirVersion: '4.0.1',
      rest: [{ mode: 'server', resource }],
    });
}

const bundle = (resources: readonly fhir4.FhirResource[], next?: string) =>
  searchset(resources, next === undefined ? {} : { link: [{ relation: 'next', url: next }] });

describe('a patient’s record', () => {
  let wire: Wire;
  beforeEach(() => {
    wire = wireTo(base, { pageSize: 2 });
  });
  afterEach(async () => {
    await closeAll();
    expect(nock.pendingMocks()).to.deep.equal([]);
    nock.cleanAll();
  });

  const read = (ask: RecordAsk, pages = 2, of = patient) => wire.patientRecord(of, ask, pages);

  it('is asked for by patient, and whole when it fits', async () => {
    declaring('Condition', ['patient', 'clinical-status']);
    nock(base)
      .get('/Condition')
      .query({ patient: 'p1', _count: '2' })
      .reply(200, bundle([condition('1')]));
    const { resources, gaps, notReadable } = await read(conditions);
    expect(resources.map(({ id }) => id)).to.deep.equal(['1']);
    expect([gaps, notReadable]).to.deep.equal([[], undefined]);
  });

  it('is asked for by subject where patient is not declared', async () => {
    declaring('Condition', ['subject']);
    nock(base).get('/Condition').query({ subject: patient, _count: '2' }).reply(200, bundle([]));
    expect((await read(conditions)).notReadable).to.equal(undefined);
  });

  it('is not asked for where the type is not declared', async () => {
    declaring('Condition', undefined);
    expect((await read(conditions)).notReadable).to.deep.equal({
      code: 'not-allowed',
      says: 'the hospital does not declare that Condition can be searched',
      passing: false,
    });
  });

  it('is not asked for where no search by patient is declared', async () => {
    declaring('Condition', ['_id', 'code']);
    expect((await read(conditions)).notReadable?.says).to.equal(
      'the hospital declares no search for Condition by patient',
    );
  });

  it('is not asked for where the order names somebody else’s patient', async () => {
    declaring('Condition', ['patient']);
    const { notReadable } = await read(conditions, 2, 'https://other.example/fhir/Patient/p1');
    expect(notReadable?.says).to.contain('no patient of this hospital');
  });

  for (const [status, says] of [
    [403, 'the hospital does not allow it (403)'],
    [401, 'the hospital refuses our sign-in for it (401)'],
    [404, 'the hospital does not know it (404)'],
    [422, 'the hospital refuses the question (422)'],
  ] as const)
    it(`says why it was answered with ${status}`, async () => {
      declaring('Condition', ['patient']);
      nock(base).get('/Condition').query(true).reply(status, {});
      const { notReadable, resources } = await read(conditions);
      expect(notReadable?.says).to.equal(says);
      expect(resources).to.deep.equal([]);
    });

  it('is asked anyway where the statement is not shown', async () => {
    nock(base).get('/metadata').reply(403, {});
    nock(base)
      .get('/Condition')
      .query(true)
      .reply(200, bundle([condition('1')]));
    expect((await read(conditions)).resources).to.have.length(1);
  });

  it('says that it comes back when the hospital fails in passing', async () => {
    nock(base).get('/metadata').times(3).reply(503, {});
    await read(conditions).then(
      () => expect.fail('nobody answered'),
      (thrown) => expect(thrown).to.include({ kind: 'transient' }),
    );
  });

  it('is read in part when the whole is refused, and says so', async () => {
    declaring('Condition', ['patient', 'clinical-status']);
    nock(base).get('/Condition').query({ patient: 'p1', _count: '2' }).reply(400, {});
    nock(base)
      .get('/Condition')
      .query({ patient: 'p1', 'clinical-status': 'active', _count: '2' })
      .reply(200, bundle([condition('1')]));
    const { resources, gaps } = await read(conditions);
    expect(resources).to.have.length(1);
    expect(gaps).to.deep.equal([
      'only those that are active were asked for; all of them: the hospital refuses the question (400)',
    ]);
  });

  it('is read to the bound and then by what cannot be done without, each once', async () => {
    declaring('Condition', ['patient', 'clinical-status']);
    const more = `${base}/Condition?patient=p1&page=2`;
    nock(base)
      .get('/Condition')
      .query({ patient: 'p1', _count: '2' })
      .reply(200, bundle([condition('1'), condition('2')], more));
    nock(base)
      .get('/Condition')
      .query({ patient: 'p1', page: '2' })
      .reply(200, bundle([condition('3'), condition('4')], `${more}0`));
    nock(base)
      .get('/Condition')
      .query({ patient: 'p1', 'clinical-status': 'active', _count: '2' })
      .reply(200, bundle([condition('9')]));
    const { resources, gaps } = await read(conditions);
    expect(resources.map(({ id }) => id)).to.deep.equal(['1', '2', '3', '4', '9']);
    expect(gaps).to.deep.equal(['the first 4 were read; there are more']);
  });

  it('is asked without an order where sorting is refused', async () => {
    declaring('Observation', ['patient', 'code']);
    nock(base)
      .get('/Observation')
      .query({ patient: 'p1', _sort: '-date', _count: '2' })
      .reply(400, {});
    nock(base).get('/Observation').query({ patient: 'p1', _count: '2' }).reply(200, bundle([]));
    expect((await read(observations)).gaps).to.deep.equal([]);
  });

  it('says that the newest may be missing where the order was not heeded and not all was read', async () => {
    declaring('Observation', ['patient', 'code']);
    const shown = (...ids: string[]) =>
      ids.map((id) => ({ ...condition(id), resourceType: 'Observation' }) as fhir4.FhirResource);
    const answer = (query: object, ids: string[], more: boolean) =>
      nock(base)
        .get('/Observation')
        .query({ patient: 'p1', _sort: '-date', _count: '2', ...query })
        .reply(
          200,
          searchset(shown(...ids), {
            link: [
              { relation: 'self', url: `${base}/Observation?patient=p1&_count=2` },
              ...(more ? [{ relation: 'next', url: `${base}/Observation?page=2` }] : []),
            ],
          }),
        );
    answer({}, ['1', '2'], true);
    answer({ code: 'urn:x|1,urn:x|2' }, ['3'], false);
    const whole = await read(observations, 1);
    expect(whole.gaps.join()).to.contain('the hospital does not sort');
    expect(whole.isUnsorted, 'what is known here was read whole').to.equal(false);
    answer({}, ['1', '2'], true);
    answer({ code: 'urn:x|1,urn:x|2' }, ['3', '4'], true);
    expect((await read(observations, 1)).isUnsorted).to.equal(true);
  });

  it('never hands on what is another patient’s, and then trusts none of it', async () => {
    declaring('Condition', ['patient']);
    nock(base)
      .get('/Condition')
      .query(true)
      .reply(200, bundle([condition('1'), condition('2', 'Patient/p2')]));
    const { resources, notReadable } = await read(conditions);
    expect(resources).to.deep.equal([]);
    expect(notReadable?.code).to.equal('search-not-honoured');
  });

  it('sees by the self link that the patient was not heeded', async () => {
    declaring('Condition', ['patient']);
    const link = [{ relation: 'self', url: `${base}/Condition?_count=2` }];
    nock(base).get('/Condition').query(true).reply(200, searchset([], { link }));
    expect((await read(conditions)).notReadable?.code).to.equal('search-not-honoured');
  });

  it('puts aside what names nobody, and says so', async () => {
    declaring('Condition', ['patient']);
    const nobodys = { resourceType: 'Condition', id: '2' } as fhir4.Condition;
    nock(base)
      .get('/Condition')
      .query(true)
      .reply(200, bundle([nobodys]));
    const { resources, gaps } = await read(conditions);
    expect(resources).to.deep.equal([]);
    expect(gaps).to.deep.equal(['some name no patient of this server and were put aside']);
  });

  it('passes on that the hospital leaves something out', async () => {
    declaring('Condition', ['patient']);
    const outcome: fhir4.OperationOutcome = {
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'warning', code: 'suppressed' }],
    };
    const entry = [{ resource: outcome, search: { mode: 'outcome' } as const }];
    nock(base)
      .get('/Condition')
      .query(true)
      .reply(200, { ...searchset([]), entry });
    expect((await read(conditions)).gaps).to.deep.equal([
      'the hospital says that it leaves something out',
    ]);
  });
});

describe('what a record refers to', () => {
  afterEach(async () => {
    await closeAll();
    nock.cleanAll();
  });

  it('is read once, at most so many, and what cannot be read says why', async () => {
    const wire = wireTo(base);
    declaring('Medication', [], { interaction: [{ code: 'read' }] });
    nock(base).get('/Medication/1').reply(200, { resourceType: 'Medication', id: '1' });
    nock(base).get('/Medication/2').reply(403, {});
    const found = await wire.referred(
      ['Medication/1', 'Medication/2', 'Medication/1', 'Device/3', 'Medication/4'],
      3,
    );
    expect(
      [...found].map(([reference, one]) => [reference, 'says' in one ? one.says : one.id]),
    ).to.deep.equal([
      ['Medication/1', '1'],
      ['Medication/2', 'the hospital does not allow it (403)'],
      ['Device/3', 'the hospital does not declare that Device can be read'],
      ['Medication/4', 'only the first 3 were asked for'],
    ]);
  });
});
