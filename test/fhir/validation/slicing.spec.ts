/** Slicing: which slice an occurrence belongs to by each discriminator, and what rules and order ask for. */
import { expect } from 'chai';
import { errorsOf, profileOn, theValidator, validatorWith } from './verdicts.ts';

type Slicing = fhir4.ElementDefinitionSlicing;
type Elements = Parameters<typeof profileOn>[1];

const url = 'https://tests.example/StructureDefinition/Observation';
const base = { resourceType: 'Observation', status: 'final', code: { text: 'x' } };
const category = (code: string) => ({ coding: [{ system: 'https://a.example', code }] });

function against(
  elements: Elements,
  resource: object,
  ...more: fhir4.StructureDefinition[]
): string[] {
  const by = validatorWith(profileOn('Observation', elements), ...more);
  return errorsOf(resource, { profiles: [url] }, by);
}

/** Categories sliced by a pattern: a is required once, b may be there. */
function byPattern(rules: Slicing['rules'], ordered = false): Elements {
  const slice = (sliceName: string, min: number) => ({
    sliceName,
    min,
    max: '1',
    type: [{ code: 'CodeableConcept' }],
    patternCodeableConcept: category(sliceName),
  });
  return {
    'Observation.category': {
      slicing: { rules, ordered, discriminator: [{ type: 'pattern', path: '$this' }] },
    },
    'Observation.category:a': slice('a', 1),
    'Observation.category:b': slice('b', 0),
  };
}

function withCategories(rules: Slicing['rules'], codes: string, ordered = false): string[] {
  const list = codes.split('').map(category);
  return against(byPattern(rules, ordered), { ...base, category: list });
}

