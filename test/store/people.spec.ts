/** What the store keeps for and about people: keys, answers to repeated commands, work that waits. */
import { expect } from 'chai';
import { findAnswer, forgetAnswersBefore, rememberAnswer } from '../../src/store/idempotency.ts';
import { addKey, findKeyByHash, listKeys, noteKeyUse, revokeKey } from '../../src/store/keys.ts';
import type { Store } from '../../src/store/store.ts';
import {
  listWork,
  type NewWork,
  openWork,
  settleWork,
  settleWorkOf,
  workOf,
} from '../../src/store/work.ts';
import { instant } from '../core/episodes.ts';
import { engines, onFresh } from './engines.ts';

for (const engine of engines) {
  describe(`keys (${engine.name})`, () => {
    const key = { id: 'k', name: 'ward pc', role: 'therapist', hash: 'h', at: instant(0) };

    it('are found by their hash only, also when they are no longer good', () =>
      onFresh(engine, async (store) => {
        await store.transaction((tx) => addKey(tx, { ...key, expiresAt: instant(9) }));
        expect(await findKeyByHash(store.read, 'h')).to.include({
          id: 'k',
          role: 'therapist',
          expires_at: instant(9),
          revoked_at: null,
        });
        expect(await findKeyByHash(store.read, 'k')).to.equal(undefined);
        expect(await store.transaction((tx) => revokeKey(tx, 'k', instant(1)))).to.equal(true);
        expect(await store.transaction((tx) => revokeKey(tx, 'k', instant(2)))).to.equal(false);
        expect(await findKeyByHash(store.read, 'h')).to.include({ revoked_at: instant(1) });
      }));

    it('say when they were used last', () =>
      onFresh(engine, async (store) => {
        await store.transaction(async (tx) => {
          await addKey(tx, { ...key, id: 'later', hash: 'i', at: instant(1) });
          await addKey(tx, key);
          await noteKeyUse(tx, 'k', instant(5));
        });
        const keys = await listKeys(store.read);
        expect(keys.map(({ id, last_used_at }) => [id, last_used_at])).to.deep.equal([
          ['k', instant(5)],
          ['later', null],
        ]);
      }));
  });

  describe(`answers to repeated commands (${engine.name})`, () => {
    const answer = (
      more: { key?: string; principal?: string; body?: string; at?: string } = {},
    ) => ({
      key: 'once',
      principal: 'ana',
      fingerprint: 'f',
      status: 200,
      body: '{}',
      headers: '{}',
      at: instant(0),
      ...more,
    });
    const remember = (store: Store, ...more: Parameters<typeof answer>) =>
      store.transaction((tx) => rememberAnswer(tx, answer(...more)));

    it('are the first one that was given, for each principal', () =>
      onFresh(engine, async (store) => {
        expect(await remember(store)).to.equal(true);
        expect(await remember(store, { body: '{"other":true}' })).to.equal(false);
        expect(await remember(store, { principal: 'ben', body: '{"ben":true}' })).to.equal(true);
        expect(await findAnswer(store.read, 'ana', 'once')).to.deep.equal(answer());
        expect(await findAnswer(store.read, 'ben', 'once')).to.include({ body: '{"ben":true}' });
        expect(await findAnswer(store.read, 'ana', 'other')).to.equal(undefined);
      }));

    it('are forgotten by age', () =>
      onFresh(engine, async (store) => {
        await remember(store, { key: 'old', at: instant(0) });
        await remember(store, { key: 'new', at: instant(5) });
        expect(await store.transaction((tx) => forgetAnswersBefore(tx, instant(5)))).to.equal(1);
        expect(await findAnswer(store.read, 'ana', 'old')).to.equal(undefined);
        expect(await findAnswer(store.read, 'ana', 'new')).to.include({ key: 'new' });
      }));
  });

  describe(`work for people (${engine.name})`, () => {
    const open = (store: Store, id: string, more: Partial<NewWork> = {}) =>
      store.transaction((tx) =>
        openWork(tx, {
          id,
          hospital: 'general',
          kind: 'conflict',
          says: 'look',
          at: instant(0),
          ...more,
        }),
      );
    const ids = async (store: Store, of?: Parameters<typeof listWork>[1]) =>
      (await listWork(store.read, of)).map(({ id }) => id);
    const settling = { by: 'ana', at: instant(9) };

    it('is asked once as long as it is open, and again after that', () =>
      onFresh(engine, async (store) => {
        expect(await open(store, 'a', { referral: 'r' })).to.equal(true);
        expect(await open(store, 'b', { referral: 'r' })).to.equal(false);
        for (const [id, more] of Object.entries({
          kind: { referral: 'r', kind: 'overlap' },
          words: { referral: 'r', says: 'look again' },
          subject: { referral: 's' },
          visit: { referral: 'r', session: 'v' },
          nothing: {},
          hospital: { referral: 'r', hospital: 'other' },
        }))
          expect(await open(store, id, more), id).to.equal(true);
        expect(await store.transaction((tx) => settleWork(tx, 'a', settling))).to.equal(true);
        expect(await store.transaction((tx) => settleWork(tx, 'a', settling))).to.equal(false);
        expect(await workOf(store.read, 'a')).to.include({
          settled_by: 'ana',
          settled_at: instant(9),
        });
        expect(await open(store, 'c', { referral: 'r' })).to.equal(true);
      }));

    it('is listed while it is open, the oldest first', () =>
      onFresh(engine, async (store) => {
        await open(store, 'late', { at: instant(3), referral: 'r' });
        await open(store, 'early', { at: instant(1), referral: 's' });
        await open(store, 'there', { at: instant(2), hospital: 'other' });
        expect(await ids(store)).to.deep.equal(['early', 'there', 'late']);
        expect(await ids(store, { hospital: 'general' })).to.deep.equal(['early', 'late']);
        expect(await ids(store, { referral: 'r' })).to.deep.equal(['late']);
        await store.transaction((tx) => settleWork(tx, 'early', settling));
        expect(await ids(store, { hospital: 'general' })).to.deep.equal(['late']);
      }));

    it('is settled with its subject: all of it, or one kind; nothing for no subject', () =>
      onFresh(engine, async (store) => {
        await open(store, 'a', { intention: 'i', referral: 'r', kind: 'write-unknown' });
        await open(store, 'b', { intention: 'i' });
        await open(store, 'c', { inbox: 'x' });
        const settle = (of: Omit<Parameters<typeof settleWorkOf>[1], 'by' | 'at'>) =>
          store.transaction((tx) => settleWorkOf(tx, { ...of, ...settling }));
        expect(await settle({})).to.equal(0);
        expect(await settle({ kind: 'conflict' })).to.equal(0);
        expect(await settle({ intention: 'i', kind: 'write-unknown' })).to.equal(1);
        expect(await ids(store)).to.deep.equal(['b', 'c']);
        expect(await settle({ intention: 'i' })).to.equal(1);
        expect(await settle({ inbox: 'x', referral: 'r' })).to.equal(0);
        expect(await settle({ inbox: 'x' })).to.equal(1);
        expect(await ids(store)).to.deep.equal([]);
      }));
  });
}
