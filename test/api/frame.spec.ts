/** What every request goes through: problems, limits, headers, cookies, and a log line without a patient in it. */
import { request } from 'node:http';
import { expect } from 'chai';
import { AdapterError } from '../../src/core/errors.ts';
import { referralAfter } from './people.ts';
import { type Served, serveApi } from './served.ts';

const as = 'therapist' as const;

describe('api: problems', () => {
  let served: Served;
  before(async () => {
    served = await serveApi({
      deps: {
        readiness: async () => ({
          ready: false,
          hospitals: [{ hospital: 'general', reachable: false, lastRun: 'failed' }],
        }),
        metrics: () => {
          throw new TypeError('Tilda Quistgaard is in the message of this fault');
        },
        startSync: async () => {
          throw new AdapterError('hospital-busy', 'It asks for patience.', { retryAfterMs: 1_500 });
        },
      },
    });
    await referralAfter(served.adapter.store, 'r-1', []);
  });
  after(() => served.stop());

  it('say what, why, and what to do, under the id of the request', async () => {
    const headers = { 'X-Request-Id': 'ward-7.1' };
    const answer = await served.get('/api/referrals/none', { headers });
    expect(answer.headers.get('content-type')).to.match(/^application\/problem\+json/);
    expect(answer.headers.get('x-request-id')).to.equal('ward-7.1');
    expect(answer.json).to.deep.equal({
      type: 'https://massage-fhir.org/fhir/problem/not-ours',
      title: 'Not ours',
      status: 404,
      detail: 'There is no such referral.',
      code: 'not-ours',
      fix: 'Check the id; nothing here has it.',
      instance: 'ward-7.1',
    });
  });

  it('do not repeat an id that could be anything', async () => {
    const { headers } = await served.get('/livez', { headers: { 'X-Request-Id': 'Tilda <b>' } });
    expect(headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/);
  });

  it('answer what is no JSON, or none at all', async () => {
    const broken = await served.post('/api/referrals/r-1/decline', '{"reason": "Secret');
    expect([broken.status, broken.json.detail]).to.deep.equal([400, 'The body is not JSON.']);
    expect(broken.text).to.not.include('Secret');
    const list = await served.post('/api/referrals/r-1/decline', [1]);
    expect(list.status).to.equal(400);
  });

  it('answer a body of another type, where it would have been passed over', async () => {
    const headers = { 'Content-Type': 'text/plain' };
    const { status, json } = await served.post('/api/referrals/r-1/accept', '{}', { headers });
    expect([status, json.code]).to.deep.equal([415, 'wrong-media-type']);
  });

  it('answer a body that is too large', async () => {
    const body = { reason: 'x'.repeat(1_000_001) };
    const { status, json } = await served.post('/api/referrals/r-1/decline', body);
    expect([status, json.code]).to.deep.equal([413, 'body-too-large']);
  });

  it('answer an address that is not there', async () => {
    for (const path of ['/api/referal', '/api', '/api/referrals/r-1/eat', '/.env']) {
      const { status, json } = await served.get(path);
      expect([status, json?.code], path).to.deep.equal([404, 'not-ours']);
    }
  });

  it('answer an address that cannot be decoded', async () => {
    expect((await served.get('/api/referrals/%E0%A4%A')).status).to.equal(400);
  });

  it('answer a method that the path does not take, and name those that it does', async () => {
    const { status, headers, json } = await served.ask('DELETE', '/api/referrals/r-1', { as });
    expect([status, json.code]).to.deep.equal([405, 'wrong-method']);
    expect(headers.get('allow')).to.equal('GET, HEAD');
    const read = await served.get('/api/sync');
    expect([read.status, read.headers.get('allow')]).to.deep.equal([405, 'POST']);
  });

  it('keep what an unknown fault says to themselves; the log gets its kind and place', async () => {
    const { status, text, json } = await served.get('/metrics', { as: 'operator' });
    expect([status, json.code]).to.deep.equal([500, 'internal']);
    expect(text).to.not.include('Tilda');
    const fault = served.adapter.signals.find(({ name }) => name === 'api:fault');
    expect(fault?.data).to.include({ requestId: json.instance });
    expect(JSON.stringify(fault)).to.include('TypeError at ').and.not.include('Tilda');
  });

  it('say how long to wait', async () => {
    const { status, headers } = await served.post('/api/sync', {});
    expect([status, headers.get('retry-after')]).to.deep.equal([503, '2']);
  });

  it('are a page for somebody with a browser', async () => {
    const headers = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const { status, text } = await served.ask('GET', '/api/referrals', { headers });
    expect(status).to.equal(401);
    expect(text)
      .to.match(/^<!doctype html>/)
      .and.include('/sign-in');
  });

  it('do not stand in the way of saying that we are not ready', async () => {
    const { status, json } = await served.ask('GET', '/readyz');
    expect([status, json.ready]).to.deep.equal([503, false]);
  });
});

