import { expect } from 'chai';
import nock from 'nock';
import type { ErrorCode } from '../../src/core/errors.ts';
import { circuitRules } from '../../src/hospital/circuit.ts';
import { retryAfterMs } from '../../src/hospital/retry-after.ts';
import type { IssueMeaning } from '../../src/hospital/vendors/vendor.ts';
import { closeAll, failureOf, type Wire, wireTo } from './wire.ts';

const origin = 'https://fhir.hospital.example';
const procedure: fhir4.Procedure = {
  resourceType: 'Procedure',
  id: '9',
  status: 'completed',
  subject: { reference: 'Patient/p1' },
};
const outcome = (code: string, more: object = {}, ...others: object[]) => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code, ...more }, ...others],
});
const same = (code: ErrorCode): [ErrorCode, ErrorCode, ErrorCode] => [code, code, code];

describe('hospital faults: what an answer means', () => {
  let hospital: Wire;
  beforeEach(() => {
    // Each answer is judged for itself here, however many are bad.
    hospital = wireTo(`${origin}/r4`, {}, { circuit: { ...circuitRules, faults: 100 } });
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
    [500, outcome('not-found'), {}, 'not-found', ...same('hospital-refused')],
    [500, outcome('forbidden'), {}, 'not-allowed', ...same('not-allowed')],
    [500, outcome('conflict'), {}, 'version-conflict', ...same('version-conflict')],
    [500, outcome('throttled'), {}, 'hospital-busy', ...same('hospital-busy')],
    [400, outcome('throttled'), {}, 'hospital-busy', ...same('hospital-busy')],
    [403, outcome('throttled'), {}, 'hospital-busy', ...same('hospital-busy')],
    [422, outcome('lock-error'), {}, 'hospital-fault', ...same('hospital-busy')],
    [400, outcome('timeout'), {}, 'hospital-fault', ...same('write-unclear')],
    [404, outcome('transient'), {}, 'not-found', ...same('not-found')],
    [
      500,
      outcome('exception', { severity: 'error' }, { severity: 'warning', code: 'business-rule' }),
      {},
      'hospital-fault',
      ...same('write-unclear'),
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
    const besides = 'issue' in body && Array.isArray(body.issue) && body.issue.length > 1;
    const when = headers['retry-after'] ? ' and Retry-After' : besides ? ' beside a warning' : '';
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

describe('hospital faults: codes of the product', () => {
  afterEach(async () => {
    nock.cleanAll();
    await closeAll();
  });
  const meanings: Readonly<Record<string, IssueMeaning>> = {
    '10': 'policy',
    '11': 'deleted',
    '12': 'merged',
    '13': 'needs-parameter',
    '14': 'suppressed',
  };
  const coded = (...codes: string[]) =>
    outcome('processing', { details: { coding: codes.map((code) => ({ code })) } });

  const cases: readonly [number, string[], ErrorCode, string][] = [
    [500, ['10'], 'not-allowed', 'a policy of the hospital'],
    [404, ['11'], 'gone', 'deleted it'],
    [404, ['12'], 'gone', 'merged it into another record'],
    [400, ['12', '11'], 'gone', 'merged'],
    [400, ['13'], 'hospital-refused', 'a search parameter'],
    [200, ['14'], 'not-allowed', 'holds results back'],
    [404, ['99'], 'not-found', '404 (processing)'],
  ];
  for (const [status, codes, expected, words] of cases) {
    it(`come before status ${status}: ${codes.join(' and ')} is ${expected}`, async () => {
      const { client, exchanges } = wireTo(`${origin}/r4`, { meaningOf: (code) => meanings[code] });
      nock(origin)
        .get('/r4/Patient/p1')
        .times(3)
        .reply(status, coded(...codes));
      const error = await failureOf(client.read('Patient/p1'));
      expect(error.code).to.equal(expected);
      expect(error.message).to.contain(words);
      expect(exchanges).to.have.length(1);
    });
  }

  it('are asked for anew each time, since the product may become known late', async () => {
    let known = false;
    const { client } = wireTo(`${origin}/r4`, {
      meaningOf: (code) => (known ? meanings[code] : undefined),
    });
    nock(origin).get('/r4/Patient/p1').twice().reply(404, coded('11'));
    expect((await failureOf(client.read('Patient/p1'))).code).to.equal('not-found');
    known = true;
    expect((await failureOf(client.read('Patient/p1'))).code).to.equal('gone');
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
    [
      'the RateLimit header while something remains',
      { ratelimit: '"requests";r=7;t=42' },
      undefined,
    ],
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
