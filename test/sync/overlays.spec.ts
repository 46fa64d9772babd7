/** A site's overlays in the flow: what an order asks for, whether it is ours, and what did not fit in its story. */
import { expect } from 'chai';
import { versionsOf } from '../../src/store/inbox.ts';
import { type CodedSite, openCodedSite } from './codes/site.ts';
import { order } from './one-order.ts';

describe('overlays of a site', () => {
  let world: CodedSite;
  afterEach(() => world.stop());

  const settings = (overlays: string) => `mapping:\n  overlays:\n${overlays}`;
  const visits = `    - { mapping: order-to-referral, field: visits, expression: "extension('http://h/visits').value" }\n`;
  const categories = `    - { mapping: order-outline, field: categories, expression: "extension('http://h/group').value" }\n`;
  const group = {
    url: 'http://h/group',
    valueCoding: { system: 'urn:oid:1.2.3.9', code: 'massage' },
  };

  it('say how many visits an order asks for, and which orders wait for a person', async () => {
    world = await openCodedSite({ settings: settings(visits + categories) });
    world.hospital.put(order('one', { extension: [{ url: 'http://h/visits', valueInteger: 6 }] }));
    const local = { coding: [{ system: 'urn:oid:1.2.3', code: '4711' }] };
    world.hospital.put(order('two', { code: local, extension: [group] }));
    await world.adapter.poll();
    expect((await world.adapter.of('ServiceRequest/one')).referral.care.visits).to.equal(6);
    expect(await world.states('two')).to.deep.equal(['waiting']);
  });

  it('leave a finding with the order where what they select does not fit', async () => {
    world = await openCodedSite({ settings: settings(visits) });
    world.hospital.put(
      order('one', { extension: [{ url: 'http://h/visits', valueString: 'six' }] }),
    );
    await world.adapter.poll();
    const [row] = await versionsOf(world.adapter.store.read, 'general', 'ServiceRequest', 'one');
    expect(row?.findings).to.contain('the site’s expression gives something else');
    expect(row?.findings).not.to.contain('six');
  });
});
