import { expect } from 'chai';
import fc from 'fast-check';
import { isBesideDue } from '../../src/core/beside-due.ts';
import { carryOut, instant, requested } from './episodes.ts';

const at = 24 * 60;
const ahead = carryOut(requested(), [
  { type: 'accept' },
  { type: 'plan', start: instant(at), end: instant(at + 30) },
]);

describe('what is beside a referral is read again', () => {
  const due = (now: number, asked: number | undefined, episode = ahead) =>
    isBesideDue(episode, asked === undefined ? undefined : instant(asked), instant(now));

  it('from a day before a visit on, and not without one', () => {
    expect(due(-10, undefined)).to.equal(false);
    expect(due(10, undefined)).to.equal(true);
    expect(due(10, undefined, requested())).to.equal(false);
    expect(due(at + 25 * 60, undefined)).to.equal(false);
  });

  it('at most once an hour, and once more in the last hour', () => {
    expect(due(100, 41)).to.equal(false);
    expect(due(100, 40)).to.equal(true);
    expect(due(at - 50, at - 70)).to.equal(true);
    expect(due(at - 20, at - 50)).to.equal(false);
  });

  it('not for a visit under way, nor of a referral that has ended', () => {
    const session = ahead.sessions[0]?.id ?? '';
    expect(due(at, undefined, carryOut(ahead, [{ type: 'start', session }], 20))).to.equal(false);
    const ended = carryOut(ahead, [{ type: 'give-up', reason: 'enough' }], 20);
    expect(due(at - 10, undefined, ended)).to.equal(false);
  });

  it('within the last hour before each visit, as long as somebody looks once an hour', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 60 }), (steps) => {
        let [now, asked]: [number, number | undefined] = [at - 30 * 60, undefined];
        for (const step of steps) {
          now += step;
          if (now > at) break;
          if (due(now, asked)) asked = now;
          if (now >= at - 60) expect(asked).to.be.greaterThanOrEqual(at - 60);
        }
      }),
    );
  });
});
