import { expect } from 'chai';
import { intentionOf, outboxCounts, redo, settleIntention } from '../../src/store/outbox.ts';
import { instant } from '../core/episodes.ts';
import { engines } from './engines.ts';
import { leaseMinutes, onOutbox, queue, retry, settle, take } from './outbox-queue.ts';

for (const engine of engines) {
  describe(`outbox: leases (${engine.name})`, () => {
    it('that run out are taken over, with the doubt written down', () =>
      onOutbox(engine, async (store) => {
        await queue(store, { id: 'a' });
        expect(await take(store, 1)).to.have.length(1);
        expect(await take(store, leaseMinutes, { owner: 'two' })).to.have.length(0);
        const [row] = await take(store, 1 + leaseMinutes, { owner: 'two' });
        expect(row).to.include({
          id: 'a',
          unclear: 1,
          attempts: 2,
          lease_owner: 'two',
          state: 'sending',
        });
      }));

    it('that were lost let their late owner change nothing by a retry', () =>
      onOutbox(engine, async (store) => {
        await queue(store, { id: 'a' });
        const [first] = await take(store, 1);
        await take(store, 1 + leaseMinutes, { owner: 'two' });
        expect(await retry(store, 'a', 7, { attempt: first?.attempts ?? 0 })).to.equal(false);
        expect(await settle(store, 'a', 'refused', first?.attempts)).to.equal(false);
        expect(await intentionOf(store.read, 'a')).to.include({
          state: 'sending',
          lease_owner: 'two',
        });
      }));

    it('are free of doubt after a try that surely failed, and keep an earlier doubt', () =>
      onOutbox(engine, async (store) => {
        await queue(store, { id: 'a' });
        await take(store, 1);
        await retry(store, 'a', 2);
        expect((await take(store, 2))[0]).to.include({
          unclear: 0,
          attempts: 2,
          error_code: 'hospital-busy',
        });
        await retry(store, 'a', 3, { unclear: true });
        await take(store, 3);
        await retry(store, 'a', 4);
        expect((await take(store, 4))[0]).to.include({ unclear: 1, attempts: 4 });
      }));

    it('end with the intention: once, with what was learned', () =>
      onOutbox(engine, async (store) => {
        await queue(store, { id: 'a' }, { id: 'b', referral: 's' });
        await take(store, 1);
        const done = {
          state: 'sent',
          resource: 'Procedure/1',
          request: '{}',
          at: instant(2),
        } as const;
        expect(await store.transaction((tx) => settleIntention(tx, 'a', done))).to.equal(true);
        expect(
          await store.transaction((tx) => settleIntention(tx, 'a', { ...done, state: 'refused' })),
        ).to.equal(false);
        expect(await retry(store, 'a', 5)).to.equal(false);
        expect(await store.transaction((tx) => redo(tx, 'a'))).to.equal(false);
        expect(await intentionOf(store.read, 'a')).to.include({
          state: 'sent',
          resource: 'Procedure/1',
          sent_at: instant(2),
          next_at: null,
          lease_owner: null,
          lease_until: null,
        });
        await settle(store, 'b', 'unknown');
        expect(await settle(store, 'b'), 'a person found it there').to.equal(true);
        expect(await outboxCounts(store.read, 'general')).to.deep.equal({ sent: 2 });
        expect(await outboxCounts(store.read, 'other')).to.deep.equal({});
      }));
  });
}
