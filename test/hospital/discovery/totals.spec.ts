/** Windows that are read again in halves, where totals say more than pages show. */
import { expect } from 'chai';
import fc from 'fast-check';
import { AdapterError } from '../../../src/core/errors.ts';
import { foundOf, narrowed } from '../../../src/hospital/discovery/found.ts';
import { totalsAreWrong } from '../../../src/hospital/discovery/totals.ts';
import type { Page } from '../../../src/hospital/paging.ts';
import type { Window } from '../../../src/hospital/windows.ts';
import { order } from '../wire.ts';

const start = Date.parse('2026-03-01T00:00:00Z');
const at = (second: number) => new Date(start + second * 1000).toISOString().replace('.000Z', 'Z');
const pageSize = 20;

interface Server {
  /** Seconds at which an order changed that we may see, and that we may not. */
  readonly shown: readonly number[];
  readonly hidden?: readonly number[];
  /** So many are shown and no more, without a word. */
  readonly cap?: number;
  /** From the number of orders that there are in a window. */
  readonly total?: (matches: number) => number;
  /** Windows are compared by so many seconds. */
  readonly grain?: number;
}

/** Reads a window of some seconds of such a server; its pages have no next link. */
async function read(
  { shown, hidden = [], cap = pageSize, total = (matches) => matches, grain = 1 }: Server,
  seconds: number,
) {
  let asked = 0;
  async function* pages({ from = at(0), to }: Window): AsyncGenerator<Page<fhir4.ServiceRequest>> {
    asked += 1;
    const begin = Math.floor((Date.parse(from) - start) / 1000 / grain) * grain;
    const end = Math.ceil((Date.parse(to) - start) / 1000 / grain) * grain;
    const isIn = (second: number) => second >= begin && second < end;
    const matches = shown.flatMap((second, n) => (isIn(second) ? [order(`${n}`, at(second))] : []));
    const resources = matches.slice(0, Math.min(cap, pageSize));
    const count = total(matches.length + hidden.filter(isIn).length);
    yield {
      ...{ number: 1, resources, included: [], outcomes: [], partial: false, notes: [] },
      capped: count >= resources.length ? count > resources.length : resources.length >= pageSize,
      total: count,
      requestId: '',
    };
  }
  const seen = new Set<string | undefined>();
  const notes: string[] = [];
  let error: unknown;
  try {
    const window = { from: at(0), to: at(seconds) };
    const found = (page: Page<fhir4.ServiceRequest>) => foundOf('A1', page, () => true);
    for await (const page of narrowed(window, pages, found, { pageSize })) {
      notes.push(...page.notes);
      for (const { id } of page.resources) seen.add(id);
    }
  } catch (thrown) {
    if (!(thrown instanceof AdapterError)) throw thrown;
    error = thrown.code;
  }
  return { asked, seen: seen.size, notes, error };
}

const day = 24 * 3600;

describe('discovery: totals that are larger than what is shown', () => {
  const someOrders = [3, 3, 90, 4000, 4001, 50_000];

  for (const [which, total] of [
    ['seven more than there are', (matches: number) => matches + 7],
    ['one more than there are', (matches: number) => matches + 1],
    ['always the same', () => 900],
  ] as const)
    for (const [what, shown] of [
      ['several orders', someOrders],
      ['one order', [17]],
      ['none', []],
    ] as const)
      it(`are not believed where they are ${which}: a window of ${what} is whole, and it is said`, async () => {
        const { asked, seen, notes, error } = await read({ shown, total }, day);
        expect({ seen, notes, error }).to.deep.equal({
          ...{ seen: shown.length, notes: [totalsAreWrong], error: undefined },
        });
        expect(asked).to.be.lessThan(150);
      });

  it('are believed of a second of which as many are shown as ever', async () => {
    const shown = Array.from({ length: 12 }, () => 40);
    const { notes, error } = await read({ shown, cap: 8, grain: 60 }, day);
    expect({ notes, error }).to.deep.equal({ notes: [], error: 'paging-broken' });
  });

  it('are never doubted where they are right, and then nothing that is shown in halves is missed', async () => {
    const seconds = fc.array(fc.integer({ min: 0, max: 127 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        seconds,
        fc.array(fc.integer({ min: 0, max: 127 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 30 }),
        async (shown, hidden, cap) => {
          const { seen, notes, error } = await read({ shown, hidden, cap }, 128);
          expect(notes).to.deep.equal([]);
          if (error === undefined) expect(seen).to.equal(shown.length);
          else expect(error).to.equal('paging-broken');
        },
      ),
    );
  });

  it('are never doubted at the cost of what a cap leaves out', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 127 }), { maxLength: 60 }),
        fc.integer({ min: 5, max: 30 }),
        fc.integer({ min: 0, max: 9 }),
        async (shown, cap, more) => {
          const { seen, error } = await read(
            { shown, cap, total: (matches) => matches + more },
            128,
          );
          if (error === undefined) expect(seen).to.equal(shown.length);
        },
      ),
    );
  });
});