describe('api: the frame', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serveApi({ deps: { limits: { requestsPerMinute: 3 } } });
  });
  afterEach(() => served.stop());

  it('keeps browsers strict and caches empty', async () => {
    const { headers } = await served.get('/api/referrals');
    expect(headers.get('content-security-policy')).to.equal(
      "default-src 'none';style-src 'self';img-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
    );
    expect(headers.get('cache-control')).to.equal('no-store');
    expect(headers.get('x-content-type-options')).to.equal('nosniff');
    expect(headers.get('referrer-policy')).to.equal('same-origin');
    expect(headers.has('x-powered-by')).to.equal(false);
  });

  it('limits each key by itself, and those without one by address', async () => {
    const status = async (who?: 'viewer' | 'therapist') =>
      (await served.ask('GET', '/api/work', { as: who })).status;
    for (let count = 0; count < 3; count += 1) expect(await status('viewer')).to.equal(200);
    const { status: fourth, headers, json } = await served.get('/api/work');
    expect([fourth, json.code]).to.deep.equal([429, 'too-many-requests']);
    expect(Number(headers.get('retry-after'))).to.be.within(1, 60);
    expect(await status('therapist')).to.equal(200);
    for (let count = 0; count < 3; count += 1) expect(await status()).to.equal(401);
    expect(await status()).to.equal(429);
    expect((await served.ask('GET', '/livez')).status, 'probes are not counted').to.equal(200);
  });

  it('says in the log which route was answered, never which address', async () => {
    await served.get('/api/referrals?q=Quistgaard');
    await served.get('/api/referrals/Quistgaard');
    await served.get('/Quistgaard', { as: 'therapist' });
    const lines = served.adapter.signals.filter(({ name }) => name === 'api:answered');
    expect(lines.map(({ data }) => 'route' in data && data.route)).to.deep.equal([
      '/api/referrals',
      '/api/referrals/:id',
      'none',
    ]);
    expect(JSON.stringify(served.adapter.signals)).to.not.include('Quistgaard');
  });

  it('says in the log why somebody was refused', async () => {
    await served.ask('GET', '/api/work');
    await served.post('/fhir/Task', {});
    const refused = served.adapter.signals.filter(({ name }) => name === 'access:refused');
    expect(refused.map(({ data }) => 'why' in data && data.why)).to.deep.equal([
      'missing',
      'not-permitted',
    ]);
  });

  it('cuts a flood of headers and survives it', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { 'X-Long': 'x'.repeat(40_000) };
      request(`${served.origin}/livez`, { headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).to.equal(431);
    expect((await served.ask('GET', '/livez')).status).to.equal(200);
  });
});

describe('api: a change by cookie', () => {
  let served: Served;
  let cookie: string;
  beforeEach(async () => {
    served = await serveApi();
    await referralAfter(served.adapter.store, 'r-1', []);
    const answer = await served.ask('POST', '/sign-in', {
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'Sec-Fetch-Site': 'same-origin',
      },
      body: `key=${served.keys.therapist}`,
    });
    expect(answer.status).to.equal(303);
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  });
  afterEach(() => served.stop());

  const accept = (headers: Record<string, string>) =>
    served.ask('POST', '/api/referrals/r-1/accept', { headers: { Cookie: cookie, ...headers } });

  it('is taken from our own page', async () => {
    expect((await accept({ 'Sec-Fetch-Site': 'same-origin' })).status).to.equal(200);
  });

  it('is refused from another site, and where the browser does not say', async () => {
    for (const headers of [
      { 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'https://evil.example' },
      {},
    ]) {
      const { status, json } = await accept(headers as Record<string, string>);
      expect([status, json.code]).to.deep.equal([403, 'not-permitted']);
    }
    expect((await served.get('/api/referrals/r-1')).json.state).to.equal('requested');
  });

  it('does not matter for reading', async () => {
    const { status } = await served.ask('GET', '/api/referrals', { headers: { Cookie: cookie } });
    expect(status).to.equal(200);
  });
});
