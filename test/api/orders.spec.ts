/** One order by what stands on a screen of the hospital. */
import { expect } from 'chai';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { order } from '../sync/one-order.ts';
import { type Served, serveApi } from './served.ts';

describe('api: one order that is not on the list', () => {
  let hospital: Sandbox;
  let served: Served;

  before(async () => {
    hospital = await startSandbox({
      resources: [
        { resourceType: 'Patient', id: 'fern' } as fhir4.Patient,
        order('wanted'),
        order('draft', { status: 'draft' }),
      ],
    });
    served = await serveApi({ base: hospital.base });
  });
  after(async () => {
    await served.stop();
    await hospital.stop();
  });

  const ask = (id: string, as: 'therapist' | 'viewer' = 'therapist') =>
    served.post('/api/orders', { order: id }, { as });

  it('is read, judged and on the list, by its reference, its id or its address', async () => {
    for (const spelled of [
      'ServiceRequest/wanted',
      'wanted',
      `${hospital.base}/ServiceRequest/wanted`,
    ]) {
      const { status, json } = await ask(spelled);
      expect(status).to.equal(200);
      expect(json).to.deep.include({ order: 'ServiceRequest/wanted', state: 'applied' });
      const shown = await served.get(`/api/referrals/${json.referral}`);
      expect(shown.json.order.reference).to.equal('ServiceRequest/wanted');
    }
    expect((await served.get('/api/referrals')).json.items).to.have.length(1);
  });

  it('says why it is not ours, and keeps nothing of it', async () => {
    const { json } = await ask('draft');
    expect(json).to.deep.include({ state: 'refused', rule: 'status' });
    expect(json).not.to.have.property('referral');
  });

  it('says that the hospital does not have it', async () => {
    const { status, json } = await ask('nothing-here');
    expect(status).to.equal(404);
    expect(json.code).to.equal('not-found');
  });

  it('refuses what names no order of this hospital, and asks nobody', async () => {
    const before = hospital.requests.length;
    for (const wrong of ['Patient/fern', 'https://other.example/fhir/ServiceRequest/1', 'a b'])
      expect((await ask(wrong)).status).to.equal(400);
    expect(hospital.requests.length).to.equal(before);
  });

  it('is no business of a viewer', async () => {
    expect((await ask('wanted', 'viewer')).status).to.equal(403);
  });
});
