/** Vital signs meet their profile because R4 says so, whether they claim it or not (observation-vitalsigns.html). */
import { expect } from 'chai';
import { errorsOf } from './verdicts.ts';

const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });
const ucum = (value: number, code: string) => ({
  value,
  unit: code,
  system: 'http://unitsofmeasure.org',
  code,
});
const category = [
  {
    coding: [
      { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' },
    ],
  },
];
const pulse = {
  resourceType: 'Observation',
  status: 'final',
  category,
  code: loinc('8867-4'),
  subject: { reference: 'Patient/1' },
  effectiveDateTime: '2024-03-05',
  valueQuantity: ucum(70, '/min'),
};

function without<K extends keyof typeof pulse>(key: K): object {
  const { [key]: _, ...rest } = pulse;
  return rest;
}

describe('validation: vital signs', () => {
  it('take one that has all', () => {
    expect(errorsOf(pulse)).to.deep.equal([]);
  });

  it('want category, subject and time', () => {
    for (const key of ['category', 'subject', 'effectiveDateTime'] as const)
      expect(errorsOf(without(key)), key).to.not.be.empty;
  });

  it('want a value or the reason why there is none', () => {
    expect(errorsOf(without('valueQuantity')).join()).to.include('vs-2');
    expect(
      errorsOf({ ...without('valueQuantity'), dataAbsentReason: { text: 'asleep' } }),
    ).to.deep.equal([]);
  });

  it('want the unit of the sign, as a code', () => {
    expect(errorsOf({ ...pulse, valueQuantity: ucum(1, '/h') })).to.have.length(1);
    expect(errorsOf({ ...pulse, valueQuantity: { value: 70, unit: 'per minute' } })).to.not.be
      .empty;
    expect(errorsOf({ ...without('valueQuantity'), valueString: 'fast' })).to.not.be.empty;
  });

  it('want both parts of a blood pressure', () => {
    const systolic = { code: loinc('8480-6'), valueQuantity: ucum(120, 'mm[Hg]') };
    const diastolic = { code: loinc('8462-4'), valueQuantity: ucum(80, 'mm[Hg]') };
    const pressure = { ...without('valueQuantity'), code: loinc('85354-9') };
    expect(errorsOf({ ...pressure, component: [systolic, diastolic] })).to.deep.equal([]);
    expect(errorsOf({ ...pressure, component: [diastolic, systolic] })).to.deep.equal([]);
    expect(errorsOf({ ...pressure, component: [systolic] }).join()).to.include('DiastolicBP');
  });

  it('know a sign by any of its codings, and the others by their category', () => {
    const coding = [{ system: 'https://a.example', code: 'HF' }, ...loinc('8867-4').coding];
    expect(errorsOf({ ...without('subject'), code: { coding } })).to.not.be.empty;
    expect(errorsOf({ ...without('subject'), code: { text: 'grip' } })).to.not.be.empty;
  });

  it('ask nothing of other observations', () => {
    const pain = {
      resourceType: 'Observation',
      status: 'final',
      code: loinc('72514-3'),
      valueInteger: 4,
    };
    expect(errorsOf(pain)).to.deep.equal([]);
  });

  it('ask once where the profile is claimed as well', () => {
    const meta = { profile: ['http://hl7.org/fhir/StructureDefinition/heartrate'] };
    expect(errorsOf({ ...without('subject'), meta })).to.deep.equal(errorsOf(without('subject')));
  });
});
