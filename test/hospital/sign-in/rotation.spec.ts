/** A key is changed without an hour of downtime: our folder, our published set, a server that fetches it, and the wire. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import { type OurKeys, openOurKeys } from '../../../src/access/our-keys.ts';
import { type Served, serveApi } from '../../api/served.ts';
import { closeAll, failureOf, withRealSockets } from '../wire.ts';
import { clientId, signingHospital, stopAuthorization } from './signing-hospital.ts';

describe('hospital sign-in: rotating our key', () => {
  withRealSockets();
  let folder: string;
  let keys: OurKeys;
  let served: Served;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keys-'));
    keys = openOurKeys(folder);
    served = await serveApi({ deps: { publicKeys: () => openOurKeys(folder).publicSet() } });
  });
  after(async () => {
    await served.stop();
    await rm(folder, { recursive: true });
  });
  afterEach(async () => {
    await closeAll();
    await stopAuthorization();
  });

  const published = async () => {
    const { status, headers, json } = await served.get('/.well-known/jwks.json', {
      as: undefined,
    });
    expect(status).to.equal(200);
    expect(headers.get('cache-control')).to.equal('public, max-age=300');
    return json as JSONWebKeySet;
  };

  it('A signs; B is made and signs, A stands by; A is retired; every read succeeds', async () => {
    // The server fetches our set from its address, as it is at that moment, without credentials.
    const hospital = await signingHospital({
      [clientId]: {
        keys: async () => {
          const answer = await fetch(`${served.origin}/.well-known/jwks.json`);
          return (await answer.json()) as JSONWebKeySet;
        },
      },
    });
    const { client } = hospital.wire(
      { type: 'smart-backend', clientId, tokenUrl: hospital.auth.tokenUrl },
      () => keys.live(),
    );
    const nextToken = () => {
      hospital.clock.nowMs += 290_000;
    };
    const signer = () =>
      decodeProtectedHeader(hospital.auth.asked.at(-1)?.form.client_assertion ?? '').kid;
    const kids = async () => (await published()).keys.map(({ kid }) => kid);

    expect(await kids()).to.deep.equal([]);
    const a = await keys.make('ES384', '2026-03-01T00:00:00.000Z');
    expect(await kids()).to.deep.equal([a.kid]);
    await client.read('Patient/p1');
    expect(signer()).to.equal(a.kid);

    const b = await keys.make('ES384', '2026-03-02T00:00:00.000Z');
    expect(await kids()).to.deep.equal([b.kid, a.kid]);
    nextToken();
    await client.read('Patient/p1');
    expect(signer()).to.equal(b.kid);

    // A server that is slow to fetch does not know B: A, which still stands in the set, is taken.
    hospital.auth.behaviour.keepsKeys = true;
    await keys.retire(a.kid, '2026-03-03T00:00:00.000Z', false);
    expect(await kids()).to.deep.equal([b.kid]);
    nextToken();
    await client.read('Patient/p1');
    expect(signer()).to.equal(b.kid);

    const c = await keys.make('RS384', '2026-03-04T00:00:00.000Z');
    expect(await kids()).to.deep.equal([c.kid, b.kid]);
    nextToken();
    const before = hospital.auth.asked.length;
    await client.read('Patient/p1');
    expect(hospital.auth.asked.length - before).to.equal(2);
    expect(signer()).to.equal(b.kid);

    hospital.auth.behaviour.keepsKeys = false;
    hospital.clock.nowMs += 15 * 60_000;
    await client.read('Patient/p1');
    expect(signer()).to.equal(c.kid);
    expect(hospital.reads).to.have.length(5);
    expect(hospital.reads.every(({ authorization }) => authorization !== undefined)).to.equal(true);
  });

  it('a set that cannot be read is an error of ours, and names no key', async () => {
    const broken = await serveApi({
      deps: { publicKeys: () => openOurKeys(join(folder, 'x'.repeat(300))).publicSet() },
    });
    const { status, json } = await broken.get('/.well-known/jwks.json', { as: undefined });
    await broken.stop();
    expect([status, json.code]).to.deep.equal([500, 'file-unreadable']);
  });

  it('a key of which the server has never heard is not taken', async () => {
    const hospital = await signingHospital({ [clientId]: { keys: async () => ({ keys: [] }) } });
    const { client } = hospital.wire(
      { type: 'smart-backend', clientId, tokenUrl: hospital.auth.tokenUrl },
      () => keys.live(),
    );
    expect((await failureOf(client.read('Patient/p1'))).code).to.equal('sign-in-refused');
  });
});
