/** How long a token is kept, and what ends it before its time. */
import { expect } from 'chai';
import { pagesOf } from '../../../src/hospital/paging.ts';
import { all, closeAll, failureOf, withRealSockets } from '../wire.ts';
import {
  clientId,
  type SigningHospital,
  secret,
  signingHospital,
  stopAuthorization,
} from './signing-hospital.ts';

const bySecret = { type: 'client-secret', clientId, secret: { env: 'SECRET' } } as const;
const tick = 1000;

describe('hospital sign-in: how long a token is kept', () => {
  withRealSockets();
  let hospital: SigningHospital;
  const wired = () => hospital.wire({ ...bySecret, tokenUrl: hospital.auth.tokenUrl });
  beforeEach(async () => {
    hospital = await signingHospital({ [clientId]: { secret } });
  });
  afterEach(async () => {
    await closeAll();
    await stopAuthorization();
  });

  it('asks once for twenty exchanges at the same time', async () => {
    const { client } = wired();
    await Promise.all(Array.from({ length: 20 }, () => client.read('Patient/p1')));
    expect(hospital.auth.asked).to.have.length(1);
    expect(new Set(hospital.reads.map(({ authorization }) => authorization)).size).to.equal(1);
    expect(hospital.reads).to.have.length(20);
  });

  it('asks once when twenty exchanges at the same time are refused', async () => {
    const { client } = wired();
    await client.read('Patient/p1');
    hospital.auth.revoke();
    await Promise.all(Array.from({ length: 20 }, () => client.read('Patient/p1')));
    expect(hospital.auth.asked).to.have.length(2);
  });

  const lives: readonly (readonly [string, unknown, good: number, renewed: number])[] = [
    ['570 s, as Oracle Health gives', 570, 509, 511],
    ['300 s', 300, 239, 241],
    ['60 s, of which half is left', 60, 29, 31],
    ['a number that is a text', '570', 509, 511],
    ['an hour when it is said to be one', 3600, 3539, 3541],
    ['five minutes when nothing is said', null, 239, 241],
    ['five minutes when nonsense is said', -1, 239, 241],
  ];
  for (const [name, life, good, renewed] of lives)
    it(`renews ahead, and not earlier: ${name}`, async () => {
      const { client } = wired();
      hospital.auth.behaviour.life = life;
      const startMs = hospital.clock.nowMs;
      for (const [second, times] of [
        [0, 1],
        [good, 1],
        [renewed, 2],
      ] as const) {
        hospital.clock.nowMs = startMs + second * tick;
        await client.read('Patient/p1');
        expect(hospital.auth.asked, `after ${second} s`).to.have.length(times);
      }
      expect(hospital.reads.every(({ path }) => path === '/fhir/Patient/p1')).to.equal(true);
    });

  it('goes on with a token that is still good while the token endpoint is down', async () => {
    const { client } = wired();
    await client.read('Patient/p1');
    hospital.clock.nowMs += 250 * tick;
    hospital.auth.behaviour.instead.push((_, response) => response.writeHead(503).end());
    await client.read('Patient/p1');
    await client.read('Patient/p1');
    expect(hospital.auth.asked).to.have.length(2);
    hospital.clock.nowMs += 20 * tick;
    await client.read('Patient/p1');
    expect(hospital.auth.given).to.have.length(2);
    expect(hospital.reads.at(-1)?.authorization).to.equal(`Bearer ${hospital.auth.given[1]}`);
  });

  it('resumes the same page when a token ends in the middle of paging', async () => {
    const { client } = wired();
    let revoked = false;
    hospital.site.before = (path) => {
      if (path.includes('page=3') && !revoked) {
        revoked = true;
        hospital.auth.revoke();
      }
      return undefined;
    };
    const pages = await all(pagesOf(client, 'ServiceRequest', []));
    expect(pages).to.have.length(4);
    const asked = hospital.reads.map(({ path }) =>
      new URL(path, 'http://x').searchParams.get('page'),
    );
    expect(asked).to.deep.equal([null, '2', '3', '3', '4']);
    expect(hospital.auth.asked).to.have.length(2);
  });

  it('takes a new token each time where every token is good for one request only', async () => {
    const { client } = wired();
    let requests = 0;
    hospital.site.before = () => {
      if (++requests % 2 === 0) hospital.auth.revoke();
      return undefined;
    };
    expect(await all(pagesOf(client, 'ServiceRequest', []))).to.have.length(4);
    expect(hospital.auth.given).to.have.length(4);
  });

  it('sends a write again that was not let in, once, with the new token', async () => {
    const { client } = wired();
    await client.read('Patient/p1');
    hospital.auth.revoke();
    hospital.site.before = (path) =>
      path === '/fhir/Procedure' && hospital.auth.given.length === 2 ? 403 : undefined;
    const error = await failureOf(
      client.create({
        resourceType: 'Procedure',
        status: 'completed',
        subject: { reference: 'Patient/p1' },
      }),
    );
    expect(error.code).to.equal('not-allowed');
    expect(hospital.reads.filter(({ path }) => path === '/fhir/Procedure')).to.have.length(2);
  });

  it('does not ask for one token after the other when the FHIR server takes none', async () => {
    const { client } = wired();
    hospital.site.before = () => 401;
    const errors = [];
    for (let time = 0; time < 5; time += 1) errors.push(await failureOf(client.read('Patient/p1')));
    expect(errors.map(({ code }) => code)).to.deep.equal(Array(5).fill('sign-in-refused'));
    expect(errors[0]?.details.problems?.join(' ')).to.contain('another environment or tenant');
    expect(hospital.auth.asked).to.have.length(2);
    hospital.clock.nowMs += 40 * tick;
    await failureOf(client.read('Patient/p1'));
    expect(hospital.auth.asked).to.have.length(3);
  });
});
