/** What commands share that need the store and no hospital. */
import { resolve } from 'node:path';
import { openStore, type Store } from '../store/store.ts';
import type { Io, Options } from './command.ts';
import { settingsOf } from './settings-of.ts';

export async function withStore<T>(
  options: Options,
  io: Io,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const { settings } = settingsOf(options, io);
  const path = settings.store === ':memory:' ? settings.store : resolve(io.cwd, settings.store);
  const store = await openStore(path, { now: io.clock });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
