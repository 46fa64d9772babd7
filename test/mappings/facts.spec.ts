/** One resource → what is on file: what is understood, what is left out and why, and that nothing vanishes. */
import { expect } from 'chai';
import { factCodeOf, factCodes, observationCodes } from '../../mappings/fact-codes.ts';
import { ourIdentifierSystem } from '../../src/core/concept.ts';
import { coded, dvt, ends, facts, icd, loinc, snomed, terminology } from './filed.ts';

describe('facts: what is left out, each for a named reason', () => {
  const status = (system: string, code: string) => coded(`${terminology}/${system}`, code);
  const condition = (more: object) => ({ resourceType: 'Condition', code: dvt, ...more });
  const latex = { resourceType: 'AllergyIntolerance', code: coded(snomed, '300916003') };
  const clinical = 'condition-clinical';
  const verified = 'condition-ver-status';
  const cases: readonly (readonly [object, string])[] = [
    [condition({ clinicalStatus: status(clinical, 'active') }), 'on-file'],
    [condition({ clinicalStatus: status(clinical, 'recurrence') }), 'on-file'],
    [condition({ clinicalStatus: status(clinical, 'inactive') }), 'left-out: inactive'],
    [condition({ clinicalStatus: status(clinical, 'resolved') }), 'left-out: resolved'],
    [condition({ clinicalStatus: status(clinical, 'remission') }), 'left-out: remission'],
    [condition({ verificationStatus: status(verified, 'refuted') }), 'left-out: refuted'],
    [
      condition({ verificationStatus: status(verified, 'entered-in-error') }),
      'left-out: entered-in-error',
    ],
    [condition({ clinicalStatus: coded('urn:local', 'resolved') }), 'on-file'],
    [condition({}), 'on-file'],
    [{ ...latex, clinicalStatus: status('allergyintolerance-clinical', 'active') }, 'on-file'],
    [
      { ...latex, clinicalStatus: status('allergyintolerance-clinical', 'resolved') },
      'left-out: resolved',
    ],
    [
      { ...latex, verificationStatus: status('allergyintolerance-verification', 'refuted') },
      'left-out: refuted',
    ],
    [{ resourceType: 'Flag', status: 'inactive', code: dvt }, 'left-out: inactive'],
    [{ resourceType: 'Flag', status: 'active', code: dvt }, 'on-file'],
    [
      { resourceType: 'Observation', status: 'entered-in-error', code: coded(loinc, '777-3') },
      'left-out: entered-in-error',
    ],
    [
      { resourceType: 'Observation', status: 'cancelled', code: coded(loinc, '777-3') },
      'left-out: cancelled',
    ],
    ...['completed', 'stopped', 'on-hold', 'cancelled', 'draft', 'entered-in-error'].map(
      (code): readonly [object, string] => [
        {
          resourceType: 'MedicationRequest',
          status: code,
          medicationCodeableConcept: coded(snomed, '84812008'),
        },
        `left-out: not active (${code})`,
      ],
    ),
    [
      {
        resourceType: 'MedicationRequest',
        status: 'active',
        doNotPerform: true,
        medicationCodeableConcept: coded(snomed, '84812008'),
      },
      'left-out: order not to give it',
    ],
    [
      {
        resourceType: 'MedicationRequest',
        status: 'unknown',
        medicationCodeableConcept: coded(snomed, '84812008'),
      },
      'on-file',
    ],
    [
      { resourceType: 'Device', status: 'inactive', type: coded(snomed, '14106009') },
      'left-out: inactive',
    ],
    [
      { resourceType: 'DeviceUseStatement', status: 'completed', device: {} },
      'left-out: completed',
    ],
    [{ resourceType: 'Procedure', status: 'not-done', code: dvt }, 'left-out: not-done'],
    [
      {
        resourceType: 'Procedure',
        status: 'completed',
        code: dvt,
        identifier: [{ system: ourIdentifierSystem, value: '1' }],
      },
      'left-out: written by us',
    ],
  ];
  for (const [resource, expected] of cases)
    it(`${nameOf(resource)}: ${expected}`, () => expect(ends(resource)).to.deep.equal([expected]));
});

