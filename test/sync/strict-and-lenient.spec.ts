/** Strict out, lenient in (DESIGN decision 8), on a hospital and an adapter beside it. */
import { expect } from 'chai';
import { why } from '../../src/check/why.ts';
import { listWork } from '../../src/store/work.ts';
import { connected, type OneOrder, openOneOrder, order } from './one-order.ts';

describe('strict out, lenient in', () => {
  let world: OneOrder;
  beforeEach(async () => {
    world = await openOneOrder();
  });
  afterEach(() => world.stop());

  it('sends nothing that is not valid, and asks a person by field and rule', async () => {
    // A place that cannot own a Task, as a slip in the settings
    world.set({ organization: 'Location/massage' });
    const { id } = (await world.adapter.of('ServiceRequest/one')).referral;
    await world.adapter.referral(id, { type: 'accept' });
    await world.send();
    expect(world.hospital.all('Task')).to.deep.equal([]);
    const [work, ...others] = await listWork(world.adapter.store.read);
    expect(others).to.deep.equal([]);
    expect(work?.kind).to.equal('write-refused');
    expect(work?.says).to.contain('Task.owner').and.to.contain('Location');
  });

  it('shows in a dry run that it would not be sent', async () => {
    world.set({ organization: 'Location/massage', write: 'dry-run' });
    const { id } = (await world.adapter.of('ServiceRequest/one')).referral;
    await world.adapter.referral(id, { type: 'accept' });
    await world.send();
    const told = await why(connected(world.adapter).site, 'ServiceRequest/one');
    expect(JSON.stringify(told)).not.to.contain('"request":{');
    expect(await world.work()).to.deep.equal([]);
  });

  it('takes an order that is not valid, and keeps what is wrong with it', async () => {
    const odd = {
      ...order('two', { authoredOn: '2026-02-30' }),
      priority: 'whenever',
      unheardOf: true,
    };
    await world.push(odd);
    expect(await world.state('two')).to.equal('requested');
    const { versions } = await why(connected(world.adapter).site, 'ServiceRequest/two');
    const paths = JSON.stringify(versions.map(({ findings }) => findings));
    for (const path of ['ServiceRequest.priority', 'ServiceRequest.unheardOf', 'authoredOn'])
      expect(paths).to.contain(path);
    expect(paths).not.to.contain('whenever');
  });
});
