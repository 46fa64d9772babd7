/**
 * Invariant I2 on the wire: whatever kind of write loses its answer, once or twice in a row, before or after the hospital
 * has processed it, the hospital ends up with each result once. The clock is moved past every pause, nothing sleeps.
 */
import { expect } from 'chai';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { outboxCounts, stuck } from '../../src/store/outbox.ts';
import { listWork } from '../../src/store/work.ts';
import { type DroppingProxy, startDroppingProxy } from '../support/dropping-proxy.ts';
import { get } from '../support/fhir-http.ts';
import { adapterOn, type TestAdapter } from '../sync/adapter.ts';
import { type DayPlan, expectedObservations, nextStep, smallHospital, untilDue } from './day.ts';
import { startPlainServer } from './plain-server.ts';
import { expectOneVisit } from './proof.ts';
import { type Choices, choicesFrom, runSeed } from './seeded.ts';

interface Write {
  readonly method: 'POST' | 'PUT';
  readonly type: 'Appointment' | 'Procedure' | 'Observation' | 'Task';
}

const writes: readonly Write[] = [
  { method: 'POST', type: 'Appointment' },
  { method: 'PUT', type: 'Appointment' },
  { method: 'POST', type: 'Procedure' },
  { method: 'POST', type: 'Observation' },
  { method: 'PUT', type: 'Task' },
  { method: 'POST', type: 'Task' },
];

/** Ways to lose an answer: after the hospital has done the write, or before, which looks the same from here. */
const ways: readonly (FaultKind | 'proxy')[] = [
  'proxy',
  { do: 'lose-answer' },
  { do: 'truncate' },
  { do: 'truncate', chunked: true },
  { do: 'drop-request' },
  { do: 'status', status: 500 },
  { do: 'status', status: 502, body: '<html>Bad gateway</html>' },
  { do: 'html' },
  { do: 'outcome-200' },
];

const minute = 60_000;
const seed = runSeed();

describe('lost answers', function () {
  this.timeout(120_000);

  for (const [index, write] of writes.entries())
    it(`leave one of each after ${write.method} ${write.type} (${ways.length} rounds)`, async () => {
      for (const [round, way] of ways.entries())
        await inRound(index * 100 + round, async (choices) => {
          const world = await open(choices, write, { plain: false, throughProxy: way === 'proxy' });
          world.lose(write, choices.maybe(0.5) ? 1 : 2, way);
          await world.wholeDay();
          expect(world.struck(), 'answers lost').to.be.greaterThan(0);
        });
    });

  it('leave one of each on a server without conditional create (12 rounds)', async () => {
    for (let round = 0; round < 12; round++)
      await inRound(1_000 + round, async (choices) => {
        const write = writes[round % writes.length] as Write;
        const world = await open(choices, write, { plain: true, throughProxy: round < 6 });
        const { rest } = await get<fhir4.CapabilityStatement>(world.base, 'metadata');
        expect(rest?.[0]?.resource?.some((one) => one.conditionalCreate)).to.equal(false);
        world.lose(write, choices.maybe(0.5) ? 1 : 2, round < 6 ? 'proxy' : { do: 'lose-answer' });
        await world.wholeDay();
        expect(world.struck(), 'answers lost').to.be.greaterThan(0);
      });
  });

  // An Appointment that was made is shown by the search for the visits of its order: see the next test.
  for (const [index, write] of writes.filter(({ method }) => method === 'POST').entries())
    for (const happened of write.type === 'Appointment' ? [false] : [true, false])
      it(`become work where nobody can look: POST ${write.type}, ${happened ? 'processed' : 'not processed'}`, () =>
        inRound(2_000 + 10 * index + Number(happened), async (choices) => {
          const world = await open(choices, write, { plain: false, throughProxy: false });
          const { hospital, adapter } = world;
          const broken = { method: 'GET', type: write.type, path: 'identifier=' };
          hospital.faults.add({ do: 'status', status: 400, on: broken, times: 1e6 });
          hospital.faults.add({ do: happened ? 'lose-answer' : 'drop-request', on: write });
          await world.untilQuiet();
          const sent = () => hospital.requests.filter(({ method }) => method !== 'GET').length;
          const atFirst = sent();
          const [unknown, ...others] = await stuck(adapter.store.read);
          expect(unknown?.state).to.equal('unknown');
          expect(others).to.deep.equal([]);
          const work = await listWork(adapter.store.read);
          expect(work.map(({ kind, intention }) => ({ kind, intention }))).to.deep.equal([
            { kind: 'write-unknown', intention: unknown?.id },
          ]);
          for (let day = 0; day < 7; day++) {
            world.pass(24 * 60 * minute);
            await adapter.poll();
          }
          expect(sent(), 'nothing more is sent for days').to.equal(atFirst);
          const marks = hospital.all(write.type).map((one) => one.identifier?.[0]?.value);
          expect(new Set(marks).size).to.equal(marks.length);
          expect(marks.includes(unknown?.id)).to.equal(happened);
        }));

  it('of an Appointment are cleared up when a poll shows it, where nobody can look by identifier', () =>
    inRound(2_100, async (choices) => {
      const write = { method: 'POST', type: 'Appointment' } as const;
      const world = await open(choices, write, { plain: false, throughProxy: false });
      const { hospital, adapter } = world;
      const broken = { method: 'GET', type: write.type, path: 'identifier=' };
      hospital.faults.add({ do: 'status', status: 400, on: broken, times: 1e6 });
      hospital.faults.add({ do: 'lose-answer', on: write });
      await world.until('plan');
      await adapter.poll();
      expect((await stuck(adapter.store.read)).map(({ state }) => state)).to.deep.equal([
        'unknown',
      ]);
      await adapter.poll();
      expect(await stuck(adapter.store.read)).to.deep.equal([]);
      await world.wholeDay();
    }));

  it('of a move do not undo the next one', () =>
    inRound(3_000, async (choices) => {
      const write = { method: 'PUT', type: 'Appointment' } as const;
      const world = await open(choices, write, { plain: false, throughProxy: false, moves: 2 });
      const { hospital, adapter } = world;
      await world.until('move');
      hospital.faults.add({ do: 'lose-answer', on: write });
      // The look that follows at once is put off, so that the next move is decided in doubt.
      const look = { method: 'GET', path: '/Appointment/' };
      hospital.faults.add({ do: 'status', status: 429, retryAfter: 600, on: look, after: 1 });
      await adapter.poll();
      await world.until('move');
      await world.wholeDay();
      const start = hospital.all('Appointment')[0]?.start ?? '';
      const [episode] = await adapter.referrals();
      expect(Date.parse(start)).to.equal(Date.parse(episode?.sessions[0]?.start ?? ''));
      expect(Date.parse(start) - Date.parse(episode?.referral.requestedAt ?? '')).to.equal(
        49 * 60 * minute,
      );
    }));
});

