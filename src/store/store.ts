/**
 * The store: one connection that writes, one that only reads, and transactions that follow each other. Everything
 * durable goes through here; what the statements are is in the files beside this one.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Kysely, type KyselyPlugin } from 'kysely';
import type { Instant } from '../core/concept.ts';
import { AdapterError } from '../core/errors.ts';
import { engines } from './engine/capabilities.ts';
import { openSqlite } from './engine/sqlite.ts';
import { type Migration, migrate, migrations } from './migrations/migrations.ts';
import type { Db, Tables, Tx } from './tables.ts';

export type { Db, Tx };

export interface Store {
  /** The writing connection: for reading from it outside a transaction; writes take a `Tx`. */
  readonly write: Db;
  /** Sees what is committed, while a transaction is under way too. */
  readonly read: Db;
  /**
   * Runs `work` in a transaction that is committed when it resolves and rolled back when it rejects. Transactions of
   * this process queue up; no network call may be awaited inside, or all of them wait for the hospital.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Waits for the transactions that are queued, then closes. */
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Stamped on the migrations that are run; the clock of this computer by default. */
  readonly now?: () => Instant;
  readonly migrations?: readonly Migration[];
}

/**
 * Opens the store and brings it up to date. `url` is the path of a file, which is made where missing, or `:memory:`,
 * where reading and writing share the one connection that an in-memory database has. Fails with `store-unusable`,
 * `store-busy` or `store-newer`.
 */
export async function openStore(url: string, options: StoreOptions = {}): Promise<Store> {
  const now = options.now ?? (() => new Date().toISOString());
  const path = fileOf(url);
  const writer = openSqlite(path, { readOnly: false });
  const base = new Kysely<Tables>({ dialect: writer.dialect });
  const closers = [writer.close];
  try {
    await base
      .transaction()
      .execute((tx) => migrate(tx, engines.sqlite, now(), options.migrations ?? migrations));
    const write = base.withPlugin(refuseInsideTransaction);
    if (path === ':memory:') return storeOf(base, write, write, closers);
    const reader = openSqlite(path, { readOnly: true });
    closers.unshift(reader.close);
    const read = new Kysely<Tables>({ dialect: reader.dialect });
    return storeOf(base, write, read, closers);
  } catch (thrown) {
    for (const close of closers) close();
    if (thrown instanceof AdapterError) throw thrown;
    throw new AdapterError('store-unusable', 'The store could not be brought up to date.', {
      cause: thrown,
    });
  }
}

function fileOf(url: string): string {
  if (/^postgres(ql)?:/i.test(url))
    throw new AdapterError('store-unusable', 'This build keeps its store in SQLite only.', {
      fix: 'Set store to the path of a file, e.g. ./data/massage-fhir.sqlite.',
    });
  if (url === '' || /^[a-z][a-z0-9+.-]+:\/\//i.test(url))
    throw new AdapterError('store-unusable', 'The store setting is not the path of a file.', {
      fix: 'Set store to the path of a file, e.g. ./data/massage-fhir.sqlite.',
    });
  return url;
}

/** The reader is closed first: only the last to close, if it may write, folds the -wal file into the store. */
function storeOf(base: Db, write: Db, read: Db, closers: readonly (() => void)[]): Store {
  return {
    write,
    read,
    transaction: async (work) => {
      refuseNesting();
      const open = { now: true };
      return base.transaction().execute((tx) =>
        inside.run(open, async () => {
          try {
            return await work(tx);
          } finally {
            open.now = false;
          }
        }),
      );
    },
    close: async () => {
      await base.connection().execute(async () => undefined);
      if (read !== write) await read.destroy();
      await base.destroy();
      for (const close of closers) close();
    },
  };
}

/**
 * Which transaction the running code is in. Whoever asks the single connection for something else from inside one
 * waits for its end, which waits for them: an error at once is kinder than that silence.
 */
const inside = new AsyncLocalStorage<{ now: boolean }>();

function refuseNesting(): void {
  if (inside.getStore()?.now)
    throw new AdapterError(
      'internal',
      'Inside a transaction everything goes through its own `tx`: this statement would wait for itself.',
    );
}

const refuseInsideTransaction: KyselyPlugin = {
  transformQuery: ({ node }) => {
    refuseNesting();
    return node;
  },
  transformResult: async ({ result }) => result,
};
