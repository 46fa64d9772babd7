import { connect } from 'node:net';
import { expect } from 'chai';
import { closeHospitals, hospital, order, patient, stoppedClock } from './hospital.ts';

describe('sandbox: the server', () => {
  afterEach(closeHospitals);

  it('describes itself honestly at /metadata', async () => {
    const general = await hospital({ auth: { token: 'secret' } });
    const { status, body } = await general.ask<fhir4.CapabilityStatement>('GET', '/metadata');
    expect(status).to.equal(200);
    expect(body).to.include({ fhirVersion: '4.0.1', kind: 'instance', status: 'active' });
    const [rest] = body.rest ?? [];
    const served = rest?.resource?.find(({ type }) => type === 'ServiceRequest');
    expect(served).to.include({
      conditionalCreate: true,
      conditionalUpdate: true,
      updateCreate: true,
      versioning: 'versioned-update',
    });
    expect(served?.searchParam?.map(({ name }) => name)).to.include.members([
      '_id',
      '_lastUpdated',
      'identifier',
      'code',
      'based-on',
    ]);
    expect(rest?.resource?.map(({ type }) => type)).to.not.include('Subscription');
    expect(rest?.security).to.not.equal(undefined);
    const subscription = { resourceType: 'Subscription', status: 'requested', criteria: 'Task' };
    const headers = { authorization: 'Bearer secret' };
    expect((await general.ask('POST', '/Subscription', subscription, headers)).status).to.equal(
      422,
    );
  });

  it('answers 404 for unknown types and operations, 405 with Allow for impossible methods', async () => {
    const general = await hospital();
    for (const path of [
      '/Nonsense',
      '/Nonsense/1',
      '/Patient/1/$everything',
      '/',
      '/Patient/1/2',
    ]) {
      const reply = await general.ask('GET', path);
      expect(reply.status, path).to.equal(404);
      expect(reply.body.resourceType, path).to.equal('OperationOutcome');
    }
    const reply = await general.ask('POST', '/Patient/p1', patient());
    expect([reply.status, reply.headers.get('allow')]).to.deep.equal([
      405,
      'GET, PUT, PATCH, DELETE',
    ]);
    expect((await general.ask('GET', `${general.origin}/elsewhere`)).status).to.equal(404);
  });

  it('refuses bodies that are no JSON, no resource, of another type, or not UTF-8', async () => {
    const general = await hospital();
    const bad = ['{"resourceType":', '[]', '"text"', '{"resourceType":"Observation"}', '{}'];
    for (const body of bad) {
      const reply = await general.ask('POST', '/Patient', body);
      expect(reply.status, body).to.equal(400);
      expect(reply.body.resourceType, body).to.equal('OperationOutcome');
    }
    expect((await general.ask('POST', '/Patient')).status).to.equal(400);
    const response = await fetch(`${general.base}/Patient`, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
    });
    expect(response.status).to.equal(400);
    expect(general.count('Patient')).to.equal(0);
  });

  it('refuses resources that R4 does not allow, and names the element', async () => {
    const general = await hospital();
    const cases: readonly (readonly [string, object, number])[] = [
      ['ServiceRequest.status', { status: 'sleepy' }, 400],
      ['ServiceRequest.colour', { colour: 'blue' }, 400],
      ['ServiceRequest.subject', { subject: 'Patient/1' }, 400],
      ['ServiceRequest.category', { category: { text: 'x' } }, 400],
      ['ServiceRequest.note', { note: [] }, 400],
      ['ServiceRequest.code.text', { code: { text: '' } }, 400],
      [
        'ServiceRequest.occurrencePeriod',
        { occurrenceDateTime: '2026', occurrencePeriod: {} },
        400,
      ],
      ['ServiceRequest.intent', { intent: undefined }, 422],
    ];
    for (const [expression, more, status] of cases) {
      const reply = await general.ask<fhir4.OperationOutcome>('POST', '/ServiceRequest', {
        ...order(),
        ...more,
      });
      expect(reply.status, expression).to.equal(status);
      expect(reply.body.issue[0]?.expression, expression).to.deep.equal([expression]);
    }
    const deep = `{"resourceType":"Basic","x":${'{"x":'.repeat(5000)}1${'}'.repeat(5000)}}`;
    expect((await general.ask('POST', '/Basic', deep)).status).to.equal(400);
  });

  it('validates on request without storing, and says what it did not check', async () => {
    const general = await hospital();
    const validate = (body: object) =>
      general.ask<fhir4.OperationOutcome>('POST', '/ServiceRequest/$validate', body);
    const good = await validate(order());
    expect(good.status).to.equal(200);
    expect(good.body.issue.map(({ severity }) => severity)).to.deep.equal(['information']);
    const bad = await validate({
      resourceType: 'Parameters',
      parameter: [{ name: 'resource', resource: { ...order(), status: 'sleepy' } }],
    });
    expect(bad.body.issue.map(({ severity }) => severity)).to.deep.equal(['error', 'information']);
    expect(general.count('ServiceRequest')).to.equal(0);
  });

  it('speaks JSON only: 415 for other bodies, 406 for other wishes', async () => {
    const general = await hospital();
    const xml = { 'content-type': 'application/fhir+xml' };
    expect((await general.ask('POST', '/Patient', '<Patient/>', xml)).status).to.equal(415);
    const wish = (accept: string, path = '/metadata') =>
      general.ask('GET', path, undefined, { accept }).then(({ status }) => status);
    expect(await wish('application/fhir+xml')).to.equal(406);
    expect(await wish('application/fhir+json;q=0.9, application/fhir+xml')).to.equal(200);
    expect(await wish('*/*', '/metadata?_format=xml')).to.equal(406);
    expect(await wish('text/html', '/metadata?_format=json')).to.equal(200);
  });

  it('limits the size of a body with 413', async () => {
    const general = await hospital({ maxBody: 1000 });
    const reply = await general.ask('POST', '/Patient', patient({ id: 'x'.repeat(2000) }));
    expect(reply.status).to.equal(413);
    expect((await general.ask('POST', '/Patient', patient())).status).to.equal(201);
  });

  it('asks for a token or a password where it was set up so', async () => {
    const general = await hospital({
      auth: { token: 'secret', basic: { user: 'u', password: 'p' } },
    });
    const status = (authorization?: string) =>
      general
        .ask('GET', '/Patient', undefined, authorization ? { authorization } : {})
        .then((reply) => reply.status);
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    expect(await status()).to.equal(401);
    expect(await status('Bearer wrong')).to.equal(401);
    expect(await status(basic('u:wrong'))).to.equal(401);
    expect(await status('Bearer secret')).to.equal(200);
    expect(await status(basic('u:p'))).to.equal(200);
    expect((await general.ask('GET', `${general.origin}/sandbox/faults`)).status).to.equal(401);
    const challenge = (await general.ask('GET', '/Patient')).headers.get('www-authenticate');
    expect(challenge).to.match(/^Bearer/);
    expect(general.requests.map(({ authorization }) => authorization)).to.deep.equal([
      'none',
      'bearer',
      'basic',
      'bearer',
      'basic',
      'none',
      'none',
    ]);
    expect(JSON.stringify(general.requests)).to.not.include('secret');
  });

  it('lets somebody else say which tokens are good at the moment', async () => {
    const good = new Set(['one']);
    const general = await hospital({ auth: { token: (token) => good.has(token) } });
    const ask = async (token: string) =>
      (await general.ask('GET', '/Patient', undefined, { authorization: `Bearer ${token}` }))
        .status;
    expect([await ask('one'), await ask('two')]).to.deep.equal([200, 401]);
    good.delete('one');
    good.add('two');
    expect([await ask('one'), await ask('two')]).to.deep.equal([401, 200]);
    expect((await general.ask('GET', '/Patient')).status).to.equal(401);
  });

  it('echoes X-Request-Id and X-Correlation-Id, or gives an id of its own', async () => {
    const general = await hospital();
    const ids = { 'x-request-id': 'r-1', 'x-correlation-id': 'c-1' };
    const echoed = await general.ask('GET', '/Patient', undefined, ids);
    expect(echoed.headers.get('x-request-id')).to.equal('r-1');
    expect(echoed.headers.get('x-correlation-id')).to.equal('c-1');
    const own = await general.ask('GET', '/Patient');
    expect(own.headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/);
  });

  it('keeps a log of requests with the headers that matter', async () => {
    const general = await hospital(stoppedClock());
    await general.ask('POST', '/Patient', patient(), {
      'if-none-exist': 'identifier=1',
      'x-request-id': 'r-1',
    });
    await general.ask('GET', '/Patient/nobody', undefined, { 'if-match': 'W/"1"' });
    const [first, second] = general.requests;
    expect(first).to.deep.include({
      at: '2026-03-01T08:00:00.000Z',
      method: 'POST',
      path: '/fhir/Patient',
      status: 201,
      authorization: 'none',
    });
    expect(first?.headers).to.include({ 'if-none-exist': 'identifier=1', 'x-request-id': 'r-1' });
    expect(second?.status).to.equal(404);
    expect(second?.headers['if-match']).to.equal('W/"1"');
  });

  it('dates its answers by its own clock', async () => {
    const general = await hospital(stoppedClock());
    const reply = await general.ask('GET', '/Patient');
    expect(reply.headers.get('date')).to.equal('Sun, 01 Mar 2026 08:00:00 GMT');
  });

  it('keeps connections alive, and cuts them all at once when it stops', async () => {
    const general = await hospital();
    const socket = connect(Number(new URL(general.origin).port), '127.0.0.1');
    const heard: string[] = [];
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const answers = new Promise<void>((resolve) =>
      socket.setEncoding('utf8').on('data', (text: string) => {
        heard.push(text);
        const count = heard.join('').match(/HTTP\/1\.1 200/g)?.length ?? 0;
        if (count === 1) socket.write('GET /fhir/Task HTTP/1.1\r\nHost: x\r\n\r\n');
        if (count === 2) resolve();
      }),
    );
    socket.write('GET /fhir/Patient HTTP/1.1\r\nHost: x\r\n\r\n');
    await answers;
    await general.stop();
    await closed;
  });

  it('survives clients that leave in the middle of a request', async () => {
    const general = await hospital();
    const leave = () =>
      new Promise<void>((resolve) => {
        const socket = connect(Number(new URL(general.origin).port), '127.0.0.1', () => {
          const head = 'POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{';
          socket.write(head, () => socket.destroy());
        });
        socket.once('close', () => resolve());
      });
    await leave();
    general.faults.add({ do: 'status', status: 503 });
    await leave();
    expect((await general.ask('POST', '/Patient', patient())).status).to.be.oneOf([201, 503]);
    expect((await general.ask('GET', '/Patient')).status).to.equal(200);
  });

  it('is filled at its start, in the order of lastUpdated', async () => {
    const general = await hospital({
      ...stoppedClock(),
      resources: [
        patient({ id: 'late' }),
        patient({ id: 'old', meta: { lastUpdated: '2026-01-01T00:00:00Z' } }),
        patient({ id: 'older', meta: { lastUpdated: '2025-01-01T00:00:00Z' } }),
        patient({ id: 'future', meta: { lastUpdated: '2027-01-01T00:00:00Z' } }),
      ],
    });
    const found = await general.find<fhir4.Patient>('/Patient?_sort=_lastUpdated');
    expect(found.map(({ id, meta }) => [id, meta?.lastUpdated])).to.deep.equal([
      ['older', '2025-01-01T00:00:00.000Z'],
      ['old', '2026-01-01T00:00:00.000Z'],
      ['late', '2026-03-01T08:00:00.000Z'],
      ['future', '2026-03-01T08:00:00.001Z'],
    ]);
  });
});
