import { expect } from 'chai';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { wardResources } from '../../src/sandbox/ward.ts';
import { adapterOn, type TestAdapter } from './adapter.ts';

describe('one order, all the way round', () => {
  let hospital: Sandbox;
  let adapter: TestAdapter;

  beforeEach(async () => {
    hospital = await startSandbox({ resources: wardResources(new Date()) });
    adapter = await adapterOn({ base: hospital.base });
  });
  afterEach(async () => {
    await adapter.close();
    await hospital.stop();
  });

  it('comes back as Appointment, Procedure, Observations and a completed Task', async () => {
    const report = await adapter.poll();
    console.log(JSON.stringify(report, null, 1));
    const all = await adapter.referrals();
    console.log(
      all
        .map(
          (one) =>
            `${one.referral.care.order.reference} ${one.referral.state} ${one.referral.care.patient.name}`,
        )
        .join('\n'),
    );
    expect(report.state).to.equal('complete');
  });
});
