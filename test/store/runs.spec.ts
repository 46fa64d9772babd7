import { expect } from 'chai';
import { moveCursor, readCursor } from '../../src/store/cursors.ts';
import {
  countExchanges,
  exchangesOf,
  type NewExchange,
  recordExchanges,
} from '../../src/store/exchanges.ts';
import {
  beginRun,
  endRun,
  lastRun,
  listRuns,
  type NewRun,
  renewRun,
} from '../../src/store/runs.ts';
import type { Store } from '../../src/store/store.ts';
import { instant } from '../core/episodes.ts';
import { engines, onFresh } from './engines.ts';

const begin = (store: Store, id: string, minutes: number, more: Partial<NewRun> = {}) =>
  store.transaction((tx) =>
    beginRun(tx, {
      id,
      hospital: 'general',
      mode: 'poll',
      owner: 'one',
      leaseUntil: instant(minutes + 10),
      startedAt: instant(minutes),
      ...more,
    }),
  );

const end = (
  store: Store,
  id: string,
  minutes: number,
  state: 'complete' | 'partial' | 'failed' = 'complete',
) =>
  store.transaction((tx) =>
    endRun(tx, id, { state, says: 'all well', report: '{"read":3}', endedAt: instant(minutes) }),
  );

for (const engine of engines) {
  describe(`runs (${engine.name})`, () => {
    it('of one hospital follow each other; of two they do not wait', () =>
      onFresh(engine, async (store) => {
        expect(await begin(store, 'a', 0)).to.equal('a');
        expect(await begin(store, 'b', 1)).to.equal(undefined);
        expect(await begin(store, 'c', 1, { hospital: 'other' })).to.equal('c');
        expect(await end(store, 'a', 2)).to.equal(true);
        expect(await begin(store, 'd', 3)).to.equal('d');
        expect((await listRuns(store.read, 9)).map(({ id, state }) => [id, state])).to.deep.equal([
          ['d', 'running'],
          ['c', 'running'],
          ['a', 'complete'],
        ]);
        expect(await listRuns(store.read, 1)).to.have.length(1);
      }));

    it('that begin at once: one begins', () =>
      onFresh(engine, async (store) => {
        const begun = await Promise.all(['a', 'b', 'c'].map((id) => begin(store, id, 0)));
        expect(begun.filter((id) => id !== undefined)).to.have.length(1);
      }));

    it('whose lease ran out are failed, say that they were interrupted, and cannot end well later', () =>
      onFresh(engine, async (store) => {
        await begin(store, 'a', 0);
        expect(await begin(store, 'b', 9)).to.equal(undefined);
        expect(await begin(store, 'b', 10)).to.equal('b');
        expect((await listRuns(store.read, 9))[1]).to.include({
          state: 'failed',
          says: 'interrupted',
          ended_at: instant(10),
        });
        expect(await store.transaction((tx) => renewRun(tx, 'a', instant(30)))).to.equal(false);
        expect(await end(store, 'a', 11)).to.equal(false);
        expect(await lastRun(store.read, 'general', { state: 'failed' })).to.include({ id: 'a' });
      }));

    it('keep their lease as long as they renew it', () =>
      onFresh(engine, async (store) => {
        await begin(store, 'a', 0);
        expect(await store.transaction((tx) => renewRun(tx, 'a', instant(30)))).to.equal(true);
        expect(await begin(store, 'b', 20)).to.equal(undefined);
      }));

    it('tell which night was done last', () =>
      onFresh(engine, async (store) => {
        await begin(store, 'a', 0, { mode: 'full', localDate: '2026-03-02' });
        await end(store, 'a', 1);
        await begin(store, 'b', 5, { mode: 'full', localDate: '2026-03-03' });
        await end(store, 'b', 6, 'partial');
        await begin(store, 'c', 7);
        expect(
          await lastRun(store.read, 'general', { state: 'complete', mode: 'full' }),
        ).to.include({
          local_date: '2026-03-02',
          report: '{"read":3}',
          says: 'all well',
          ended_at: instant(1),
        });
        expect((await lastRun(store.read, 'general', { mode: 'full' }))?.id).to.equal('b');
        expect((await lastRun(store.read, 'general'))?.id).to.equal('c');
        expect(await lastRun(store.read, 'other')).to.equal(undefined);
      }));
  });

  describe(`cursors (${engine.name})`, () => {
    it('stand where they were moved last, for each hospital and rung', () =>
      onFresh(engine, async (store) => {
        const move = (rung: string, value: string, window: { from?: string; to?: string } = {}) =>
          store.transaction((tx) =>
            moveCursor(tx, { hospital: 'general', rung, value, ...window, at: instant(1) }),
          );
        expect(await readCursor(store.read, 'general', 'A1')).to.equal(undefined);
        await move('A1', 'x', { from: instant(0), to: instant(1) });
        await move('A3', 'y');
        await move('A1', 'z');
        expect(await readCursor(store.read, 'general', 'A1')).to.include({
          value: 'z',
          window_from: null,
          window_to: null,
        });
        expect(await readCursor(store.read, 'general', 'A3')).to.include({ value: 'y' });
        expect(await readCursor(store.read, 'other', 'A1')).to.equal(undefined);
      }));
  });

  describe(`exchanges (${engine.name})`, () => {
    it('are found by what they were for, in the order of time, and recorded once', () =>
      onFresh(engine, async (store) => {
        const exchange = (id: string, more: Partial<NewExchange>): NewExchange => ({
          id,
          hospital: 'general',
          method: 'GET',
          path: 'Task/1',
          ms: 12,
          at: instant(1),
          ...more,
        });
        const record = (...all: NewExchange[]) =>
          store.transaction((tx) => recordExchanges(tx, all));
        await record(
          exchange('b', { referral: 'r', intention: 'i', status: 201, at: instant(2) }),
          exchange('a', { referral: 'r', errorCode: 'hospital-unreachable' }),
          exchange('c', { run: 'run' }),
        );
        await record(exchange('c', { run: 'another' }));
        await record();
        const ids = async (of: Parameters<typeof exchangesOf>[1]) =>
          (await exchangesOf(store.read, of)).map(({ id }) => id);
        expect(await ids({ referral: 'r' })).to.deep.equal(['a', 'b']);
        expect(await ids({ intention: 'i' })).to.deep.equal(['b']);
        expect(await ids({ run: 'run' })).to.deep.equal(['c']);
        expect(await ids({ run: 'another' })).to.deep.equal([]);
        expect((await exchangesOf(store.read, { referral: 'r' }))[0]).to.include({
          status: null,
          error_code: 'hospital-unreachable',
        });
        await record(exchange('d', { hospital: 'other', at: instant(2) }));
        const counts = [0, 1, 2, 3].map((from) =>
          countExchanges(store.read, 'general', instant(from)),
        );
        expect(await Promise.all(counts)).to.deep.equal([3, 3, 1, 0]);
      }));
  });
}