/** What the running round has opened. */
const closing: (() => Promise<void>)[] = [];

interface World {
  readonly hospital: Sandbox;
  readonly adapter: TestAdapter;
  /** Where the adapter finds the hospital. */
  readonly base: string;
  pass(ms: number): void;
  /** Loses the next answers to such a write in this way. */
  lose(write: Write, times: number, way: FaultKind | 'proxy'): void;
  struck(): number;
  /** Steps on, with and without a sync between them, until this has been done. */
  until(step: string): Promise<void>;
  /** The whole day, then syncs until nothing is left to be sent without a person. */
  untilQuiet(): Promise<void>;
  /** The same, and then everything is at the hospital once and nothing waits for a person. */
  wholeDay(): Promise<void>;
}

interface WorldOptions {
  readonly plain: boolean;
  readonly throughProxy: boolean;
  readonly moves?: number;
}

async function open(choices: Choices, write: Write, options: WorldOptions): Promise<World> {
  let passed = 0;
  const clock = () => new Date(Date.now() + passed);
  // A Task of ours is only created where the hospital has none.
  const isCreatedTask = write.type === 'Task' && write.method === 'POST';
  const withTask = !isCreatedTask && choices.maybe(0.5);
  const plan: DayPlan = {
    moves: options.moves ?? choices.below(2),
    pauses: choices.below(3),
    scores: 1 + choices.below(4),
    techniques: choices.below(3),
  };
  const hospital = await startSandbox({ resources: smallHospital(new Date(), withTask) });
  const plain = options.plain ? await startPlainServer(hospital.base) : undefined;
  const behind = plain?.base ?? hospital.base;
  const proxy: DroppingProxy | undefined = options.throughProxy
    ? await startDroppingProxy(behind, { rewriteBase: true })
    : undefined;
  const base = proxy?.base ?? behind;
  const adapter = await adapterOn({ base, clock });
  const world: World = {
    hospital,
    adapter,
    base,
    pass: (ms) => {
      passed += ms;
    },
    lose(lost, times, way) {
      if (way === 'proxy') proxy?.dropAnswers({ ...lost, times });
      else hospital.faults.add({ ...way, on: lost, times });
    },
    struck: () => proxy?.dropped ?? hospital.requests.filter(({ fault }) => fault).length,
    async until(step) {
      for (let done = ''; done !== step; ) {
        done = await nextStep(adapter, plan);
        if (done === 'over') return;
        // What is planned goes out before the visit starts, or there is nothing to update.
        const mustSync = done === 'waiting' || done === 'plan';
        if (done !== step && (mustSync || choices.maybe(0.6))) await adapter.poll();
        world.pass(choices.below(8) * minute);
      }
    },
    async untilQuiet() {
      await world.until('over');
      for (let tries = 0; tries < 100; tries++) {
        await adapter.poll();
        const due = await untilDue(adapter, clock());
        if (due === undefined) return;
        world.pass(due + 1);
      }
      throw new Error('The outbox does not come to rest.');
    },
    async wholeDay() {
      await world.untilQuiet();
      await expectOneVisit(hospital.base, expectedObservations(plan));
      const { sent = 0, needless = 0, ...others } = await outboxCounts(adapter.store.read);
      expect(others, 'intentions that are not settled').to.deep.equal({});
      expect(sent + needless).to.be.greaterThan(0);
      const work = (await listWork(adapter.store.read)).map(({ kind, says }) => `${kind}: ${says}`);
      expect(work.join('\n'), 'work for people').to.equal('');
    },
  };
  closing.push(async () => {
    await adapter.close();
    await proxy?.stop();
    await plain?.stop();
    await hospital.stop();
  });
  return world;
}

/** Runs one round; a failure says how to see it again. */
async function inRound(number: number, round: (choices: Choices) => Promise<void>): Promise<void> {
  try {
    await round(choicesFrom(seed + number));
  } catch (thrown) {
    throw new Error(
      `round ${number} of MASSAGE_FHIR_TEST_SEED=${seed}: ${(thrown as Error).message}`,
      {
        cause: thrown,
      },
    );
  } finally {
    for (const close of closing.splice(0)) await close();
  }
}
