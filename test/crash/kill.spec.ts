/**
 * `kill -9` at every moment (invariants I1, I2, I6): before a write reaches the hospital, after the hospital has done it
 * and before the answer arrives, around the moment when the answer is settled, while pages come in, and anywhere at all.
 * The next process goes on from the store alone, and the hospital ends up with each result once.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { outboxCounts } from '../../src/store/outbox.ts';
import { openStore } from '../../src/store/store.ts';
import { listWork } from '../../src/store/work.ts';
import { startDroppingProxy } from '../support/dropping-proxy.ts';
import type { ChildGiven } from './child.ts';
import { type DayPlan, expectedObservations, smallHospital } from './day.ts';
import { expectOneVisit } from './proof.ts';
import { type Choices, choicesFrom, runSeed } from './seeded.ts';
import { expectInboxSettled } from './store-proof.ts';

/** Where a process is killed. */
type Moment =
  /** The n-th write of this process has not reached the hospital. */
  | { readonly at: 'before'; readonly write: number }
  /** The hospital has done it, the answer is on its way. */
  | { readonly at: 'after'; readonly write: number }
  /** So long after the answer to it was sent back: around the moment when it is settled. */
  | { readonly at: 'answered'; readonly write: number; readonly ms: number }
  /** So long after the n-th answer to a search: pages stored, not yet understood. */
  | { readonly at: 'read'; readonly read: number; readonly ms: number }
  /** So long after the store was opened. */
  | { readonly at: 'time'; readonly ms: number };

const rounds = 50;
/** A process that is killed has not lived long; this many of them, then one that may finish. */
const killsPerRound = 3;
const seed = runSeed();
const killed: Record<Moment['at'], number> = { before: 0, after: 0, answered: 0, read: 0, time: 0 };

describe('kill -9', function () {
  this.timeout(400_000);

  it(`leaves one of each, wherever it strikes (${rounds} rounds)`, async () => {
    for (let round = 0; round < rounds; round++) {
      try {
        await liveThrough(choicesFrom(seed + round), round);
      } catch (thrown) {
        throw new Error(
          `round ${round} of MASSAGE_FHIR_TEST_SEED=${seed}: ${(thrown as Error).message}`,
          { cause: thrown },
        );
      }
    }
    console.log(`      killed ${JSON.stringify(killed)}`);
    for (const [moment, times] of Object.entries(killed))
      expect(times, `kills of kind ${moment}`).to.be.greaterThan(0);
  });
});

async function liveThrough(choices: Choices, round: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'massage-fhir-kill-'));
  const plan: DayPlan = {
    moves: choices.below(3),
    pauses: choices.below(2),
    scores: 1 + choices.below(2),
    techniques: choices.below(2),
  };
  const hospital = await startSandbox({
    resources: smallHospital(new Date(), choices.maybe(0.5)),
  });
  let living: Life | undefined;
  const proxy = await startDroppingProxy(hospital.base, {
    rewriteBase: true,
    onWrite: (moment) => living?.onWrite(moment),
    onRead: () => living?.onRead(),
  });
  try {
    const store = join(folder, 'store.sqlite');
    const given = { store, base: proxy.base, plan, seed: choices.below(2 ** 30) };
    let offset = 0;
    for (let life = 0; life <= killsPerRound; life++) {
      const moment = life === killsPerRound ? undefined : momentOf(choices, round, life);
      living = bear({ ...given, offset, seed: given.seed + life }, moment);
      const end = await living.ended;
      // Leases are 5 s; what a dead process held is free for the next one.
      offset = end.ahead + 10_000;
      if (end.finished) break;
      if (moment === undefined) throw new Error('The last process did not come to an end.');
    }
    await expectOneVisit(hospital.base, expectedObservations(plan));
    await expectStoreAtRest(store);
  } finally {
    living?.kill();
    await proxy.stop();
    await hospital.stop();
    await rm(folder, { recursive: true });
  }
}

async function expectStoreAtRest(path: string): Promise<void> {
  const store = await openStore(path);
  try {
    const { sent = 0, needless = 0, ...others } = await outboxCounts(store.read);
    expect(others, 'intentions that are not settled').to.deep.equal({});
    expect(sent + needless).to.be.greaterThan(0);
    const work = (await listWork(store.read)).map(({ kind, says }) => `${kind}: ${says}`);
    expect(work.join('\n'), 'work for people').to.equal('');
    await expectInboxSettled(store.read, 1);
  } finally {
    await store.close();
  }
}

/** The moments take turns, so that each kind comes up in every run; the rest is chosen. */
function momentOf(choices: Choices, round: number, life: number): Moment {
  const write = 1 + choices.below(4);
  const turns: readonly Moment[] = [
    { at: 'before', write },
    { at: 'after', write },
    { at: 'answered', write, ms: choices.below(12) },
    { at: 'read', read: 1 + choices.below(8), ms: choices.below(10) },
    { at: 'time', ms: choices.below(400) },
  ];
  return turns[(round + 2 * life) % turns.length] as Moment;
}

interface Life {
  onWrite(moment: 'before' | 'after'): void | Promise<void>;
  onRead(): void;
  kill(): void;
  readonly ended: Promise<{ readonly finished: boolean; readonly ahead: number }>;
}

/** Starts a process that will be killed at this moment, or never. */
function bear(given: ChildGiven, moment: Moment | undefined): Life {
  const script = new URL('child.ts', import.meta.url).pathname;
  const child: ChildProcess = spawn(process.execPath, [script, JSON.stringify(given)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let ahead = given.offset;
  let writes = 0;
  let reads = 0;
  let struck = false;
  const strike = () => {
    if (moment === undefined || struck) return;
    struck = true;
    killed[moment.at] += 1;
    child.kill('SIGKILL');
  };
  const strikeIn = (ms: number) => setTimeout(strike, ms);
  child.stdout?.setEncoding('utf8').on('data', (said: string) => {
    for (const [, ms] of said.matchAll(/ahead (\d+)\n/g)) ahead = Number(ms);
    if (said.includes('open') && moment?.at === 'time') strikeIn(moment.ms);
  });
  const complaints = child.stderr === null ? Promise.resolve('') : text(child.stderr);
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  async function ended() {
    const [code, signal] = await exit;
    const said = await complaints;
    if (signal !== 'SIGKILL' && code !== 0) throw new Error(`The child ended with ${code}: ${said}`);
    return { finished: signal === null, ahead };
  }
  return {
    async onWrite(at) {
      if (at === 'before') writes += 1;
      if (moment === undefined || !('write' in moment) || moment.write !== writes) return;
      if (moment.at === 'answered') {
        if (at === 'after') strikeIn(moment.ms);
      } else if (moment.at === at) {
        strike();
        // The dead do not hear the answer, and what they were about to send has not left them.
        await exit;
        if (at === 'before') throw new Error('The client is gone.');
      }
    },
    onRead() {
      reads += 1;
      if (moment?.at === 'read' && moment.read === reads) strikeIn(moment.ms);
    },
    kill: () => child.kill('SIGKILL'),
    ended: ended(),
  };
}
