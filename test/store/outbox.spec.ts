import { expect } from 'chai';
import fc from 'fast-check';
import type { IntentionKind } from '../../src/core/intentions.ts';
import {
  type IntentionRow,
  intentionOf,
  keepRequest,
  nextDueAt,
  outboxCounts,
  outboxOf,
  queuedOf,
  redo,
  stuck,
  takeDue,
} from '../../src/store/outbox.ts';
import type { Store } from '../../src/store/store.ts';
import { instant } from '../core/episodes.ts';
import { engines, onFresh } from './engines.ts';
import { ids, leaseMinutes, onOutbox, queue, retry, settle, take } from './outbox-queue.ts';

for (const engine of engines) {
  describe(`outbox: the order (${engine.name})`, () => {
    it('takes the earliest of each referral, and the next one only when it is settled', () =>
      onOutbox(engine, async (store) => {
        await queue(store, { id: 'r1' }, { id: 'r2' }, { id: 's1', referral: 's' });
        expect(ids(await take(store, 1))).to.deep.equal(['r1', 's1']);
        expect(ids(await take(store, 1))).to.deep.equal([]);
        await settle(store, 'r1');
        expect(ids(await take(store, 1))).to.deep.equal(['r2']);
      }));

    it('waits for its time, and lets nothing of its referral pass meanwhile', () =>
      onOutbox(engine, async (store) => {
        await queue(
          store,
          { id: 'r1', minutes: 10 },
          { id: 'r2', minutes: 0 },
          { id: 's1', referral: 's', minutes: 3 },
        );
        expect(ids(await take(store, 1))).to.deep.equal([]);
        expect(await nextDueAt(store.read, 'general')).to.equal(instant(3));
        expect(ids(await take(store, 3))).to.deep.equal(['s1']);
        // the lease of what is being sent is the next moment to look
        expect(await nextDueAt(store.read, 'general')).to.equal(instant(3 + leaseMinutes));
        await settle(store, 's1');
        expect(await nextDueAt(store.read, 'general')).to.equal(instant(10));
        expect(ids(await take(store, 10))).to.deep.equal(['r1']);
      }));

    it('takes no more than asked, the longest due first, of one hospital or of all', () =>
      onOutbox(engine, async (store) => {
        await queue(store, { id: 'r1', minutes: 2 }, { id: 's1', referral: 's', minutes: 1 });
        expect(ids(await take(store, 5, { limit: 1 }))).to.deep.equal(['s1']);
        expect(ids(await take(store, 5, { hospital: 'other' }))).to.deep.equal([]);
        const rows = await store.transaction((tx) =>
          takeDue(tx, { now: instant(5), owner: 'one', leaseUntil: instant(9), limit: 5 }),
        );
        expect(ids(rows)).to.deep.equal(['r1']);
      }));

    it('is held back by an unknown outcome, not by a refusal', () =>
      onOutbox(engine, async (store) => {
        await queue(
          store,
          { id: 'r1' },
          { id: 'r2' },
          { id: 's1', referral: 's' },
          { id: 's2', referral: 's' },
        );
        await take(store, 1);
        await settle(store, 'r1', 'unknown');
        await settle(store, 's1', 'refused');
        expect(ids(await take(store, 1))).to.deep.equal(['s2']);
        await settle(store, 's2');
        expect(await nextDueAt(store.read, 'general')).to.equal(undefined);
        expect(ids(await stuck(store.read))).to.deep.equal(['r1', 's1']);
        expect(ids(await stuck(store.read, 'other'))).to.deep.equal([]);
        expect(await store.transaction((tx) => redo(tx, 'r1'))).to.equal(true);
        expect((await take(store, 2))[0]).to.include({ id: 'r1', unclear: 1, attempts: 2 });
        await settle(store, 'r1');
        expect(ids(await take(store, 2))).to.deep.equal(['r2']);
      }));

    it('lets what a person wants again wait for what is under way, but not for a dead sender', () =>
      onOutbox(engine, async (store) => {
        await queue(store, { id: 'r1' }, { id: 'r2' });
        await take(store, 1);
        await settle(store, 'r1', 'refused');
        expect(ids(await take(store, 2))).to.deep.equal(['r2']);
        await store.transaction((tx) => redo(tx, 'r1'));
        expect(ids(await take(store, 3))).to.deep.equal([]);
        expect(await nextDueAt(store.read, 'general')).to.equal(undefined);
        expect(ids(await take(store, 2 + leaseMinutes))).to.deep.equal(['r1']);
      }));

    it('keeps the one rule over any sequence: of a referral one in flight, and never past an earlier one', async () => {
      const act = fc.record({
        what: fc.constantFrom(
          'intend',
          'intend',
          'take',
          'take',
          'sent',
          'sent',
          'retry',
          'unknown',
          'refused',
          'redo',
          'die',
        ),
        referral: fc.constantFrom('r', 's', 't'),
        kind: fc.constantFrom<IntentionKind>(
          'report-progress',
          'write-appointment',
          'write-procedure',
        ),
        session: fc.constantFrom('x', 'y'),
        pick: fc.nat(5),
      });
      let taken = 0;
      let reclaimed = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(act, { minLength: 20, maxLength: 50, size: 'max' }), (acts) =>
          onOutbox(engine, async (store) => {
            let now = 0;
            let number = 0;
            const flying = new Map<string, IntentionRow>();
            const takeAll = async () => {
              const rows = await take(store, now, { limit: 2 });
              for (const row of rows) {
                taken += 1;
                const all = await outboxOf(store.read, row.referral);
                const earlier = all.filter(({ seq }) => seq < row.seq);
                expect(
                  earlier.filter(({ state }) => ['queued', 'sending', 'unknown'].includes(state)),
                ).to.deep.equal([]);
                const flight = ({ state, lease_until }: IntentionRow) =>
                  state === 'sending' && (lease_until ?? '') > instant(now);
                expect(ids(all.filter(flight))).to.deep.equal([row.id]);
                // taken twice only after the lease, and then the doubt is written down
                const before = flying.get(row.id);
                if (before !== undefined) {
                  reclaimed += 1;
                  expect((before.lease_until ?? '') <= instant(now) && row.unclear).to.equal(1);
                }
                flying.set(row.id, row);
              }
              return rows.length;
            };
            const land = async (pick: number, how: (row: IntentionRow) => Promise<unknown>) => {
              const row = [...flying.values()][pick];
              if (row === undefined) return;
              expect(await how(row)).to.equal(true);
              flying.delete(row.id);
            };
            for (const { what, referral, kind, session, pick } of acts) {
              now += 1;
              if (what === 'intend')
                await queue(store, { id: `i-${number++}`, kind, referral, session, minutes: now });
              if (what === 'take') await takeAll();
              if (what === 'retry')
                await land(pick, ({ id, attempts }) =>
                  retry(store, id, now + pick, { attempt: attempts }),
                );
              if (what === 'sent' || what === 'unknown' || what === 'refused')
                await land(pick, ({ id, attempts }) => settle(store, id, what, attempts));
              if (what === 'redo') {
                const row = (await stuck(store.read))[pick];
                if (row) await store.transaction((tx) => redo(tx, row.id));
              }
              if (what === 'die') now += leaseMinutes;
            }
            // nothing is forgotten: once all goes well and persons decide, everything ends
            for (let rounds = 0; rounds < 200; rounds++) {
              now += leaseMinutes;
              for (const row of await stuck(store.read))
                await store.transaction((tx) => redo(tx, row.id));
              if ((await takeAll()) === 0) break;
              for (const { id } of flying.values()) await settle(store, id);
              flying.clear();
            }
            expect(
              Object.keys(await outboxCounts(store.read)).filter((state) => state !== 'sent'),
            ).to.deep.equal([]);
          }),
        ),
        { numRuns: 50 },
      );
      expect(taken).to.be.greaterThan(200);
      expect(reclaimed).to.be.greaterThan(5);
    }).timeout(30_000);
  });

  describe(`outbox: what is queued (${engine.name})`, () => {
    const queued = async (store: Store) => ids(await queuedOf(store.read, 'general'));

    it('has one report of a referral and one of a visit, moved to the end', () =>
      onOutbox(engine, async (store) => {
        await queue(
          store,
          { id: 'a', kind: 'report-progress' },
          { id: 'b', kind: 'write-appointment', session: 'x' },
        );
        await queue(
          store,
          { id: 'c' },
          { id: 'd', kind: 'write-appointment', session: 'x' },
          { id: 'e', kind: 'report-progress' },
        );
        expect(await queued(store)).to.deep.equal(['c', 'd', 'e']);
        await queue(
          store,
          { id: 'f', kind: 'report-progress' },
          { id: 'g' },
          { id: 'h', kind: 'report-progress' },
        );
        expect(await queued(store)).to.deep.equal(['c', 'd', 'g', 'h']);
      }));

    it('keeps apart what differs in referral, visit or kind, and every result', () =>
      onOutbox(engine, async (store) => {
        await queue(
          store,
          { id: 'a', kind: 'write-appointment', session: 'x' },
          { id: 'b', kind: 'report-progress' },
          { id: 'c' },
        );
        await queue(
          store,
          { id: 'd', kind: 'write-appointment', session: 'y' },
          { id: 'e', kind: 'report-progress', referral: 's' },
          { id: 'f', kind: 'answer-cancellation' },
          { id: 'g' },
        );
        expect(await queued(store)).to.deep.equal(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
      }));

    it('keeps what was tried: the hospital may have it', () =>
      onOutbox(engine, async (store) => {
        await queue(store, { id: 'a', kind: 'report-progress' });
        await take(store, 1);
        await queue(store, { id: 'b', kind: 'report-progress', minutes: 1 });
        await retry(store, 'a', 20, { unclear: true });
        await queue(store, { id: 'c', kind: 'report-progress', minutes: 2 });
        expect(await queued(store)).to.deep.equal(['a', 'c']);
      }));

    it('shows what would be sent, without losing its place', () =>
      onOutbox(engine, async (store) => {
        await queue(store, { id: 'a' }, { id: 'b' });
        await store.transaction((tx) =>
          keepRequest(tx, 'a', { says: 'dry run', request: '{"method":"POST"}' }),
        );
        expect(await intentionOf(store.read, 'a')).to.include({
          state: 'queued',
          attempts: 0,
          says: 'dry run',
          request: '{"method":"POST"}',
        });
        expect(ids(await take(store, 1))).to.deep.equal(['a']);
      }));

    it('belongs to a referral that exists', () =>
      onFresh(engine, async (store) => {
        const outcome = await queue(store, { id: 'a' }).then(
          () => 'stored',
          () => 'refused',
        );
        expect(outcome).to.equal('refused');
        expect(await outboxCounts(store.read)).to.deep.equal({});
      }));
  });
}
