/** migrate status: before the first start, after it, and with a store of a newer version. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { migrations } from '../../src/store/migrations/migrations.ts';
import { openStore } from '../../src/store/store.ts';
import { ioOf } from './io.ts';
import { folder } from './processes.ts';

describe('migrate status', () => {
  const cwd = folder();
  const last = migrations.at(-1)?.number ?? 0;
  const env = (store: string) => ({
    MASSAGE_FHIR_STORE: store,
    MASSAGE_FHIR_HOSPITALS_0_ID: 'general',
    MASSAGE_FHIR_HOSPITALS_0_BASE: 'https://fhir.hospital.example/r4',
    MASSAGE_FHIR_HOSPITALS_0_TIMEZONE: 'UTC',
  });

  it('says what the first start will run, and makes no store', async () => {
    const io = ioOf({ cwd, env: env('new.sqlite') });
    expect(await runCommandLine(['migrate', 'status'], io)).to.equal(1);
    expect(io.out()).to.contain('is at migration 0').and.to.contain('the next start runs it');
    expect(existsSync(join(cwd, 'new.sqlite'))).to.equal(false);
  });

  it('says when each was run', async () => {
    const store = await openStore(join(cwd, 'used.sqlite'), { now: () => '2026-03-02T09:30:00Z' });
    await store.close();
    const io = ioOf({ cwd, env: env('used.sqlite') });
    expect(await runCommandLine(['migrate', 'status', '--json'], io)).to.equal(0);
    expect(JSON.parse(io.out())).to.deep.include({ current: last, known: last, pending: [] });
    expect(io.out()).to.contain('2026-03-02T09:30:00Z');
  });

  it('ends with 1 for a store of a newer version', async () => {
    const store = await openStore(join(cwd, 'newer.sqlite'), {
      migrations: [...migrations, { number: last + 1, name: 'later', run: async () => {} }],
    });
    await store.close();
    const io = ioOf({ cwd, env: env('newer.sqlite') });
    expect(await runCommandLine(['migrate', 'status'], io)).to.equal(1);
    expect(io.out()).to.contain('A newer version has used this store');
  });
});
