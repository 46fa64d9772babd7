/** Token endpoints that are busy, ill, or something else than a token endpoint. */
import { expect } from 'chai';
import { closeAll, failureOf, withRealSockets } from '../wire.ts';
import {
  clientId,
  type SigningHospital,
  secret,
  signingHospital,
  stopAuthorization,
} from './signing-hospital.ts';

const bySecret = { type: 'client-secret', clientId, secret: { env: 'SECRET' } } as const;

describe('hospital sign-in: a token endpoint that answers strangely', () => {
  withRealSockets();
  let hospital: SigningHospital;
  beforeEach(async () => {
    hospital = await signingHospital({ [clientId]: { secret } });
  });
  afterEach(async () => {
    await closeAll();
    await stopAuthorization();
  });
  const wired = () => hospital.wire({ ...bySecret, tokenUrl: hospital.auth.tokenUrl });

  it('waits as long as it is asked to', async () => {
    const { client, pauses } = wired();
    hospital.auth.behaviour.instead.push((_, response) =>
      response.writeHead(429, { 'retry-after': '7' }).end(),
    );
    const error = await failureOf(client.read('Patient/p1'));
    expect(error.code).to.equal('hospital-busy');
    expect(pauses[0]).to.equal(7000);
    // The clock of this spec stands still: however often it is tried, nothing is asked before the time is over.
    expect(hospital.auth.asked).to.have.length(1);
    hospital.clock.nowMs += 7001;
    await client.read('Patient/p1');
    expect(hospital.auth.asked).to.have.length(2);
  });

  it('tries again what may pass by itself', async () => {
    const { client } = wired();
    hospital.auth.behaviour.instead.push(
      (_, response) => response.writeHead(502).end('<html>'),
      (request) => void request.socket.destroy(),
    );
    await client.read('Patient/p1');
    expect(hospital.auth.asked).to.have.length(3);
  });

  it('is asked by the settings alone while discovery is down, which is asked again soon', async () => {
    const { client } = wired();
    const { smart } = hospital.site;
    hospital.site.smart = { status: 503 };
    await client.read('Patient/p1');
    expect(hospital.auth.asked[0]?.form.scope).to.contain('system/Task.crus');
    hospital.site.smart = { ...smart, capabilities: ['permission-v1'] };
    hospital.clock.nowMs += 301_000;
    await client.read('Patient/p1');
    expect(hospital.auth.asked[1]?.form.scope).to.contain('system/Task.write');
    hospital.site.smart = { status: 503 };
    hospital.clock.nowMs += 7 * 3_600_000;
    await client.read('Patient/p1');
    expect(hospital.auth.asked[2]?.form.scope).to.contain('system/Task.write');
  });

  it('is left alone after five failures, as the FHIR server would be', async () => {
    const { client } = wired();
    for (let time = 0; time < 20; time += 1)
      hospital.auth.behaviour.instead.push((request) => void request.socket.destroy());
    const errors = [];
    for (let time = 0; time < 4; time += 1) errors.push(await failureOf(client.read('Patient/p1')));
    expect(hospital.auth.asked).to.have.length(5);
    expect(errors.at(-1)?.message).to.contain('has been failing since');
    expect(hospital.reads).to.deep.equal([]);
  });

  const odd: readonly (readonly [string, number, Record<string, string>, string, says: string])[] =
    [
      ['HTML', 200, {}, '<html><body>Sign in</body></html>', 'Nothing that gives tokens answers'],
      ['an empty answer', 200, {}, '', 'Nothing that gives tokens answers'],
      ['no token', 200, {}, '{"token_type":"bearer"}', 'Nothing that gives tokens answers'],
      [
        'a token that would break a header',
        200,
        {},
        '{"access_token":"a\\nb","token_type":"bearer"}',
        'Nothing',
      ],
      ['no such address', 404, {}, '', 'Nothing that gives tokens answers'],
      ['a mac token', 200, {}, '{"access_token":"abc","token_type":"mac"}', 'no bearer token'],
      ['a redirect', 302, { location: 'https://elsewhere.example/token' }, '', 'redirects'],
      ['a code that every object has', 400, {}, '{"error":"constructor"}', 'does not say'],
      ['the scopes refused', 400, {}, '{"error":"invalid_scope"}', 'scopes'],
      ['the grant refused', 400, {}, '{"error":"unsupported_grant_type"}', 'client_credentials'],
      [
        'the client refused this grant',
        400,
        {},
        '{"error":"unauthorized_client"}',
        'may not use this grant',
      ],
      ['a refusal with a wrong status', 500, {}, '{"error":"invalid_client"}', 'secret'],
    ];
  for (const [name, status, headers, body, says] of odd)
    it(`says what may be wrong and asks once: ${name}`, async () => {
      const { client } = wired();
      hospital.auth.behaviour.instead.push((_, response) =>
        response.writeHead(status, headers).end(body),
      );
      const error = await failureOf(client.read('Patient/p1'));
      expect(error.code).to.equal('sign-in-refused');
      expect(error.details.problems?.[0]).to.contain(says);
      expect(error.message).to.not.contain('html');
      expect(hospital.auth.asked).to.have.length(1);
      expect(hospital.reads).to.deep.equal([]);
    });

  it('is looked for once a minute where nothing names it', async () => {
    const { client } = hospital.wire(bySecret);
    hospital.site.smart = undefined;
    hospital.site.metadata = { resourceType: 'CapabilityStatement' };
    const statements = () => hospital.fhir.requests.filter(({ url }) => url === '/fhir/metadata');
    for (let time = 0; time < 5; time += 1) {
      const error = await failureOf(client.read('Patient/p1'));
      expect(error.code).to.equal('settings-wrong');
      expect(error.message).to.contain('is not known');
    }
    expect(statements()).to.have.length(1);
    hospital.clock.nowMs += 61_000;
    hospital.site.smart = { token_endpoint: hospital.auth.tokenUrl };
    expect((await failureOf(client.read('Patient/p1'))).message).to.contain('on another server');
    expect(hospital.auth.asked).to.deep.equal([]);
  });

  it('takes in no token answer without end', async () => {
    const { client } = wired();
    for (let time = 0; time < 3; time += 1)
      hospital.auth.behaviour.instead.push((_, response) => {
        response.writeHead(200);
        response.end(' '.repeat(300 * 1024));
      });
    const error = await failureOf(client.read('Patient/p1'));
    expect(error.message).to.contain('TOO_LARGE');
    expect(hospital.reads).to.deep.equal([]);
  });
});
