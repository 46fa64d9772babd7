/** Extensions: their form, where their definitions let them stand, and what is said of those that are not here. */
import { expect } from 'chai';
import { errorsOf, placesOf, profileOn, theValidator, validatorWith } from './verdicts.ts';

const r4 = 'http://hl7.org/fhir/StructureDefinition';
const url = 'https://tests.example/note';
const patient = { resourceType: 'Patient' };

function on(...extension: readonly unknown[]): string[] {
  return errorsOf({ ...patient, extension });
}

describe('validation: extensions', () => {
  it('have a value or parts, not both and not neither', () => {
    expect(on({ url, valueString: 'x' })).to.deep.equal([]);
    expect(on({ url, extension: [{ url: 'part', valueInteger: 1 }] })).to.deep.equal([]);
    expect(on({ url }).join()).to.include('ext-1');
    expect(
      on({ url, valueString: 'x', extension: [{ url: 'part', valueInteger: 1 }] }).join(),
    ).to.include('ext-1');
  });

  it('have an absolute url; only parts have short ones', () => {
    expect(on({ valueString: 'x' })).to.not.be.empty;
    expect(on({ url: 'note', valueString: 'x' })).to.have.length(1);
  });

  it('have values of the types that extensions may have', () => {
    expect(on({ url, valueTiming: { repeat: { count: 1 } } })).to.deep.equal([]);
    for (const bad of [
      { valueDate: '2024-02-30' },
      { valueText: 'x' },
      { valueString: 'x', valueCode: 'y' },
    ])
      expect(on({ url, ...bad }), JSON.stringify(bad)).to.not.be.empty;
  });

  it('are not checked further where their definition is not here', () => {
    const { valid, notChecked } = theValidator().validate({
      ...patient,
      extension: [{ url, valueString: 'x' }],
    });
    expect(valid).to.equal(true);
    expect(notChecked.map(({ kind }) => kind)).to.deep.equal(['extension']);
  });

  it('stand where their definition allows', () => {
    const birthTime = { url: `${r4}/patient-birthTime`, valueDateTime: '2024-03-05T10:00:00Z' };
    const born = { ...patient, birthDate: '2024-03-05', _birthDate: { extension: [birthTime] } };
    expect(errorsOf(born)).to.deep.equal([]);
    expect(placesOf({ ...patient, extension: [birthTime] })).to.deep.equal([
      'Patient.extension[0]',
    ]);
  });

  it('stand on everything where their definition says Element', () => {
    const reason = { url: `${r4}/data-absent-reason`, valueCode: 'unknown' };
    expect(errorsOf({ ...patient, _birthDate: { extension: [reason] } })).to.deep.equal([]);
    expect(errorsOf({ ...patient, maritalStatus: { extension: [reason] } })).to.deep.equal([]);
  });

  it('have the value that their definition has', () => {
    const reason = { url: `${r4}/data-absent-reason`, valueString: 'unknown' };
    expect(errorsOf({ ...patient, _birthDate: { extension: [reason] } })).to.not.be.empty;
    const code = { url: `${r4}/data-absent-reason`, valueCode: 'because' };
    expect(errorsOf({ ...patient, _birthDate: { extension: [code] } })).to.have.length(1);
  });

  it('have only the parts that their definition has', () => {
    const part = (name: string, value: object) => ({ url: name, ...value });
    const citizenship = (...extension: object[]) =>
      on({ url: `${r4}/patient-citizenship`, extension });
    expect(citizenship(part('code', { valueCodeableConcept: { text: 'x' } }))).to.deep.equal([]);
    expect(citizenship(part('colour', { valueCodeableConcept: { text: 'x' } }))).to.have.length(1);
  });

  it('change the meaning of an element only as modifierExtension', () => {
    const reason = { url: `${r4}/data-absent-reason`, valueCode: 'unknown' };
    expect(errorsOf({ ...patient, modifierExtension: [reason] }).join()).to.include(
      'belongs in extension',
    );
  });

  it('that are defined by others are checked against that', () => {
    const definition = {
      ...profileOn(
        'Extension',
        { 'Extension.value[x]': { min: 1, type: [{ code: 'boolean' }] } },
        url,
      ),
      context: [{ type: 'element' as const, expression: 'Patient.contact' }],
    };
    const by = validatorWith(definition);
    const contact = (extension: object) => ({
      ...patient,
      contact: [{ extension: [extension], name: { text: 'x' } }],
    });
    expect(errorsOf(contact({ url, valueBoolean: true }), {}, by)).to.deep.equal([]);
    expect(errorsOf(contact({ url, valueString: 'x' }), {}, by)).to.not.be.empty;
    expect(
      errorsOf({ ...patient, extension: [{ url, valueBoolean: true }] }, {}, by),
    ).to.have.length(1);
  });

  it('of a definition for an extension stand in that extension only', () => {
    const inner = {
      ...profileOn('Extension', {}, `${url}-inner`),
      context: [{ type: 'extension' as const, expression: url }],
    };
    const by = validatorWith(inner);
    const nested = { url, extension: [{ url: `${url}-inner`, valueString: 'x' }] };
    expect(errorsOf({ ...patient, extension: [nested] }, {}, by)).to.deep.equal([]);
    expect(errorsOf({ ...patient, extension: nested.extension }, {}, by)).to.have.length(1);
  });
});
