import { expect } from 'chai';
import { byFhirpath } from '../../../src/fhir/invariants/by-fhirpath.ts';
import { rules } from '../../../src/fhir/invariants/by-hand/rules.ts';
import { pointers } from '../../../src/fhir/invariants/contained.ts';
import {
  invariantOf,
  type Node,
  type Surroundings,
} from '../../../src/fhir/invariants/invariants.ts';
import { officialDefinitions, officialExamples } from './official.ts';

const nowhere: Surroundings = { resource: {}, root: {} };

/** The expression of the constraint `key`, the only one of that name or the one on `path`. */
function expressionOf(key: string, path?: string): string {
  for (const [expression, { constraint, paths }] of officialDefinitions().all)
    if (constraint.key === key && (path === undefined || paths.has(path))) return expression;
  return expect.fail(`no constraint ${key}`);
}

function holds(key: string, node: unknown, around = nowhere): boolean | undefined {
  const { holds, byHand } = invariantOf(expressionOf(key), 'Element');
  expect(byHand, key).to.equal(true);
  return holds(node, around);
}

const inside = (resource: Node): Surroundings => ({ resource, root: resource });

describe('invariants by hand: what is contained (dom-3)', () => {
  const contains = (others: Node, inner: Node = {}): boolean | undefined => {
    const resource = {
      resourceType: 'Procedure',
      contained: [{ resourceType: 'Practitioner', id: 'p', ...inner }],
      ...others,
    };
    return holds('dom-3', resource, inside(resource));
  };

  it('has to be referred to', () => {
    expect(contains({})).to.equal(false);
    expect(contains({ recorder: { reference: '#p' } })).to.equal(true);
    expect(contains({ recorder: { reference: '#q' } })).to.equal(false);
    expect(contains({ recorder: { display: '#p' } })).to.equal(false);
  });

  it('may be referred to by a canonical or uri, also in a list or an extension of a primitive', () => {
    expect(contains({ instantiatesCanonical: ['http://x', '#p'] })).to.equal(true);
    expect(contains({ instantiatesUri: ['#p'] })).to.equal(true);
    const extension = [{ url: 'http://x', valueReference: { reference: '#p' } }];
    expect(contains({ _status: { extension } })).to.equal(true);
    expect(contains({ _instantiatesUri: [null, { extension }] })).to.equal(true);
  });

  it('may refer to its container instead', () => {
    expect(contains({}, { managingOrganization: { reference: '#' } })).to.equal(true);
    expect(contains({}, { instantiatesCanonical: ['#'] })).to.equal(true);
  });

  it('may be referred to by another contained resource', () => {
    const resource = {
      resourceType: 'Procedure',
      contained: [
        { resourceType: 'Practitioner', id: 'p' },
        { resourceType: 'PractitionerRole', id: 'r', practitioner: { reference: '#p' } },
      ],
      recorder: { reference: '#r' },
    };
    expect(holds('dom-3', resource, inside(resource))).to.equal(true);
  });

  it('is judged as the engine judges it, once `as` is the ofType that it means', () => {
    const meant = byFhirpath(
      expressionOf('dom-3').replaceAll('.as(', '.ofType('),
      'DomainResource',
    );
    let compared = 0;
    for (const [, example] of officialExamples(400, [])) {
      if (!Array.isArray(example.contained)) continue;
      for (const resource of [example, ...withoutReferences(example)]) {
        const around = inside(resource);
        expect(holds('dom-3', resource, around)).to.equal(meant(resource, around));
        compared += 1;
      }
    }
    expect(compared).to.be.greaterThan(200);
  }).timeout(20_000);

  it('knows every element of R4 that points by text', () => {
    const kinds = ['uri', 'url', 'canonical', 'oid', 'uuid'];
    const named = new Set(['reference']);
    for (const properties of officialDefinitions().properties.values())
      for (const [name, { type }] of properties) if (kinds.includes(type)) named.add(name);
    expect([...pointers].sort()).to.deep.equal([...named].sort());
  });

  it('does not overflow on a resource of a hundred thousand levels', () => {
    let deep: Node = { reference: '#p' };
    for (let level = 0; level < 100_000; level += 1) deep = { extension: [deep] };
    expect(contains(deep)).to.equal(true);
  });
});

/** The resource again, each time without one of its properties that refer to something inside. */
function* withoutReferences(resource: Node): Generator<Node> {
  for (const name of Object.keys(resource)) {
    if (name === 'contained' || !JSON.stringify(resource[name]).includes('"#')) continue;
    const { [name]: _, ...rest } = resource;
    yield rest;
  }
}

describe('invariants by hand: references (ref-1)', () => {
  const root = { resourceType: 'Task', contained: [{ id: 'a' }, { id: 'bb' }] };
  const around = { resource: { resourceType: 'Patient' }, root };
  const engine = byFhirpath(expressionOf('ref-1'), 'Reference');

  for (const [reference, expected] of [
    ['#a', true],
    ['#bb', true],
    ['#b', false],
    ['#', true],
    ['Patient/a', true],
    ['', true],
  ] as const)
    it(`${expected ? 'finds' : 'misses'} ${JSON.stringify(reference)} in the outermost resource`, () => {
      expect(holds('ref-1', { reference }, around)).to.equal(expected);
      expect(engine({ reference }, around)).to.equal(expected);
    });
});

