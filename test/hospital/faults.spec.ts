import { expect } from 'chai';
import nock from 'nock';
import type { ErrorCode } from '../../src/core/errors.ts';
import { retryAfterMs } from '../../src/hospital/retry-after.ts';
import { closeAll, failureOf, type Wire, wireTo } from './wire.ts';

const origin = 'https://fhir.hospital.example';
const procedure: fhir4.Procedure = {
  resourceType: 'Procedure',
  id: '9',
  status: 'completed',
  subject: { reference: 'Patient/p1' },
};
const outcome = (code: string, more: object = {}) => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code, ...more }],
});

describe('hospital faults: what an answer means', () => {
  let hospital: Wire;
  beforeEach(() => {
    hospital = wireTo(`${origin}/r4`);
  });
  afterEach(async () => {
    nock.cleanAll();
    await closeAll();
  });

  // status, body, headers → for a read, for a create, for a conditional create, for an update
  const meanings: readonly [number, object, Record<string, string>, ...ErrorCode[]][] = [
    [
      400,
      outcome('invalid'),
      {},
      'hospital-refused',
      'hospital-refused',
      'hospital-refused',
      'hospital-refused',
    ],
    [401, {}, {}, 'sign-in-refused', 'sign-in-refused', 'sign-in-refused', 'sign-in-refused'],
    [403, outcome('forbidden'), {}, 'not-allowed', 'not-allowed', 'not-allowed', 'not-allowed'],
    [404, outcome('not-found'), {}, 'not-found', 'not-found', 'not-found', 'not-found'],
    [405, {}, {}, 'hospital-refused', 'hospital-refused', 'hospital-refused', 'hospital-refused'],
    [
      409,
      outcome('conflict'),
      {},
      'version-conflict',
      'version-conflict',
      'version-conflict',
      'version-conflict',
    ],
    [410, {}, {}, 'gone', 'gone', 'gone', 'gone'],
    [
      412,
      outcome('processing'),
      {},
      'version-conflict',
      'version-conflict',
      'several-matches',
      'version-conflict',
    ],
    [
      422,
      outcome('business-rule'),
      {},
      'hospital-refused',
      'hospital-refused',
      'hospital-refused',
      'hospital-refused',
    ],
    [423, {}, {}, 'version-conflict', 'version-conflict', 'version-conflict', 'version-conflict'],
    [429, {}, {}, 'hospital-busy', 'hospital-busy', 'hospital-busy', 'hospital-busy'],
    [
      500,
      outcome('exception'),
      {},
      'hospital-fault',
      'write-unclear',
      'write-unclear',
      'write-unclear',
    ],
    [
      500,
      outcome('required'),
      {},
      'hospital-refused',
      'hospital-refused',
      'hospital-refused',
      'hospital-refused',
    ],
    [501, {}, {}, 'hospital-refused', 'hospital-refused', 'hospital-refused', 'hospital-refused'],
    [502, {}, {}, 'hospital-fault', 'write-unclear', 'write-unclear', 'write-unclear'],
    [503, {}, {}, 'hospital-fault', 'hospital-busy', 'hospital-busy', 'hospital-busy'],
    [
      503,
      {},
      { 'retry-after': '7' },
      'hospital-busy',
      'hospital-busy',
      'hospital-busy',
      'hospital-busy',
    ],
    [504, {}, {}, 'hospital-fault', 'write-unclear', 'write-unclear', 'write-unclear'],
    [408, {}, {}, 'hospital-fault', 'write-unclear', 'write-unclear', 'write-unclear'],
    [302, {}, {}, 'hospital-refused', 'hospital-refused', 'hospital-refused', 'hospital-refused'],
  ];
  for (const [status, body, headers, read, create, conditional, update] of meanings) {
    const said =
      'issue' in body ? ` with ${/"code":"([a-z-]+)"/.exec(JSON.stringify(body))?.[1]}` : '';
    const when = headers['retry-after'] ? ' and Retry-After' : '';
    it(`${status}${said}${when}: read ${read}, create ${create}, conditional ${conditional}`, async () => {
      nock(origin).get('/r4/Procedure/9').times(3).reply(status, body, headers);
      nock(origin).post('/r4/Procedure').twice().reply(status, body, headers);
      nock(origin).put('/r4/Procedure/9').reply(status, body, headers);
      const { client } = hospital;
      const codes = [
        await failureOf(client.read('Procedure/9')),
        await failureOf(client.create(procedure)),
        await failureOf(client.create(procedure, { ifNoneExist: 'identifier=a|b' })),
        await failureOf(client.update(procedure, { ifMatch: 'W/"1"' })),
      ].map(({ code }) => code);
      expect(codes).to.deep.equal([read, create, conditional, update]);
    });
  }

  it('says what was refused by issue code and element, and nothing of what the server wrote about it', async () => {
    nock(origin)
      .post('/r4/Procedure')
      .reply(
        422,
        outcome('required', {
          expression: ['Procedure.performed', "Procedure.subject.where(display = 'Zzyzx')"],
          diagnostics: 'Zzyzx, born 1970-01-01, has no performed date',
          details: { text: 'Zzyzx' },
        }),
      );
    const error = await failureOf(hospital.client.create(procedure));
    expect(error.message).to.equal(
      'POST Procedure was answered with 422 (required at Procedure.performed).',
    );
    expect(error.details).to.deep.include({ about: 'Procedure', status: 422 });
    expect(JSON.stringify([error, error.message, String(error.cause)])).to.not.contain('Zzyzx');
  });

  it('keeps query values out of the message of a failed search', async () => {
    nock(origin).get('/r4/Patient').query(true).reply(400, outcome('invalid'));
    const error = await failureOf(hospital.client.search('Patient', [['family', 'Zzyzx']]));
    expect(error.message).to.equal('GET Patient?family was answered with 400 (invalid).');
  });

  it('hands on how long the hospital wants us to wait', async () => {
    nock(origin).put('/r4/Procedure/9').reply(429, {}, { 'retry-after': '120' });
    const error = await failureOf(hospital.client.update(procedure));
    expect(error.details.retryAfterMs).to.equal(120_000);
  });
});

