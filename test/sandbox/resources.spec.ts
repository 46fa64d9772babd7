import { expect } from 'chai';
import { closeHospitals, hospital, order, patient, stoppedClock } from './hospital.ts';

describe('sandbox: one resource', () => {
  afterEach(closeHospitals);

  it('creates with 201, Location, ETag, Last-Modified and a new id', async () => {
    const general = await hospital({ ...stoppedClock() });
    const reply = await general.ask('POST', '/ServiceRequest', order({ id: 'mine' }));
    expect(reply.status).to.equal(201);
    expect(reply.body.id).to.be.a('string').and.not.equal('mine');
    expect(reply.body.meta).to.include({ versionId: '1' });
    expect(reply.headers.get('location')).to.equal(
      `${general.base}/ServiceRequest/${reply.body.id}/_history/1`,
    );
    expect(reply.headers.get('etag')).to.equal('W/"1"');
    expect(reply.headers.get('last-modified')).to.equal('Sun, 01 Mar 2026 08:00:00 GMT');
    expect(reply.headers.get('content-type')).to.match(/^application\/fhir\+json/);
  });

  it('ignores meta.versionId and lastUpdated of the client and keeps the rest of meta', async () => {
    const general = await hospital();
    const meta = {
      versionId: '9',
      lastUpdated: '2001-01-01T00:00:00Z',
      profile: ['http://p.example'],
    };
    const { body } = await general.ask('POST', '/Patient', patient({ meta }));
    expect(body.meta?.versionId).to.equal('1');
    expect(body.meta?.lastUpdated).to.not.match(/^2001/);
    expect(body.meta?.profile).to.deep.equal(['http://p.example']);
  });

  it('creates under the client’s id by PUT with 201 and updates with 200', async () => {
    const general = await hospital();
    const first = await general.ask('PUT', '/Patient/p1', patient({ id: 'p1' }));
    const second = await general.ask('PUT', '/Patient/p1', patient({ id: 'p1' }));
    expect([first.status, second.status]).to.deep.equal([201, 200]);
    expect(second.headers.get('etag')).to.equal('W/"2"');
    expect(second.body.meta?.versionId).to.equal('2');
  });

  it('refuses a PUT whose body has no id or another one', async () => {
    const general = await hospital();
    expect((await general.ask('PUT', '/Patient/p1', patient())).status).to.equal(400);
    expect((await general.ask('PUT', '/Patient/p1', patient({ id: 'p2' }))).status).to.equal(400);
    expect(
      (await general.ask('PUT', '/Patient/bad_id', patient({ id: 'bad_id' }))).status,
    ).to.equal(400);
  });

  it('reads versions, and answers 404 for what never was', async () => {
    const general = await hospital();
    general.put(patient({ id: 'p1', gender: 'female' }));
    general.put(patient({ id: 'p1', gender: 'other' }));
    const old = await general.ask<fhir4.Patient>('GET', '/Patient/p1/_history/1');
    const now = await general.ask<fhir4.Patient>('GET', '/Patient/p1');
    expect([old.body.gender, now.body.gender]).to.deep.equal(['female', 'other']);
    for (const path of ['/Patient/p2', '/Patient/p1/_history/3', '/Patient/p2/_history']) {
      const reply = await general.ask('GET', path);
      expect(reply.status, path).to.equal(404);
      expect(reply.body.resourceType, path).to.equal('OperationOutcome');
    }
  });

  it('answers 304 to If-None-Match and If-Modified-Since when nothing changed', async () => {
    const time = stoppedClock();
    const general = await hospital(time);
    general.put(patient({ id: 'p1' }));
    const read = (headers: Record<string, string>) =>
      general.ask('GET', '/Patient/p1', undefined, headers).then(({ status }) => status);
    expect(await read({ 'if-none-match': 'W/"1"' })).to.equal(304);
    expect(await read({ 'if-none-match': 'W/"2"' })).to.equal(200);
    expect(await read({ 'if-modified-since': 'Sun, 01 Mar 2026 08:00:00 GMT' })).to.equal(304);
    expect(await read({ 'if-modified-since': 'Sun, 01 Mar 2026 07:59:59 GMT' })).to.equal(200);
  });

  it('takes a fresh If-Match and refuses a stale one with 412, without writing', async () => {
    const general = await hospital();
    general.put(patient({ id: 'p1' }));
    const write = (tag: string, id = 'p1') =>
      general
        .ask('PUT', `/Patient/${id}`, patient({ id }), { 'if-match': tag })
        .then(({ status }) => status);
    expect(await write('W/"1"')).to.equal(200);
    expect(await write('W/"1"')).to.equal(412);
    expect(await write('2')).to.equal(200);
    expect(await write('"*')).to.equal(400);
    expect(await write('W/"1"', 'nobody')).to.equal(412);
    expect(general.history('Patient', 'p1')).to.have.length(3);
    expect(general.get('Patient', 'nobody')).to.equal(undefined);
  });

  it('creates only if there is nothing on If-None-Match: *', async () => {
    const general = await hospital();
    const put = () =>
      general.ask('PUT', '/Patient/p1', patient({ id: 'p1' }), { 'if-none-match': '*' });
    expect((await put()).status).to.equal(201);
    expect((await put()).status).to.equal(412);
  });

  it('lets exactly one of several writers with the same If-Match win', async () => {
    const general = await hospital();
    general.put(patient({ id: 'p1' }));
    const replies = await Promise.all(
      Array.from({ length: 6 }, () =>
        general.ask('PUT', '/Patient/p1', patient({ id: 'p1' }), { 'if-match': 'W/"1"' }),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).to.deep.equal([
      200, 412, 412, 412, 412, 412,
    ]);
  });

  it('deletes with 204, then 410, and a PUT brings it back with 201', async () => {
    const general = await hospital();
    general.put(patient({ id: 'p1' }));
    expect((await general.ask('DELETE', '/Patient/p1')).status).to.equal(204);
    expect((await general.ask('DELETE', '/Patient/p1')).status).to.equal(204);
    expect((await general.ask('GET', '/Patient/p1')).status).to.equal(410);
    expect((await general.ask('GET', '/Patient/p1/_history/2')).status).to.equal(410);
    expect((await general.ask('GET', '/Patient/p1/_history/1')).status).to.equal(200);
    expect(await general.ids('/Patient')).to.deep.equal([]);
    const back = await general.ask('PUT', '/Patient/p1', patient({ id: 'p1' }));
    expect([back.status, back.headers.get('etag')]).to.deep.equal([201, 'W/"3"']);
  });

  it('patches with test, add, replace and remove, all or nothing', async () => {
    const general = await hospital();
    general.put(order({ id: 'o1', note: [{ text: 'one' }] }));
    const send = (operations: unknown, type = 'application/json-patch+json') =>
      general.ask<fhir4.ServiceRequest>('PATCH', '/ServiceRequest/o1', operations, {
        'content-type': type,
      });
    const good = await send([
      { op: 'test', path: '/status', value: 'active' },
      { op: 'replace', path: '/status', value: 'on-hold' },
      { op: 'add', path: '/note/-', value: { text: 'two' } },
      { op: 'remove', path: '/note/0' },
      { op: 'add', path: '/priority', value: 'asap' },
    ]);
    expect(good.status).to.equal(200);
    expect(good.headers.get('etag')).to.equal('W/"2"');
    expect(good.body).to.deep.include({
      status: 'on-hold',
      priority: 'asap',
      note: [{ text: 'two' }],
    });
    const failing = [
      { op: 'replace', path: '/priority', value: 'stat' },
      { op: 'test', path: '/status', value: 'active' },
    ];
    expect((await send(failing)).status).to.equal(422);
    expect((await send([{ op: 'remove', path: '/nothing' }])).status).to.equal(422);
    expect((await send([{ op: 'add', path: '/note/5', value: {} }])).status).to.equal(422);
    expect((await send([{ op: 'move', from: '/note', path: '/x' }])).status).to.equal(400);
    expect((await send([{ op: 'replace', path: '/id', value: 'o2' }])).status).to.equal(422);
    expect((await send([{ op: 'replace', path: '/status', value: 'sleepy' }])).status).to.equal(
      400,
    );
    expect((await send({}, 'application/fhir+json')).status).to.equal(415);
    expect(general.get('ServiceRequest', 'o1')?.priority).to.equal('asap');
    expect(general.history('ServiceRequest', 'o1')).to.have.length(2);
  });

  it('obeys Prefer: return', async () => {
    const general = await hospital();
    const create = (prefer: string) => general.ask('POST', '/Patient', patient(), { prefer });
    const minimal = await create('return=minimal');
    expect([minimal.status, minimal.text]).to.deep.equal([201, '']);
    expect(minimal.headers.get('location')).to.be.a('string');
    expect((await create('return=representation')).body.resourceType).to.equal('Patient');
    expect((await create('return=OperationOutcome')).body.resourceType).to.equal(
      'OperationOutcome',
    );
  });

  it('gives every version a later time than the one before, also while the clock stands', async () => {
    const general = await hospital(stoppedClock());
    for (let n = 0; n < 5; n += 1) general.put(patient({ id: 'p1' }));
    const times = general.history('Patient', 'p1').map(({ at }) => at);
    expect(times).to.deep.equal(times.map((_, n) => (times[0] ?? 0) + n));
    const reply = await general.ask<fhir4.Bundle>('GET', '/Patient?_summary=count');
    expect(Date.parse(reply.body.meta?.lastUpdated ?? '')).to.be.at.least(times.at(-1) ?? 0);
  });
});

describe('sandbox: history', () => {
  afterEach(closeHospitals);

  it('is newest first and the same each time, with request, response and fullUrl', async () => {
    const general = await hospital(stoppedClock());
    general.put(patient({ id: 'p1' }));
    general.put(patient({ id: 'p1' }));
    general.remove('Patient', 'p1');
    const ask = () => general.ask<fhir4.Bundle>('GET', '/Patient/p1/_history');
    const { body } = await ask();
    expect((await ask()).body.entry).to.deep.equal(body.entry);
    expect([body.type, body.total]).to.deep.equal(['history', 3]);
    expect(body.entry?.map(({ request }) => request?.method)).to.deep.equal([
      'DELETE',
      'PUT',
      'PUT',
    ]);
    expect(body.entry?.map(({ response }) => response?.etag)).to.deep.equal([
      'W/"3"',
      'W/"2"',
      'W/"1"',
    ]);
    expect(body.entry?.map(({ response }) => response?.status.slice(0, 3))).to.deep.equal([
      '204',
      '200',
      '201',
    ]);
    expect(body.entry?.[0]?.resource).to.equal(undefined);
    expect(body.entry?.[0]?.fullUrl).to.equal(`${general.base}/Patient/p1`);
  });

  it('exists for a type and for the server, since an instant, in pages', async () => {
    const time = stoppedClock();
    const general = await hospital(time);
    general.put(patient({ id: 'p1' }));
    general.put(order({ id: 'o1' }));
    time.forward(60_000);
    const since = encodeURIComponent(time.clock().toISOString());
    for (const id of ['p2', 'p3', 'p4']) general.put(patient({ id }));
    const history = async (path: string) => (await general.ask<fhir4.Bundle>('GET', path)).body;
    expect((await history('/_history')).total).to.equal(5);
    expect((await history('/Patient/_history')).total).to.equal(4);
    expect((await history(`/Patient/_history?_since=${since}`)).total).to.equal(3);
    const first = await history('/Patient/_history?_count=3');
    general.put(patient({ id: 'p5' }));
    const next = first.link?.find(({ relation }) => relation === 'next')?.url ?? '';
    const second = await history(next);
    const ids = [first, second].flatMap(({ entry }) => entry?.map(({ resource }) => resource?.id));
    expect(ids).to.deep.equal(['p4', 'p3', 'p2', 'p1']);
    expect(second.link?.some(({ relation }) => relation === 'next')).to.equal(false);
  });
});
