/** What `why` says of an order that nobody knows, on servers that let people look in different ways. */
import { expect } from 'chai';
import { type Why, why } from '../../src/check/why.ts';
import type { VendorName } from '../../src/sandbox/sandbox.ts';
import { withRealSockets } from '../hospital/wire.ts';
import { closeHospitals, hospital, order } from '../sandbox/hospital.ts';
import { adapterOn, type TestAdapter } from '../sync/adapter.ts';
import { connected } from '../sync/one-order.ts';

describe('why: an order that nobody knows', () => {
  withRealSockets();
  let adapter: TestAdapter;
  afterEach(async () => {
    await adapter.close();
    await closeHospitals();
  });

  async function asking(base: string, asked: string): Promise<Why> {
    adapter = await adapterOn({ base });
    return why(connected(adapter).site, asked);
  }

  async function at(vendor: VendorName, asked: string) {
    const resources = [order({ id: 'one', identifier: [{ system: 'urn:orders', value: 'A-1' }] })];
    return asking((await hospital({ vendor, resources })).base, asked);
  }

  const nowhere = 'Neither here nor at the hospital is there an order with this id or identifier.';

  for (const vendor of ['generic', 'epic', 'oracle-health', 'meditech'] as const)
    it(`asked by reference is simply not there (${vendor})`, async () => {
      const { found, says, unread } = await at(vendor, 'ServiceRequest/does-not-exist');
      expect({ found, says, unread }).to.deep.equal({
        found: 'nowhere',
        says: nowhere,
        unread: 'The hospital knows no such order.',
      });
    });

  it('asked by a bare id is not there, with a remark where the server takes no search by identifier', async () => {
    const { says, unread } = await at('epic', 'does-not-exist');
    expect(says).to.contain('with this id; whether the hospital has one with this identifier was');
    expect(unread).to.match(/^The hospital knows no order with this id\. \(.*answered with 400/);
    expect(unread).not.to.contain('correct the referral');
  });

  it('asked by an identifier is looked for by it, and nothing is claimed where that is refused', async () => {
    expect((await at('generic', 'urn:orders|A-1')).order).to.equal('ServiceRequest/one');
    await adapter.close();
    await closeHospitals();
    expect((await at('generic', 'urn:orders|A-2')).says).to.equal(nowhere);
    await adapter.close();
    await closeHospitals();
    const { found, says, unread } = await at('epic', 'urn:orders|A-2');
    expect(found).to.equal('nowhere');
    expect(says).to.contain('whether the hospital has one was not found out');
    expect(unread).to.contain('answered with 400');
  });

  it('is not called missing by a hospital that does not answer', async () => {
    const { base, stop } = await hospital();
    await stop();
    const { says, unread } = await asking(base, 'ServiceRequest/one');
    expect(says).to.contain('whether the hospital has one was not found out');
    expect(unread).to.contain('network path');
  });
});
