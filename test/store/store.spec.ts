import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { sql } from 'kysely';
import { AdapterError } from '../../src/core/errors.ts';
import {
  type Migration,
  migrationStatus,
  migrations,
} from '../../src/store/migrations/migrations.ts';
import { openStore, type Tx } from '../../src/store/store.ts';
import { instant } from '../core/episodes.ts';
import { engines, inFolder, onFresh } from './engines.ts';

async function failure(work: Promise<unknown>): Promise<AdapterError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof AdapterError) return thrown;
  throw new Error(`expected an AdapterError, got ${thrown}`);
}

const addKey = (tx: Tx, id: string) =>
  tx
    .insertInto('access_key')
    .values({
      id,
      name: id,
      role: 'viewer',
      hash: id,
      created_at: instant(0),
      expires_at: null,
      revoked_at: null,
      last_used_at: null,
    })
    .execute();

const keys = async (db: Tx | Awaited<ReturnType<typeof openStore>>['read']) =>
  (await db.selectFrom('access_key').select('id').orderBy('id').execute()).map(({ id }) => id);

/** Lets everything else that is ready to run go first. */
const othersFirst = () => new Promise((resolve) => setImmediate(resolve));

describe('opening a store', () => {
  it('makes folder and file, which only their owner can read', () =>
    inFolder(async (path) => {
      const store = await openStore(path);
      await store.transaction((tx) => addKey(tx, 'a'));
      expect(statSync(dirname(path)).mode & 0o777).to.equal(0o700);
      for (const file of [path, `${path}-wal`, `${path}-shm`])
        expect(statSync(file).mode & 0o777, file).to.equal(0o600);
      await store.close();
      expect(existsSync(`${path}-wal`), 'closed into one file').to.equal(false);
    }));

  it('writes through WAL with a sync at every commit, checks references and overwrites what it deletes', () =>
    inFolder(async (path) => {
      const store = await openStore(path);
      const pragma = async (name: string) =>
        Object.values(
          (await sql.raw<object>(`pragma ${name}`).execute(store.write)).rows[0] ?? {},
        )[0];
      expect(await pragma('journal_mode')).to.equal('wal');
      expect(await pragma('synchronous')).to.equal(2);
      expect(await pragma('foreign_keys')).to.equal(1);
      expect(await pragma('busy_timeout')).to.equal(5000);
      expect(await pragma('secure_delete')).to.equal(1);
      await store.close();
    }));

  it('keeps what was written over a close', () =>
    inFolder(async (path) => {
      const first = await openStore(path);
      await first.transaction((tx) => addKey(tx, 'a'));
      await first.close();
      const second = await openStore(path);
      expect(await keys(second.read)).to.deep.equal(['a']);
      await second.close();
    }));

  it('reads with a connection that cannot write', () =>
    inFolder(async (path) => {
      const store = await openStore(path);
      const error = await failure(sql`delete from access_key`.execute(store.read));
      expect(error.code).to.equal('store-unusable');
      await store.close();
    }));

  it('refuses PostgreSQL and other addresses in words', async () => {
    for (const url of ['postgres://db/massage', 'postgresql://db', 'https://db.example', '']) {
      const error = await failure(openStore(url));
      expect(error.code, url).to.equal('store-unusable');
      expect(error.fix).to.contain('Set store to the path of a file');
    }
  });

  it('refuses a file that is something else, and a path that cannot be', () =>
    inFolder(async (path) => {
      mkdirSync(dirname(path));
      writeFileSync(path, 'minutes of the ward meeting, not a database at all'.repeat(50));
      expect((await failure(openStore(path))).code).to.equal('store-unusable');
      expect((await failure(openStore(dirname(path)))).code).to.equal('store-unusable');
      expect((await failure(openStore(`${path}/below-a-file`))).code).to.equal('store-unusable');
    }));

  it('says that another process holds the store, and that this passes', () =>
    inFolder(async (path) => {
      const store = await openStore(path);
      const other = new DatabaseSync(path);
      other.exec('begin immediate');
      await sql`pragma busy_timeout = 1`.execute(store.write);
      const error = await failure(store.transaction((tx) => addKey(tx, 'a')));
      expect([error.code, error.kind]).to.deep.equal(['store-busy', 'transient']);
      other.exec('rollback');
      other.close();
      await store.transaction((tx) => addKey(tx, 'b'));
      expect(await keys(store.read)).to.deep.equal(['b']);
      await store.close();
    }));
});

