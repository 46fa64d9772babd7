/** What a value set holds, by its definition: R4 valueset.html, `compose`. */
import { expect } from 'chai';
import type { CodeList, Membership } from '../../../src/fhir/terminology/code-list.ts';
import { openTerms } from '../../../src/fhir/terminology/terms.ts';

type Include = fhir4.ValueSetComposeInclude;
type Filter = fhir4.ValueSetComposeIncludeFilter;

const animals = 'urn:animals';
const set = 'urn:set';

/** animal (abstract) > dog > poodle, beagle; animal > cat; and rover, who is a child of dog and of cat. */
const zoo: fhir4.CodeSystem = {
  resourceType: 'CodeSystem',
  url: animals,
  version: '1',
  status: 'active',
  content: 'complete',
  caseSensitive: true,
  concept: [
    {
      code: 'animal',
      property: [{ code: 'notSelectable', valueBoolean: true }],
      concept: [
        {
          code: 'dog',
          property: [{ code: 'legs', valueInteger: 4 }],
          concept: [
            { code: 'poodle', property: [{ code: 'size', valueCode: 'small' }] },
            { code: 'beagle', property: [{ code: 'status', valueCode: 'retired' }] },
            { code: 'rover', property: [{ code: 'parent', valueCode: 'cat' }] },
          ],
        },
        { code: 'cat' },
      ],
    },
  ],
};
const all = ['animal', 'dog', 'poodle', 'beagle', 'rover', 'cat'];

interface Given {
  readonly systems?: readonly fhir4.CodeSystem[];
  readonly sets?: readonly Partial<fhir4.ValueSet>[];
}

function list(
  definition: Partial<fhir4.ValueSet>,
  { systems = [zoo], sets = [] }: Given = {},
): CodeList {
  const others = [{ url: set, ...definition }, ...sets].map(
    (each): fhir4.ValueSet => ({ resourceType: 'ValueSet', status: 'active', ...each }),
  );
  const is = (each: fhir4.ValueSet | fhir4.CodeSystem, url: string, version?: string): boolean =>
    each.url === url && (version === undefined || each.version === version);
  const terms = openTerms({
    codeSystem: (url, version) => systems.find((each) => is(each, url, version)),
    valueSet: (url, version) => others.find((each) => is(each, url, version)),
    namedValueSet: (url) => others.find((each) => is(each, url)),
  });
  const found = terms.valueSet(set);
  if (!found) throw new Error('the value set is not found');
  return found;
}

function including(...include: Include[]): Partial<fhir4.ValueSet> {
  return { compose: { include } };
}

function filteredBy(filter: Partial<Filter>, given?: Given): CodeList {
  const whole: Filter = { property: 'concept', op: 'is-a', value: '', ...filter };
  return list(including({ system: animals, filter: [whole] }), given);
}

