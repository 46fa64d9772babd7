/**
 * SQLite through `node:sqlite` as a Kysely dialect. Kysely asks for the API of better-sqlite3, of which it needs
 * little; the rest of this file is what makes a file on disk safe to rely on: WAL with a sync at every commit, write
 * transactions that take their lock at the start, and faults of the file turned into our coded errors.
 */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely';
import { AdapterError, type ErrorCode } from '../../core/errors.ts';

export interface SqliteHandle {
  readonly dialect: Dialect;
  /** Closes the file also where no statement was ever sent, which Kysely's own `destroy` leaves open. */
  close(): void;
}

/** How long a statement waits for another process that writes; beyond it the error is `store-busy`. */
const busyTimeoutMs = 5_000;

/** Texts of statements are few, except for lists of parameters: those may not fill the memory. */
const cachedStatements = 300;

/**
 * Opens a file, or `:memory:`. Folder and file are made where missing, readable by their owner alone: patients are in
 * it. (SQLite gives the files beside it, -wal and -shm, the mode of the file.)
 */
export function openSqlite(path: string, options: { readOnly: boolean }): SqliteHandle {
  if (path !== ':memory:' && !options.readOnly) makeFile(path);
  return named(() => {
    const db = new DatabaseSync(path, { readOnly: options.readOnly, timeout: busyTimeoutMs });
    db.exec('pragma foreign_keys = on');
    if (!options.readOnly) {
      db.exec('pragma journal_mode = wal; pragma synchronous = full');
      // a body that we do not keep is overwritten, not only unlinked
      db.exec('pragma secure_delete = on');
    }
    return {
      dialect: new ImmediateDialect(db),
      close: () => {
        if (db.isOpen) db.close();
      },
    };
  });
}

function makeFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
  } catch (cause) {
    throw new AdapterError('store-unusable', `The file ${path} cannot be opened.`, { cause });
  }
}

class ImmediateDialect extends SqliteDialect {
  readonly #db: DatabaseSync;
  readonly #database: SqliteDatabase;

  constructor(db: DatabaseSync) {
    const database = { prepare: statements(db), close: () => db.close() };
    super({ database });
    this.#db = db;
    this.#database = database;
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver(this.#db, this.#database);
  }
}

/**
 * Kysely says plain `begin`, which takes the write lock at the first write: a transaction that has read before can
 * then fail at once with "busy", whatever the timeout, because its snapshot is old.
 */
class ImmediateDriver extends SqliteDriver {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync, database: SqliteDatabase) {
    super({ database });
    this.#db = db;
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /** SQLite itself rolls back after some faults (disk full); a second rollback would hide which fault it was. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#db.isTransaction) await super.rollbackTransaction(connection);
  }
}

/** Prepares each text once. Only whole results are read, so a statement is never in use twice at a time. */
function statements(db: DatabaseSync): (text: string) => SqliteStatement {
  const prepared = new Map<string, SqliteStatement>();
  return (text) => {
    const known = prepared.get(text);
    if (known !== undefined) return known;
    const fresh = adapted(named(() => db.prepare(text)));
    if (prepared.size >= cachedStatements) prepared.clear();
    prepared.set(text, fresh);
    return fresh;
  };
}

function adapted(statement: StatementSync): SqliteStatement {
  // Kysely types parameters as unknown; what the typed tables let through is text, numbers and null
  const bound = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => named(() => statement.all(...bound(parameters))),
    run: (parameters) => named(() => statement.run(...bound(parameters))),
    iterate: (parameters) => statement.iterate(...bound(parameters)),
  };
}

/** Primary result codes (sqlite.org/rescode.html) that speak of the file or its surroundings, not of our statement. */
const faults: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  5: ['store-busy', 'The store is held by another process.'],
  6: ['store-busy', 'The store is held by another statement.'],
  7: ['store-unusable', 'There is no memory left for the store.'],
  8: ['store-unusable', 'The store cannot be written.'],
  10: ['store-unusable', 'The disk of the store gave an error.'],
  11: ['store-unusable', 'The file of the store is damaged.'],
  13: ['store-unusable', 'The disk of the store is full.'],
  14: ['store-unusable', 'The file of the store cannot be opened.'],
  26: ['store-unusable', 'The file of the store is not a SQLite database.'],
};

function named<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    const errcode = thrown instanceof Error && 'errcode' in thrown ? Number(thrown.errcode) : 0;
    const fault = faults[errcode & 0xff];
    if (fault === undefined) throw thrown;
    throw new AdapterError(fault[0], fault[1], { cause: thrown });
  }
}