/** `Condition, resolved`: type and every status of a case. */
function nameOf(resource: object): string {
  const one = resource as fhir4.Condition & { status?: string };
  const codes = [one.clinicalStatus, one.verificationStatus].flatMap((status) =>
    (status?.coding ?? []).map(({ system, code }) => `${code} of ${system}`),
  );
  return [one.resourceType, ...codes, one.status ?? 'no status'].join(', ');
}

describe('facts: what is understood', () => {
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    [icd, 'I82.401', 'clots-and-bleeding'],
    [icd, 'I82.4Z9', 'clots-and-bleeding'],
    [icd, 'I82401', 'clots-and-bleeding'],
    [icd, 'i82.401', 'clots-and-bleeding'],
    // known gaps of the list (clinical §5.2): for the clinical owner to add, not for us
    [icd, 'I82.621', undefined],
    [icd, 'I80.10', undefined],
    [icd, 'C79.51', 'bone'],
    [icd, 'C79.52', undefined],
    [icd, 'R20.2', 'sensation'],
    ['http://hl7.org/fhir/sid/icd-10', 'I82.4', undefined],
    [snomed, '399912005', 'skin'],
    [snomed, '128053003 ', undefined],
    [loinc, '777-3', 'clots-and-bleeding'],
    [loinc, '72514-3', 'none'],
    ['http://www.nlm.nih.gov/research/umls/rxnorm', '5224', undefined],
  ];
  for (const [system, code, topic] of cases)
    it(`${system}|${code} is ${topic ?? 'not understood'}`, () =>
      expect(factCodeOf({ system, code })?.topic).to.equal(topic));

  it('never by its words: a code without system, or text alone, is not understood', () => {
    expect(factCodeOf({ code: '128053003', display: 'Deep venous thrombosis' })).to.equal(
      undefined,
    );
    const [fact] = facts({ resourceType: 'Condition', code: { text: 'Acute DVT left leg' } });
    expect(ends({ resourceType: 'Condition', code: { text: 'DVT' } })).to.deep.equal([
      'not-understood',
    ]);
    expect(fact?.what).to.deep.equal({ text: 'Acute DVT left leg' });
  });

  it('names each code once, and asks for no code that is of no topic', () => {
    const names = factCodes.map(({ system, code }) => `${system}|${code}`);
    expect(new Set(names).size).to.equal(names.length);
    expect(observationCodes.flat())
      .to.include(`${loinc}|777-3`)
      .and.not.include(`${loinc}|72514-3`);
    expect(observationCodes).to.have.length(2);
  });

  it('says "history of" for what is past', () => {
    for (const code of [coded(snomed, '161508001'), coded(icd, 'Z86.718')])
      expect(facts({ resourceType: 'Condition', code })[0]?.notes).to.include('history of');
  });

  it('takes an allergy for an allergy whatever the substance, and a device for a device', () => {
    const heparin = coded(snomed, '84812008');
    expect(facts({ resourceType: 'AllergyIntolerance', code: heparin })[0]?.topic).to.equal(
      'allergy',
    );
    const strange = { resourceType: 'AllergyIntolerance', code: { text: 'Adhesive tape' } };
    expect(ends(strange)).to.deep.equal(['not-understood']);
    expect(facts(strange)[0]?.topic).to.equal('allergy');
  });

  it('is off topic where the code is known and of none', () => {
    expect(ends({ resourceType: 'Condition', code: coded(snomed, '203082005') })).to.deep.equal([
      'off-topic',
    ]);
  });

  it('gives a bare code the name of our table', () => {
    expect(facts({ resourceType: 'Condition', code: dvt })[0]?.what.text).to.equal(
      'Deep venous thrombosis',
    );
  });

  it('has date, what it is the date of, site and source', () => {
    const [fact] = facts({
      resourceType: 'Condition',
      code: dvt,
      onsetDateTime: '2026-02-11',
      recordedDate: '2026-02-12T10:00:00Z',
      bodySite: [{ ...coded(snomed, '53840002', 'Calf'), extension: [] }],
      verificationStatus: coded(`${terminology}/condition-ver-status`, 'provisional'),
    });
    expect(fact).to.deep.include({
      date: '2026-02-11',
      dated: 'onset',
      site: 'Calf',
      source: 'Condition/x',
      notes: ['clinical status not said', 'provisional'],
    });
  });

  it('takes a surgical procedure by its category, under its own name', () => {
    const [fact] = facts({
      resourceType: 'Procedure',
      status: 'completed',
      category: coded(snomed, '387713003'),
      code: { text: 'Open reduction of ankle' },
      performedPeriod: { start: '2026-02-01', end: '2026-02-02' },
    });
    expect(fact).to.deep.include({
      topic: 'skin',
      what: { text: 'Open reduction of ankle' },
      date: '2026-02-02',
    });
  });

  it('says that a modifier may turn the meaning round', () => {
    const [fact] = facts({
      resourceType: 'Condition',
      code: dvt,
      modifierExtension: [{ url: 'urn:x', valueBoolean: true }],
    });
    expect(fact?.notes).to.include('has a modifier that is not understood here');
  });
});