describe('a value set', () => {
  it('holds all codes of a system that is here', () => {
    const made = list(including({ system: animals }));
    expect([...made.codes].sort()).to.deep.equal([...all].sort());
    expect(made.complete).to.equal(true);
    expect(made.has(animals, 'wolf')).to.equal('out');
    expect(made.has('urn:other', 'dog')).to.equal('out');
    expect(made.has(undefined, 'dog')).to.equal('in');
    expect(made.has(undefined, 'Dog')).to.equal('out');
  });

  it('holds what it enumerates, of systems that are here and that are not', () => {
    const concept = [{ code: '387854002' }];
    const made = list(including({ system: 'http://snomed.info/sct', concept }));
    expect(made.complete).to.equal(true);
    expect(made.has('http://snomed.info/sct', '387854002')).to.equal('in');
    expect(made.has('http://snomed.info/sct', '387854003')).to.equal('out');
    expect(
      list(including({ system: animals, concept: [{ code: 'dog' }] })).has(animals, 'cat'),
    ).to.equal('out');
  });

  it('leaves a code open where its system is not here, and calls codes of other systems out', () => {
    const made = list(including({ system: animals }, { system: 'http://loinc.org' }));
    expect(made.complete).to.equal(false);
    expect(made.gap).to.equal('LOINC is not here');
    expect(made.has('http://loinc.org', '8310-5')).to.equal('unknown');
    expect(made.has(animals, 'wolf')).to.equal('out');
    expect(made.has('urn:other', '8310-5')).to.equal('out');
    expect(made.has(undefined, 'wolf')).to.equal('unknown');
  });

  for (const [content, gap] of [
    ['not-present', 'urn:animals is not here'],
    ['example', 'only examples of urn:animals are here'],
    ['fragment', 'only a part of urn:animals is here'],
  ] as const)
    it(`is not complete where its code system is ${content}`, () => {
      const concept = content === 'not-present' ? [] : [{ code: 'dog' }];
      const made = list(including({ system: animals }), {
        systems: [{ ...zoo, content, concept }],
      });
      expect(made.gap).to.equal(gap);
      expect(made.has(animals, 'dog')).to.equal(content === 'not-present' ? 'unknown' : 'in');
      expect(made.has(animals, 'cat')).to.equal('unknown');
    });

  it('does not believe a code system that is complete and has no codes, or fewer than it counts', () => {
    const empty = list(including({ system: animals }), { systems: [{ ...zoo, concept: [] }] });
    expect(empty.gap).to.equal('urn:animals is here without its codes');
    const short = list(including({ system: animals }), { systems: [{ ...zoo, count: 700 }] });
    expect(short.gap).to.equal('only a part of urn:animals is here');
    expect(short.has(animals, 'dog')).to.equal('in');
  });

  it('takes codes in any case where the system does not mind, or does not say', () => {
    for (const caseSensitive of [false, undefined]) {
      const { caseSensitive: _, ...silent } = zoo;
      const system = caseSensitive === undefined ? silent : { ...zoo, caseSensitive };
      const made = list(including({ system: animals }), { systems: [system] });
      expect(made.has(animals, 'DOG')).to.equal('in');
      expect(made.has(undefined, 'DOG')).to.equal('in');
      expect(made.codes.has('DOG')).to.equal(false);
    }
  });

  it('is of the version of a system that it names, and of no other', () => {
    const made = list(including({ system: animals, version: '2' }));
    expect(made.gap).to.equal('urn:animals version 2 is not here');
    expect(made.has(animals, 'dog')).to.equal('unknown');
    expect(list(including({ system: animals, version: '1' })).complete).to.equal(true);
  });

  it('takes away what it excludes', () => {
    const made = list({
      compose: {
        include: [{ system: animals }],
        exclude: [{ system: animals, concept: [{ code: 'animal' }] }],
      },
    });
    expect(made.has(animals, 'animal')).to.equal('out');
    expect(made.codes.has('animal')).to.equal(false);
    expect(made.has(animals, 'dog')).to.equal('in');
    expect(made.complete).to.equal(true);
  });

  it('is not sure of a code that it may exclude', () => {
    const made = list({
      compose: { include: [{ system: animals }], exclude: [{ valueSet: ['urn:elsewhere'] }] },
    });
    expect(made.has(animals, 'dog')).to.equal('unknown');
    expect(made.has(animals, 'wolf')).to.equal('out');
    expect(made.gap).to.equal('the value set urn:elsewhere is not here');
  });

  it('leaves out inactive codes where it says so', () => {
    const made = list({ compose: { inactive: false, include: [{ system: animals }] } });
    expect(made.has(animals, 'beagle')).to.equal('out');
    expect(made.has(animals, 'poodle')).to.equal('in');
  });

  it('holds what the value sets hold that it includes', () => {
    const dogs = { url: 'urn:dogs', ...including({ system: animals, concept: [{ code: 'dog' }] }) };
    const made = list(
      including({ valueSet: ['urn:dogs'] }, { system: animals, concept: [{ code: 'cat' }] }),
      { sets: [dogs] },
    );
    expect([...made.codes]).to.deep.equal(['dog', 'cat']);
    const both = list(including({ system: animals, valueSet: ['urn:dogs'] }), { sets: [dogs] });
    expect([...both.codes]).to.deep.equal(['dog']);
    expect(both.complete).to.equal(true);
    const elsewhere = list(including({ system: 'urn:other', valueSet: ['urn:dogs'] }), {
      sets: [dogs],
    });
    expect(elsewhere.has(animals, 'dog')).to.equal('out');
  });

  it('is open to everything where a value set that it includes is not here', () => {
    const made = list(including({ valueSet: ['urn:elsewhere'] }));
    expect(made.has('urn:any', 'thing')).to.equal('unknown');
    expect(made.has(undefined, 'thing')).to.equal('unknown');
    const within = list(including({ system: animals, valueSet: ['urn:elsewhere'] }));
    expect(within.has(animals, 'dog')).to.equal('unknown');
    expect(within.has(animals, 'wolf')).to.equal('out');
    expect(within.has('urn:any', 'dog')).to.equal('out');
  });

  it('is sure of several value sets in one include only where all or none of them have the code', () => {
    const sets = [
      ['dog', 'cat'],
      ['dog', 'poodle'],
    ].map((codes, at) => ({
      url: `urn:${at}`,
      ...including({ system: animals, concept: codes.map((code) => ({ code })) }),
    }));
    const made = list(including({ valueSet: ['urn:0', 'urn:1'] }), { sets });
    const answers: [string, Membership][] = [
      ['dog', 'in'],
      ['cat', 'unknown'],
      ['poodle', 'unknown'],
      ['beagle', 'out'],
    ];
    for (const [code, membership] of answers)
      expect(made.has(animals, code), code).to.equal(membership);
    expect(made.complete).to.equal(false);
  });

  it('ends where value sets include each other', () => {
    const made = list(
      including({ valueSet: ['urn:b'] }, { system: animals, concept: [{ code: 'dog' }] }),
      {
        sets: [{ url: 'urn:b', ...including({ valueSet: [set] }) }],
      },
    );
    expect(made.has(animals, 'dog')).to.equal('in');
    expect(made.has(animals, 'cat')).to.equal('unknown');
    const chain = Array.from({ length: 5000 }, (_, at) => ({
      url: `urn:${at}`,
      ...including({ valueSet: [`urn:${at + 1}`] }),
    }));
    expect(list(including({ valueSet: ['urn:0'] }), { sets: chain }).has(animals, 'dog')).to.equal(
      'unknown',
    );
  });

  it('has the codes that its expansion shows, and others where its definition cannot say', () => {
    const loinc = 'http://loinc.org';
    const made = list({
      ...including({ system: loinc, filter: [{ property: 'SCALE_TYP', op: '=', value: 'Doc' }] }),
      expansion: { timestamp: '2019', total: 900, contains: [{ system: loinc, code: '34133-9' }] },
    });
    expect(made.has(loinc, '34133-9')).to.equal('in');
    expect(made.has(loinc, '8310-5')).to.equal('unknown');
    expect(made.has('urn:other', '34133-9')).to.equal('out');
  });

  it('is its expansion where it has no definition, unless that was cut', () => {
    const contains = [{ system: animals, code: 'dog' }];
    const whole = list({ expansion: { timestamp: '2019', total: 1, contains } });
    expect(whole.has(animals, 'cat')).to.equal('out');
    expect(whole.complete).to.equal(true);
    const cut: Partial<fhir4.ValueSetExpansion>[] = [
      { total: 2 },
      { offset: 10 },
      { parameter: [{ name: 'filter', valueString: 'd' }] },
      {
        extension: [
          { url: 'http://hl7.org/fhir/StructureDefinition/valueset-toocostly', valueBoolean: true },
        ],
      },
      {
        extension: [
          { url: 'http://hl7.org/fhir/StructureDefinition/valueset-unclosed', valueBoolean: true },
        ],
      },
    ];
    for (const each of cut) {
      const made = list({ expansion: { timestamp: '2019', contains, ...each } });
      expect(made.has(animals, 'dog')).to.equal('in');
      expect(made.has(animals, 'cat'), JSON.stringify(each)).to.equal('unknown');
      expect(made.gap).to.equal('only a part of its expansion is here');
    }
    expect(list({}).has(animals, 'dog')).to.equal('unknown');
  });
});

