import { getEventListeners } from 'node:events';
import { createServer, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { defaultLimits } from '../../src/hospital/transport.ts';
import { closeAll, failureOf, listening, sendJson, wireTo, withRealSockets } from './wire.ts';

const quick = { connectMs: 50, headersMs: 50, bodyMs: 50 };
const patient = { resourceType: 'Patient', id: 'p1' };
const procedure: fhir4.Procedure = {
  resourceType: 'Procedure',
  status: 'completed',
  subject: { reference: 'Patient/p1' },
};

describe('hospital transport: when answers do not come', () => {
  withRealSockets();
  afterEach(closeAll);

  it('tells a server that is not there apart, for reads and writes: nothing was sent', async () => {
    const gone = createServer();
    const port = await portOf(gone);
    await new Promise((done) => gone.close(done));
    const { client } = wireTo(`http://127.0.0.1:${port}/fhir`);
    expect((await failureOf(client.read('Patient/p1'))).code).to.equal('hospital-unreachable');
    const error = await failureOf(client.create(procedure));
    expect(error.code).to.equal('hospital-unreachable');
    expect(error.message).to.contain('ECONNREFUSED');
  });

  it('leaves nothing behind at the signal to stop, which outlives all exchanges', async () => {
    const server = await listening((_, response) => sendJson(response, 200, patient));
    const stop = new AbortController();
    const { client } = wireTo(server.origin, {}, { stop: stop.signal });
    for (let round = 0; round < 5; round += 1) await client.read('Patient/p1');
    expect(getEventListeners(stop.signal, 'abort')).to.deep.equal([]);
  });

  it('tells an unknown host apart', async () => {
    const { client } = wireTo('http://no-such-host.invalid/fhir');
    expect((await failureOf(client.create(procedure))).code).to.equal('hospital-unreachable');
  });

  it('gives up on a TLS handshake that does not end; nothing was sent', async () => {
    const silent = createServer();
    const { client } = wireTo(`https://127.0.0.1:${await portOf(silent)}/fhir`, {
      timeouts: { ...quick, connectMs: 50 },
    });
    expect((await failureOf(client.create(procedure))).code).to.equal('hospital-unreachable');
    silent.close();
  });

  it('gives up on headers that do not come: a read may be repeated, a write is unclear', async () => {
    const server = await listening(() => undefined);
    const hospital = wireTo(server.origin, { timeouts: quick });
    expect((await failureOf(hospital.client.read('Patient/p1'))).code).to.equal(
      'hospital-unreachable',
    );
    expect((await failureOf(hospital.client.create(procedure))).code).to.equal('write-unclear');
    expect((await failureOf(hospital.client.update({ ...procedure, id: '9' }))).code).to.equal(
      'write-unclear',
    );
    expect(server.requests.map(({ method }) => method)).to.deep.equal([
      'GET',
      'GET',
      'GET',
      'POST',
      'PUT',
    ]);
  });

  it('gives up on a body that falls silent', async () => {
    const server = await listening((_, response) => {
      response.writeHead(200, { 'content-type': 'application/fhir+json' });
      response.write('{"resourceType":');
    });
    const { client } = wireTo(server.origin, { timeouts: quick });
    expect((await failureOf(client.read('Patient/p1'))).code).to.equal('answer-broken');
  });

  it('gives up on a body that drips on without end', async () => {
    const server = await listening((_, response) => {
      response.writeHead(200, { 'content-type': 'application/fhir+json' });
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    const { client, exchanges } = wireTo(server.origin, {
      timeouts: { connectMs: 50, headersMs: 50, bodyMs: 100 },
    });
    expect((await failureOf(client.read('Patient/p1'))).code).to.equal('answer-broken');
    expect(exchanges[0]).to.include({ status: 200, errorCode: 'answer-broken' });
  });

  it('calls an answer that is lost after the write was sent unclear', async () => {
    const server = await listening((request) => {
      request.resume().on('end', () => request.socket.destroy());
    });
    const { client, exchanges } = wireTo(server.origin);
    expect((await failureOf(client.create(procedure))).code).to.equal('write-unclear');
    expect(server.requests).to.have.length(1);
    expect(exchanges).to.have.length(1);
  });

  it('calls a read whose answer is cut off broken and asks again', async () => {
    let cuts = 2;
    const server = await listening((_, response) => {
      if (cuts-- > 0) {
        response.writeHead(200, {
          'content-length': '500',
          'content-type': 'application/fhir+json',
        });
        response.write('{"resourceType":"Patient",', () => response.socket?.destroy());
      } else sendJson(response, 200, patient);
    });
    const { client, exchanges } = wireTo(server.origin);
    expect((await client.read('Patient/p1')).resource.id).to.equal('p1');
    expect(exchanges.map(({ errorCode }) => errorCode)).to.deep.equal([
      'answer-broken',
      'answer-broken',
      undefined,
    ]);
  });

  it('takes a create whose answer was cut off after its Location for done, and reads it', async () => {
    const server = await listening((request, response) => {
      if (request.method === 'GET') return sendJson(response, 200, { ...procedure, id: '9' });
      response.writeHead(201, { 'content-length': '500', location: '/Procedure/9/_history/1' });
      response.write('{"resourceType":"Proce', () => response.socket?.destroy());
    });
    const { client } = wireTo(server.origin);
    const answer = await client.create(procedure);
    expect(answer).to.include({ status: 201 });
    expect(answer.resource.id).to.equal('9');
    expect(server.requests.map(({ method }) => method)).to.deep.equal(['POST', 'GET']);
  });

  it('calls a create whose answer was cut off without Location unclear', async () => {
    const server = await listening((_, response) => {
      response.writeHead(201, { 'content-length': '500' });
      response.write('{"resourceType":"Proce', () => response.socket?.destroy());
    });
    const { client } = wireTo(server.origin);
    expect((await failureOf(client.create(procedure))).code).to.equal('write-unclear');
  });
});

describe('hospital transport: how much is taken in', () => {
  withRealSockets();
  afterEach(closeAll);
  const limits = { ...defaultLimits, maxBytes: 10_000 };
  const large = JSON.stringify({ ...patient, note: ' '.repeat(20_000) });

  it('decodes gzip and reports the decoded size', async () => {
    const server = await listening((request, response) => {
      expect(request.headers['accept-encoding']).to.equal('gzip');
      response.writeHead(200, {
        'content-type': 'application/fhir+json',
        'content-encoding': 'gzip',
      });
      response.end(gzipSync(JSON.stringify(patient)));
    });
    const { client, exchanges } = wireTo(server.origin);
    expect((await client.read('Patient/p1')).resource).to.deep.equal(patient);
    expect(exchanges[0]?.bytes).to.equal(JSON.stringify(patient).length);
  });

  for (const [name, encoding, body] of [
    ['a plain answer', undefined, large],
    ['an answer that is small only while packed', 'gzip', gzipSync(large)],
    ['an answer in an encoding that nobody asked for', 'deflate', 'x'],
    ['a packed answer that is cut off', 'gzip', gzipSync(large).subarray(0, 20)],
  ] as const) {
    it(`refuses ${name}`, async () => {
      const server = await listening((_, response) => {
        response.writeHead(200, { ...(encoding && { 'content-encoding': encoding }) });
        response.end(body);
      });
      const { client } = wireTo(server.origin, {}, { limits });
      expect((await failureOf(client.read('Patient/p1'))).code).to.equal('answer-broken');
      // A packed answer may have been cut off in passing; the others would come again as they are.
      expect(server.requests).to.have.length(name.endsWith('cut off') ? 3 : 1);
    });
  }

  it('uses few sockets for many reads, and no more than allowed at once', async () => {
    let now = 0;
    let most = 0;
    const server = await listening((_, response) => {
      now += 1;
      most = Math.max(most, now);
      setImmediate(() => {
        now -= 1;
        sendJson(response, 200, patient);
      });
    });
    const { client } = wireTo(server.origin, {}, { limits: { connections: 2 } });
    await Promise.all(Array.from({ length: 20 }, () => client.read('Patient/p1')));
    expect(server.requests).to.have.length(20);
    expect(server.sockets()).to.equal(2);
    expect(most).to.be.at.most(2);
  });

  it('finishes exchanges under way before it closes', async () => {
    const server = await listening((_, response) =>
      setImmediate(() => sendJson(response, 200, patient)),
    );
    const { client, close } = wireTo(server.origin);
    const reading = client.read('Patient/p1');
    await close();
    expect((await reading).resource.id).to.equal('p1');
  });
});

describe('hospital transport: sign-in', () => {
  withRealSockets();
  afterEach(closeAll);

  it('sends user and password in basic sign-in, also beyond ASCII', async () => {
    const server = await listening((_, response) => sendJson(response, 200, patient));
    const hospital = wireTo(
      server.origin,
      { signIn: { type: 'basic', user: 'anwenderin', password: { env: 'PASSWORD' } } },
      { env: { PASSWORD: 'grün' } },
    );
    await hospital.client.read('Patient/p1');
    const header = server.requests[0]?.headers.authorization ?? '';
    expect(Buffer.from(header.slice('Basic '.length), 'base64').toString()).to.equal(
      'anwenderin:grün',
    );
  });

  it('sends nothing when the secret is missing, and names where it should be', async () => {
    const server = await listening((_, response) => sendJson(response, 200, patient));
    for (const [secret, code, where] of [
      [{ env: 'MISSING' }, 'settings-wrong', 'MISSING'],
      [{ file: '/nowhere/token' }, 'file-unreadable', '/nowhere/token'],
    ] as const) {
      const { client } = wireTo(server.origin, { signIn: { type: 'bearer', token: secret } });
      const error = await failureOf(client.create(procedure));
      expect(error.code).to.equal(code);
      expect(error.message).to.contain(where);
    }
    expect(server.requests).to.deep.equal([]);
  });

  it('refuses a token that would break the header, without showing it', async () => {
    const { client } = wireTo(
      'http://127.0.0.1:9/fhir',
      { signIn: { type: 'bearer', token: { env: 'TOKEN' } } },
      { env: { TOKEN: 'sesame\nX-Evil: 1' } },
    );
    const error = await failureOf(client.read('Patient/p1'));
    expect(error.code).to.equal('settings-wrong');
    expect(error.message).to.not.contain('sesame');
  });
});

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}
