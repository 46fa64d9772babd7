/** What the ward knows of its patients beside the orders: conditions, allergies, flags, results, drugs, lines. */
import { concept, icd10, loinc, own, rxnorm, sct } from './ward-codes.ts';
import { encounterId, hoursBefore, patientId } from './ward-people.ts';

type ConditionRow = readonly [id: string, patient: number, code: fhir4.CodeableConcept];

const conditions: readonly ConditionRow[] = [
  [
    'condition-cancer',
    1,
    concept(sct('363346000', 'Malignant neoplastic disease'), icd10('C80.1')),
  ],
  [
    'condition-cancer-pain',
    1,
    concept(icd10('G89.3', 'Neoplasm related pain'), sct('22253000', 'Pain')),
  ],
  ['condition-fibromyalgia', 2, concept(sct('203082005', 'Fibromyalgia'), icd10('M79.7'))],
  ['condition-neuropathy', 3, concept(sct('7339009', 'Drug-caused polyneuropathy'))],
  ['condition-back-strain', 4, concept(sct('262965006', 'Strain of back muscle'))],
  ['condition-ankle-sprain', 5, concept(sct('44465007', 'Sprain of ankle'))],
  ['condition-hypertension', 6, concept(sct('59621000', 'Essential hypertension'), icd10('I10'))],
  ['condition-stress', 7, concept(sct('73595000', 'Stress'), icd10('Z73.3'))],
  ['condition-end-of-life', 8, concept(sct('300936002', 'Terminal illness'), icd10('Z51.5'))],
  ['condition-lymphedema', 9, concept(sct('33129002', 'Postmastectomy lymphedema'))],
  ['condition-insomnia', 10, concept(sct('193462001', 'Insomnia'))],
  ['condition-anxiety', 11, concept(sct('48694002', 'Anxiety'), icd10('F41.9'))],
  ['condition-neck-pain', 12, concept(sct('81680005', 'Neck pain'), icd10('M54.2'))],
  ['condition-thrombosis', 13, concept(sct('128053003', 'Deep venous thrombosis'))],
];

export function wardFacts(now: Date): fhir4.FhirResource[] {
  return [
    ...conditions.map((row) => condition(now, row)),
    ...precautions(),
    ...results(now),
    ...drugsAndLines(now),
    {
      resourceType: 'BodyStructure',
      id: 'left-shoulder',
      active: true,
      location: concept(sct('16982005', 'Shoulder region')),
      locationQualifier: [concept(sct('7771000', 'Left'))],
      patient: { reference: `Patient/${patientId(12)}` },
    },
  ];
}

function condition(now: Date, [id, patient, code]: ConditionRow): fhir4.Condition {
  const terminology = 'http://terminology.hl7.org/CodeSystem';
  return {
    resourceType: 'Condition',
    id,
    clinicalStatus: { coding: [{ system: `${terminology}/condition-clinical`, code: 'active' }] },
    verificationStatus: {
      coding: [{ system: `${terminology}/condition-ver-status`, code: 'confirmed' }],
    },
    code,
    subject: { reference: `Patient/${patientId(patient)}` },
    encounter: { reference: `Encounter/${encounterId(patient)}` },
    recordedDate: hoursBefore(now, 20 + patient),
    recorder: { reference: 'Practitioner/dr-quill' },
  };
}

function precautions(): (fhir4.AllergyIntolerance | fhir4.Flag)[] {
  const allergies = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';
  return [
    {
      resourceType: 'AllergyIntolerance',
      id: 'allergy-latex',
      clinicalStatus: { coding: [{ system: allergies, code: 'active' }] },
      code: concept(sct('300916003', 'Latex allergy')),
      patient: { reference: `Patient/${patientId(1)}` },
    },
    {
      resourceType: 'Flag',
      id: 'flag-isolation',
      status: 'active',
      code: concept(own('flag', 'contact-precautions', 'Contact precautions')),
      subject: { reference: `Patient/${patientId(5)}` },
      encounter: { reference: `Encounter/${encounterId(5)}` },
    },
  ];
}

function results(now: Date): fhir4.Observation[] {
  const ucum = 'http://unitsofmeasure.org';
  return [
    {
      resourceType: 'Observation',
      id: 'platelets',
      status: 'final',
      code: concept(loinc('777-3', 'Platelets [#/volume] in Blood by Automated count')),
      subject: { reference: `Patient/${patientId(1)}` },
      encounter: { reference: `Encounter/${encounterId(1)}` },
      effectiveDateTime: hoursBefore(now, 14),
      valueQuantity: { value: 84, unit: '10*3/uL', system: ucum, code: '10*3/uL' },
    },
    {
      resourceType: 'Observation',
      id: 'pain-score',
      status: 'final',
      code: concept(
        loinc('72514-3', 'Pain severity - 0-10 verbal numeric rating [Score] - Reported'),
      ),
      subject: { reference: `Patient/${patientId(2)}` },
      encounter: { reference: `Encounter/${encounterId(2)}` },
      effectiveDateTime: hoursBefore(now, 6),
      valueQuantity: { value: 6, unit: '{score}', system: ucum, code: '{score}' },
    },
  ];
}

/** Heparin is ordered in RxNorm, as US hospitals do; the catheter is named by the Device that its use refers to. */
function drugsAndLines(
  now: Date,
): (fhir4.MedicationRequest | fhir4.Device | fhir4.DeviceUseStatement)[] {
  return [
    {
      resourceType: 'MedicationRequest',
      id: 'heparin',
      status: 'active',
      intent: 'order',
      medicationCodeableConcept: concept(rxnorm('5224', 'heparin')),
      subject: { reference: `Patient/${patientId(13)}` },
      encounter: { reference: `Encounter/${encounterId(13)}` },
      authoredOn: hoursBefore(now, 30),
      requester: { reference: 'Practitioner/dr-quill' },
    },
    {
      resourceType: 'Device',
      id: 'central-line',
      status: 'active',
      type: concept(sct('52124006', 'Central venous catheter')),
      patient: { reference: `Patient/${patientId(1)}` },
    },
    {
      resourceType: 'DeviceUseStatement',
      id: 'central-line-in-use',
      status: 'active',
      subject: { reference: `Patient/${patientId(1)}` },
      timingDateTime: hoursBefore(now, 70),
      device: { reference: 'Device/central-line' },
      bodySite: concept(sct('45048000', 'Neck')),
    },
  ];
}
