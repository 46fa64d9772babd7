/** Codes: required bindings refuse, extensible ones warn, and what is not here is not checked. */
import { expect } from 'chai';
import { errorsOf, theValidator } from './verdicts.ts';

const order = {
  resourceType: 'ServiceRequest',
  status: 'active',
  intent: 'order',
  subject: { display: 'x' },
};
const allergy = { resourceType: 'AllergyIntolerance', patient: { display: 'x' } };
const clinical = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';
const local = { system: 'https://tests.example/codes', code: 'x' };

function withStatus(clinicalStatus: unknown) {
  return { ...allergy, clinicalStatus };
}

function warningsOf(resource: unknown): string[] {
  return theValidator()
    .validate(resource)
    .issues.filter(({ severity }) => severity === 'warning')
    .map(({ expression }) => expression);
}

describe('validation: bindings', () => {
  it('refuse a code outside of a required set, and one that only differs in capitals', () => {
    for (const status of ['started', 'Active', ' active'])
      expect(errorsOf({ ...order, status }), status).to.have.length(1);
  });

  it('want one coding of a concept from a required set', () => {
    expect(errorsOf(withStatus({ coding: [{ system: clinical, code: 'active' }] }))).to.deep.equal(
      [],
    );
    expect(
      errorsOf(withStatus({ coding: [local, { system: clinical, code: 'active' }] })),
    ).to.deep.equal([]);
    expect(errorsOf(withStatus({ coding: [local] }))).to.have.length(1);
  });

  it('do not take a code without its system, nor a text, for one of a required set', () => {
    expect(errorsOf(withStatus({ coding: [{ code: 'active' }] }))).to.have.length(1);
    expect(errorsOf(withStatus({ text: 'active' }))).to.have.length(1);
  });

  it('let an extension stand for the code', () => {
    const { status: _, ...withoutStatus } = order;
    const extension = [
      { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' },
    ];
    expect(
      errorsOf(withStatus({ extension, coding: [{ system: clinical, code: 'active' }] })),
    ).to.deep.equal([]);
    expect(errorsOf({ ...withoutStatus, _status: { extension } })).to.deep.equal([]);
  });

  it('warn of another code where the set is extensible', () => {
    const other = { ...order, identifier: [{ type: { coding: [local] }, value: '1' }] };
    expect(errorsOf(other)).to.deep.equal([]);
    expect(warningsOf(other)).to.include('ServiceRequest.identifier[0].type');
  });

  it('say nothing of another code where the set is only preferred', () => {
    expect(warningsOf({ ...order, asNeededCodeableConcept: { coding: [local] } })).to.deep.equal(
      [],
    );
  });

  it('hold the maximum value set of a language against it', () => {
    expect(errorsOf({ ...order, language: 'pt-BR' })).to.deep.equal([]);
    expect(errorsOf({ ...order, language: 'no language' })).to.have.length(1);
  });

  it('take words without a code where only a maximum is set', () => {
    const speaks = (language: object) => ({
      resourceType: 'Patient',
      communication: [{ language }],
    });
    expect(errorsOf(speaks({ text: 'Klingon' }))).to.deep.equal([]);
    const coding = [{ system: 'urn:ietf:bcp:47', code: 'no language' }];
    expect(errorsOf(speaks({ text: 'Klingon', coding }))).to.not.be.empty;
  });

  it('refuse a value set in place of a system', () => {
    const coding = [{ system: 'http://hl7.org/fhir/ValueSet/request-intent', code: 'order' }];
    expect(errorsOf({ ...order, code: { coding } })).to.have.length(1);
  });

  it('refuse a code that a system of the specification does not have, wherever it stands', () => {
    const coding = [{ system: 'http://hl7.org/fhir/request-intent', code: 'wish' }];
    expect(errorsOf({ ...order, code: { coding } })).to.have.length(1);
  });

  it('count codes of systems that are not here as not checked', () => {
    const { valid, notChecked } = theValidator().validate({
      ...order,
      code: { coding: [{ system: 'http://snomed.info/sct', code: '387854002' }, local] },
    });
    expect(valid).to.equal(true);
    expect(notChecked.map(({ kind }) => kind)).to.deep.equal(['code', 'code']);
    expect(notChecked[0]?.why).to.include('http://snomed.info/sct');
  });

  it('count units as codes', () => {
    const quantityQuantity = { value: 3, system: 'http://unitsofmeasure.org', code: 'h' };
    const { notChecked } = theValidator().validate({ ...order, quantityQuantity });
    expect(notChecked.map(({ why }) => why).join()).to.include('http://unitsofmeasure.org');
  });

  it('want absolute systems, and URIs where the system says so', () => {
    expect(
      errorsOf({ ...order, code: { coding: [{ system: 'local', code: 'x' }] } }),
    ).to.have.length(1);
    expect(errorsOf({ ...order, identifier: [{ system: 'numbers', value: '1' }] })).to.have.length(
      1,
    );
    const uri = { system: 'urn:ietf:rfc:3986', value: 'urn:oid:1.2.3' };
    expect(errorsOf({ ...order, identifier: [uri] })).to.deep.equal([]);
    expect(errorsOf({ ...order, identifier: [{ ...uri, value: '1.2.3' }] })).to.have.length(1);
  });
});
