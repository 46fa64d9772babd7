/** The Appointments of what is open: one that cannot be asked about hides none of the others. */
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Survey } from '../../../src/hospital/survey.ts';
import { startSandbox } from '../../../src/sandbox/sandbox.ts';
import { discoverVisits } from '../../../src/sync/discovery/visits.ts';
import { emptyTally } from '../../../src/sync/report.ts';
import type { Site } from '../../../src/sync/site.ts';
import { adapterOn } from '../adapter.ts';
import { connected, openOneOrder, order, visit } from '../one-order.ts';
import { type Looking, looking, patient } from './looking.ts';

const names = ['a', 'b', 'c'] as const;

/** Looks for visits where these parameters of Appointment are not to be trusted. */
async function visitsOf(site: Site, doubtful: readonly string[]) {
  const tally = emptyTally();
  const survey: Survey = {
    at: site.clock().toISOString(),
    vendor: { name: 'generic', product: 'any', signs: {} },
    vendorWhy: '',
    ...{ discovery: [], booking: [], result: [], once: [], update: [], passed: [], notes: [] },
    searches: { Appointment: { doubtful } },
  };
  const { signal } = new AbortController();
  const pass = { site, run: randomUUID(), mode: 'poll', tally, signal, survey } as const;
  return { whole: await discoverVisits({ ...pass, reconsider: () => false }), tally };
}

describe('visits of what is open, by their patients', () => {
  let one: Looking;

  beforeEach(async () => {
    one = await looking(
      names.flatMap((id) => [
        patient(id),
        order(`of-${id}`, { subject: { reference: `Patient/${id}` } }),
      ]),
    );
    await one.list(...names.map((id) => `Patient/${id}`));
    await one.look();
    one.searches();
  });
  afterEach(() => one.stop());

  const asked = () =>
    one.searches().map((path) => /patient=Patient\/(\w+)/.exec(path)?.[1] ?? path);

  it('are asked for although the hospital protects one record, which is said', async () => {
    one.hospital.faults.add({ do: 'status', status: 403, on: { path: 'Patient%2Fa' } });
    const { whole, tally } = await visitsOf(one.site, ['based-on']);
    expect(asked()).to.have.members([...names]);
    expect(whole).to.equal(false);
    expect(tally.problems.map(({ code }) => code)).to.deep.equal(['not-allowed']);
    expect(tally.problems[0]?.says).to.match(/^visits of Patient\/a: /);
  });

  it('end where the server wants no more questions', async () => {
    const status = { do: 'status', status: 401, on: { type: 'Appointment' } } as const;
    one.hospital.faults.add({ ...status, times: 9 });
    const { whole, tally } = await visitsOf(one.site, ['based-on']);
    expect(asked()).to.have.length(1);
    expect(whole).to.equal(false);
    expect(tally.problems.map(({ code }) => code)).to.deep.equal(['sign-in-refused']);
  });

  it('are one fault where all of them are refused', async () => {
    one.hospital.faults.add({ do: 'status', status: 403, on: { type: 'Appointment' }, times: 9 });
    const { whole, tally } = await visitsOf(one.site, ['based-on']);
    expect(whole).to.equal(false);
    expect(tally.problems).to.have.length(1);
  });
});

describe('visits of what is open, one by one', () => {
  it('are read although one of them is gone', async () => {
    const one = await openOneOrder();
    try {
      const { id } = await one.booked();
      const later = { type: 'plan', ...visit(24 * 60), therapist: 'ana' } as const;
      await one.adapter.referral(id, later);
      await one.adapter.poll();
      const [first, second] = one.hospital.all('Appointment');
      if (first?.id === undefined || second === undefined) throw new Error('not two visits');
      one.hospital.remove('Appointment', first.id);
      one.hospital.put({ ...second, comment: 'Bring the new shoes.' });
      const { whole, tally } = await visitsOf(connected(one.adapter).site, ['based-on', 'patient']);
      expect(whole).to.equal(true);
      expect(tally).to.include({ read: 1, fresh: 1 });
    } finally {
      await one.stop();
    }
  });
});

describe('a hospital that does not let us read its statement', () => {
  it('is read and written to all the same', async () => {
    const hospital = await startSandbox({ resources: [patient('fern'), order('one')] });
    const adapter = await adapterOn({ base: hospital.base });
    try {
      hospital.faults.add({
        do: 'status',
        status: 403,
        on: { path: '/metadata' },
        always: true,
      });
      expect((await adapter.poll()).state).to.equal('complete');
      const { id } = (await adapter.of('ServiceRequest/one')).referral;
      await adapter.referral(id, { type: 'accept' });
      const { state, sent, problems } = await adapter.poll();
      expect(state, problems.map(({ says }) => says).join()).to.equal('complete');
      expect(sent).to.equal(1);
    } finally {
      await adapter.close();
      await hospital.stop();
    }
  });
});
