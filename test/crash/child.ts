/**
 * The adapter in a process of its own, to be killed: it lives the small day from wherever the store says it is, and ends
 * when the day is over and everything is sent. Its clock runs ahead by `offset`, so that leases and pauses of the process
 * before it are over; each jump of the clock is told on standard output, so that the next process can start after it.
 *
 * Arguments, as one JSON text: store, base, offset (ms), plan, seed.
 */
import { adapterOn } from '../sync/adapter.ts';
import { type DayPlan, nextStep, untilDue } from './day.ts';
import { choicesFrom } from './seeded.ts';

export interface ChildGiven {
  readonly store: string;
  readonly base: string;
  readonly offset: number;
  readonly plan: DayPlan;
  readonly seed: number;
}

const { store, base, offset, plan, seed } = JSON.parse(process.argv[2] ?? '') as ChildGiven;
const choices = choicesFrom(seed);
let ahead = offset;
const clock = () => new Date(Date.now() + ahead);

function pass(ms: number): void {
  ahead += ms;
  process.stdout.write(`ahead ${ahead}\n`);
}

const adapter = await adapterOn({ base, store, clock });
process.stdout.write('open\n');
for (let done = ''; done !== 'over'; ) {
  // Sometimes the next thing is decided before anybody looks at what became of the last.
  if (done === 'waiting' || choices.maybe(0.7)) await adapter.poll();
  pass(60_000);
  done = await nextStep(adapter, plan);
}
for (let tries = 0; ; tries++) {
  const { state, problems } = await adapter.poll();
  const due = await untilDue(adapter, clock());
  if (due === undefined && state === 'complete') break;
  if (tries > 30) throw new Error(`The outbox does not come to rest: ${JSON.stringify(problems)}`);
  pass((due ?? 0) + 60_000);
}
await adapter.close();
