/** A night over a large hospital: the full sweep beside undici and JSON.parse of the same pages, and its memory. */
import { foundBy, orderServer } from './children.ts';
import { type Bench, type Figure, inMb } from './figure.ts';
import type { FirstNightFound } from './first-night-of.ts';
import type { NightFound } from './night-of.ts';

const many = 100_000;
const few = 10_000;
const selected = 1_000;

/** Ratios: the product promises these. */
const leastOfUndici = 0.5;
const mostGrowth = 1.2;

export const night: Bench = {
  title: `A night over ${many.toLocaleString('en')} orders of which none changed, in pages of 50`,
  async run() {
    const large = await nightOver(many, 5);
    const small = await nightOver(few, 5);
    const growth = large.peak / small.peak;
    return [
      { what: 'undici.request and JSON.parse, each order', is: each(large.undici, many) },
      { what: 'the full sweep, each order', is: each(large.sweep, many) },
      {
        what: 'rate of the sweep / rate of undici and JSON.parse',
        is: large.ratio.toFixed(2),
        goal: `≥ ${leastOfUndici}`,
        isMet: large.ratio >= leastOfUndici,
      },
      { what: `highest memory, ${few.toLocaleString('en')} orders`, is: inMb(small.peak) },
      { what: `highest memory, ${many.toLocaleString('en')} orders`, is: inMb(large.peak) },
      {
        what: 'memory of many / memory of few',
        is: growth.toFixed(2),
        goal: `≤ ${mostGrowth}`,
        isMet: growth <= mostGrowth,
      },
      await firstNight(),
    ];
  },
};

async function nightOver(count: number, rounds: number): Promise<NightFound> {
  const { base, stop } = await orderServer(count, 0);
  const found = await foundBy<NightFound>('night-of.ts', [base, count, rounds]);
  await stop();
  return found;
}

async function firstNight(): Promise<Figure> {
  const { base, stop } = await orderServer(selected, 1);
  const { perSecond } = await foundBy<FirstNightFound>('first-night-of.ts', [base, selected]);
  await stop();
  return {
    what: `referrals committed, all of ${selected.toLocaleString('en')} orders new and ours`,
    is: `${perSecond.toFixed(0)} /s`,
  };
}

function each(milliseconds: number, count: number): string {
  return `${((milliseconds * 1_000) / count).toFixed(1)} µs`;
}
