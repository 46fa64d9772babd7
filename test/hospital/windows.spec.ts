import { expect } from 'chai';
import fc from 'fast-check';
import {
  halves,
  isInWindow,
  type Window,
  windowAfter,
  windowParams,
} from '../../src/hospital/windows.ts';

const now = '2026-03-02T09:30:00.400Z';
const instants = fc
  .date({ min: new Date('2001-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

describe('windows of server time', () => {
  it('reaches back behind the cursor and stays behind now', () => {
    expect(windowAfter('2026-03-02T09:25:00Z', now)).to.deep.equal({
      from: '2026-03-02T09:15:00Z',
      to: '2026-03-02T09:28:01Z',
    });
  });

  it('ends with the current second where writes show at once', () => {
    expect(windowAfter(undefined, now, { lagMs: 0 })).to.deep.equal({ to: '2026-03-02T09:30:01Z' });
  });

  it('begins at the floor without a cursor, and never before it', () => {
    const floor = '2026-03-01T00:00:00Z';
    expect(windowAfter(undefined, now, { floor }).from).to.equal(floor);
    expect(windowAfter('2026-03-01T00:01:00Z', now, { floor }).from).to.equal(floor);
  });

  it('is counted in the hospital’s time where its clock differs from ours', () => {
    expect(windowAfter(undefined, now, { lagMs: 0, skewMs: -90_000 }).to).to.equal(
      '2026-03-02T09:28:31Z',
    );
  });

  it('is never empty, also after a clock was set back', () => {
    const window = windowAfter('2027-01-01T00:00:00Z', now, { overlapMs: 0, lagMs: 0 });
    expect(window).to.deep.equal({ from: '2026-03-02T09:30:00Z', to: '2026-03-02T09:30:01Z' });
  });

  it('leaves no instant between one window and the next, whatever the clocks do', () => {
    const wait = fc.integer({ min: 0, max: 3_600_000 });
    fc.assert(
      fc.property(
        instants,
        wait,
        wait,
        wait,
        fc.integer({ min: -5000, max: 5000 }),
        (first, later, overlapMs, lagMs, skewMs) => {
          const options = { overlapMs, lagMs };
          const one = windowAfter(undefined, first, options);
          const second = new Date(Date.parse(first) + later).toISOString();
          const two = windowAfter(one.to, second, { ...options, skewMs });
          expect(Date.parse(two.from ?? '')).to.be.below(Date.parse(one.to));
          expect(Date.parse(two.to)).to.be.above(Date.parse(two.from ?? ''));
          expect(two.from).to.match(/:\d\dZ$/);
        },
      ),
    );
  });

  it('puts every instant of a window into exactly one of its halves, down to one second', () => {
    const length = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(instants, length, fc.nat(), (start, seconds, at) => {
        const fromMs = Math.floor(Date.parse(start) / 1000) * 1000;
        const window = spanning(fromMs, seconds);
        const instant = new Date(fromMs + (at % (seconds * 1000))).toISOString();
        const parts = halves(window);
        expect(isInWindow(window, instant)).to.equal(true);
        if (seconds === 1) expect(parts).to.equal(undefined);
        else expect(parts?.filter((part) => isInWindow(part, instant))).to.have.length(1);
      }),
    );
  });

  it('splits a window without lower bound without giving it one', () => {
    const parts = halves({ to: '2026-01-01T00:00:00Z' });
    expect(parts?.[0].from).to.equal(undefined);
    expect(parts?.[1]).to.deep.equal({ from: parts?.[0].to, to: '2026-01-01T00:00:00Z' });
  });

  it('cannot tell for a resource without a readable time', () => {
    expect(isInWindow({ to: now }, undefined)).to.equal(undefined);
    expect(isInWindow({ to: now }, 'yesterday')).to.equal(undefined);
  });

  it('is asked for with ge and lt', () => {
    expect(windowParams({ from: 'a', to: 'b' })).to.deep.equal([
      ['_lastUpdated', 'gea'],
      ['_lastUpdated', 'ltb'],
    ]);
  });
});

function spanning(fromMs: number, seconds: number): Window {
  const iso = (ms: number) => new Date(ms).toISOString();
  return { from: iso(fromMs), to: iso(fromMs + seconds * 1000) };
}
