import { expect } from 'chai';
import fc from 'fast-check';
import { AdapterError } from '../../src/core/errors.ts';
import { listReferrals, type ReferralQuery } from '../../src/store/referral-list.ts';
import type { Store } from '../../src/store/store.ts';
import { addReferral, engines, onFresh } from './engines.ts';

const ids = async (store: Store, query: Partial<ReferralQuery>) =>
  (await listReferrals(store.read, { limit: 50, ...query })).items.map(
    ({ referral }) => referral.id,
  );

/** All pages one after the other. */
async function leaf(
  store: Store,
  query: ReferralQuery,
  between?: () => Promise<unknown>,
): Promise<string[]> {
  const all: string[] = [];
  for (let after: string | undefined, pages = 0; pages < 50; pages++) {
    const page = await listReferrals(store.read, { ...query, after });
    all.push(...page.items.map(({ referral }) => referral.id));
    if (page.next === undefined) return all;
    expect(page.items.length).to.equal(query.limit);
    after = page.next;
    await between?.();
  }
  throw new Error('the pages do not end');
}

for (const engine of engines)
  describe(`the list of referrals (${engine.name})`, () => {
    it('has the newest first, and each referral on exactly one page', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.nat(3), { maxLength: 12 }),
          fc.integer({ min: 1, max: 5 }),
          (times, limit) =>
            onFresh(engine, async (store) => {
              const rows = times.map((minutes, index) => ({ id: `r-${index}`, minutes }));
              for (const { id, minutes } of rows) await addReferral(store, id, { minutes });
              const expected = rows.toSorted(
                (a, b) => b.minutes - a.minutes || (a.id < b.id ? 1 : -1),
              );
              expect(await leaf(store, { limit })).to.deep.equal(expected.map(({ id }) => id));
            }),
        ),
        { numRuns: 25 },
      );
    });

    it('shows none twice when new ones arrive while somebody leafs through', () =>
      onFresh(engine, async (store) => {
        for (const minutes of [1, 2, 3, 4, 5])
          await addReferral(store, `r-${minutes}`, { minutes });
        let next = 10;
        const seen = await leaf(store, { limit: 2 }, () =>
          addReferral(store, `new-${next}`, { minutes: next++ }),
        );
        expect(seen).to.deep.equal(['r-5', 'r-4', 'r-3', 'r-2', 'r-1']);
      }));

    it('is cut down to a state and a hospital', () =>
      onFresh(engine, async (store) => {
        await addReferral(store, 'a');
        await addReferral(store, 'b', { hospital: 'other' });
        expect(await ids(store, { hospital: 'other' })).to.deep.equal(['b']);
        expect(await ids(store, { state: 'requested' })).to.deep.equal(['b', 'a']);
        expect(await ids(store, { state: 'accepted' })).to.deep.equal([]);
        expect(await ids(store, { state: 'requested', hospital: 'general' })).to.deep.equal(['a']);
      }));

    it('is searched by the words that a person knows, in any order and spelling', () =>
      onFresh(engine, async (store) => {
        const patient = {
          reference: 'Patient/p-7',
          name: 'Zara Öztest',
          identifier: [{ value: 'MRN-0042' }],
        };
        await addReferral(store, 'a', { order: 'ServiceRequest/A_17', care: { patient } });
        await addReferral(store, 'b', { order: 'ServiceRequest/Ab17' });
        for (const q of [
          'zara',
          'öztest zara',
          'ÖZTEST',
          'mrn-0042',
          'p-7',
          'ServiceRequest/A_17',
          '  zara  ',
        ])
          expect(await ids(store, { q }), q).to.deep.equal(['a']);
        for (const q of ['zara other', 'mrn%42', '%', 'mrn_0042', '\\'])
          expect(await ids(store, { q }), q).to.deep.equal([]);
        expect(await ids(store, { q: 'a_17' }), 'an underscore is no wildcard').to.deep.equal([
          'a',
        ]);
        expect(await ids(store, { q: ' ' })).to.deep.equal(['b', 'a']);
      }));

    it('refuses an `after` that is not its own', () =>
      onFresh(engine, async (store) => {
        for (const after of [
          '',
          'nonsense',
          Buffer.from('[1,2]').toString('base64url'),
          Buffer.from('{}').toString('base64url'),
        ]) {
          const thrown = await listReferrals(store.read, { limit: 1, after }).catch(
            (error: unknown) => error,
          );
          expect(thrown instanceof AdapterError && thrown.code, after).to.equal('bad-request');
        }
      }));
  });
