import { expect } from 'chai';
import fc from 'fast-check';
import type { KyselyPlugin } from 'kysely';
import {
  allAsShown,
  type FoundRow,
  pending,
  receive,
  settle,
  type Vouches,
} from '../../src/store/inbox.ts';
import { instant } from '../core/episodes.ts';
import { arrive, engines, found, onFresh, refused } from './engines.ts';

for (const engine of engines) {
  describe(`inbox: what is new (${engine.name})`, () => {
    it('knows a version that came before, wherever it comes from and however late', () =>
      onFresh(engine, async (store) => {
        const news = await arrive(
          store,
          [found({ versionId: '1', hash: 'a' })],
          [found({ versionId: '2', hash: 'b', via: 'push' })],
          [
            found({ versionId: '1', hash: 'a', via: 'folder' }),
            found({ versionId: '2', hash: 'b' }),
          ],
        );
        expect(news).to.deep.equal([true, true, false, false]);
      }));

    it('takes other content under the same version for new', () =>
      onFresh(engine, async (store) => {
        const news = await arrive(
          store,
          [found({ versionId: '1', hash: 'a' })],
          [found({ versionId: '1', hash: 'b' })],
        );
        expect(news).to.deep.equal([true, true]);
      }));

    it('without versions: active, on hold, active again are two changes; the same again is none', () =>
      onFresh(engine, async (store) => {
        const news = await arrive(
          store,
          [found({ hash: 'active' })],
          [found({ hash: 'active' })],
          [found({ hash: 'on-hold' })],
          [found({ hash: 'active' })],
          [found({ hash: 'active' })],
        );
        expect(news).to.deep.equal([true, false, true, true, false]);
      }));

    it('believes no version that stays while the content changes, unless the time of writing stays too', () =>
      onFresh(engine, async (store) => {
        const at = (hash: string, lastUpdated?: string) =>
          found({ versionId: '1', hash, lastUpdated });
        const shown = (...pages: FoundRow[]) => arrive(store, ...pages.map((one) => [one]));
        const [one, two, three] = [instant(1), instant(2), instant(3)];
        expect(
          await shown(
            at('active', one),
            at('on-hold', two),
            at('active', three),
            at('on-hold', two),
          ),
        ).to.deep.equal([true, true, true, true]);
        const other = (hash: string) => ({ ...at(hash), id: 'order-2' });
        expect(
          await shown(other('active'), other('on-hold'), other('active'), other('active')),
        ).to.deep.equal([true, true, true, false]);
        const third = (hash: string) => ({ ...at(hash, one), id: 'order-3' });
        expect(
          await shown(third('in a search'), third('by id'), third('in a search')),
        ).to.deep.equal([true, true, false]);
      }));

    it('stores what a page shows twice once', () =>
      onFresh(engine, async (store) => {
        expect(
          await arrive(store, [found({ versionId: '1' }), found({ versionId: '1' })]),
        ).to.deep.equal([true, false]);
        expect(await arrive(store, [found({ id: 'b' }), found({ id: 'b' })])).to.deep.equal([
          true,
          false,
        ]);
      }));

    it('keeps hospitals, types and ids apart', () =>
      onFresh(engine, async (store) => {
        const page = [
          found(),
          found({ hospital: 'other' }),
          found({ type: 'Task' }),
          found({ id: 'order-2' }),
          found({ id: 'order-1', type: undefined }),
        ];
        expect(await arrive(store, page)).to.deep.equal([true, true, true, true, true]);
      }));

    it('knows what has no id by its file and content', () =>
      onFresh(engine, async (store) => {
        const nameless = (origin: string, hash: string) =>
          found({ id: undefined, type: undefined, origin, hash });
        const news = await arrive(
          store,
          [nameless('a.json', '1'), nameless('b.json', '1')],
          [nameless('a.json', '1'), nameless('a.json', '2')],
          [nameless('a.json', '1')],
        );
        expect(news).to.deep.equal([true, true, false, true, false]);
      }));

    it('follows these laws over any sequence of pages, as a plain reading of them does', async () => {
      let fresh = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.array(
              fc.record({
                id: fc.constantFrom('1', '2', undefined),
                versionId: fc.constantFrom('v1', 'v2', undefined),
                hash: fc.constantFrom('a', 'b'),
                origin: fc.constantFrom('x', undefined),
              }),
              { maxLength: 5 },
            ),
            { maxLength: 8 },
          ),
          (pages) =>
            onFresh(engine, async (store) => {
              const stored: FoundRow[] = [];
              const expected = pages.flat().map((one) => {
                const row = found(one);
                const same = stored.filter((other) => other.id === row.id);
                const known =
                  row.id === undefined
                    ? same.some((other) => other.hash === row.hash && other.origin === row.origin)
                    : row.versionId === undefined
                      ? same.at(-1)?.hash === row.hash
                      : same.at(-1)?.versionId === row.versionId
                        ? same.at(-1)?.hash === row.hash
                        : same.some(
                            (other) => other.versionId === row.versionId && other.hash === row.hash,
                          );
                if (!known) stored.push(row);
                return !known;
              });
              fresh += stored.length;
              expect(
                await arrive(store, ...pages.map((page) => page.map((one) => found(one)))),
              ).to.deep.equal(expected);
              const rows = await pending(store.read, 'general', 1_000);
              expect(rows.map(({ hash, version_id }) => [hash, version_id])).to.deep.equal(
                stored.map(({ hash, versionId }) => [hash, versionId ?? null]),
              );
            }),
        ),
        { numRuns: 100 },
      );
      expect(fresh).to.be.greaterThan(200);
    });

    it('tells what is as it was shown last, and how that ended; an older version is only known', () =>
      onFresh(engine, async (store) => {
        await arrive(
          store,
          [found({ newId: 'a', versionId: '1', hash: 'a' }), found({ newId: 'x', id: 'order-2' })],
          [found({ newId: 'b', versionId: '2', hash: 'b' })],
        );
        await store.transaction((tx) => settle(tx, 'b', { ...refused, keepBody: false }));
        const { fresh, known, unchanged } = await store.transaction((tx) =>
          receive(tx, [
            found({ versionId: '1', hash: 'a' }),
            found({ versionId: '2', hash: 'b' }),
            found({ id: 'order-3' }),
          ]),
        );
        expect([fresh.length, known]).to.deep.equal([1, 2]);
        expect(
          unchanged.map(({ one, latest }) => [one.hash, latest.state, latest.rule]),
        ).to.deep.equal([['b', 'refused', 'service']]);
      }));

    it('tells of a whole page that it is as it was shown last, and says nothing of any other', () =>
      onFresh(engine, async (store) => {
        const page = [
          found({ newId: 'a', versionId: '1', hash: 'a' }),
          found({ newId: 'x', id: 'order-2', hash: 'x' }),
          found({ newId: 'y', id: 'order-3', type: undefined, hash: 'y' }),
        ];
        await arrive(store, page);
        const hospital = found().hospital;
        const shown = (rows: readonly FoundRow[], vouches: Vouches = () => false) =>
          allAsShown(store.read, hospital, rows, vouches);
        const same = await shown(page);
        expect(same?.map(({ one, latest }) => [one.id, latest.hash])).to.deep.equal([
          ['order-1', 'a'],
          ['order-2', 'x'],
          ['order-3', 'y'],
        ]);
        for (const other of [
          found({ id: 'order-4' }),
          found({ id: undefined }),
          found({ id: 'order-2', hash: 'changed' }),
          found({ versionId: '2', hash: 'a' }),
          found({ id: 'order-2', type: 'Task', hash: 'x' }),
        ])
          expect(await shown([...page, other])).to.equal(undefined);
        const [one] = page;
        if (one === undefined) throw new Error('there are three');
        expect(await shown([{ ...one, hash: 'changed' }], () => true)).to.have.length(1);
      }));

    it('asks for no content of what is vouched for', () =>
      onFresh(engine, async (store) => {
        await arrive(store, [found({ versionId: '1' }), found({ id: 'order-2', versionId: '1' })]);
        const unread = (id: string): FoundRow => ({
          ...found({ id, versionId: '1' }),
          get hash(): string {
            throw new Error('nobody needs it');
          },
        });
        const { known } = await store.transaction((tx) =>
          receive(
            tx,
            [unread('order-1'), unread('order-2')],
            (_, latest) => latest.version_id === '1',
          ),
        );
        expect(known).to.equal(2);
      }));

    it('reads one row of a resource that has hundreds of versions', () =>
      onFresh(engine, async (store) => {
        for (let version = 0; version < 200; version += 1)
          await arrive(store, [found({ versionId: String(version), hash: `content ${version}` })]);
        const rows: number[] = [];
        const counting: KyselyPlugin = {
          transformQuery: ({ node }) => node,
          transformResult: async ({ result }) => {
            rows.push(result.rows.length);
            return result;
          },
        };
        for (const version of [199, 57])
          await store.transaction((tx) =>
            receive(tx.withPlugin(counting), [
              found({ versionId: String(version), hash: `content ${version}` }),
            ]),
          );
        expect(rows).to.deep.equal([1, 1, 1]);
      }));

    it('takes a folder of thousands at once', () =>
      onFresh(engine, async (store) => {
        const page = Array.from({ length: 2_300 }, (_, index) => found({ id: `order-${index}` }));
        expect((await arrive(store, page)).every(Boolean)).to.equal(true);
        expect(
          (
            await arrive(
              store,
              page.map((one) => ({ ...one, newId: `again-${one.newId}` })),
            )
          ).some(Boolean),
        ).to.equal(false);
      }));
  });
}
