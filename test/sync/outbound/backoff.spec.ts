import { expect } from 'chai';
import { AdapterError } from '../../../src/core/errors.ts';
import { patience, pauseAfter } from '../../../src/sync/outbound/backoff.ts';

describe('the pause before the next try', () => {
  const down = new AdapterError('hospital-unreachable', 'no answer');

  it('grows from half a minute to six hours and stays there', () => {
    const pauses = Array.from({ length: 60 }, (_, index) => pauseAfter(index + 1, down, 0.5));
    expect(pauses[0]).to.equal(30_000);
    expect(pauses).to.deep.equal([...pauses].sort((a, b) => a - b));
    expect(pauses.at(-1)).to.equal(6 * 3_600_000);
  });

  it('goes on for days before a person is told', () => {
    let waited = 0;
    let tries = 0;
    while (waited < patience) waited += pauseAfter(++tries, down, 0.5);
    expect(tries).to.be.within(20, 60);
    expect(patience).to.be.greaterThan(72 * 3_600_000);
  });

  it('is spread, and never shorter than the hospital asked for', () => {
    expect(pauseAfter(3, down, 0)).to.be.lessThan(pauseAfter(3, down, 0.99));
    const busy = new AdapterError('hospital-busy', 'later', { retryAfterMs: 3_600_000 });
    expect(pauseAfter(1, busy, 0)).to.equal(3_600_000);
  });

  it('is none after the first unclear answer: looking does no harm', () => {
    const unclear = new AdapterError('write-unclear', 'lost');
    expect([pauseAfter(1, unclear, 0.5), pauseAfter(2, unclear, 0.5)]).to.deep.equal([0, 60_000]);
  });
});
