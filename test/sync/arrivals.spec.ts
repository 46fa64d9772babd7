/** What a night shows again: what is as it was is told cheaply, and what changed is never taken for what it was (I1, I3). */
import { expect } from 'chai';
import { orderOf } from '../../bench/bench-orders.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { settle, versionsOf } from '../../src/store/inbox.ts';
import { type Arrival, type Reconsider, storeArrivals } from '../../src/sync/arrivals.ts';
import { emptyTally } from '../../src/sync/report.ts';
import type { Site } from '../../src/sync/site.ts';
import { adapterOn, type TestAdapter } from './adapter.ts';

const sweep: Arrival = { via: 'A1', isSweep: true };
const day = 86_400_000;

describe('arrivals', () => {
  let hospital: Sandbox;
  let adapter: TestAdapter;
  let site: Site;
  let now = Date.UTC(2026, 2, 2);

  beforeEach(async () => {
    now = Date.UTC(2026, 2, 2);
    hospital = await startSandbox();
    adapter = await adapterOn({ base: hospital.base, clock: () => new Date(now) });
    const connected = adapter.sites.get('general');
    if (connected === undefined) throw new Error('The test adapter has its hospital.');
    site = connected.site;
  });
  afterEach(async () => {
    await adapter.close();
    await hospital.stop();
  });

  async function arrive(
    bodies: readonly object[],
    arrival: Arrival = sweep,
    reconsider?: Reconsider,
  ): Promise<number> {
    return (await storeArrivals(site, arrival, bodies, emptyTally(), reconsider)).length;
  }

  async function endAll(state: 'refused' | 'applied' | 'waiting'): Promise<void> {
    await adapter.store.transaction(async (tx) => {
      const rows = await tx.selectFrom('inbox').select('id').execute();
      for (const { id } of rows)
        await settle(tx, id, {
          state,
          rule: 'service',
          says: 'decided',
          keepBody: state !== 'refused',
          at: new Date(now).toISOString(),
        });
    });
  }

  const orders = Array.from({ length: 60 }, (_, number) => orderOf(number, { every: 0 }));
  const lying = orders.map((order) => ({ ...order, status: 'revoked' as const }));

  it('are known again when nothing changed', async () => {
    expect(await arrive(orders)).to.equal(60);
    await endAll('refused');
    expect(await arrive(orders)).to.equal(0);
    expect(await arrive(orders, { via: 'A1' })).to.equal(0);
  });

  it('that bring nothing take no transaction, and count as read', async () => {
    await arrive(orders);
    await endAll('refused');
    const transaction = () => Promise.reject(new Error('nothing is to be written'));
    const reading = { ...site, store: { ...site.store, transaction } };
    const tally = emptyTally();
    expect(await storeArrivals(reading, sweep, orders, tally)).to.deep.equal([]);
    expect([tally.read, tally.fresh]).to.deep.equal([60, 0]);
  });

  it('are new with another version or another time of writing, whatever the night', async () => {
    await arrive(orders);
    await endAll('refused');
    const versioned = lying.map((one) => ({ ...one, meta: { ...one.meta, versionId: '99' } }));
    expect(await arrive(versioned)).to.equal(60);
    const later = lying.map((one) => ({
      ...one,
      priority: 'stat' as const,
      meta: { ...one.meta, lastUpdated: '2026-03-01T00:00:00Z' },
    }));
    expect(await arrive(later)).to.equal(60);
  });

  it('that are ours or wait are compared by content in every sweep: servers change things under one version', async () => {
    for (const state of ['applied', 'waiting'] as const) {
      await arrive(orders);
      await endAll(state);
      expect(await arrive(lying), state).to.equal(60);
      await adapter.store.transaction((tx) => tx.deleteFrom('inbox').execute());
    }
  });

  it('without version or time are compared by content in every sweep', async () => {
    for (const meta of [{ versionId: '1' }, { lastUpdated: '2026-01-01T00:00:00Z' }, undefined]) {
      const bare = (order: object) => ({ ...order, meta });
      await arrive(orders.map(bare));
      await endAll('refused');
      expect(await arrive(lying.map(bare)), JSON.stringify(meta)).to.equal(60);
      await adapter.store.transaction((tx) => tx.deleteFrom('inbox').execute());
    }
  });

  it('of others are each compared by content once in seven nights, and always outside of a sweep', async () => {
    await arrive(orders);
    await endAll('refused');
    const found: number[] = [];
    for (let night = 0; night < 7; night += 1) {
      found.push(await arrive(lying));
      await endAll('refused');
      now += day;
    }
    expect(found.reduce((sum, count) => sum + count, 0)).to.equal(60);
    expect(Math.max(...found)).to.be.lessThan(30);
    expect(await arrive(orders, { via: 'push' })).to.equal(0);
    const other = orders.map((order) => ({ ...order, status: 'on-hold' as const }));
    expect(await arrive(other, { via: 'push' })).to.equal(60);
  });

  it('that are looked at again are compared by content first: what changed meanwhile is news', async () => {
    await arrive(orders.slice(0, 2));
    await endAll('refused');
    const [same, changed] = [orders[0], lying[1]];
    if (same === undefined || changed === undefined) throw new Error('there are two orders');
    expect(await arrive([same, changed], sweep, () => true)).to.equal(2);
    const of = (id = '') => versionsOf(adapter.store.read, 'general', 'ServiceRequest', id);
    expect((await of(same.id)).map(({ state }) => state)).to.deep.equal(['received']);
    expect((await of(changed.id)).map(({ state }) => state)).to.deep.equal(['refused', 'received']);
  });
});
