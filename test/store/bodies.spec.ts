import { expect } from 'chai';
import { sql } from 'kysely';
import { receive, rowOf, settle } from '../../src/store/inbox.ts';
import { migrations } from '../../src/store/migrations/migrations.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { instant } from '../core/episodes.ts';
import { found, inFolder } from './engines.ts';

async function pagesOf({ read }: Store): Promise<number> {
  const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(read);
  return rows[0]?.page_count ?? 0;
}

describe('bodies of the inbox (sqlite)', () => {
  it('that are not kept leave their room to the next ones', () =>
    inFolder(async (path) => {
      const store = await openStore(path);
      const page = async (from: number) => {
        const rows = Array.from({ length: 50 }, (_, at) =>
          found({
            newId: `row-${from + at}`,
            id: `order-${from + at}`,
            hash: `hash-${from + at}`,
            body: 'x'.repeat(2_400),
          }),
        );
        await store.transaction((tx) => receive(tx, rows));
        await store.transaction(async (tx) => {
          for (const { newId } of rows)
            await settle(tx, newId, {
              state: 'refused',
              rule: 'service',
              says: 'another service',
              keepBody: false,
              at: instant(1),
            });
        });
      };
      await page(0);
      const first = await pagesOf(store);
      for (let from = 50; from < 1_000; from += 50) await page(from);
      // A page of SQLite has 4,096 bytes: with one for each of the 950 others their bodies would still be there.
      expect((await pagesOf(store)) - first).to.be.lessThan(400);
      await store.close();
    }));

  it('are still there after the migration that set them apart', () =>
    inFolder(async (path) => {
      const before = migrations.filter(({ number }) => number < 7);
      const old = await openStore(path, { migrations: before });
      await old.transaction(async (tx) => {
        for (const [id, body] of [
          ['kept', "'{}'"],
          ['out', 'null'],
        ] as const)
          await sql`insert into inbox (id, hospital, via, hash, state, received_at, body)
            values (${id}, 'general', 'A1', ${id}, 'received', ${instant(0)}, ${sql.raw(body)})`.execute(
            tx,
          );
      });
      await old.close();
      const store = await openStore(path);
      expect(await rowOf(store.read, 'kept')).to.include({ body: '{}', hash: 'kept' });
      expect(await rowOf(store.read, 'out')).to.include({ body: null, hash: 'out' });
      await store.close();
    }));
});
