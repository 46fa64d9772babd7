/** Budgets and the circuit breaker as a whole run shows them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { adapterOn, type TestAdapter } from './adapter.ts';

describe('a run within its limits', () => {
  let hospital: Sandbox;
  let folder = '';
  let now = new Date('2026-03-02T20:00:00Z');
  const open: TestAdapter[] = [];

  async function adapter(lines = ''): Promise<TestAdapter> {
    const one = await adapterOn({
      base: hospital.base,
      store: join(folder, 'store.sqlite'),
      hospital: lines,
      clock: () => now,
    });
    open.push(one);
    return one;
  }

  beforeEach(async () => {
    now = new Date('2026-03-02T20:00:00Z');
    folder = mkdtempSync(join(tmpdir(), 'massage-fhir-budget-'));
    hospital = await startSandbox();
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
    await hospital.stop();
    rmSync(folder, { recursive: true });
  });

  it('stops where the day is spent, also by what an earlier process spent, and goes on the next day', async () => {
    const first = await adapter();
    const { requests } = await first.poll();
    expect(requests).to.be.greaterThan(0);
    await first.close();
    open.splice(0);
    const second = await adapter(`    limits: { perDay: ${requests} }\n`);
    const spent = await second.poll();
    expect(spent).to.include({ state: 'failed', requests: 0 });
    expect(spent.problems.map(({ code }) => code)).to.include('hospital-busy');
    expect(spent.problems.map(({ says }) => says).join()).to.contain(
      `The budget of ${requests} requests a day is spent (${requests} today).`,
    );
    now = new Date('2026-03-03T06:00:00Z');
    expect((await second.poll()).requests).to.be.greaterThan(0);
  });

  it('says since when and why a hospital is left alone, and when it works again', async () => {
    const one = await adapter();
    hospital.faults.add({ do: 'drop-request', times: 1000 });
    const failed = await one.poll();
    const again = await one.poll();
    expect(failed.state).to.equal('failed');
    expect(again.requests).to.equal(0);
    expect(again.problems.map(({ says }) => says).join()).to.contain(
      'The hospital has been failing since 2026-03-02T20:00:00.000Z',
    );
    expect(one.signals.map(({ name }) => name)).to.include('hospital:failing');
    hospital.faults.clear();
    now = new Date('2026-03-02T20:20:00Z');
    expect((await one.poll()).state).to.equal('complete');
    expect(one.signals.map(({ name }) => name)).to.include('hospital:back');
  });
});
