/** From the settings of a site to a read with a token: the adapter and its address as `serve` puts them together. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JSONWebKeySet } from 'jose';
import { openOurKeys } from '../../../src/access/our-keys.ts';
import { serve } from '../../../src/cli/serving.ts';
import { openAdapter } from '../../../src/main.ts';
import { load } from '../../settings/loading.ts';
import { closeAll, withRealSockets } from '../wire.ts';
import { clientId, signingHospital, stopAuthorization } from './signing-hospital.ts';

describe('hospital sign-in: as a site sets it up', () => {
  withRealSockets();
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keys-'));
  });
  afterEach(async () => {
    await closeAll();
    await stopAuthorization();
    await rm(folder, { recursive: true });
  });

  it('a key made while the adapter runs is published by it, and signs the next token', async () => {
    let address = '';
    const hospital = await signingHospital({
      [clientId]: {
        keys: async () => {
          const answer = await fetch(`${address}/.well-known/jwks.json`);
          return (await answer.json()) as JSONWebKeySet;
        },
      },
    });
    const { settings } = load(`
store: ':memory:'
listen: 127.0.0.1:0
keys: ${folder}
hospitals:
  - id: general
    base: ${hospital.base}
    timezone: UTC
    signIn: { type: smart-backend, clientId: ${clientId}, tokenUrl: "${hospital.auth.origin}" }
`);
    const adapter = await openAdapter({
      settings,
      env: {},
      listeners: [],
      clock: () => new Date(hospital.clock.nowMs),
    });
    const serving = await serve(adapter, settings, () => '');
    try {
      ({ address } = serving);
      const { kid } = await openOurKeys(folder).make('ES384', '2026-03-01T00:00:00.000Z');
      const client = adapter.sites.get('general')?.site.hospital.client;
      expect((await client?.read('Patient/p1'))?.resource.id).to.equal('p1');
      expect(hospital.auth.given).to.have.length(1);
      const set = await fetch(`${address}/.well-known/jwks.json`);
      const published = (await set.json()) as JSONWebKeySet;
      expect(published.keys.map((one) => one.kid)).to.deep.equal([kid]);
    } finally {
      await serving.stop();
      await adapter.close();
    }
  });
});
