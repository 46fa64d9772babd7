import { expect } from 'chai';
import fc from 'fast-check';
import { activeLocation, leftLocations, stayOf } from '../../mappings/encounter.ts';
import { goneOf, mergedInto } from '../../mappings/patient.ts';
import { needsMore, placeInWords } from '../../mappings/place.ts';

// biome-ignore lint/suspicious/noExplicitAny: what hospitals send need not be of any type
type Any = any;

const types = 'http://terminology.hl7.org/CodeSystem/location-physical-type';
const location = (name: string | undefined, code?: string): fhir4.Location => ({
  resourceType: 'Location',
  ...(name !== undefined && { name }),
  ...(code !== undefined && { physicalType: { coding: [{ system: types, code }] } }),
});
const chain = [
  location('Bed 3', 'bd'),
  location('Room 12', 'ro'),
  location('Ward 5', 'wa'),
  location('North wing', 'wi'),
];

describe('a place in words', () => {
  it('goes from the ward down to the bed', () => {
    expect(placeInWords(chain)).to.equal('Ward 5, Room 12, Bed 3');
    expect(placeInWords(chain.slice(1, 3))).to.equal('Ward 5, Room 12');
  });

  it('asks for what a bed and a room are part of, and no further than the ward', () => {
    expect([1, 2, 3].map((length) => needsMore(chain.slice(0, length)))).to.deep.equal([
      true,
      true,
      false,
    ]);
    expect(needsMore([])).to.equal(false);
  });

  it('takes three names where nobody says what they are', () => {
    const untyped = ['Bed 3', 'Room 12', 'Ward 5'].map((name) => location(name));
    expect([1, 2, 3].map((length) => needsMore(untyped.slice(0, length)))).to.deep.equal([
      true,
      true,
      false,
    ]);
  });

  it('says once what a name says already', () => {
    const whole = location('Ward 5 Room 12 Bed 3', 'bd');
    expect(placeInWords([whole, ...chain.slice(1)])).to.equal('Ward 5 Room 12 Bed 3');
  });

  it('takes an alias for a name, and has no words where there are none', () => {
    expect(placeInWords([{ ...location(undefined, 'bd'), alias: ['B3'] }])).to.equal('B3');
    expect(placeInWords([location(undefined, 'bd')])).to.equal(undefined);
  });
});

describe('the Location of an Encounter', () => {
  const at = (
    id: string,
    status?: fhir4.EncounterLocation['status'],
    more: Partial<fhir4.EncounterLocation> = {},
  ): fhir4.EncounterLocation => ({
    location: { reference: `Location/${id}` },
    ...(status && { status }),
    ...more,
  });
  const encounter = (...places: fhir4.EncounterLocation[]): fhir4.Encounter => ({
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { code: 'IMP' },
    location: places,
  });
  const active = (...places: fhir4.EncounterLocation[]) =>
    activeLocation(encounter(...places))?.reference;

  it('is the active one, not one that is planned, reserved or completed', () => {
    expect(active(at('a', 'completed'), at('b', 'active'), at('c', 'planned'))).to.equal(
      'Location/b',
    );
    expect(active(at('a', 'completed'), at('c', 'reserved'))).to.equal(undefined);
  });

  it('is the last that nobody has ended, where none has a status', () => {
    expect(active(at('a'), at('b'))).to.equal('Location/b');
    expect(active(at('a'), at('b', undefined, { period: { end: '2026-03-01' } }))).to.equal(
      'Location/a',
    );
  });

  it('is the bed rather than its ward, where both are active', () => {
    const type = (code: string) => ({ physicalType: { coding: [{ system: types, code }] } });
    expect(active(at('bed', 'active', type('bd')), at('ward', 'active', type('wa')))).to.equal(
      'Location/bed',
    );
    expect(active(at('ward', 'active', type('wa')), at('bed', 'active', type('bd')))).to.equal(
      'Location/bed',
    );
  });

  it('has left those that are completed', () => {
    expect(leftLocations(encounter(at('a', 'completed'), at('b', 'active')))).to.deep.equal([
      'Location/a',
    ]);
  });

  it('and the stay are read from anything', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const odd: Any = {
          resourceType: 'Encounter',
          status: one,
          class: other,
          period: one,
          location: other,
        };
        const given = { reference: 'Encounter/e', place: undefined, now: '2026-03-10T12:00:00Z' };
        expect(stayOf(odd, given).reference).to.equal('Encounter/e');
        activeLocation({ ...odd, location: [one, other, { location: one, physicalType: other }] });
        leftLocations(odd);
      }),
    );
  });
});

describe('a record of a patient', () => {
  const gone = (patient: object) =>
    goneOf({ resourceType: 'Patient', ...patient } as fhir4.Patient);

  it('is gone when the hospital says so, also in a wrong type', () => {
    expect(gone({})).to.equal(undefined);
    expect(gone({ active: true, deceasedBoolean: false })).to.equal(undefined);
    expect(gone({ deceasedBoolean: true })).to.equal('deceased');
    expect(gone({ deceasedBoolean: 'true' })).to.equal('deceased');
    expect(gone({ deceasedDateTime: '2026' })).to.equal('deceased');
    expect(gone({ deceasedDateTime: null, active: null, link: null })).to.equal(undefined);
    expect(gone({ link: { type: 'replaced-by' } })).to.equal('merged');
    expect(gone({ link: [{ type: 'replaces', other: { reference: 'Patient/a' } }] })).to.equal(
      undefined,
    );
    expect(gone({ active: false })).to.equal('unused');
  });

  it('names the record that it was merged into, if it is one', () => {
    const into = (...others: string[]) =>
      mergedInto({
        resourceType: 'Patient',
        link: others.map((reference) => ({ type: 'replaced-by', other: { reference } })),
      });
    expect(into('Patient/b')).to.equal('Patient/b');
    expect(into('Patient/b', 'Patient/c')).to.equal(undefined);
    expect(into()).to.equal(undefined);
  });
});
