import { expect } from 'chai';
import fc from 'fast-check';
import { dayBudget, minuteBudget } from '../../src/hospital/budget.ts';
import { localDay } from '../../src/hospital/local-day.ts';

const minute = 60_000;

describe('budget: requests in a minute', () => {
  it('lets a short question pass at once and spreads the rest', () => {
    const budget = minuteBudget(60);
    const starts = Array.from({ length: 18 }, () => budget.reserve(0));
    expect(starts.slice(0, 15)).to.deep.equal(Array(15).fill(0));
    expect(starts.slice(15)).to.deep.equal([1000, 2000, 3000]);
  });

  it('never starts more than allowed in any minute, nobody early, and all in their order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 200 }),
        (perMinute, gaps) => {
          const budget = minuteBudget(perMinute);
          let nowMs = 0;
          const starts: number[] = [];
          for (const gap of gaps) {
            nowMs += gap;
            const start = budget.reserve(nowMs);
            expect(start).to.be.at.least(nowMs);
            expect(start).to.be.at.least(starts.at(-1) ?? 0);
            starts.push(start);
          }
          for (const [at, start] of starts.entries()) {
            const later = starts[at + perMinute];
            // Summed as it is there: the difference of two fractions is rounded.
            if (later !== undefined) expect(later).to.be.at.least(start + minute);
          }
        },
      ),
    );
  });

  it('keeps nobody waiting who asks no faster than allowed', () => {
    const budget = minuteBudget(30);
    for (let at = 0; at < 300; at += 1) expect(budget.reserve(at * 2000)).to.equal(at * 2000);
  });

  it('does not wait for a clock that was set back', () => {
    const budget = minuteBudget(60);
    for (let at = 0; at < 20; at += 1) budget.reserve(10 * minute);
    expect(budget.reserve(minute)).to.be.within(minute, 2 * minute);
  });
});

describe('budget: requests in a day', () => {
  const chicago = 'America/Chicago';
  const at = (text: string) => Date.parse(text);

  it('begins with what the store knows of today, and ends with the local day', () => {
    const budget = dayBudget(5, chicago);
    const now = at('2026-03-02T20:00:00Z');
    expect(budget.uncounted(now)).to.equal('2026-03-02T06:00:00.000Z');
    budget.counted(3, now);
    expect(budget.uncounted(now)).to.equal(undefined);
    expect([budget.take(now, 'write'), budget.take(now, 'write')]).to.deep.equal([
      undefined,
      undefined,
    ]);
    expect(budget.take(now, 'write')).to.deep.equal({
      spent: 5,
      endsMs: at('2026-03-03T06:00:00Z'),
    });
  });

  it('begins anew with the next local day', () => {
    const budget = dayBudget(1, chicago);
    const evening = at('2026-03-03T05:59:59Z');
    budget.take(evening, 'write');
    expect(budget.take(evening, 'write')).to.include({ spent: 1 });
    expect(budget.take(at('2026-03-03T06:00:00Z'), 'write')).to.equal(undefined);
  });

  it('looks again after a while what other processes spent, and never forgets its own', () => {
    const budget = dayBudget(5, chicago);
    const now = at('2026-03-02T20:00:00Z');
    budget.counted(0, now);
    budget.take(now, 'write');
    budget.take(now, 'write');
    const later = now + 10 * minute;
    expect(budget.uncounted(later)).to.equal('2026-03-02T06:00:00.000Z');
    budget.counted(1, later);
    budget.take(later, 'write');
    budget.take(later, 'write');
    budget.take(later, 'write');
    expect(budget.take(later, 'write')).to.include({ spent: 5 });
  });

  it('leaves a tenth of it to writes, one at least', () => {
    const now = at('2026-03-02T20:00:00Z');
    for (const [perDay, forReading] of [
      [100, 90],
      [25, 22],
      [5, 4],
      [2, 1],
      [1, 1],
    ] as const) {
      const budget = dayBudget(perDay, chicago);
      for (let reads = 0; reads < forReading; reads += 1)
        expect(budget.take(now, 'read')).to.equal(undefined);
      expect(budget.take(now, 'read')).to.include({ spent: forReading });
      for (let writes = forReading; writes < perDay; writes += 1)
        expect(budget.take(now, 'write')).to.equal(undefined);
      expect(budget.take(now, 'write')).to.include({ spent: perDay });
    }
  });

  it('takes back what was not used', () => {
    const budget = dayBudget(1, chicago);
    const now = at('2026-03-02T20:00:00Z');
    budget.take(now, 'write');
    budget.giveBack();
    expect(budget.take(now, 'write')).to.equal(undefined);
  });
});

describe('budget: the local day', () => {
  const cases: readonly [string, string, string, string, string][] = [
    [
      'an ordinary one',
      'America/Chicago',
      '2026-03-02T20:00:00Z',
      '2026-03-02T06:00:00Z',
      '2026-03-03T06:00:00Z',
    ],
    [
      '23 hours where summer time begins',
      'America/Chicago',
      '2026-03-08T20:00:00Z',
      '2026-03-08T06:00:00Z',
      '2026-03-09T05:00:00Z',
    ],
    [
      '25 hours where it ends',
      'America/Chicago',
      '2026-11-01T20:00:00Z',
      '2026-11-01T05:00:00Z',
      '2026-11-02T06:00:00Z',
    ],
    [
      'one that begins at 01:00',
      'Africa/Cairo',
      '2026-04-24T12:00:00Z',
      '2026-04-23T22:00:00Z',
      '2026-04-24T21:00:00Z',
    ],
    [
      'its first moment',
      'Asia/Kolkata',
      '2026-03-01T18:30:00Z',
      '2026-03-01T18:30:00Z',
      '2026-03-02T18:30:00Z',
    ],
  ];
  for (const [name, timezone, now, starts, ends] of cases) {
    it(`has ${name}`, () => {
      expect(localDay(Date.parse(now), timezone)).to.deep.equal({
        startsMs: Date.parse(starts),
        endsMs: Date.parse(ends),
      });
    });
  }
});
