/** What the JSON of a resource may look like: elements, cardinalities, choices, and primitives with their siblings. */
import { expect } from 'chai';
import { errorsOf, placesOf } from './verdicts.ts';

const patient = { resourceType: 'Patient' };
const task = { resourceType: 'Task', status: 'requested', intent: 'order' };
const note = { url: 'https://tests.example/note', valueString: 'a note' };

describe('validation: the shape of a resource', () => {
  it('finds nothing wrong with the least that a type asks for', () => {
    expect(errorsOf(patient)).to.deep.equal([]);
    expect(errorsOf(task)).to.deep.equal([]);
  });

  it('refuses what is no resource', () => {
    for (const value of [null, [], 'Patient', 7, {}, { resourceType: 7 }, { resourceType: 'Ward' }])
      expect(errorsOf(value), JSON.stringify(value)).to.have.length(1);
  });

  it('refuses a type that is only a base of others', () => {
    expect(errorsOf({ resourceType: 'DomainResource' })).to.have.length(1);
    expect(errorsOf({ resourceType: 'HumanName' })).to.have.length(1);
  });

  it('names elements that are not there', () => {
    expect(placesOf({ ...patient, colour: 'red', name: [{ Family: 'x' }] })).to.deep.equal([
      'Patient.colour',
      'Patient.name[0].Family',
    ]);
  });

  it('names elements that are missing', () => {
    expect(placesOf({ resourceType: 'Task', output: [{}] })).to.include.members([
      'Task.status',
      'Task.intent',
      'Task.output[0].type',
      'Task.output[0].value[x]',
    ]);
  });

  it('wants lists where an element repeats, and only there', () => {
    expect(placesOf({ ...patient, name: { family: 'x' } })).to.deep.equal(['Patient.name']);
    expect(placesOf({ ...patient, gender: ['male'] })).to.deep.equal(['Patient.gender']);
  });

  it('refuses what is empty', () => {
    const empty = { ...patient, name: [{}], address: [], gender: '', maritalStatus: { id: 'a' } };
    expect(placesOf(empty)).to.have.members([
      'Patient.name[0]',
      'Patient.address',
      'Patient.gender',
      'Patient.maritalStatus',
    ]);
  });

  it('refuses null, but where a sibling has something for it', () => {
    expect(placesOf({ ...patient, gender: null })).to.deep.equal(['Patient.gender']);
    expect(placesOf({ ...patient, name: [{ given: ['A', null] }] })).to.deep.equal([
      'Patient.name[0].given[1]',
    ]);
    const padded = { given: ['A', null], _given: [null, { extension: [note] }] };
    expect(errorsOf({ ...patient, name: [padded] })).to.deep.equal([]);
  });

  it('refuses JSON types that an element does not have', () => {
    const wrong = { ...patient, active: 'true', name: 'x', birthDate: 1990, contact: [3] };
    expect(placesOf(wrong)).to.have.members([
      'Patient.active',
      'Patient.name',
      'Patient.birthDate',
      'Patient.contact[0]',
    ]);
  });

  describe('with choices', () => {
    it('takes one value of one of the types', () => {
      expect(errorsOf({ ...patient, deceasedBoolean: true })).to.deep.equal([]);
      expect(errorsOf({ ...patient, deceasedDateTime: '2024' })).to.deep.equal([]);
    });

    it('refuses two', () => {
      const two = { ...patient, deceasedBoolean: true, deceasedDateTime: '2024' };
      expect(errorsOf(two)).to.have.length(1);
      expect(errorsOf(two)[0]).to.include('more than one value');
      const hidden = {
        ...patient,
        deceasedBoolean: true,
        _deceasedDateTime: { extension: [note] },
      };
      expect(errorsOf(hidden)).to.have.length(1);
    });

    it('counts a value and its own sibling as one', () => {
      const one = { ...patient, deceasedBoolean: true, _deceasedBoolean: { extension: [note] } };
      expect(errorsOf(one)).to.deep.equal([]);
    });

    it('refuses types that are not offered, and the name without a type', () => {
      expect(placesOf({ ...patient, deceasedString: 'yes', deceased: true })).to.deep.equal([
        'Patient.deceased',
        'Patient.deceasedString',
      ]);
    });
  });

  describe('with siblings of primitives', () => {
    it('takes an id or extensions beside a value', () => {
      const beside = {
        ...patient,
        gender: 'male',
        _gender: { id: 'g' },
        _birthDate: { extension: [note] },
      };
      expect(errorsOf(beside)).to.deep.equal([]);
    });

    it('counts an extension as the element, an id alone not', () => {
      const { status: _, ...withoutStatus } = task;
      expect(errorsOf({ ...withoutStatus, _status: { extension: [note] } })).to.deep.equal([]);
      expect(errorsOf({ ...patient, _gender: { id: 'g' } })).to.deep.equal([
        'Patient.gender: ele-1',
      ]);
      expect(errorsOf({ ...patient, name: [{ _given: [{ id: 'g' }] }] })).to.deep.equal([
        'Patient.name[0].given[0]: ele-1',
      ]);
    });

    it('refuses other forms', () => {
      for (const sibling of ['text', [], [{ extension: [note] }], {}, { note: 'x' }])
        expect(
          placesOf({ ...patient, gender: 'male', _gender: sibling }),
          JSON.stringify(sibling),
        ).to.have.length(1);
    });

    it('refuses siblings that have no value and nothing to say', () => {
      expect(placesOf({ ...patient, name: [{ given: ['A'], _given: [null, null] }] })).to.not.be
        .empty;
    });

    it('knows no sibling of an object', () => {
      expect(placesOf({ ...patient, _maritalStatus: { extension: [note] } })).to.deep.equal([
        'Patient._maritalStatus',
      ]);
    });
  });

  it('takes what is undefined for absent, as JSON does', () => {
    expect(
      errorsOf({ ...patient, gender: undefined, colour: undefined, name: undefined }),
    ).to.deep.equal([]);
    expect(placesOf({ ...task, status: undefined })).to.deep.equal(['Task.status']);
    expect(placesOf({ ...patient, maritalStatus: { text: undefined } })).to.deep.equal([
      'Patient.maritalStatus',
    ]);
  });

  it('wants the ids of elements to differ within a resource', () => {
    const same = {
      ...patient,
      name: [{ id: 'a', family: 'x' }],
      address: [{ id: 'a', city: 'y' }],
    };
    expect(errorsOf(same)).to.have.length(1);
    expect(errorsOf(same)[0]).to.include('is used by another element');
  });

  it('checks what parts of a type refer back to', () => {
    const item = { linkId: '1', item: [{ linkId: '2', colour: 'red' }] };
    const response = { resourceType: 'QuestionnaireResponse', status: 'completed', item: [item] };
    expect(placesOf(response)).to.deep.equal(['QuestionnaireResponse.item[0].item[0].colour']);
  });
});