describe('migrations', () => {
  const known = migrations.length;
  const next: Migration = {
    number: known + 1,
    name: 'next',
    run: async (tx) => {
      await sql`alter table access_key add column note text`.execute(tx);
    },
  };

  it('run once, in order, and say so', () =>
    inFolder(async (path) => {
      const first = await openStore(path, { now: () => instant(0) });
      expect(await migrationStatus(first.read, [...migrations, next])).to.deep.equal({
        current: known,
        known: known + 1,
        applied: migrations.map(({ number, name }) => ({ number, name, applied_at: instant(0) })),
        pending: [{ number: known + 1, name: 'next' }],
      });
      await first.close();
      for (const minutes of [1, 2]) {
        const store = await openStore(path, {
          now: () => instant(minutes),
          migrations: [...migrations, next],
        });
        const { current, applied, pending } = await migrationStatus(store.read, [
          ...migrations,
          next,
        ]);
        expect({ current, pending }).to.deep.equal({ current: known + 1, pending: [] });
        const times = [...migrations.map(() => instant(0)), instant(1)];
        expect(applied.map((one) => one.applied_at)).to.deep.equal(times);
        await store.close();
      }
    }));

  it('leave the store as it was when one fails', () =>
    inFolder(async (path) => {
      const broken: Migration = {
        number: known + 2,
        name: 'broken',
        run: async (tx) => {
          await sql`create table half_made (id text)`.execute(tx);
          await sql`insert into nowhere values (1)`.execute(tx);
        },
      };
      await (await openStore(path)).close();
      const error = await failure(openStore(path, { migrations: [...migrations, next, broken] }));
      expect(error.code).to.equal('store-unusable');
      const store = await openStore(path);
      expect((await migrationStatus(store.read)).current).to.equal(known);
      const { rows } = await sql`select name from sqlite_master where name = 'half_made'`.execute(
        store.read,
      );
      expect(rows).to.deep.equal([]);
      await store.close();
    }));

  it('refuse a store that a newer version wrote', () =>
    inFolder(async (path) => {
      await (await openStore(path, { migrations: [...migrations, next] })).close();
      expect((await failure(openStore(path))).code).to.equal('store-newer');
    }));

  it('have numbers that rise', () => {
    const numbers = migrations.map(({ number }) => number);
    expect(numbers).to.deep.equal(numbers.toSorted((a, b) => a - b));
    expect(new Set(numbers).size).to.equal(numbers.length);
  });
});

for (const engine of engines)
  describe(`transactions (${engine.name})`, () => {
    it('that run at once follow each other: none sees the half-done work of another', () =>
      onFresh(engine, async (store) => {
        const steps: string[] = [];
        await Promise.all(
          ['a', 'b', 'c', 'd', 'e'].map((name) =>
            store.transaction(async (tx) => {
              steps.push(`${name} begins`);
              const before = await keys(tx);
              await addKey(tx, `${name}-1`);
              await othersFirst();
              await addKey(tx, `${name}-2`);
              expect((await keys(tx)).length).to.equal(before.length + 2);
              steps.push(`${name} ends`);
            }),
          ),
        );
        for (let at = 0; at < steps.length; at += 2)
          expect(steps[at + 1]).to.equal(steps[at]?.replace('begins', 'ends'));
        expect((await keys(store.read)).length).to.equal(10);
      }));

    it('that fail leave nothing, and the next one goes on', () =>
      onFresh(engine, async (store) => {
        const [lost, kept] = await Promise.allSettled([
          store.transaction(async (tx) => {
            await addKey(tx, 'lost');
            await othersFirst();
            throw new Error('no');
          }),
          store.transaction((tx) => addKey(tx, 'kept')),
        ]);
        expect([lost.status, kept.status]).to.deep.equal(['rejected', 'fulfilled']);
        expect(await keys(store.read)).to.deep.equal(['kept']);
      }));

    it('are not there for others before they end', () =>
      inFolder(async (path) => {
        const store = await openStore(path);
        await store.transaction(async (tx) => {
          await addKey(tx, 'a');
          expect(await keys(store.read)).to.deep.equal([]);
        });
        expect(await keys(store.read)).to.deep.equal(['a']);
        await store.close();
      }));

    it('inside another are an error at once, not a wait without end', () =>
      onFresh(engine, async (store) => {
        const inners: (() => Promise<unknown>)[] = [
          () => store.transaction((tx) => addKey(tx, 'inner')),
          () => keys(store.write),
        ];
        for (const inner of inners) {
          const error = await failure(store.transaction(() => inner()));
          expect(error.code).to.equal('internal');
        }
        await store.transaction((tx) => addKey(tx, 'outer'));
        expect(await keys(store.read)).to.deep.equal(['outer']);
      }));

    it('started from inside one but run after it are no nesting', () =>
      onFresh(engine, async (store) => {
        let later: Promise<unknown> | undefined;
        await store.transaction(async (tx) => {
          await addKey(tx, 'first');
          later = othersFirst()
            .then(othersFirst)
            .then(() => store.transaction((own) => addKey(own, 'later')));
        });
        await later;
        expect(await keys(store.read)).to.deep.equal(['first', 'later']);
      }));

    it('that are queued when the store closes are still carried out', () =>
      inFolder(async (path) => {
        const store = await openStore(path);
        const queued = Promise.all(
          ['a', 'b'].map((id) => store.transaction((tx) => addKey(tx, id))),
        );
        await store.close();
        await queued;
        const again = await openStore(path);
        expect(await keys(again.read)).to.deep.equal(['a', 'b']);
        await again.close();
      }));

    it('take text for text and numbers for numbers only', () =>
      onFresh(engine, async (store) => {
        const wrong = sql`insert into exchange (id, hospital, method, path, ms, at)
          values ('1', 'general', 'GET', '/', 'fast', ${instant(0)})`;
        expect(
          await wrong.execute(store.write).then(
            () => 'stored',
            () => 'refused',
          ),
        ).to.equal('refused');
      }));
  });
