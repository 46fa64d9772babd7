/** The list of all mappings, and what `map` makes of a file: the value, and for each field why it is so. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fhirpath from 'fhirpath';
import { mapAnything, mappings } from '../../mappings/mappings.ts';

const root = join(import.meta.dirname, '../..');

const order: fhir4.ServiceRequest = {
  resourceType: 'ServiceRequest',
  id: 'o1',
  status: 'active',
  intent: 'order',
  code: { coding: [{ system: 'http://snomed.info/sct', code: '387854002' }] },
  orderDetail: [
    { coding: [{ system: 'http://snomed.info/sct', code: '229506003' }] },
    { text: 'Light pressure' },
  ],
  subject: { reference: 'Patient/p1' },
  occurrenceTiming: { repeat: { frequency: 2, period: 1, periodUnit: 'wk', count: 8 } },
};

const patient: fhir4.Patient = {
  resourceType: 'Patient',
  name: [{ given: ['Wenna'], family: 'Trask' }],
};

describe('the list of mappings', () => {
  it('names files that are there and paths that can be read', () => {
    for (const { name, file, fields } of mappings) {
      expect(existsSync(join(root, file)), name).to.equal(true);
      expect(fields).to.have.length.greaterThan(5);
      for (const { field, from } of fields)
        expect(() => fhirpath.parse(from), `${name}.${field}`).not.to.throw();
    }
  });

  it('has something that must be kept in every mapping of the round trip', () => {
    const without = mappings.filter(({ fields }) => !fields.some(({ kept }) => kept));
    expect(without.map(({ name }) => name)).to.deep.equal(['order-outline']);
  });
});

describe('mapAnything', () => {
  it('maps an order and explains each field', async () => {
    const mapped = await mapAnything(order, { patient });
    expect(mapped?.mapping).to.equal('order-to-referral');
    const field = (name: string) => mapped?.explain.find((one) => one.field === name);
    expect(field('visits')).to.deep.include({ value: 8 });
    expect(field('visits')?.found).to.include(8);
    expect(field('patient.name')).to.deep.include({ found: patient.name, value: 'Wenna Trask' });
    expect(field('techniques')?.via).to.equal('technique-in');
    expect(field('place')).to.deep.include({
      found: [],
      value: undefined,
      note: 'the source says nothing about it',
    });
  });

  it('finds with its paths what the readers read', async () => {
    const mapped = await mapAnything(order, { patient });
    for (const { field, value, found } of mapped?.explain ?? []) {
      const empty = value === undefined || (Array.isArray(value) && value.length === 0);
      if (!empty && field !== 'priority') expect(found, field).not.to.deep.equal([]);
    }
  });

  for (const [resourceType, mapping] of [
    ['Appointment', 'appointment-to-session'],
    ['Procedure', 'procedure-to-session'],
    ['Task', 'task-to-request'],
  ]) {
    it(`maps a ${resourceType} by ${mapping}`, async () => {
      expect((await mapAnything({ resourceType }))?.mapping).to.equal(mapping);
    });
  }

  it('has nothing for what no mapping reads', async () => {
    for (const other of [
      null,
      5,
      [],
      {},
      { resourceType: 'Patient' },
      { resourceType: 'toString' },
    ])
      expect(await mapAnything(other)).to.equal(undefined);
  });
});
