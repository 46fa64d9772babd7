/** Invariant I1 at the store: what was committed is there after a kill -9, and nothing is there by halves. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { sql } from 'kysely';
import { episodeOf, eventsOf } from '../../src/store/episodes.ts';
import { versionsOf } from '../../src/store/inbox.ts';
import { linksOf } from '../../src/store/links.ts';
import { outboxOf } from '../../src/store/outbox.ts';
import { openStore } from '../../src/store/store.ts';
import { stepsOfOne } from './crash-child.ts';
import { inFolder } from './engines.ts';

/** Runs a child on the store until it dies; returns what it said was committed. `killAfter`: we kill it after so many. */
async function workUntilKilled(
  path: string,
  name: string,
  death: { transaction: number; step: number } | { killAfter: number },
): Promise<string[]> {
  const at = 'step' in death ? [`${death.transaction}`, `${death.step}`] : [];
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'crash-child.ts'), path, name, ...at],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exit = once(child, 'exit');
  const committed: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    committed.push(line);
    if ('killAfter' in death && committed.length === death.killAfter) child.kill('SIGKILL');
  }
  expect((await exit)[1]).to.equal('SIGKILL');
  return committed;
}

/** Opens the store as the next process would; ids of all referrals, each found whole. */
async function wholeReferrals(path: string): Promise<string[]> {
  const store = await openStore(path);
  try {
    const check = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(
      store.read,
    );
    expect(check.rows[0]?.integrity_check).to.equal('ok');
    expect((await sql`pragma foreign_key_check`.execute(store.read)).rows).to.deep.equal([]);
    const rows = await store.read.selectFrom('referral').select('id').execute();
    for (const { id } of rows) {
      const { referral } = await episodeOf(store.read, id);
      expect([referral.state, referral.version], id).to.deep.equal(['accepted', 2]);
      expect((await eventsOf(store.read, id)).map(({ event }) => event.type)).to.deep.equal([
        'requested',
        'accepted',
      ]);
      expect((await outboxOf(store.read, id)).map(({ state }) => state)).to.deep.equal(['queued']);
      expect(await linksOf(store.read, id)).to.have.length(1);
      const [row, ...more] = await versionsOf(store.read, 'general', 'ServiceRequest', id);
      expect(row).to.include({ state: 'applied', referral: id });
      expect(more).to.deep.equal([]);
    }
    const left = await store.read
      .selectFrom('inbox')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(left.count, 'rows in the inbox').to.equal(rows.length);
    return rows.map(({ id }) => id);
  } finally {
    await store.close();
  }
}

describe('a process that is killed', () => {
  it('before any step of a transaction leaves the transactions before it, and nothing of this one', () =>
    inFolder(async (path) => {
      const expected: string[] = [];
      for (let step = 0; step < stepsOfOne; step++) {
        const committed = await workUntilKilled(path, `step${step}`, { transaction: 2, step });
        expect(committed).to.deep.equal([`step${step}-0`, `step${step}-1`]);
        expected.push(...committed);
        expect(await wholeReferrals(path)).to.have.members(expected);
      }
    })).timeout(60_000);

  it('at any moment has kept all that it said was committed', () =>
    inFolder(async (path) => {
      const said: string[] = [];
      for (const killAfter of [1, 7, 30]) {
        said.push(...(await workUntilKilled(path, `after${killAfter}`, { killAfter })));
        expect(await wholeReferrals(path)).to.include.members(said);
      }
      expect(said.length).to.be.at.least(38);
    })).timeout(60_000);

  it('while another writes the same store takes nothing from it', () =>
    inFolder(async (path) => {
      await (await openStore(path)).close();
      const both = await Promise.all([
        workUntilKilled(path, 'left', { transaction: 15, step: 4 }),
        workUntilKilled(path, 'right', { transaction: 25, step: 2 }),
      ]);
      expect(both.map(({ length }) => length)).to.deep.equal([15, 25]);
      expect(await wholeReferrals(path)).to.have.members(both.flat());
    })).timeout(60_000);
});
