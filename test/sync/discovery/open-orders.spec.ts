/** Where a server lets nobody search for orders, those that are known are read one by one. */
import { expect } from 'chai';
import { readOne } from '../../../src/sync/read-one.ts';
import { connected, order } from '../one-order.ts';
import { type Looking, looking, patient } from './looking.ts';

describe('discovery where orders cannot be searched for', () => {
  let one: Looking;

  beforeEach(async () => {
    one = await looking([
      patient('a'),
      order('known', { subject: { reference: 'Patient/a' } }),
      order('unknown', { subject: { reference: 'Patient/a' } }),
    ]);
    one.set({ hasList: false });
    const { site, log } = connected(one.adapter);
    await readOne(site, log, 'known', new AbortController().signal);
    const declared = await site.hospital.capabilities();
    if (!declared.declared) throw new Error('The sandbox declares what it does.');
    const type = declared.types.get('ServiceRequest');
    if (type === undefined) throw new Error('The sandbox has orders.');
    const types = new Map(declared.types).set('ServiceRequest', {
      ...type,
      interactions: new Set(['read']),
    });
    Object.assign(site.hospital, { capabilities: async () => ({ ...declared, types }) });
    one.searches();
  });
  afterEach(() => one.stop());

  const look = () => one.look({ rungs: [] });
  const states = async () =>
    (await one.adapter.referrals()).map(({ referral }) => [
      referral.care.order.reference,
      referral.state,
    ]);

  it('hears what becomes of an open referral, without a search', async () => {
    one.hospital.put(order('known', { subject: { reference: 'Patient/a' }, status: 'revoked' }));
    const { found } = await look();
    expect(found.complete).to.equal(true);
    expect(await states()).to.deep.equal([['ServiceRequest/known', 'cancelled']]);
    expect(one.searches()).to.be.empty;
  });

  it('leaves what is gone to the full sweep', async () => {
    one.hospital.remove('ServiceRequest', 'known');
    expect((await look()).found.complete).to.equal(true);
    expect(await states()).to.deep.equal([['ServiceRequest/known', 'requested']]);
  });

  it('is not whole where an order may not be read', async () => {
    one.hospital.faults.add({ do: 'status', status: 403, on: { path: 'ServiceRequest/known' } });
    const { found, tally } = await look();
    expect(found.complete).to.equal(false);
    expect(tally.problems.map(({ says }) => says)[0]).to.match(/^known: GET ServiceRequest\/known/);
  });
});
