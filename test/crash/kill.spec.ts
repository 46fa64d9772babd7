/**
 * `kill -9` at every moment (invariants I1, I2, I6): before a write reaches the hospital, after the hospital has done it,
 * between its answer and its settling, just after, while pages and rows come in, and anywhere at all. The next process
 * goes on from the store alone, and both sides end up with everything once.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { wardResources } from '../../src/sandbox/ward.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { startDroppingProxy } from '../support/dropping-proxy.ts';
import { adapterOn } from '../sync/adapter.ts';
import { type DayPlan, expectedObservations, smallHospital } from './day.ts';
import { bear, type End, type Life, type Moment } from './life.ts';
import { expectOneVisit } from './proof.ts';
import { type Choices, choicesFrom, runSeed } from './seeded.ts';
import { expectCursorBehindData, expectInboxSettled, expectOutboxAtRest } from './store-proof.ts';

const seed = runSeed();
/** Fifty in CI; fewer where somebody waits for the end of `npm test`. */
const dayRounds = Number(process.env.MASSAGE_FHIR_KILL_ROUNDS ?? 12);
const wardRounds = 6;
/** So many processes are killed in a round; the next one may live. */
const killsPerRound = 2;
/** Rounds at a time: a process spends most of its life in starting. */
const lanes = 2;

describe('kill -9', function () {
  this.timeout(600_000);

  it(`leaves one of each at the hospital, wherever it strikes (${dayRounds} rounds)`, async () => {
    const killed = await inRounds(dayRounds, async (choices, round) => {
      const plan: DayPlan = {
        moves: choices.below(3),
        pauses: choices.below(2),
        scores: 1 + choices.below(2),
        techniques: choices.below(2),
      };
      const resources = smallHospital(new Date(), choices.maybe(0.5));
      return inWorld(resources, async ({ hospital, live, look }) => {
        const kills = await live(plan, choices, (life) => dayMoment(choices, round, life));
        await expectOneVisit(hospital.base, expectedObservations(plan));
        await look(async (store) => {
          await expectOutboxAtRest(store.read);
          await expectInboxSettled(store.read, 1);
        });
        return kills;
      });
    });
    for (const moment of dayMoments) expect(killed[moment], moment).to.be.greaterThan(0);
  });

  it(`loses and doubles no order while a ward comes in (${wardRounds} rounds)`, async () => {
    const now = new Date();
    const undisturbed = await referralsOfWard(now);
    const killed = await inRounds(wardRounds, (choices, round) =>
      inWorld(wardResources(now), async ({ live, look }) => {
        const kills = await live(undefined, choices, (life) => wardMoment(choices, round, life));
        await look((store) => expectInboxSettled(store.read, undisturbed));
        return kills;
      }),
    );
    for (const moment of wardMoments) expect(killed[moment], moment).to.be.greaterThan(0);
  });
});

const dayMoments = [
  'before-write',
  'after-write',
  'write-answered',
  'write-settled',
  'any-time',
  'row-settled',
] as const satisfies readonly Moment['at'][];
const wardMoments = [
  'page-stored',
  'row-settled',
  'referral-saved',
] as const satisfies readonly Moment['at'][];

/** The moments take turns, so that each kind comes up in every run; which write it is, is chosen. */
function dayMoment(choices: Choices, round: number, life: number): Moment {
  const at = dayMoments[(round + life) % dayMoments.length] ?? 'any-time';
  if (at === 'any-time') return { at, ms: choices.below(500) };
  // Rows are few in such a day, and writes get fewer with each life.
  const most = at === 'row-settled' ? 2 : life === 0 ? 5 : 3;
  return { at, nth: 1 + choices.below(most) };
}

function wardMoment(choices: Choices, round: number, life: number): Moment {
  const at = wardMoments[(round + life) % wardMoments.length] ?? 'row-settled';
  return { at, nth: 1 + choices.below(at === 'page-stored' ? 4 : 12) };
}

type Kills = Partial<Record<Moment['at'], number>>;

/** Runs the rounds and adds up who was killed when; a failure says how to see it again. */
async function inRounds(
  rounds: number,
  live: (choices: Choices, round: number) => Promise<Kills>,
): Promise<Kills> {
  const all: Kills = {};
  let next = 0;
  async function lane(): Promise<void> {
    for (let round = next++; round < rounds; round = next++) {
      try {
        const kills = await live(choicesFrom(seed + round), round);
        for (const at of Object.keys(kills) as Moment['at'][])
          all[at] = (all[at] ?? 0) + (kills[at] ?? 0);
      } catch (thrown) {
        next = rounds; // the other lanes end too
        const said = (thrown as Error).message;
        throw new Error(`round ${round} of MASSAGE_FHIR_TEST_SEED=${seed}: ${said}`, {
          cause: thrown,
        });
      }
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: lanes }, lane));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  console.log(`      killed: ${JSON.stringify(all)}`);
  return all;
}

interface World {
  readonly hospital: Sandbox;
  /** Lives, is killed and lives again until all is done. */
  live(
    plan: DayPlan | undefined,
    choices: Choices,
    momentOf: (life: number) => Moment,
  ): Promise<Kills>;
  /** Opens the store that the dead left behind. */
  look(at: (store: Store) => Promise<void>): Promise<void>;
}

async function inWorld<T>(
  resources: readonly fhir4.FhirResource[],
  work: (world: World) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'massage-fhir-kill-'));
  const path = join(folder, 'store.sqlite');
  const hospital = await startSandbox({ resources });
  let living: Life | undefined;
  const proxy = await startDroppingProxy(hospital.base, {
    rewriteBase: true,
    onWrite: (when) => living?.onWrite(when),
  });
  const world: World = {
    hospital,
    async live(plan, choices, momentOf) {
      const kills: Kills = {};
      let end: End = { finished: false, ahead: 0 };
      for (let life = 0; !end.finished; life++) {
        const moment = life < killsPerRound ? momentOf(life) : undefined;
        // Leases are 5 s: what the dead held is free by then.
        const offset = end.ahead + 10_000;
        const given = { store: path, base: proxy.base, offset, seed: choices.below(2 ** 30) };
        living = bear({ ...given, ...(plan && { plan }) }, moment);
        end = await living.ended;
        if (end.finished) continue;
        if (moment === undefined) throw new Error('A process that nobody kills was killed.');
        kills[moment.at] = (kills[moment.at] ?? 0) + 1;
        await world.look((store) => expectCursorBehindData(store.read, hospital));
      }
      return kills;
    },
    async look(at) {
      const store = await openStore(path);
      try {
        await at(store);
      } finally {
        await store.close();
      }
    },
  };
  try {
    return await work(world);
  } finally {
    living?.kill();
    await proxy.stop();
    await hospital.stop();
    await rm(folder, { recursive: true });
  }
}

/** How many referrals the ward gives where nobody is killed. */
async function referralsOfWard(now: Date): Promise<number> {
  const hospital = await startSandbox({ resources: wardResources(now) });
  const adapter = await adapterOn({ base: hospital.base });
  try {
    await adapter.poll();
    return (await adapter.referrals()).length;
  } finally {
    await adapter.close();
    await hospital.stop();
  }
}
