/** What a profile asks beyond its type: cardinality, fixed values and patterns, types, targets, bindings. */
import { expect } from 'chai';
import { errorsOf, profileOn, theValidator, validatorWith } from './verdicts.ts';

const order = {
  resourceType: 'ServiceRequest',
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/1' },
};
const url = 'https://tests.example/StructureDefinition/ServiceRequest';
const snomed = 'http://snomed.info/sct';

type Elements = Parameters<typeof profileOn>[1];

/** Errors of a resource that is asked to meet a profile with these elements. */
function against(elements: Elements, resource: object): string[] {
  return errorsOf(
    resource,
    { profiles: [url] },
    validatorWith(profileOn('ServiceRequest', elements)),
  );
}

describe('validation: profiles', () => {
  it('that are claimed hold as well as those that are asked for', () => {
    const by = validatorWith(profileOn('ServiceRequest', { 'ServiceRequest.code': { min: 1 } }));
    expect(errorsOf(order, {}, by)).to.deep.equal([]);
    expect(errorsOf({ ...order, meta: { profile: [url] } }, {}, by)).to.have.length(1);
    expect(errorsOf(order, { profiles: [url] }, by)).to.have.length(1);
  });

  it('that are not here, or have no snapshot, are not checked', () => {
    const meta = { profile: ['https://tests.example/StructureDefinition/none'] };
    const { valid, notChecked } = theValidator().validate({ ...order, meta });
    expect(valid).to.equal(true);
    expect(notChecked.map(({ kind }) => kind)).to.include('profile');
    const { snapshot: _, ...hollow } = profileOn('ServiceRequest', {});
    const verdict = validatorWith(hollow).validate(order, { profiles: [url] });
    expect(verdict.valid).to.equal(true);
    expect(verdict.notChecked.map(({ why }) => why).join()).to.include('no snapshot');
  });

  it('of another type refuse the resource', () => {
    const { length } = errorsOf(order, {
      profiles: ['http://hl7.org/fhir/StructureDefinition/Patient'],
    });
    expect(length).to.equal(1);
    expect(
      errorsOf(order, { profiles: ['http://hl7.org/fhir/StructureDefinition/heartrate'] }),
    ).to.have.length(1);
  });

  it('raise the least and lower the most', () => {
    const elements = {
      'ServiceRequest.note': { min: 1, max: '2' },
      'ServiceRequest.priority': { max: '0' },
    };
    const notes = (count: number) =>
      Array.from({ length: count }, (_, place) => ({ text: `${place}` }));
    expect(against(elements, { ...order, note: notes(2) })).to.deep.equal([]);
    expect(against(elements, order)).to.have.length(1);
    expect(against(elements, { ...order, note: notes(3) })).to.have.length(1);
    expect(against(elements, { ...order, note: notes(1), priority: 'stat' })).to.have.length(1);
  });

  it('fix a value as a whole', () => {
    const elements = {
      'ServiceRequest.intent': { fixedCode: 'order' },
      'ServiceRequest.code': { fixedCodeableConcept: { text: 'x' } },
    };
    expect(against(elements, { ...order, code: { text: 'x' } })).to.deep.equal([]);
    expect(against(elements, { ...order, intent: 'plan' })).to.have.length(1);
    expect(
      against(elements, { ...order, code: { text: 'x', coding: [{ code: 'y' }] } }),
    ).to.have.length(1);
  });

  it('fix a part of a value by a pattern', () => {
    const elements = {
      'ServiceRequest.code': {
        patternCodeableConcept: { coding: [{ system: snomed, code: '1' }] },
      },
    };
    const coding = [{ code: 'local' }, { system: snomed, code: '1', display: 'one' }];
    expect(against(elements, { ...order, code: { coding, text: 'x' } })).to.deep.equal([]);
    expect(against(elements, { ...order, code: { coding: coding.slice(0, 1) } })).to.have.length(1);
    // A pattern says nothing of an element that is not there
    expect(against(elements, order)).to.deep.equal([]);
  });

  it('allow fewer types of a choice', () => {
    const elements = { 'ServiceRequest.occurrence[x]': { type: [{ code: 'Timing' }] } };
    expect(
      against(elements, { ...order, occurrenceTiming: { repeat: { count: 1 } } }),
    ).to.deep.equal([]);
    expect(against(elements, { ...order, occurrenceDateTime: '2024' })).to.have.length(1);
  });

  it('allow fewer targets, and look at their profile where they are in the Bundle', () => {
    const patient = profileOn('Patient', { 'Patient.birthDate': { min: 1 } });
    const type = [{ code: 'Reference', targetProfile: [patient.url] }];
    const profile = profileOn('ServiceRequest', { 'ServiceRequest.subject': { type } });
    const by = validatorWith(profile, patient);
    const group = { ...order, subject: { reference: 'Group/1' } };
    expect(errorsOf(group, { profiles: [url] }, by)).to.have.length(1);
    expect(errorsOf(order, { profiles: [url] }, by)).to.deep.equal([]);
    const bundle = (target: object) => ({
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        {
          fullUrl: 'https://a.example/Patient/1',
          resource: { resourceType: 'Patient', id: '1', ...target },
        },
        {
          fullUrl: 'https://a.example/ServiceRequest/1',
          resource: { ...order, id: '1', meta: { profile: [url] } },
        },
      ],
    });
    expect(errorsOf(bundle({ birthDate: '1961' }), {}, by)).to.deep.equal([]);
    expect(errorsOf(bundle({}), {}, by)).to.have.length(1);
  });

  it('make a binding stricter, and bound lengths and values', () => {
    const elements = {
      'ServiceRequest.category': {
        binding: {
          strength: 'required' as const,
          valueSet: 'http://hl7.org/fhir/ValueSet/request-intent',
        },
      },
      'ServiceRequest.patientInstruction': { maxLength: 5 },
    };
    const sound = { coding: [{ system: 'http://hl7.org/fhir/request-intent', code: 'order' }] };
    expect(
      against(elements, { ...order, category: [sound], patientInstruction: 'short' }),
    ).to.deep.equal([]);
    expect(against(elements, { ...order, category: [{ text: 'x' }] })).to.have.length(1);
    expect(against(elements, { ...order, patientInstruction: 'longer' })).to.have.length(1);
  });

  it('add constraints, whose warnings do not make invalid', () => {
    const constraint = (severity: 'error' | 'warning') => [
      { key: 'own-1', severity, human: 'an order has a reason', expression: 'reasonCode.exists()' },
    ];
    expect(against({ ServiceRequest: { constraint: constraint('error') } }, order)).to.deep.equal([
      'ServiceRequest: own-1',
    ]);
    const warned = validatorWith(
      profileOn('ServiceRequest', { ServiceRequest: { constraint: constraint('warning') } }),
    );
    const { valid, issues } = warned.validate(order, { profiles: [url] });
    expect(valid).to.equal(true);
    expect(issues.map(({ constraint: key }) => key)).to.include('own-1');
  });

  it('say what an expression is that cannot be evaluated here', () => {
    const constraint = [
      { key: 'own-2', severity: 'error' as const, human: 'x', expression: 'nothing(((' },
    ];
    const by = validatorWith(profileOn('ServiceRequest', { ServiceRequest: { constraint } }));
    const { valid, notChecked } = by.validate(order, { profiles: [url] });
    expect(valid).to.equal(true);
    expect(notChecked.map(({ kind }) => kind)).to.include('invariant');
  });

  it('ask children of what is there only', () => {
    const elements = {
      'ServiceRequest.code.text': {
        min: 1,
        max: '1',
        base: { path: 'CodeableConcept.text', min: 0, max: '1' },
      },
    };
    expect(against(elements, order)).to.deep.equal([]);
    expect(against(elements, { ...order, code: { coding: [{ code: 'x' }] } })).to.have.length(1);
    expect(against(elements, { ...order, code: { text: 'x' } })).to.deep.equal([]);
  });
});