describe('validation: slicing', () => {
  it('counts the members of each slice', () => {
    expect(withCategories('open', 'a')).to.deep.equal([]);
    expect(withCategories('open', 'ba')).to.deep.equal([]);
    expect(withCategories('open', 'b')).to.have.length(1);
    expect(withCategories('open', 'aa')).to.have.length(1);
  });

  it('lets others in unless it is closed', () => {
    expect(withCategories('open', 'xay')).to.deep.equal([]);
    expect(withCategories('closed', 'ab')).to.deep.equal([]);
    expect(withCategories('closed', 'abx')).to.have.length(1);
  });

  it('lets others in at the end only where it is open at its end', () => {
    expect(withCategories('openAtEnd', 'abx')).to.deep.equal([]);
    expect(withCategories('openAtEnd', 'xab')).to.not.be.empty;
  });

  it('wants the order of the slices where it is ordered', () => {
    expect(withCategories('open', 'ab', true)).to.deep.equal([]);
    expect(withCategories('open', 'ba', true)).to.have.length(1);
  });

  it('asks of a member what its slice asks', () => {
    const elements = byPattern('open');
    const text = { min: 1, max: '1', base: { path: 'CodeableConcept.text', min: 0, max: '1' } };
    const strict = { ...elements, 'Observation.category:a.text': text };
    expect(against(strict, { ...base, category: [category('a')] })).to.have.length(1);
    expect(
      against(strict, { ...base, category: [{ ...category('a'), text: 'x' }, category('z')] }),
    ).to.deep.equal([]);
  });

  it('tells slices by a value inside', () => {
    const slice = (sliceName: string) => ({
      sliceName,
      min: 1,
      max: '1',
      type: [{ code: 'BackboneElement' }],
    });
    const code = {
      min: 1,
      max: '1',
      type: [{ code: 'CodeableConcept' }],
      base: { path: 'Observation.component.code', min: 1, max: '1' },
    };
    const elements: Elements = {
      'Observation.component': {
        slicing: { rules: 'open', discriminator: [{ type: 'value', path: 'code.coding.code' }] },
      },
      'Observation.component:up': slice('up'),
      'Observation.component:up.code': code,
      'Observation.component:up.code.coding': { min: 1, max: '*', type: [{ code: 'Coding' }] },
      'Observation.component:up.code.coding.code': {
        min: 1,
        max: '1',
        type: [{ code: 'code' }],
        fixedCode: 'up',
      },
    };
    const component = (one: string) => ({ code: category(one), valueInteger: 1 });
    expect(
      against(elements, { ...base, component: [component('down'), component('up')] }),
    ).to.deep.equal([]);
    expect(against(elements, { ...base, component: [component('down')] })).to.have.length(1);
  });

  it('tells slices by what exists', () => {
    const elements: Elements = {
      'Observation.note': {
        slicing: { rules: 'open', discriminator: [{ type: 'exists', path: 'time' }] },
      },
      'Observation.note:timed': {
        sliceName: 'timed',
        min: 0,
        max: '1',
        type: [{ code: 'Annotation' }],
      },
      'Observation.note:timed.time': { min: 1, max: '1', type: [{ code: 'dateTime' }] },
    };
    const timed = { text: 'x', time: '2024-03-05' };
    expect(
      against(elements, { ...base, note: [timed, { text: 'y' }, { text: 'z' }] }),
    ).to.deep.equal([]);
    expect(against(elements, { ...base, note: [timed, timed] })).to.have.length(1);
  });

  it('tells slices by the type of a choice', () => {
    const elements: Elements = {
      'Observation.value[x]': {
        slicing: { rules: 'closed', discriminator: [{ type: 'type', path: '$this' }] },
      },
      'Observation.value[x]:valueQuantity': {
        sliceName: 'valueQuantity',
        min: 0,
        max: '1',
        type: [{ code: 'Quantity' }],
      },
    };
    expect(against(elements, { ...base, valueQuantity: { value: 1 } })).to.deep.equal([]);
    expect(against(elements, { ...base, valueString: 'x' })).to.not.be.empty;
  });

  it('tells slices by the type and by the profile of what is referred to', () => {
    const patient = profileOn('Patient', { 'Patient.birthDate': { min: 1 } });
    const slice = (targetProfile: string) => ({
      sliceName: 'one',
      min: 1,
      max: '1',
      type: [{ code: 'Reference', targetProfile: [targetProfile] }],
    });
    const sliced = (type: 'type' | 'profile'): Elements => ({
      'Observation.focus': {
        slicing: { rules: 'open', discriminator: [{ type, path: 'resolve()' }] },
      },
      'Observation.focus:one': slice(
        type === 'type' ? 'http://hl7.org/fhir/StructureDefinition/Patient' : patient.url,
      ),
    });
    const contained = [
      { resourceType: 'Patient', id: 'p', birthDate: '1961' },
      { resourceType: 'Patient', id: 'q' },
      { resourceType: 'Device', id: 'd' },
    ];
    const focus = (...ids: string[]) => ({
      ...base,
      contained: contained.filter(({ id }) => ids.includes(id)),
      focus: ids.map((id) => ({ reference: `#${id}` })),
    });
    expect(against(sliced('type'), focus('d', 'p'))).to.deep.equal([]);
    expect(against(sliced('type'), focus('d'))).to.have.length(1);
    expect(against(sliced('profile'), focus('q', 'p'), patient)).to.deep.equal([]);
    expect(against(sliced('profile'), focus('q', 'd'), patient)).to.have.length(1);
  });

  it('slices a slice again', () => {
    const elements: Elements = {
      ...byPattern('open'),
      'Observation.category:a': {
        sliceName: 'a',
        min: 0,
        max: '*',
        type: [{ code: 'CodeableConcept' }],
        patternCodeableConcept: category('a'),
        slicing: { rules: 'closed', discriminator: [{ type: 'value', path: 'text' }] },
      },
      'Observation.category:a/first': {
        sliceName: 'a/first',
        min: 1,
        max: '1',
        type: [{ code: 'CodeableConcept' }],
      },
      'Observation.category:a/first.text': {
        min: 1,
        max: '1',
        type: [{ code: 'string' }],
        fixedString: 'first',
      },
    };
    const a = (text: string) => ({ ...category('a'), text });
    expect(against(elements, { ...base, category: [a('first'), category('z')] })).to.deep.equal([]);
    expect(against(elements, { ...base, category: [a('first'), a('second')] })).to.have.length(1);
    expect(against(elements, { ...base, category: [a('second')] })).to.have.length(2);
  });

  it('says where it cannot tell the slice', () => {
    const elements: Elements = {
      'Observation.focus': {
        slicing: { rules: 'closed', discriminator: [{ type: 'type', path: 'resolve()' }] },
      },
      'Observation.focus:one': {
        sliceName: 'one',
        min: 1,
        max: '1',
        type: [
          { code: 'Reference', targetProfile: ['http://hl7.org/fhir/StructureDefinition/Patient'] },
        ],
      },
    };
    const by = validatorWith(profileOn('Observation', elements));
    const resource = { ...base, focus: [{ reference: 'https://a.example/x?id=1' }] };
    const { valid, notChecked } = by.validate(resource, { profiles: [url] });
    expect(valid).to.equal(true);
    expect(notChecked.map(({ why }) => why).join()).to.include('cannot be told here');
    expect(theValidator().validate(resource).valid).to.equal(true);
  });
});
