/** `massage-fhir migrate status`: which migrations the store has run, and which the next start would run. Reads only. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Kysely } from 'kysely';
import { openSqlite } from '../store/engine/sqlite.ts';
import {
  type MigrationStatus,
  migrationStatus,
  migrations,
} from '../store/migrations/migrations.ts';
import type { Tables } from '../store/tables.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { settingsOf } from './settings-of.ts';

/** Exit code 1 when the store and this version are not at the same migration. */
export async function run(_args: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  const { settings } = settingsOf(options, io);
  const path = resolve(io.cwd, settings.store);
  const status = existsSync(path) ? await statusOf(path) : untouched;
  io.stdout.write(
    options.json
      ? `${JSON.stringify({ store: path, ...status }, undefined, 2)}\n`
      : told(path, status),
  );
  return status.current === status.known ? 0 : 1;
}

/** A store that is made by the next start. */
const untouched: MigrationStatus = {
  current: 0,
  known: migrations.at(-1)?.number ?? 0,
  applied: [],
  pending: migrations.map(({ number, name }) => ({ number, name })),
};

async function statusOf(path: string): Promise<MigrationStatus> {
  const { dialect, close } = openSqlite(path, { readOnly: true });
  const db = new Kysely<Tables>({ dialect });
  try {
    const tables = await db.introspection.getTables();
    return tables.some(({ name }) => name === 'migration') ? await migrationStatus(db) : untouched;
  } finally {
    await db.destroy();
    close();
  }
}

function told(path: string, { applied, pending, current, known }: MigrationStatus): string {
  const lines = [
    `Store ${path} is at migration ${current}; this version knows up to ${known}.`,
    ...applied.map((one) => `  ${one.number} ${one.name}: run at ${one.applied_at}`),
    ...pending.map((one) => `  ${one.number} ${one.name}: the next start runs it`),
    ...(current > known ? ['A newer version has used this store: run that version.'] : []),
  ];
  return `${lines.join('\n')}\n`;
}
