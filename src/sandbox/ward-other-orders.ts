/**
 * Orders of the ward that are not for the massage service: those that look alike, by code or by word, and the daily
 * work of the other departments.
 */
import { concept, loinc, own, sct, therapyCategory } from './ward-codes.ts';
import type { OrderRow } from './ward-order.ts';

const laboratory = own('order-category', 'laboratory', 'Laboratory');
const nursing = own('order-category', 'nursing', 'Nursing');
const kitchen = own('order-category', 'diet', 'Diet');

/** An order of another department: its own category, no massage service among its performers. */
function elsewhere(
  id: string,
  is: OrderRow['is'],
  about: string,
  [patient, hoursAgo]: readonly [number, number],
  category: fhir4.Coding,
  code: fhir4.CodeableConcept,
  more: OrderRow['content'] = {},
): OrderRow {
  const content = { performer: undefined, category: [concept(category)], code, ...more };
  return { id, is, about, patient, hoursAgo, content };
}

const lookAlikes: readonly OrderRow[] = [
  elsewhere(
    'lookalike-cardiac',
    'look-alike',
    'resuscitation',
    [8, 60],
    nursing,
    concept(sct('83099006', 'Manual external cardiac massage with closed chest (procedure)')),
    { priority: 'stat', status: 'completed' },
  ),
  elsewhere(
    'lookalike-open-chest',
    'look-alike',
    'surgery',
    [13, 72],
    own('order-category', 'surgery', 'Surgery'),
    concept(sct('149213005', 'Open chest massage of heart')),
  ),
  elsewhere(
    'lookalike-carotid',
    'look-alike',
    'a diagnostic manoeuvre',
    [6, 25],
    own('order-category', 'diagnostics', 'Diagnostics'),
    concept(sct('129090007', 'Carotid sinus massage procedure phase (qualifier value)')),
  ),
  elsewhere(
    'lookalike-infant-education',
    'look-alike',
    'teaching parents',
    [18, 27],
    nursing,
    concept(sct('395127001', 'Infant massage health education (procedure)')),
  ),
  elsewhere(
    'lookalike-urine',
    'look-alike',
    'a specimen',
    [21, 29],
    laboratory,
    concept(sct('1388791008', 'Urine collection after prostatic massage')),
  ),
  elsewhere(
    'lookalike-prostatic',
    'look-alike',
    'words only, an examination',
    [21, 29.5],
    own('order-category', 'diagnostics', 'Diagnostics'),
    { text: 'Prostatic massage' },
  ),
  elsewhere('lookalike-rectal', 'look-alike', 'words only, a nursing measure', [25, 35], nursing, {
    text: 'Rectal massage',
  }),
  elsewhere(
    'lookalike-medication',
    'look-alike',
    'how to use a shampoo',
    [26, 37],
    own('order-category', 'pharmacy', 'Pharmacy'),
    { text: 'Massage 5-15 ml to wet hair' },
  ),
];

const department = 'other-department';

const departments: readonly OrderRow[] = [
  elsewhere(
    'other-physiotherapy',
    department,
    'physiotherapy',
    [4, 24],
    therapyCategory,
    concept(sct('91251008', 'Physical therapy procedure (regime/therapy)')),
    { performer: [{ reference: 'Organization/physiotherapy' }] },
  ),
  elsewhere(
    'other-physiotherapy-referral',
    department,
    'a referral to physiotherapy',
    [5, 23],
    sct('3457005', 'Patient referral (procedure)'),
    concept(sct('308447003', 'Referral to physiotherapist')),
    { performer: [{ reference: 'Organization/physiotherapy' }] },
  ),
  elsewhere(
    'other-acupuncture',
    department,
    'acupuncture, filed next to massage',
    [2, 19],
    therapyCategory,
    concept(sct('44868003', 'Acupuncture (procedure)')),
  ),
  elsewhere(
    'other-aromatherapy',
    department,
    'aromatherapy, an adjunct',
    [7, 17],
    therapyCategory,
    concept(sct('394615007', 'Aromatherapy')),
  ),
  elsewhere(
    'other-platelets',
    department,
    'laboratory',
    [1, 15],
    laboratory,
    concept(loinc('777-3', 'Platelets [#/volume] in Blood by Automated count')),
  ),
  elsewhere(
    'other-hemoglobin',
    department,
    'laboratory',
    [3, 15.5],
    laboratory,
    concept(loinc('718-7', 'Hemoglobin [Mass/volume] in Blood')),
  ),
  elsewhere(
    'other-diet',
    department,
    'diet',
    [6, 48],
    kitchen,
    concept(own('orderables', 'D-12', 'Low sodium diet')),
  ),
  elsewhere('other-wound-care', department, 'nursing, words only', [28, 39], nursing, {
    text: 'Change dressing on left heel every morning',
  }),
  elsewhere(
    'other-bed-rest',
    department,
    'a positioning order: do not turn',
    [13, 36],
    nursing,
    concept(own('orderables', 'N-31', 'Turn patient')),
    { doNotPerform: true },
  ),
  elsewhere(
    'other-imaging',
    department,
    'imaging',
    [14, 52],
    own('order-category', 'imaging', 'Imaging'),
    concept(own('orderables', 'R-7', 'Ultrasound of abdomen')),
  ),
  elsewhere(
    'other-speech-therapy',
    department,
    'speech therapy',
    [22, 46],
    therapyCategory,
    concept(own('orderables', 'T-4', 'Speech therapy evaluation')),
  ),
  elsewhere(
    'other-social-work',
    department,
    'social work, urgent',
    [30, 1.5],
    own('order-category', 'social', 'Social work'),
    concept(own('orderables', 'S-1', 'Social work consult')),
    { priority: 'urgent' },
  ),
];

export const otherOrders: readonly OrderRow[] = [...lookAlikes, ...departments];
