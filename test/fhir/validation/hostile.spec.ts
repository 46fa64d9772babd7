/** Resources that were made to do harm get a verdict within a second, and no crash. */
import { expect } from 'chai';
import { aSecond } from '../../support/second.ts';
import { errorsOf, theValidator } from './verdicts.ts';

/** An object around an object around an object … */
function nested(levels: number, around: (inner: unknown) => object): object {
  let value: object = { x: 1 };
  for (let level = 0; level < levels; level += 1) value = around(value);
  return value;
}

const hostile: Readonly<Record<string, () => unknown>> = {
  '10,000 levels of extensions': () => ({
    resourceType: 'Patient',
    extension: [nested(10_000, (inner) => ({ url: 'a', extension: [inner] }))],
  }),
  '10,000 levels of contained resources': () =>
    nested(10_000, (inner) => ({ resourceType: 'Patient', id: 'a', contained: [inner] })),
  '10,000 levels of items': () => ({
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    item: [nested(10_000, (inner) => ({ linkId: 'a', item: [inner] }))],
  }),
  '10,000 levels of Bundles': () =>
    nested(10_000, (inner) => ({
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ resource: inner }],
    })),
  '10,000 levels of lists': () => {
    let list: unknown = [];
    for (let level = 0; level < 10_000; level += 1) list = [list];
    return { resourceType: 'Patient', name: list };
  },
  'a key __proto__': () =>
    JSON.parse('{"resourceType":"Patient","__proto__":{"active":7},"constructor":{"a":1}}'),
  'names that every object has': () => ({ resourceType: 'toString', hasOwnProperty: 1 }),
  'a million wrong entries': () => ({
    resourceType: 'Patient',
    name: Array.from({ length: 1_000_000 }, () => 7),
  }),
  'a million nulls': () => ({
    resourceType: 'Patient',
    name: [{ given: Array.from({ length: 1_000_000 }, () => null) }],
  }),
  'a hundred thousand unknown elements': () => ({
    resourceType: 'Patient',
    ...Object.fromEntries(Array.from({ length: 100_000 }, (_, place) => [`k${place}`, place])),
  }),
  'a text of 20 MB': () => ({
    resourceType: 'Patient',
    name: [{ family: 'x'.repeat(20_000_000) }],
  }),
  'a code of 20 MB of blanks': () => ({ resourceType: 'Patient', gender: ' '.repeat(20_000_000) }),
  'base64 of 20 MB that ends badly': () => ({
    resourceType: 'Patient',
    photo: [{ data: `${'YWJj'.repeat(5_000_000)}=a` }],
  }),
  'a URL that makes patterns turn back': () => ({
    resourceType: 'Patient',
    managingOrganization: { reference: `${'a/'.repeat(500_000)}!` },
  }),
  'a narrative of open tags': () => ({
    resourceType: 'Patient',
    text: {
      status: 'generated',
      div: `<div xmlns="http://www.w3.org/1999/xhtml">${'<b>'.repeat(500_000)}`,
    },
  }),
  'halves of surrogate pairs': () => ({
    resourceType: 'Patient',
    name: [{ family: '\ud800', text: 'a\udfff' }],
  }),
};

/** Nothing is wrong with these but their size. */
const large: Readonly<Record<string, () => unknown>> = {
  'contained resources that point at each other': () => ({
    resourceType: 'Patient',
    link: [{ other: { reference: '#a' }, type: 'seealso' }],
    contained: ['a', 'b'].map((id) => ({
      resourceType: 'Patient',
      id,
      link: [
        { other: { reference: id === 'a' ? '#b' : '#a' }, type: 'seealso' },
        { other: { reference: '#' }, type: 'x' },
      ],
    })),
  }),
  'twenty thousand references to twenty thousand contained resources': () => ({
    resourceType: 'Patient',
    contained: Array.from({ length: 20_000 }, (_, id) => ({
      resourceType: 'Practitioner',
      id: `c${id}`,
    })),
    generalPractitioner: Array.from({ length: 20_000 }, (_, id) => ({
      reference: `#c${19_999 - id}`,
    })),
  }),
  'ten thousand entries that refer to each other': () => ({
    resourceType: 'Bundle',
    type: 'collection',
    entry: Array.from({ length: 10_000 }, (_, id) => ({
      fullUrl: `https://a.example/Patient/${id}`,
      resource: {
        resourceType: 'Patient',
        id: `${id}`,
        link: [{ other: { reference: `Patient/${9999 - id}` }, type: 'x' }],
      },
    })),
  }),
};

describe('validation: hostile resources', function () {
  // The clock is looked at in each test; the limit of mocha counts the making too
  this.timeout(20_000);

  before(() => {
    for (const type of ['Patient', 'Bundle', 'QuestionnaireResponse'])
      theValidator().validate({ resourceType: type, name: [{ given: ['warm'] }] });
  });

  for (const [name, make] of Object.entries(hostile))
    it(`${name}: refused within a second`, () => {
      const resource = make();
      const started = process.cpuUsage();
      const { valid, issues } = theValidator().validate(resource);
      expect(process.cpuUsage(started).user / 1e6).to.be.below(aSecond());
      expect(valid).to.equal(false);
      expect(issues.length).to.be.within(1, 2100);
    });

  for (const [name, make] of Object.entries(large))
    it(`${name}: judged within a second`, () => {
      const resource = make();
      const started = process.cpuUsage();
      const { issues } = theValidator().validate(resource);
      expect(process.cpuUsage(started).user / 1e6).to.be.below(aSecond());
      expect(issues.length).to.be.lessThan(2100);
    });

  it('leaves what all objects share as it was', () => {
    errorsOf(JSON.parse('{"resourceType":"Patient","__proto__":{"polluted":true}}'));
    expect('polluted' in {}).to.equal(false);
  });
});
