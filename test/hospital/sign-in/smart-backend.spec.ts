/** SMART Backend Services against a real authorization server: what is sent, with which key, and what is said of it. */
import { expect } from 'chai';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { SigningKey } from '../../../src/hospital/sign-in/assertion.ts';
import { closeAll, failureOf, withRealSockets } from '../wire.ts';
import {
  aKey,
  clientId,
  type SigningHospital,
  signingHospital,
  stopAuthorization,
  withKeys,
} from './signing-hospital.ts';

const tick = 1000;

describe('hospital sign-in: SMART Backend Services', () => {
  withRealSockets();
  let es: Awaited<ReturnType<typeof aKey>>;
  let rs: Awaited<ReturnType<typeof aKey>>;
  before(async () => {
    es = await aKey('ES384', '2026-01-02T00:00:00.000Z');
    rs = await aKey('RS384', '2026-01-01T00:00:00.000Z');
  });
  afterEach(async () => {
    await closeAll();
    await stopAuthorization();
  });

  async function backend(
    keys: readonly SigningKey[] = [es.key],
    published: readonly object[] = [es.jwk, rs.jwk],
  ) {
    const hospital = await signingHospital({ [clientId]: withKeys(() => published) });
    // The settings name the token URL: it is on another port, and so on another origin.
    const signIn = { type: 'smart-backend', clientId, tokenUrl: hospital.auth.tokenUrl } as const;
    return { hospital, signIn, wire: hospital.wire(signIn, async () => keys) };
  }

  const headerOf = (hospital: SigningHospital, index = 0) =>
    decodeProtectedHeader(hospital.auth.asked[index]?.form.client_assertion ?? '');
  const claimsOf = (hospital: SigningHospital, index = 0) =>
    decodeJwt(hospital.auth.asked[index]?.form.client_assertion ?? '');

  for (const algorithm of ['ES384', 'RS384'] as const)
    it(`signs with ${algorithm}, is given a token, and reads with it`, async () => {
      const key = algorithm === 'ES384' ? es.key : rs.key;
      const { hospital, wire } = await backend([key]);
      expect((await wire.client.read('Patient/p1')).resource.id).to.equal('p1');
      expect(headerOf(hospital)).to.deep.equal({ alg: algorithm, kid: key.kid, typ: 'JWT' });
      const now = hospital.clock.nowMs / 1000;
      const { jti, ...claims } = claimsOf(hospital);
      expect(claims).to.deep.equal({
        iss: clientId,
        sub: clientId,
        aud: hospital.auth.tokenUrl,
        iat: now,
        exp: now + 240,
      });
      expect(jti).to.be.a('string').with.length.greaterThan(10);
      expect(hospital.reads).to.deep.equal([
        { path: '/fhir/Patient/p1', authorization: `Bearer ${hospital.auth.given[0]}` },
      ]);
    });

  it('asks for the built-in scopes, each in the order of cruds, in a form', async () => {
    const { hospital, wire } = await backend();
    await wire.client.read('Patient/p1');
    const [asked] = hospital.auth.asked;
    const form = asked?.form ?? {};
    expect(asked?.authorization).to.equal(undefined);
    expect(Object.keys(form)).to.have.members([
      'grant_type',
      'scope',
      'client_assertion_type',
      'client_assertion',
    ]);
    expect(form.grant_type).to.equal('client_credentials');
    expect(form.scope?.split(' ')).to.include.members(['system/Task.crus', 'system/Patient.rs']);
  });

  it('asks in v1 names where only those are listed', async () => {
    const { hospital, wire } = await backend();
    hospital.site.smart = { ...hospital.site.smart, capabilities: ['permission-v1'] };
    await wire.client.read('Patient/p1');
    const scopes = hospital.auth.asked[0]?.form.scope?.split(' ');
    expect(scopes).to.include.members([
      'system/Task.read',
      'system/Task.write',
      'system/Patient.read',
    ]);
    expect(scopes).to.not.include('system/Patient.write');
  });

  it('makes a new assertion for each attempt, also for one that is repeated', async () => {
    const { hospital, wire } = await backend();
    hospital.auth.behaviour.instead.push((_, response) => response.writeHead(502).end());
    await wire.client.read('Patient/p1');
    const ids = hospital.auth.asked.map((_, index) => claimsOf(hospital, index).jti);
    expect(new Set(ids).size).to.equal(2);
  });

  it('signs with the newest key that the server takes', async () => {
    const { hospital, wire } = await backend([rs.key, es.key]);
    await wire.client.read('Patient/p1');
    expect(headerOf(hospital).kid).to.equal(es.key.kid);
    const { hospital: other, wire: onlyRs } = await backend([rs.key, es.key]);
    other.site.smart = {
      ...other.site.smart,
      token_endpoint_auth_signing_alg_values_supported: ['RS384'],
    };
    await onlyRs.client.read('Patient/p1');
    expect(headerOf(other).kid).to.equal(rs.key.kid);
  });

  it('signs with the key and the algorithm that the settings name', async () => {
    const { hospital, signIn } = await backend();
    const keys = async () => [es.key, rs.key];
    await hospital.wire({ ...signIn, key: rs.key.kid }, keys).client.read('Patient/p1');
    await hospital.wire({ ...signIn, algorithm: 'RS384' }, keys).client.read('Patient/p1');
    expect([headerOf(hospital, 0).kid, headerOf(hospital, 1).kid]).to.deep.equal([
      rs.key.kid,
      rs.key.kid,
    ]);
  });

  it('says which command makes the key that is missing, and sends nothing', async () => {
    const { hospital, wire, signIn } = await backend([]);
    const none = await failureOf(wire.client.read('Patient/p1'));
    expect([none.code, none.fix]).to.deep.equal([
      'settings-wrong',
      'Run: massage-fhir keys new --alg ES384, then let the hospital fetch our key set.',
    ]);
    hospital.site.smart = {
      ...hospital.site.smart,
      token_endpoint_auth_signing_alg_values_supported: ['RS384'],
    };
    const wrong = await failureOf(
      hospital.wire(signIn, async () => [es.key]).client.read('Patient/p1'),
    );
    expect(wrong.message).to.equal('We have no live RS384 key to sign in with.');
    const gone = await failureOf(
      hospital.wire({ ...signIn, key: 'gone' }, async () => [es.key]).client.read('Patient/p1'),
    );
    expect(gone.message).to.contain('gone');
    expect(hospital.auth.asked).to.deep.equal([]);
  });

  it('tries the other live key once when the server does not know the newest yet, and stays with it', async () => {
    const { hospital, wire } = await backend([es.key, rs.key], [rs.jwk]);
    await wire.client.read('Patient/p1');
    expect(hospital.auth.asked.map((_, i) => headerOf(hospital, i).kid)).to.deep.equal([
      es.key.kid,
      rs.key.kid,
    ]);
    hospital.clock.nowMs += 295 * tick;
    await wire.client.read('Patient/p1');
    expect(headerOf(hospital, 2).kid).to.equal(rs.key.kid);
    expect(hospital.auth.asked).to.have.length(3);
  });

  it('asks once more when the server knows neither key, and no further for a minute', async () => {
    const { hospital, wire } = await backend([es.key, rs.key], []);
    const error = await failureOf(wire.client.read('Patient/p1'));
    expect(error.code).to.equal('sign-in-refused');
    expect(error.details.problems?.[0]).to.contain(es.key.kid).and.to.contain(rs.key.kid);
    expect((await failureOf(wire.client.read('Patient/p1'))).code).to.equal('sign-in-refused');
    hospital.clock.nowMs += 59 * tick;
    await failureOf(wire.client.read('Patient/p1'));
    expect(hospital.auth.asked).to.have.length(2);
    hospital.clock.nowMs += 2 * tick;
    await failureOf(wire.client.read('Patient/p1'));
    expect(hospital.auth.asked).to.have.length(4);
    expect(hospital.reads).to.deep.equal([]);
  });

  it('says by how much the clock is off', async () => {
    const { hospital, wire } = await backend();
    hospital.auth.behaviour.clockOffMs = 12 * 60_000;
    const error = await failureOf(wire.client.read('Patient/p1'));
    expect(error.details.problems?.[0]).to.equal(
      'The clock of this machine is 12 minutes behind the clock of the server.',
    );
    expect(error.fix).to.contain('NTP');
  });

  it('remembers which scopes were not granted, and says so when a request is refused', async () => {
    const { hospital, wire } = await backend();
    hospital.auth.behaviour.scope = 'system/*.rs system/Task.u';
    await wire.client.read('Patient/p1');
    expect(wire.client.missingScopes()).to.include.members([
      'system/Task.c',
      'system/Appointment.cu',
    ]);
    expect(wire.client.missingScopes()).to.not.include('system/Patient.rs');
    hospital.site.before = () => 403;
    const error = await failureOf(wire.client.read('Patient/p1'));
    expect(error.code).to.equal('not-allowed');
    expect(error.fix).to.contain('system/Task.c').and.to.contain(clientId);
  });

  it('shows neither token nor assertion in errors and exchanges, whatever the server repeats', async () => {
    const { hospital, wire } = await backend([es.key], []);
    const error = await failureOf(wire.client.read('Patient/p1'));
    const told = JSON.stringify([
      error,
      error.message,
      error.stack,
      String(error.cause),
      error.details,
      wire.exchanges,
    ]);
    expect(hospital.auth.asked[0]?.form.client_assertion).to.have.length.greaterThan(100);
    expect(told).to.not.contain(hospital.auth.asked[0]?.form.client_assertion);
    expect(told).to.not.contain('refused ey');
    expect(
      wire.exchanges.map(({ method, path, status }) => `${method} ${path} ${status}`),
    ).to.deep.equal([
      `GET ${hospital.base}/.well-known/smart-configuration 200`,
      `POST ${hospital.auth.tokenUrl} 401`,
    ]);
    expect(wire.exchanges[1]?.errorCode).to.equal('sign-in-refused');
  });
});