describe('hospital faults: how long to wait', () => {
  const now = Date.parse('2026-03-02T09:30:00Z');
  const cases: readonly [string, Record<string, string>, number | undefined][] = [
    ['seconds', { 'retry-after': '5' }, 5000],
    ['a date', { 'retry-after': 'Mon, 02 Mar 2026 09:31:00 GMT' }, 60_000],
    ['a date that is past', { 'retry-after': 'Mon, 02 Mar 2026 09:00:00 GMT' }, 0],
    ['more than an hour', { 'retry-after': '86400' }, 3_600_000],
    ['milliseconds of Microsoft', { 'x-ms-retry-after-ms': '250', 'retry-after': '1' }, 250],
    ['the RateLimit header', { ratelimit: '"requests";r=0;t=42' }, 42_000],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
    ['nothing', {}, undefined],
  ];
  for (const [name, headers, expected] of cases) {
    it(`reads ${name}`, () => {
      expect(retryAfterMs(new Headers(headers), now)).to.equal(expected);
    });
  }
});

describe('hospital faults: asking again for a read', () => {
  let hospital: Wire;
  beforeEach(() => {
    hospital = wireTo(`${origin}/r4`);
  });
  afterEach(async () => {
    nock.cleanAll();
    await closeAll();
  });
  const patient = { resourceType: 'Patient', id: 'p1' };

  it('asks again twice after passing faults, with growing jittered pauses', async () => {
    nock(origin).get('/r4/Patient/p1').reply(502).get('/r4/Patient/p1').reply(500);
    nock(origin).get('/r4/Patient/p1').reply(200, patient);
    await hospital.client.read('Patient/p1');
    expect(hospital.pauses).to.deep.equal([500, 1000]);
    expect(hospital.exchanges.map(({ errorCode }) => errorCode)).to.deep.equal([
      'hospital-fault',
      'hospital-fault',
      undefined,
    ]);
  });

  it('waits as long as Retry-After says', async () => {
    nock(origin).get('/r4/Patient/p1').reply(429, {}, { 'retry-after': '3' });
    nock(origin).get('/r4/Patient/p1').reply(200, patient);
    await hospital.client.read('Patient/p1');
    expect(hospital.pauses).to.deep.equal([3000]);
  });

  it('gives up at once when the hospital wants more than half a minute', async () => {
    nock(origin).get('/r4/Patient/p1').reply(429, {}, { 'retry-after': '31' });
    const error = await failureOf(hospital.client.read('Patient/p1'));
    expect(error.details.retryAfterMs).to.equal(31_000);
    expect(hospital.pauses).to.deep.equal([]);
  });

  it('does not repeat what cannot change, and no write ever', async () => {
    nock(origin).get('/r4/Patient/p1').reply(404).post('/r4/Procedure').reply(503);
    await failureOf(hospital.client.read('Patient/p1'));
    await failureOf(hospital.client.create(procedure));
    expect(hospital.exchanges).to.have.length(2);
  });

  it('gives up after the third failure', async () => {
    nock(origin).get('/r4/Patient/p1').times(5).reply(502);
    await failureOf(hospital.client.read('Patient/p1'));
    expect(hospital.exchanges).to.have.length(3);
  });
});
