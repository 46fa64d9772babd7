/** Commands that are sent twice or late: Idempotency-Key and If-Match. */
import { expect } from 'chai';
import { outboxOf } from '../../src/store/outbox.ts';
import { referralAfter } from './people.ts';
import { type Served, serveApi } from './served.ts';

describe('api: a repeated command', () => {
  let served: Served;
  const visit = { start: '2026-03-03T10:00:00Z', end: '2026-03-03T10:30:00Z' };
  const once = (key: string) => ({ headers: { 'Idempotency-Key': key } });

  beforeEach(async () => {
    served = await serveApi();
    await referralAfter(served.adapter.store, 'r-1', [{ type: 'accept' }]);
  });
  afterEach(() => served.stop());

  it('gets the same answer, and nothing happens twice', async () => {
    const first = await served.post('/api/referrals/r-1/sessions', visit, once('k1'));
    const intended = (await outboxOf(served.adapter.store.read, 'r-1')).length;
    const second = await served.post('/api/referrals/r-1/sessions', visit, once('k1'));
    expect([second.status, second.text]).to.deep.equal([201, first.text]);
    expect(second.headers.get('location')).to.equal(first.headers.get('location'));
    expect(second.headers.get('etag')).to.equal(first.headers.get('etag'));
    expect((await served.get('/api/referrals/r-1')).json.sessions).to.have.lengthOf(1);
    expect(await outboxOf(served.adapter.store.read, 'r-1')).to.have.lengthOf(intended);
  });

  it('gets it also when both are sent at the same time', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => served.post('/api/referrals/r-1/sessions', visit, once('k1'))),
    );
    expect(new Set(answers.map(({ text }) => text)).size).to.equal(1);
    expect((await served.get('/api/referrals/r-1')).json.sessions).to.have.lengthOf(1);
  });

  it('gets it whatever the order of keys in its body', async () => {
    const first = await served.post('/api/referrals/r-1/sessions', visit, once('k1'));
    const turned = { end: visit.end, start: visit.start };
    const second = await served.post('/api/referrals/r-1/sessions', turned, once('k1'));
    expect(second.text).to.equal(first.text);
  });

  it('is refused under a key that was used for something else', async () => {
    await served.post('/api/referrals/r-1/sessions', visit, once('k1'));
    const another = { ...visit, place: 'Room 3' };
    const { status, json } = await served.post('/api/referrals/r-1/sessions', another, once('k1'));
    expect([status, json.code]).to.deep.equal([422, 'idempotency-reused']);
    const elsewhere = await served.post('/api/referrals/r-1/hold', { reason: 'x' }, once('k1'));
    expect(elsewhere.status).to.equal(422);
  });

  it('is another command for somebody else, who has keys of their own', async () => {
    await served.post('/api/referrals/r-1/hold', { reason: 'x' }, once('k1'));
    const theirs = await served.post(
      '/api/referrals/r-1/resume',
      {},
      { as: 'operator', ...once('k1') },
    );
    expect(theirs.status).to.equal(200);
  });

  it('is decided anew where it was refused before', async () => {
    const resume = () => served.post('/api/referrals/r-1/resume', {}, once('k1'));
    expect((await resume()).status).to.equal(409);
    await served.post('/api/referrals/r-1/hold', { reason: 'x' });
    expect((await resume()).status).to.equal(200);
  });

  for (const key of ['', 'x'.repeat(201), 'with space'])
    it(`is refused with the key ${JSON.stringify(key.slice(0, 12))}`, async () => {
      const { status } = await served.post('/api/referrals/r-1/hold', { reason: 'x' }, once(key));
      expect(status).to.equal(400);
    });
});

describe('api: a late command', () => {
  let served: Served;
  const hold = (etag: string) =>
    served.post('/api/referrals/r-1/hold', { reason: 'x' }, { headers: { 'If-Match': etag } });

  beforeEach(async () => {
    served = await serveApi();
    await referralAfter(served.adapter.store, 'r-1', [{ type: 'accept' }]);
  });
  afterEach(() => served.stop());

  for (const etag of ['"2"', 'W/"2"', '*', ' "2" '])
    it(`goes through on the version of now: ${etag}`, async () => {
      expect((await hold(etag)).status).to.equal(200);
    });

  for (const etag of ['"1"', 'W/"1"', '"3"', '"abc"', '2', '""'])
    it(`is refused on another version: ${etag}`, async () => {
      const { status, json } = await hold(etag);
      expect([status, json.code]).to.deep.equal([412, 'stale-version']);
      expect((await served.get('/api/referrals/r-1')).json.state).to.equal('accepted');
    });

  it('is refused on a list of versions', async () => {
    expect((await hold('"1", "2"')).status).to.equal(400);
  });

  it('takes the ETag that reading gave', async () => {
    const { headers } = await served.get('/api/referrals/r-1');
    expect((await hold(headers.get('etag') ?? '')).status).to.equal(200);
  });

  it('checks a session against its own version', async () => {
    const visit = { start: '2026-03-03T10:00:00Z', end: '2026-03-03T10:30:00Z' };
    const planned = await served.post('/api/referrals/r-1/sessions', visit);
    const arrive = (etag: string) =>
      served.post(`/api/sessions/${planned.json.id}/arrive`, {}, { headers: { 'If-Match': etag } });
    expect((await arrive('"9"')).status).to.equal(412);
    expect((await arrive(planned.headers.get('etag') ?? '')).status).to.equal(200);
  });
});
