/**
 * The adapter in a process of its own, to be killed: it lives the small day from wherever the store says it is, or only
 * reads what there is, and ends when all of it is done. Its clock runs ahead by `offset`, so that the leases and pauses of
 * the process before it are over; each jump is told on standard output, so that the next process can start after it.
 */
import type { Listener } from '../../src/core/signals.ts';
import { adapterOn } from '../sync/adapter.ts';
import { type DayPlan, nextStep, untilDue } from './day.ts';
import { choicesFrom } from './seeded.ts';

/** The first argument, as JSON text. */
export interface ChildGiven {
  readonly store: string;
  readonly base: string;
  /** Milliseconds. */
  readonly offset: number;
  readonly seed: number;
  /** Without it, the process only reads. */
  readonly plan?: DayPlan;
  /** The point in its own work at which the process kills itself. */
  readonly die?: Death | undefined;
}

export const deaths = {
  'page-stored': 'run:page',
  'row-settled': 'inbox:settled',
  'referral-saved': 'referral:changed',
  /** The answer to a write is there, its intention is not settled. */
  'write-answered': 'exchange',
  /** The intention has just been settled. */
  'write-settled': 'outbox:sent',
} as const;

export interface Death {
  readonly at: keyof typeof deaths;
  readonly nth: number;
}

function dyingAt({ at, nth }: Death): Listener {
  let seen = 0;
  return (name, data) => {
    if (name !== deaths[at]) return;
    if (at === 'write-answered' && 'method' in data && data.method === 'GET') return;
    seen += 1;
    if (seen === nth) process.kill(process.pid, 'SIGKILL');
  };
}

const given = JSON.parse(process.argv[2] ?? '') as ChildGiven;
const { store, base, plan, die } = given;
const choices = choicesFrom(given.seed);
let ahead = given.offset;
const clock = () => new Date(Date.now() + ahead);

function pass(ms: number): void {
  ahead += ms;
  process.stdout.write(`ahead ${ahead}\n`);
}

const adapter = await adapterOn({
  base,
  store,
  clock,
  hospital: '    pageSize: 5',
  ...(die === undefined ? {} : { listener: dyingAt(die) }),
});
process.stdout.write('open\n');
for (let done = ''; plan !== undefined && done !== 'over'; ) {
  // Sometimes the next thing is decided before anybody looks at what became of the last.
  if (done === 'waiting' || choices.maybe(0.7)) await adapter.poll();
  pass(60_000);
  done = await nextStep(adapter, plan);
}
for (let tries = 0; ; tries++) {
  const { state, problems } = await adapter.poll();
  const due = await untilDue(adapter, clock());
  if (due === undefined && state === 'complete') break;
  if (tries > 30) throw new Error(`It does not come to rest: ${JSON.stringify(problems)}`);
  pass((due ?? 0) + 60_000);
}
await adapter.close();
