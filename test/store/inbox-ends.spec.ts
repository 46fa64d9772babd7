/** How rows of the inbox end, and what is asked of them. */
import { expect } from 'chai';
import {
  inboxCounts,
  latestOf,
  pending,
  pendingOfType,
  readmit,
  reopen,
  rowOf,
  settle,
  versionsOf,
  waitingRows,
  waitingVersions,
} from '../../src/store/inbox.ts';
import { instant } from '../core/episodes.ts';
import { arrive, engines, found, onFresh, refused } from './engines.ts';

for (const engine of engines) {
  describe(`inbox: the end of a row (${engine.name})`, () => {
    it('is visible with rule and words, and takes the body out unless it is kept', () =>
      onFresh(engine, async (store) => {
        await arrive(store, [
          found({ newId: 'a', versionId: '7' }),
          found({ newId: 'b', id: 'order-2' }),
        ]);
        await store.transaction(async (tx) => {
          await settle(tx, 'a', { ...refused, keepBody: false });
          await settle(tx, 'b', {
            state: 'applied',
            rule: 'selected',
            says: 'new',
            referral: 'r',
            findings: '[]',
            keepBody: true,
            at: instant(2),
          });
        });
        const [a, b] = [await rowOf(store.read, 'a'), await rowOf(store.read, 'b')];
        expect(a).to.include({
          state: 'refused',
          rule: 'service',
          says: 'not massage',
          body: null,
          version_id: '7',
          hash: 'hash-1',
          settled_at: instant(1),
        });
        expect(b).to.include({
          state: 'applied',
          referral: 'r',
          findings: '[]',
          settled_at: instant(2),
        });
        expect(b?.body).to.be.a('string');
        expect(await pending(store.read, 'general', 10)).to.deep.equal([]);
      }));

    it('comes once: an ended row is not ended differently', () =>
      onFresh(engine, async (store) => {
        await arrive(store, [found({ newId: 'a' })]);
        const settleAs = (state: 'refused' | 'waiting' | 'applied') =>
          store.transaction((tx) => settle(tx, 'a', { ...refused, state, keepBody: true }));
        expect(await settleAs('waiting')).to.equal(true);
        expect(await settleAs('applied')).to.equal(true);
        expect(await settleAs('refused')).to.equal(false);
        expect(await rowOf(store.read, 'a')).to.include({ state: 'applied' });
      }));

    it('is undone only where the body is still there', () =>
      onFresh(engine, async (store) => {
        await arrive(store, [found({ newId: 'a' }), found({ newId: 'b', id: 'order-2' })]);
        const count = await store.transaction(async (tx) => {
          await settle(tx, 'a', { ...refused, keepBody: false });
          await settle(tx, 'b', { ...refused, state: 'waiting', keepBody: true });
          return reopen(tx, ['a', 'b', 'none']);
        });
        expect(count).to.equal(1);
        expect(await rowOf(store.read, 'a')).to.include({ state: 'refused' });
        expect(await rowOf(store.read, 'b')).to.include({
          state: 'received',
          rule: null,
          says: null,
          settled_at: null,
        });
        expect(await store.transaction((tx) => reopen(tx, []))).to.equal(0);
      }));

    it('is undone for a resource that was read again because it concerns us after all', () =>
      onFresh(engine, async (store) => {
        await arrive(store, [found({ newId: 'old', hash: 'x' })], [found({ newId: 'a' })]);
        await store.transaction((tx) => settle(tx, 'a', { ...refused, keepBody: false }));
        const again = {
          hospital: 'general',
          type: 'ServiceRequest',
          id: 'order-1',
          hash: 'hash-1',
          body: 'read again',
        };
        const readAgain = (more: Partial<typeof again>) =>
          store.transaction((tx) => readmit(tx, { ...again, ...more }));
        expect(await readAgain({ hash: 'x' })).to.deep.equal([]);
        expect(await readAgain({ id: 'order-2' })).to.deep.equal([]);
        expect(await readAgain({})).to.deep.equal(['a']);
        expect(await rowOf(store.read, 'a')).to.include({ state: 'received', body: 'read again' });
        // it still waits its turn: who asks again may take it now
        expect(await readAgain({})).to.deep.equal(['a']);
        await store.transaction((tx) =>
          settle(tx, 'a', { ...refused, state: 'applied', keepBody: true }),
        );
        expect(await readAgain({})).to.deep.equal([]);
      }));
  });

  describe(`inbox: questions (${engine.name})`, () => {
    it('hands out what is pending in the order of arrival, for one hospital', () =>
      onFresh(engine, async (store) => {
        await arrive(
          store,
          [
            found({ newId: 'c', id: '3' }),
            found({ newId: 'a', id: '1' }),
            found({ newId: 'x', id: '9', hospital: 'other' }),
          ],
          [found({ newId: 'b', id: '2', type: 'Appointment' })],
        );
        const ids = async (limit: number) =>
          (await pending(store.read, 'general', limit)).map(({ id }) => id);
        expect(await ids(10)).to.deep.equal(['c', 'a', 'b']);
        expect(await ids(2)).to.deep.equal(['c', 'a']);
        expect(
          (await pendingOfType(store.read, 'general', 'Appointment')).map(({ id }) => id),
        ).to.deep.equal(['b']);
      }));

    it('tells the latest of a resource, all its versions and those that wait', () =>
      onFresh(engine, async (store) => {
        await arrive(
          store,
          [found({ newId: 'a', hash: '1' })],
          [found({ newId: 'b', hash: '2' })],
          [found({ newId: 'c', hash: '1', type: 'Task' })],
        );
        const of = ['general', 'ServiceRequest', 'order-1'] as const;
        expect((await latestOf(store.read, ...of))?.id).to.equal('b');
        expect((await versionsOf(store.read, ...of)).map(({ id }) => id)).to.deep.equal(['a', 'b']);
        expect(await latestOf(store.read, 'general', 'ServiceRequest', 'none')).to.equal(undefined);
        await store.transaction((tx) =>
          settle(tx, 'a', { ...refused, state: 'waiting', keepBody: true }),
        );
        expect((await waitingVersions(store.read, ...of)).map(({ id }) => id)).to.deep.equal(['a']);
        expect((await waitingRows(store.read)).map(({ id }) => id)).to.deep.equal(['a']);
        expect(await waitingRows(store.read, 'other')).to.deep.equal([]);
      }));

    it('counts by state and rule, of a run and of a hospital', () =>
      onFresh(engine, async (store) => {
        await arrive(store, [
          found({ newId: 'a', id: '1', run: 'one' }),
          found({ newId: 'b', id: '2', run: 'one' }),
          found({ newId: 'c', id: '3', run: 'two' }),
        ]);
        await store.transaction(async (tx) => {
          for (const id of ['a', 'b', 'c']) await settle(tx, id, { ...refused, keepBody: false });
        });
        const row = { state: 'refused', rule: 'service' };
        expect(await inboxCounts(store.read, { run: 'one' })).to.deep.equal([{ ...row, count: 2 }]);
        expect(await inboxCounts(store.read, { hospital: 'general' })).to.deep.equal([
          { ...row, count: 3 },
        ]);
        expect(await inboxCounts(store.read, { hospital: 'other' })).to.deep.equal([]);
      }));
  });
}