describe('invariants by hand: ranges (rng-2)', () => {
  const ucum = 'http://unitsofmeasure.org';
  const range = (low: Node, high: Node) => holds('rng-2', { low, high });

  it('compares numbers of one unit, coded or not', () => {
    expect(range({ value: 1 }, { value: 2 })).to.equal(true);
    expect(range({ value: 3 }, { value: 2 })).to.equal(false);
    expect(range({ value: 3, unit: 'days' }, { value: 2, unit: 'days' })).to.equal(false);
    expect(
      range({ value: 2, system: ucum, code: 'g' }, { value: 2, system: ucum, code: 'g' }),
    ).to.equal(true);
  });

  it('converts units of UCUM', () => {
    const grams = (value: number) => ({ value, system: ucum, code: 'g' });
    const kilograms = (value: number) => ({ value, system: ucum, code: 'kg' });
    expect(range(grams(999), kilograms(1))).to.equal(true);
    expect(range(grams(1001), kilograms(1))).to.equal(false);
    expect(range(grams(1), { value: 1, system: ucum, code: 's' })).to.equal(true);
  });

  it('has no order between other units, and no answer for a comparator', () => {
    expect(range({ value: 3, unit: 'a' }, { value: 2, unit: 'b' })).to.equal(true);
    expect(range({ value: 3 }, { value: 2, comparator: '<' })).to.equal(undefined);
  });
});

describe('invariants by hand: other cases', () => {
  it('lets a question be enabled by whether there is an answer, and only so by a boolean (que-7)', () => {
    expect(holds('que-7', { operator: 'exists', answerBoolean: true })).to.equal(true);
    expect(holds('que-7', { operator: 'exists', answerString: 'x' })).to.equal(false);
    expect(holds('que-7', { operator: '=', answerString: 'x' })).to.equal(true);
  });

  it('wants a practitioner to act on behalf of somebody, if the member is here (ctm-1)', () => {
    const participant = { onBehalfOf: { reference: 'Organization/1' }, member: { reference: 'x' } };
    const found = (resourceType: string) => ({ ...nowhere, resolve: () => ({ resourceType }) });
    const engine = byFhirpath(expressionOf('ctm-1'), 'CareTeam.participant');
    for (const [around, expected] of [
      [found('Practitioner'), true],
      [found('Patient'), false],
      [nowhere, true],
    ] as const) {
      expect(holds('ctm-1', participant, around)).to.equal(expected);
      expect(engine(participant, around)).to.equal(expected);
    }
  });

  it('takes an offset from several events unless all are meals (tim-9)', () => {
    expect(holds('tim-9', { offset: 5, when: ['C'] })).to.equal(false);
    expect(holds('tim-9', { offset: 5, when: ['C', 'CM'] })).to.equal(false);
    expect(holds('tim-9', { offset: 5, when: ['C', 'HS'] })).to.equal(true);
    expect(holds('tim-9', { offset: 5 })).to.equal(false);
  });

  it('sees a component that repeats the code of the whole, in whatever order its parts are (obs-7)', () => {
    const observation = {
      resourceType: 'Observation',
      code: { coding: [{ system: 's', code: 'c' }] },
      valueString: 'x',
      component: [{ code: { coding: [{ code: 'c', system: 's' }] } }],
    };
    expect(holds('obs-7', observation, inside(observation))).to.equal(false);
    const { valueString, ...without } = observation;
    expect(holds('obs-7', without, inside(without))).to.equal(true);
  });

  it('implements the misspelt status of app-4 as published', () => {
    const reason = { cancelationReason: { text: 'x' } };
    expect(holds('app-4', { status: 'noshow', ...reason })).to.equal(false);
    expect(holds('app-4', { status: 'cancelled', ...reason })).to.equal(true);
  });

  it('answers for bare values where a rule is about the value', () => {
    expect(holds('vs-1', '2020-01')).to.equal(false);
    expect(holds('vs-1', '2020-01-15')).to.equal(true);
    expect(holds('vs-1', { start: '2020' })).to.equal(true);
    expect(holds('eld-3', '*')).to.equal(true);
    expect(holds('eld-3', '-1')).to.equal(false);
    expect(holds('ele-1', 0)).to.equal(true);
    expect(holds('ele-1', {})).to.equal(false);
    expect(holds('ele-1', { id: 'x' })).to.equal(false);
    expect(holds('ele-1', { extension: [{}] })).to.equal(true);
    expect(holds('ras-1', { low: { value: 1, code: '%' }, high: { code: 'kg' } })).to.equal(false);
    expect(holds('ras-1', 0.5)).to.equal(true);
  });

  it('has no answer about parts where there is a bare value', () => {
    for (const node of [null, 'x', 5]) expect(holds('pat-1', node)).to.equal(undefined);
  });

  it('knows a constraint by its text alone', () => {
    const [known = ''] = rules.keys();
    expect(invariantOf(known, 'Whatever').byHand).to.equal(true);
    expect(invariantOf(`${known} `, 'Whatever').byHand).to.equal(false);
    for (const name of ['constructor', '__proto__', 'toString'])
      expect(invariantOf(name, 'Patient').byHand).to.equal(false);
  });
});
