/** Every fault that a server can cause while it is read: the right referrals once, the state of the run, its words. */
import { expect } from 'chai';
import { startSandbox } from '../../../src/sandbox/sandbox.ts';
import { adapterOn } from '../adapter.ts';
import { order } from '../one-order.ts';
import { faultRows } from './fault-rows.ts';

const ours = Array.from({ length: 12 }, (_, n) => `ours-${String(n).padStart(2, '0')}`);

/** Orders with times of their own, as a server has that was in use before. */
function ward(): fhir4.FhirResource[] {
  const at = (n: number) => ({
    meta: { lastUpdated: new Date(Date.now() - (n + 2) * 3_600_000).toISOString() },
  });
  return [
    { resourceType: 'Patient', id: 'fern', ...at(90), name: [{ text: 'Odo Larkmead' }] },
    ...ours.map((id, n) => order(id, at(n))),
    order('theirs', {
      ...at(40),
      code: { coding: [{ system: 'http://snomed.info/sct', code: '71388002' }] },
    }),
    order('draft', { ...at(41), status: 'draft' }),
  ];
}

describe('what goes wrong at a server while it is read', function () {
  this.timeout(30_000);

  for (const {
    quirk,
    when,
    faults,
    settings = '',
    state,
    says,
    found = ours.length,
    heals,
  } of faultRows) {
    it(`${quirk}: ${when}: the run is ${state}`, async () => {
      const hospital = await startSandbox({ resources: ward() });
      let ahead = 0;
      const adapter = await adapterOn({
        clock: () => new Date(Date.now() + ahead),
        base: hospital.base,
        hospital: `    pageSize: 5\n${settings}`,
      });
      const referrals = async () =>
        (await adapter.referrals()).map(({ referral }) => referral.care.order.reference).sort();
      try {
        for (const fault of faults) hospital.faults.add(fault);
        const met = await adapter.poll();
        const words = met.problems.map((one) => one.says).join('\n');
        expect(met.state, words).to.equal(state);
        if (says === undefined) expect(words).to.equal('');
        else expect([words, ...met.notes].join('\n')).to.match(says);
        expect(await referrals()).to.have.length(found);

        hospital.faults.clear();
        if (heals !== undefined) ahead = 24 * 3_600_000;
        let after = await adapter.full();
        for (let night = 1; heals === 'within a week' && night < 7; night += 1) {
          ahead += 24 * 3_600_000;
          after = await adapter.full();
        }
        expect(after.state, after.problems.map((one) => one.says).join('\n')).to.equal('complete');
        expect(await referrals()).to.deep.equal(ours.map((id) => `ServiceRequest/${id}`));
        expect((await adapter.poll()).new).to.equal(0);
      } finally {
        await adapter.close();
        await hospital.stop();
      }
    });
  }
});
