/**
 * The massage orders of the ward: each shows one way in which real orders differ, in reason, direction, site,
 * frequency, urgency or coding.
 */
import { concept, icd10, massage, pressureCap, sct, technique } from './ward-codes.ts';
import type { OrderRow } from './ward-order.ts';

const reason = (code: string, display: string, icd?: string): fhir4.CodeableConcept[] => [
  concept(sct(code, display), ...(icd === undefined ? [] : [icd10(icd)])),
];

/** Times a week for some weeks. */
const weekly = (frequency: number, weeks: number): fhir4.Timing => ({
  repeat: {
    frequency,
    period: 1,
    periodUnit: 'wk',
    boundsDuration: {
      value: weeks,
      unit: 'wk',
      system: 'http://unitsofmeasure.org',
      code: 'wk',
    },
  },
});

const visits = (value: number): fhir4.Quantity => ({
  value,
  unit: 'visits',
  system: 'http://unitsofmeasure.org',
  code: '{visits}',
});

const light = technique('light-touch', 'Light touch');
const swedish = technique('swedish', 'Swedish massage');

export const massageOrders: readonly OrderRow[] = [
  {
    id: 'order-cancer-pain',
    is: 'order',
    about: 'cancer pain; the physician directs technique and pressure; precautions on file',
    patient: 1,
    hoursAgo: 22,
    by: 'dr-quill',
    content: {
      orderDetail: [technique('oncology', 'Oncology massage'), pressureCap(2)],
      note: [
        {
          authorReference: { reference: 'Practitioner/dr-quill' },
          text: 'Gentle work only. Keep away from the port on the right chest.',
        },
      ],
      reasonCode: reason('363346000', 'Malignant neoplastic disease', 'G89.3'),
      reasonReference: [{ reference: 'Condition/condition-cancer-pain' }],
      supportingInfo: [
        { reference: 'AllergyIntolerance/allergy-latex' },
        { reference: 'Observation/platelets' },
      ],
    },
  },
  {
    id: 'order-fibromyalgia',
    is: 'order',
    about: 'fibromyalgia, twice a week for four weeks, eight visits in all',
    patient: 2,
    hoursAgo: 30,
    content: {
      orderDetail: [swedish],
      occurrenceTiming: weekly(2, 4),
      quantityQuantity: visits(8),
      reasonCode: reason('203082005', 'Fibromyalgia', 'M79.7'),
      reasonReference: [{ reference: 'Condition/condition-fibromyalgia' }],
      bodySite: [concept(sct('77568009', 'Back excluding neck'))],
    },
  },
  {
    id: 'order-neuropathy',
    is: 'order',
    about: 'drug-caused neuropathy of both feet, six times',
    patient: 3,
    hoursAgo: 18,
    content: {
      orderDetail: [technique('foot', 'Foot massage'), pressureCap(1)],
      occurrenceTiming: { repeat: { count: 6, frequency: 1, period: 2, periodUnit: 'd' } },
      reasonReference: [{ reference: 'Condition/condition-neuropathy' }],
      bodySite: [{ coding: [sct('56459004', 'Foot')], text: 'Both feet' }],
    },
  },
  {
    id: 'order-back-strain',
    is: 'order',
    about: 'a strained back, deep work wanted',
    patient: 4,
    hoursAgo: 12,
    by: 'nurse-lotte',
    content: {
      orderDetail: [technique('deep', 'Deep tissue massage'), pressureCap(4)],
      reasonCode: reason('262965006', 'Strain of back muscle', 'S39.012A'),
      bodySite: [concept(sct('52612000', 'Lumbar region'))],
      quantityQuantity: visits(3),
    },
  },
  {
    id: 'order-knees',
    is: 'order',
    about:
      'a sports injury; the site is one code with its side, both knees; the patient is isolated',
    patient: 5,
    hoursAgo: 9,
    content: {
      orderDetail: [swedish],
      reasonCode: reason('282026002', 'Soft tissue injury'),
      reasonReference: [{ reference: 'Condition/condition-ankle-sprain' }],
      bodySite: [concept(sct('36701003', 'Both knees'))],
      supportingInfo: [{ reference: 'Flag/flag-isolation' }],
    },
  },
  {
    id: 'order-hypertension',
    is: 'order',
    about: 'hypertension; the order carries a second, billing code',
    patient: 6,
    hoursAgo: 26,
    content: {
      code: {
        coding: [
          sct('387854002', 'Massage physiotherapy (regime/therapy)'),
          { system: 'http://www.cms.gov/Medicare/Coding/ICD10', code: '8E0KX1Z' },
        ],
      },
      reasonCode: reason('59621000', 'Essential hypertension', 'I10'),
      occurrenceTiming: weekly(1, 6),
    },
  },
  {
    id: 'order-stress',
    is: 'order',
    about: 'stress, as needed',
    patient: 7,
    hoursAgo: 5,
    content: {
      asNeededBoolean: true,
      reasonCode: reason('73595000', 'Stress', 'Z73.3'),
      reasonReference: [{ reference: 'Condition/condition-stress' }],
      patientInstruction: 'Tell the therapist what feels good and what does not.',
    },
  },
  {
    id: 'order-end-of-life',
    is: 'order',
    about: 'end of life, stat, which is rare for massage',
    patient: 8,
    hoursAgo: 2,
    by: 'dr-quill',
    content: {
      priority: 'stat',
      orderDetail: [technique('hand', 'Hand massage'), pressureCap(1)],
      reasonCode: reason('103735009', 'Palliative care', 'Z51.5'),
      reasonReference: [{ reference: 'Condition/condition-end-of-life' }],
      note: [{ text: 'The family would like to be present.' }],
    },
  },
  {
    id: 'order-lymphedema',
    is: 'order',
    about: 'lymphedema after surgery; side only in words',
    patient: 9,
    hoursAgo: 40,
    content: {
      orderDetail: [technique('lymph', 'Manual lymphatic drainage'), pressureCap(1)],
      reasonCode: reason('33129002', 'Postmastectomy lymphedema'),
      bodySite: [{ text: 'Left upper arm' }],
    },
  },
  {
    id: 'order-scar',
    is: 'order',
    about: 'technique with a standard code, scar tissue massage',
    patient: 14,
    hoursAgo: 16,
    content: { orderDetail: [concept(sct('229506003', 'Scar tissue massage'))] },
  },
  {
    id: 'order-insomnia',
    is: 'order',
    about: 'the standard code without any display',
    patient: 10,
    hoursAgo: 8,
    content: {
      code: { coding: [sct('387854002')] },
      orderDetail: [light],
      reasonCode: reason('193462001', 'Insomnia'),
    },
  },
  {
    id: 'order-anxiety',
    is: 'order',
    about: 'the standard code under another display, as old catalogues have it',
    patient: 11,
    hoursAgo: 7,
    content: {
      priority: 'asap',
      code: { coding: [sct('387854002', 'Therapeutic massage')] },
      reasonCode: reason('48694002', 'Anxiety', 'F41.9'),
    },
  },
  {
    id: 'order-neck',
    is: 'order',
    about: 'the site with its side as a BodyStructure',
    patient: 12,
    hoursAgo: 11,
    content: {
      reasonCode: reason('81680005', 'Neck pain', 'M54.2'),
      bodySite: [
        concept(sct('45048000', 'Neck')),
        {
          extension: [
            {
              url: 'http://hl7.org/fhir/StructureDefinition/bodySite',
              valueReference: { reference: 'BodyStructure/left-shoulder' },
            },
          ],
          text: 'Left shoulder',
        },
      ],
    },
  },
  {
    id: 'order-thrombosis',
    is: 'order',
    about: 'an order for a patient with a thrombosis on file',
    patient: 13,
    hoursAgo: 4,
    content: { supportingInfo: [{ reference: 'Condition/condition-thrombosis' }] },
  },
  {
    id: 'order-outpatient',
    is: 'order',
    about: 'an outpatient who comes to the massage room',
    patient: 29,
    hoursAgo: 50,
    content: {
      encounter: undefined,
      orderDetail: [swedish],
      occurrenceTiming: weekly(1, 3),
      quantityQuantity: visits(3),
    },
  },
  {
    id: 'order-task-addressed',
    is: 'order',
    about: 'comes with a Task that is addressed to the massage service',
    task: 'addressed',
    patient: 15,
    hoursAgo: 6,
    by: 'nurse-ivo',
    content: { orderDetail: [swedish], reasonCode: reason('68962001', 'Muscle pain') },
  },
  {
    id: 'order-task-claimable',
    is: 'order',
    about: 'names no performer; a Task without owner is free for whoever claims it',
    task: 'claimable',
    patient: 16,
    hoursAgo: 3,
    by: 'nurse-ivo',
    content: {
      performer: undefined,
      performerType: concept(sct('1172950003', 'Massage therapist (occupation)')),
      reasonCode: reason('25064002', 'Headache'),
    },
  },
  {
    id: 'order-local-code',
    is: 'local-code',
    about: 'a code of the hospital’s own system under the known category',
    patient: 17,
    hoursAgo: 10,
    content: {
      code: {
        coding: [{ system: 'urn:oid:2.999.1.13.338.2.7.2.696580', code: '104477' }],
        text: 'Massage therapy',
      },
    },
  },
  {
    id: 'order-text-only',
    is: 'text-only',
    about: 'no code, only words',
    patient: 18,
    hoursAgo: 13,
    content: { code: { text: 'Massage for comfort, please' } },
  },
  {
    id: 'order-series',
    is: 'parent',
    about: 'what was ordered; the hospital’s system made order-series-1 of it',
    patient: 19,
    hoursAgo: 21,
    content: { intent: 'original-order', occurrenceTiming: weekly(1, 4) },
  },
  {
    id: 'order-series-1',
    is: 'child',
    about: 'the order that carries out order-series',
    patient: 19,
    hoursAgo: 20,
    content: {
      basedOn: [{ reference: 'ServiceRequest/order-series' }],
      occurrenceTiming: weekly(1, 4),
    },
  },
  {
    id: 'order-draft',
    is: 'draft',
    about: 'not signed yet',
    patient: 20,
    hoursAgo: 1,
    content: { status: 'draft' },
  },
  {
    id: 'order-plan',
    is: 'plan',
    about: 'part of a plan, nobody ordered it',
    patient: 21,
    hoursAgo: 33,
    content: { intent: 'plan' },
  },
  {
    id: 'order-proposal',
    is: 'proposal',
    about: 'suggested by a nurse, not ordered',
    patient: 22,
    hoursAgo: 31,
    content: { intent: 'proposal' },
  },
  {
    id: 'order-revoked',
    is: 'revoked',
    about: 'taken back',
    patient: 23,
    hoursAgo: 44,
    content: { status: 'revoked' },
  },
  {
    id: 'order-on-hold',
    is: 'on-hold',
    about: 'waits for a procedure',
    patient: 24,
    hoursAgo: 28,
    content: { status: 'on-hold' },
  },
  {
    id: 'order-completed',
    is: 'completed',
    about: 'done before',
    patient: 25,
    hoursAgo: 90,
    content: { status: 'completed' },
  },
  {
    id: 'order-entered-in-error',
    is: 'entered-in-error',
    about: 'was never meant',
    patient: 26,
    hoursAgo: 15,
    content: { status: 'entered-in-error', code: massage },
  },
  {
    id: 'order-do-not-perform',
    is: 'do-not-perform',
    about: 'says that massage must not be given',
    patient: 27,
    hoursAgo: 14,
    by: 'dr-quill',
    content: { doNotPerform: true },
  },
];