describe('facts: values', () => {
  const observation = (more: object) => ({
    resourceType: 'Observation',
    status: 'final',
    code: coded(loinc, '777-3'),
    ...more,
  });

  it('are kept in words and as measured', () => {
    const valueQuantity = {
      value: 84,
      unit: '10*3/uL',
      system: 'http://unitsofmeasure.org',
      code: '10*3/uL',
    };
    expect(facts(observation({ valueQuantity }))[0]).to.deep.include({
      value: '84 10*3/uL',
      measured: valueQuantity,
    });
  });

  it('say that there is none, and why', () => {
    const [fact] = facts(observation({ dataAbsentReason: { text: 'clotted' } }));
    expect(fact?.value).to.equal('no value: clotted');
  });

  it('are shown also where they say the opposite of their code', () => {
    const [fact] = facts(observation({ code: coded(snomed, '386661006'), valueBoolean: false }));
    expect(fact).to.deep.include({ topic: 'infection', value: 'false' });
  });

  it('of components with known codes come out of a panel', () => {
    const panel = observation({
      code: coded(loinc, '85354-9'),
      component: [
        { code: coded(loinc, '8480-6'), valueQuantity: { value: 120, unit: 'mmHg' } },
        { code: coded(loinc, '8462-4'), valueQuantity: { value: 80, unit: 'mmHg' } },
      ],
    });
    expect(facts(panel).map(({ value }) => value)).to.deep.equal(['120 mmHg', '80 mmHg']);
    const blood = observation({
      code: { text: 'Blood count' },
      component: [{ code: coded(loinc, '777-3'), valueQuantity: { value: 20 } }],
    });
    expect(facts(blood).map(({ topic }) => topic)).to.deep.equal(['clots-and-bleeding']);
  });

  it('tell by a coded value what was found', () => {
    const [fact] = facts(
      observation({
        code: { text: 'Alertness' },
        valueCodeableConcept: coded(snomed, '271782001', 'Drowsy'),
      }),
    );
    expect(fact).to.deep.include({ topic: 'sensation', value: 'Drowsy' });
    expect(fact?.also?.map(({ code }) => code)).to.deep.equal(['271782001']);
  });

  it('name a bare coded value by our table', () => {
    const [fact] = facts(
      observation({
        code: coded(loinc, '82810-3'),
        valueCodeableConcept: coded(snomed, '77386006'),
      }),
    );
    expect(fact).to.include({ value: 'Pregnant' });
  });
});
