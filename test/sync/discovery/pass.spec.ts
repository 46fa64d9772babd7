/** One page of what was found, and one way that cannot excuse itself. */
import { expect } from 'chai';
import { takePage } from '../../../src/sync/discovery/pass.ts';
import { emptyTally } from '../../../src/sync/report.ts';
import { order } from '../one-order.ts';
import { type Looking, looking, patient } from './looking.ts';

describe('one pass over a hospital', () => {
  let one: Looking;

  beforeEach(async () => {
    one = await looking([patient('a'), order('of-a', { subject: { reference: 'Patient/a' } })]);
    await one.list('Patient/a');
  });
  afterEach(() => one.stop());

  it('says once that the hospital shows what does not name what was asked for', async () => {
    const tally = emptyTally();
    const { signal } = new AbortController();
    const pass = { site: one.site, run: 'run', mode: 'poll', tally, signal } as const;
    const page = { rung: 'A5', resources: [], outcomes: [], notes: [], partial: false } as const;
    for (const notOurs of [0, 2, 3])
      await takePage({ ...pass, survey: {} as never, reconsider: () => false }, 'A5', {
        ...page,
        requestId: 'x',
        left: { outside: 0, notOurs },
      });
    expect(tally.notes).to.have.length(1);
    expect(tally.notes[0]).to.match(/^A5: .*do not name what was asked for/);
  });

  it('goes the other ways where one is refused and the statement cannot be read just now', async () => {
    one.hospital.faults.add({ do: 'status', status: 403, on: { type: 'Task' }, times: 9 });
    one.hospital.faults.add({ do: 'status', status: 503, on: { path: '/metadata' }, times: 99 });
    const { found, tally } = await one.look({ rungs: ['A3', 'A6'] });
    expect(found).to.deep.equal({ complete: false, some: true });
    expect(tally.new).to.equal(1);
    expect(tally.problems.map(({ code }) => code)).to.include('not-allowed');
  }).timeout(20_000);
});