describe('a filter', () => {
  const passes: [Partial<Filter>, string[]][] = [
    [{ op: 'is-a', value: 'dog' }, ['dog', 'poodle', 'beagle', 'rover']],
    [{ op: 'descendent-of', value: 'dog' }, ['poodle', 'beagle', 'rover']],
    [{ op: 'is-a', value: 'cat' }, ['cat', 'rover']],
    [{ op: 'is-a', value: 'wolf' }, []],
    [{ op: 'is-not-a', value: 'dog' }, ['animal', 'cat']],
    [{ op: 'generalizes', value: 'rover' }, ['animal', 'dog', 'cat', 'rover']],
    [{ op: 'in', value: 'dog, cat' }, ['dog', 'cat']],
    [{ op: 'not-in', value: 'dog,cat' }, ['animal', 'poodle', 'beagle', 'rover']],
    [{ op: '=', value: 'dog' }, ['dog']],
    [{ property: 'legs', op: '=', value: '4' }, ['dog']],
    [{ property: 'size', op: 'in', value: 'small,large' }, ['poodle']],
    [
      { property: 'size', op: 'exists', value: 'false' },
      ['animal', 'dog', 'beagle', 'rover', 'cat'],
    ],
    [{ property: 'notSelectable', op: '=', value: 'true' }, ['animal']],
    [{ property: 'parent', op: '=', value: 'cat' }, ['rover']],
    [{ property: 'code', op: 'regex', value: '[a-z]{3}' }, ['dog', 'cat']],
  ];
  for (const [filter, codes] of passes)
    it(`${filter.property ?? 'concept'} ${filter.op} ${filter.value} is applied`, () => {
      const made = filteredBy(filter);
      expect([...made.codes].sort()).to.deep.equal([...codes].sort());
      expect(made.complete).to.equal(true);
      for (const code of all)
        expect(made.has(animals, code)).to.equal(codes.includes(code) ? 'in' : 'out');
    });

  const open: Partial<Filter>[] = [
    { property: 'display', op: '=', value: 'Dog' },
    { property: 'child', op: '=', value: 'poodle' },
    { property: 'notSelectable', op: '=', value: 'false' },
    { property: 'code', op: 'regex', value: '(a+)+$' },
    { property: 'code', op: 'regex', value: '[' },
    { property: 'concept', op: 'regex', value: 'dog' },
  ];
  for (const filter of open)
    it(`${filter.property} ${filter.op} ${filter.value} leaves codes of the system open, and no others`, () => {
      const made = filteredBy(filter);
      expect(made.has(animals, 'dog')).to.equal('unknown');
      expect(made.has(animals, 'wolf')).to.equal('out');
      expect(made.has('urn:other', 'dog')).to.equal('out');
      expect(made.gap).to.include('cannot be applied to urn:animals here');
    });

  it('all have to pass where there are several', () => {
    const filter: Filter[] = [
      { property: 'concept', op: 'is-a', value: 'dog' },
      { property: 'concept', op: 'is-a', value: 'cat' },
    ];
    expect([...list(including({ system: animals, filter })).codes]).to.deep.equal(['rover']);
  });

  it('shows less where only a part of the system is here', () => {
    const made = filteredBy(
      { op: 'is-a', value: 'dog' },
      { systems: [{ ...zoo, content: 'fragment' }] },
    );
    expect(made.has(animals, 'poodle')).to.equal('in');
    expect(made.has(animals, 'wolf')).to.equal('unknown');
  });

  it('ends in a hierarchy that runs in a circle', () => {
    const circle = [
      { code: 'a', property: [{ code: 'parent', valueCode: 'b' }] },
      { code: 'b', property: [{ code: 'parent', valueCode: 'a' }] },
    ];
    const made = filteredBy({ op: 'is-a', value: 'a' }, { systems: [{ ...zoo, concept: circle }] });
    expect([...made.codes].sort()).to.deep.equal(['a', 'b']);
  });

  it('on a system that is not here still tells the form of a code', () => {
    const filter: Filter[] = [{ property: 'code', op: 'regex', value: '[A-Z]{3}' }];
    const made = list(including({ system: 'urn:iso:std:iso:3166', filter }));
    expect(made.has('urn:iso:std:iso:3166', 'USA')).to.equal('unknown');
    expect(made.has('urn:iso:std:iso:3166', 'US')).to.equal('out');
  });
});
