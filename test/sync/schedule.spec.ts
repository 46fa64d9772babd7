import { expect } from 'chai';
import { siteSettings } from '../../src/site-settings.ts';
import { beginRun, endRun } from '../../src/store/runs.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { localDate, localTime } from '../../src/sync/local-time.ts';
import { whatIsDue } from '../../src/sync/schedule.ts';
import { settingsFor } from './adapter.ts';

const [hospital] = settingsFor({ base: 'http://127.0.0.1:9/fhir' }).hospitals;
if (hospital === undefined) throw new Error('no hospital');
const settings = siteSettings(hospital); // America/Chicago, nightly 02:30, poll 5m

describe('what is due', () => {
  let store: Store;
  beforeEach(async () => {
    store = await openStore(':memory:');
  });
  afterEach(() => store.close());

  let run = 0;
  async function ran(
    at: string,
    mode: 'poll' | 'full',
    state: 'complete' | 'failed' = 'complete',
  ): Promise<void> {
    const id = `run-${run++}`;
    await store.transaction(async (tx) => {
      await beginRun(tx, {
        id,
        hospital: 'general',
        mode,
        localDate: localDate(new Date(at), settings.timezone),
        owner: 'test',
        leaseUntil: at,
        startedAt: at,
      });
      await endRun(tx, id, { state, endedAt: at });
    });
  }
  const due = (at: string) => whatIsDue(store.read, settings, new Date(at));

  it('is a full sweep for a store that has never had one, once the night’s hour has come', async () => {
    expect(await due('2026-03-02T08:31:00Z')).to.equal('full'); // 02:31 in Chicago
    expect(await due('2026-03-02T08:29:00Z')).to.equal('poll');
  });

  it('is nothing right after a run, a poll five minutes later', async () => {
    await ran('2026-03-02T08:31:00Z', 'full');
    expect(await due('2026-03-02T08:35:00Z')).to.equal(undefined);
    expect(await due('2026-03-02T08:36:00Z')).to.equal('poll');
  });

  it('is the sweep of a night that was slept through, in the morning', async () => {
    await ran('2026-03-01T08:31:00Z', 'full');
    await ran('2026-03-02T07:00:00Z', 'poll');
    expect(await due('2026-03-02T15:00:00Z')).to.equal('full');
  });

  it('is one sweep a night through both changes of summer time', async () => {
    for (const [night, first] of [
      ['2026-03-08', '2026-03-08T08:00:00Z'], // 02:30 does not exist: 02:00 jumps to 03:00
      ['2026-11-01', '2026-11-01T07:30:00Z'], // 01:30 happens twice
    ] as const) {
      const yesterday = new Date(Date.parse(`${night}T12:00:00Z`) - 24 * 3_600_000).toISOString();
      await ran(yesterday, 'full');
      let sweeps = 0;
      for (let minute = 0; minute < 12 * 60; minute += 5) {
        const at = new Date(Date.parse(first) + minute * 60_000).toISOString();
        const what = await due(at);
        if (what === undefined) continue;
        if (what === 'full') sweeps += 1;
        await ran(at, what);
      }
      expect(sweeps, night).to.equal(1);
    }
  });

  it('is the sweep again a quarter of an hour after it failed, not every minute', async () => {
    await ran('2026-03-02T08:31:00Z', 'full', 'failed');
    expect(await due('2026-03-02T08:32:00Z')).to.equal(undefined);
    expect(await due('2026-03-02T08:46:00Z')).to.equal('full');
  });

  it('leaves a sweep that fails again and again more and more time, up to four hours', async () => {
    const begun: string[] = [];
    for (let at = Date.parse('2026-03-02T08:30:00Z'); begun.length < 7; at += 60_000) {
      const now = new Date(at).toISOString();
      if ((await due(now)) !== 'full') continue;
      begun.push(now);
      await ran(now, 'full', 'failed');
    }
    const pauses = begun.slice(1).map((at, n) => Date.parse(at) - Date.parse(begun[n] ?? ''));
    expect(pauses.map((ms) => ms / 60_000)).to.deep.equal([15, 30, 60, 120, 240, 240]);
  });

  it('tells date and time as the hospital’s clock does', () => {
    expect(localDate(new Date('2026-03-02T05:59:00Z'), 'America/Chicago')).to.equal('2026-03-01');
    expect(localTime(new Date('2026-07-02T05:59:00Z'), 'America/Chicago')).to.equal('00:59');
  });
});
