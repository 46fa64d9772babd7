/**
 * Codes of others that were seen in a published source, with the words of that source. Whoever adds one has seen it:
 * SNOMED CT in the Global Patient Set 20200930 (229506003 in R4's value set procedure-followup, those without words are
 * only excluded), HL7 in terminology.hl7.org 7.0.1 and R4, COW and BSeR in their guides.
 */
import { loinc, snomed } from '../../src/core/concept.ts';

const hl7 = 'http://terminology.hl7.org/CodeSystem';
const r4 = 'http://hl7.org/fhir';

export const verified: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [snomed]: {
    '387854002': 'Massage physiotherapy (regime/therapy)',
    '229506003': 'Scar tissue massage',
    '406147003': 'Infant massage (regime/therapy)',
    '231107005': 'Acupressure (regime/therapy)',
    '83099006': 'Manual external cardiac massage with closed chest (procedure)',
    '149213005': '',
    '129090007': 'Carotid sinus massage procedure phase (qualifier value)',
    '395127001': 'Infant massage health education (procedure)',
    '1388791008': '',
    '105480006': 'Refusal of treatment by patient (situation)',
    '397745006': 'Medical contraindication (finding)',
    '426201006': 'Interpreter not available (finding)',
    '281399006': 'Did not attend (finding)',
    '38266002': 'Entire body as a whole (body structure)',
    '69536005': 'Head structure (body structure)',
    '41695006': 'Scalp structure (body structure)',
    '89545001': 'Face structure (body structure)',
    '45048000': 'Neck structure (body structure)',
    '16982005': 'Shoulder region structure (body structure)',
    '53120007': 'Upper limb structure (body structure)',
    '14975008': 'Forearm structure (body structure)',
    '85562004': 'Hand structure (body structure)',
    '78904004': 'Chest wall structure (body structure)',
    '77568009': 'Back structure, excluding neck (body structure)',
    '52612000': 'Lumbar region back structure (body structure)',
    '46862004': 'Buttock structure (body structure)',
    '29836001': 'Hip region structure (body structure)',
    '61685007': 'Lower limb structure (body structure)',
    '68367000': 'Thigh structure (body structure)',
    '53840002': 'Structure of calf of leg (body structure)',
    '56459004': 'Foot structure (body structure)',
    '40199007': 'Supine body position (finding)',
    '1240000': 'Prone body position (finding)',
    '102536004': 'Left lateral decubitus position (finding)',
    '102535000': 'Right lateral decubitus position (finding)',
    '33586001': 'Sitting position (finding)',
    '102538003': 'Recumbent body position (finding)',
  },
  [loinc]: { '72514-3': 'Pain severity - 0-10 verbal numeric rating [Score] - Reported' },
  'http://www.ama-assn.org/go/cpt': { '97124': '' },
  'http://www.cms.gov/Medicare/Coding/ICD10': { '8E0KX1Z': '' },
  [`${hl7}/service-type`]: { '25': 'Massage Therapy', '29': 'Reflexology' },
  [`${hl7}/appointment-cancellation-reason`]: {
    pat: 'Patient',
    'pat-fb': 'Patient: Feeling Better',
    'pat-dec': 'Patient: Deceased',
    prov: 'Provider',
    'prov-dch': 'Provider: Discharged',
    'oth-int': 'Other: No Interpreter Available',
  },
  [`${hl7}/data-absent-reason`]: {
    'not-performed': 'Not Performed',
    'asked-declined': 'Asked But Declined',
    'not-asked': 'Not Asked',
  },
  [`${r4}/CodeSystem/task-code`]: { fulfill: '' },
  [`${r4}/uv/cow/CodeSystem/temp`]: {
    'visit-scheduled': 'The patient is scheduled for the requested consultation or procedure',
    'visit-complete':
      'The visit with the patient for the requested consultation or procedure is complete',
  },
  [`${r4}/us/bser/CodeSystem/TaskBusinessStatusCS`]: {
    '3.0': 'Service Request Accepted',
    '5.1.1': 'Service Request Event Scheduled',
    '5.1.2': 'Scheduled Service Request Event Unattended',
    '5.1.3': 'Scheduled Service Request Event Cancelled',
    '5.1.4': 'Service Request Event Completed',
    '5.2': 'Service Request Cancellation Requested',
    '6.0': 'Service Request Fulfillment Cancelled',
  },
  [`${r4}/event-status`]: { completed: '', stopped: '', 'not-done': '', 'entered-in-error': '' },
  [`${r4}/observation-status`]: {
    ...{ final: '', amended: '', corrected: '' },
    'entered-in-error': '',
  },
  [`${r4}/appointmentstatus`]: {
    ...{ booked: '', arrived: '', 'checked-in': '', fulfilled: '', cancelled: '', noshow: '' },
    'entered-in-error': '',
  },
  [`${r4}/request-intent`]: {
    ...{ order: '', 'original-order': '', 'reflex-order': '', 'filler-order': '' },
    'instance-order': '',
  },
};
