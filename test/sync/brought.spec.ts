import { expect } from 'chai';
import fc from 'fast-check';
import { broughtBy } from '../../src/sync/brought.ts';

const urn = (last: string) => `urn:uuid:3f1c0c8e-0000-4000-8000-00000000000${last}`;

describe('what a Bundle brings', () => {
  it('refers to its entries by their ids, where they have one', () => {
    const body = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        {
          fullUrl: urn('a'),
          resource: { resourceType: 'Patient', id: 'fern', name: [{ text: 'Fern' }] },
        },
        { fullUrl: urn('b'), resource: { resourceType: 'Practitioner', name: [{ text: 'Ana' }] } },
        {
          fullUrl: urn('c'),
          resource: {
            resourceType: 'ServiceRequest',
            id: 'one',
            subject: { reference: urn('A').toUpperCase() },
            requester: { reference: urn('b') },
            insurance: [{ reference: urn('d') }],
            note: [{ text: urn('a') }],
          },
        },
      ],
    };
    const { bodies, byName } = broughtBy(body);
    expect(bodies[2]).to.deep.equal({
      resourceType: 'ServiceRequest',
      id: 'one',
      subject: { reference: 'Patient/fern' },
      requester: { reference: urn('b') },
      insurance: [{ reference: urn('d') }],
      note: [{ text: urn('a') }],
    });
    expect(byName.get('Patient/fern')).to.equal(bodies[0]);
    expect(byName.get(urn('a'))).to.equal(bodies[0]);
    expect(byName.get(urn('b'))).to.equal(bodies[1]);
    expect(byName.get('ServiceRequest/one')).to.equal(bodies[2]);
  });

  it('is itself where it is no Bundle, or one without entries', () => {
    for (const body of [
      null,
      7,
      [],
      { resourceType: 'Bundle' },
      { resourceType: 'Bundle', entry: [] },
    ])
      expect(broughtBy(body).bodies).to.deep.equal([body]);
    const alone = { resourceType: 'Patient', id: 'fern' };
    expect(broughtBy(alone).byName.get('Patient/fern')).to.equal(alone);
  });

  it('is taken apart whatever it holds, and without URNs nothing in it is changed', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (resources) => {
        const entry = resources.map((resource) => ({ resource }));
        const { bodies } = broughtBy({ resourceType: 'Bundle', entry });
        expect(bodies).to.deep.equal(
          entry.length === 0 ? [{ resourceType: 'Bundle', entry }] : resources,
        );
      }),
    );
  });
});
