/** What a table of fields does with a source: readers for the value, paths for the explanation. */
import { expect } from 'chai';
import { explain } from '../../src/mapping/explain.ts';
import { fieldTable, map } from '../../src/mapping/field-table.ts';

interface Small {
  readonly id: string;
  readonly kind: { readonly words?: string | undefined; readonly urgent: boolean };
  readonly town?: string | undefined;
}

const table = fieldTable<fhir4.ServiceRequest, { place?: fhir4.Location | undefined }, Small>(
  'small',
  {
    id: { from: 'ServiceRequest.id', read: ({ id }) => id, otherwise: '?' },
    kind: {
      group: {
        words: { from: 'ServiceRequest.code.text', read: ({ code }) => code?.text, via: 'kinds' },
        urgent: {
          from: 'ServiceRequest.priority',
          read: ({ priority }, _, flag) => {
            if (priority === undefined) flag('is not said; taken as not urgent');
            return priority === 'urgent';
          },
        },
      },
    },
    town: {
      from: '%place.address.city | ServiceRequest.occurrence',
      read: (_, { place }) => place?.address?.city,
      why: () => 'nobody knows the place',
    },
  },
  {
    resourceType: 'ServiceRequest',
    shape: { resourceType: 'string', id: 'string', code: { text: 'string' }, priority: 'string' },
    given: { place: { address: { city: 'string' } } },
  },
);

// biome-ignore lint/suspicious/noExplicitAny: the point is that any JSON may come
const order = (more: any): fhir4.ServiceRequest => ({ resourceType: 'ServiceRequest', ...more });

describe('field table', () => {
  it('reads fields, groups and what is given', () => {
    const place: fhir4.Location = { resourceType: 'Location', address: { city: 'Ulm' } };
    const source = order({ id: '1', code: { text: 'Massage' }, priority: 'urgent' });
    expect(map(table, source, { place })).to.deep.equal({
      value: { id: '1', kind: { words: 'Massage', urgent: true }, town: 'Ulm' },
      flags: [],
    });
  });

  it('leaves empty fields out, and puts something where a field must not be missing', () => {
    expect(map(table, order({}), {})).to.deep.equal({
      value: { id: '?', kind: { urgent: false } },
      flags: [
        { path: 'ServiceRequest.id', says: 'is missing' },
        { path: 'ServiceRequest.priority', says: 'is not said; taken as not urgent' },
      ],
    });
  });

  it('flags what has the wrong type, in the source and in what is given', () => {
    // biome-ignore lint/suspicious/noExplicitAny: the point is that any JSON may come
    const place = { address: 'Ulm' } as any;
    const { value, flags } = map(table, order({ id: '1', code: 'Massage', priority: 'stat' }), {
      place,
    });
    expect(value).to.deep.equal({ id: '1', kind: { urgent: false } });
    expect(flags).to.deep.equal([
      { path: 'ServiceRequest.code', says: 'is not an object' },
      { path: '%place.address', says: 'is not an object' },
    ]);
  });

  it('reads what is no resource of its kind as far as it goes, and says so', () => {
    for (const source of [null, 5, [], 'x', { resourceType: 'Patient', id: '1' }]) {
      const { flags } = map(table, source as fhir4.ServiceRequest, {});
      expect(flags.map(({ says }) => says)).to.include(
        'is missing: this is another kind of resource',
      );
    }
  });
});

describe('explain', () => {
  it('shows path, what it selects, value, code table, and why a field is empty', async () => {
    const source = order({ id: '1', code: { text: 'Massage' }, occurrenceDateTime: '2026-03-02' });
    expect(await explain(table, source, {})).to.deep.equal([
      { field: 'id', from: 'ServiceRequest.id', found: ['1'], value: '1' },
      {
        field: 'kind.words',
        from: 'ServiceRequest.code.text',
        found: ['Massage'],
        value: 'Massage',
        via: 'kinds',
      },
      {
        field: 'kind.urgent',
        from: 'ServiceRequest.priority',
        found: [],
        value: false,
        note: 'is not said; taken as not urgent',
      },
      {
        field: 'town',
        from: '%place.address.city | ServiceRequest.occurrence',
        found: ['2026-03-02'],
        value: undefined,
        note: 'nobody knows the place',
      },
    ]);
  });

  it('shows what was sent also where it cannot be used', async () => {
    const [, words] = await explain(table, order({ code: { text: 7.5 } }), {});
    expect(words).to.deep.include({ found: [7.5], value: undefined });
    expect(words?.note).to.equal('nothing usable was found');
  });
});
