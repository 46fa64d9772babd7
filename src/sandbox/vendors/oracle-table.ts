/**
 * What an Oracle-Health-like server offers, type by type, and how its statement words it (hospital-servers §2, §3,
 * §8). There is no Task.
 */
import type { Parameter } from '../search-parameters.ts';
import type { VendorType } from './vendor.ts';

const byPatient = [['patient', 'subject']];
const either = 'Either this, or _id, must be set.';
const alone = 'Nothing else may be set beside it.';
const closed = 'Must be set twice, as a closed range with ge and lt, each with a time.';

const chart = (search: Readonly<Record<string, string>> = {}): VendorType => ({
  does: ['read', 'search-type'],
  search: { _id: alone, patient: either, ...search },
  needs: byPatient,
});

/** A parameter that only this server has: the appointments that `date` finds and those that are proposed for then. */
export const oracleParameters: ReadonlyMap<string, Parameter> = new Map([
  [
    'Appointment?-date-or-req-period',
    { name: '-date-or-req-period', type: 'date', paths: [['start'], ['requestedPeriod']] },
  ],
]);

export const oracleTypes: Readonly<Record<string, VendorType>> = {
  ServiceRequest: {
    does: ['read', 'search-type'],
    search: {
      _id: alone,
      patient: 'This, subject or _id must be set.',
      subject: 'This, patient or _id must be set.',
      code: 'The system must be set and is codeSet/200 of this tenant.',
      _lastUpdated: 'Must have a time and the prefix ge or le.',
    },
    needs: byPatient,
  },
  Appointment: {
    does: ['read', 'search-type', 'create', 'patch'],
    search: {
      _id: alone,
      date: 'Must be set with patient, practitioner or location, unless -date-or-req-period is.',
      '-date-or-req-period': 'The same as date, proposed appointments included.',
      patient: 'Exactly one of patient, practitioner and location must be set, once.',
      practitioner: 'Exactly one of patient, practitioner and location must be set, once.',
      location: 'Exactly one of patient, practitioner and location must be set, once.',
      status: '',
    },
    needs: [
      ['patient', 'practitioner', 'location'],
      ['date', '-date-or-req-period'],
    ],
  },
  Slot: {
    does: ['read', 'search-type', 'patch'],
    search: {
      _id: alone,
      'service-type': 'Either this, or _id, must be set.',
      start: 'Must be set twice, as a closed range with ge and lt.',
      'schedule.actor': '',
    },
    needs: [['service-type'], ['start']],
  },
  Schedule: {
    does: ['read', 'search-type'],
    search: { _id: 'Must be set.' },
    needs: [['_id']],
  },
  Procedure: {
    does: ['read', 'search-type', 'create'],
    search: {
      _id: alone,
      patient: either,
      subject: either,
      date: 'Must not be set together with _lastUpdated.',
      _lastUpdated: `${closed} Must not be set together with date.`,
    },
    needs: byPatient,
  },
  Observation: {
    does: ['read', 'search-type', 'create', 'update'],
    search: {
      _id: alone,
      patient: either,
      subject: either,
      category: '',
      code: '',
      date: '',
      _lastUpdated: closed,
    },
    needs: byPatient,
  },
  DocumentReference: {
    does: ['read', 'search-type', 'create', 'update'],
    search: { _id: alone, patient: either, type: '', date: '', _lastUpdated: closed },
    needs: byPatient,
  },
  DiagnosticReport: {
    ...chart({ code: '', date: '', _lastUpdated: closed }),
    does: ['read', 'search-type', 'create'],
  },
  Communication: {
    does: ['read', 'search-type', 'create', 'patch'],
    search: { _id: alone, received: '', recipient: either, category: '' },
    needs: [['recipient']],
  },
  Encounter: {
    ...chart({ account: either, identifier: either, date: '', status: '', _lastUpdated: closed }),
    does: ['read', 'search-type', 'create', 'patch'],
    needs: [['patient', 'subject', 'account', 'identifier']],
  },
  Coverage: { ...chart(), does: ['read', 'search-type', 'create', 'patch', 'delete'] },
  Provenance: { does: ['create'] },
  Patient: {
    does: ['read', 'search-type'],
    search: { _id: '', identifier: '', name: '', family: '', given: '', birthdate: '', gender: '' },
    needs: [['identifier', 'name', 'family', 'given', 'birthdate']],
  },
  Condition: chart({ 'clinical-status': '', category: '' }),
  AllergyIntolerance: chart({ 'clinical-status': '' }),
  MedicationRequest: chart({ status: '', intent: '' }),
  CarePlan: chart({ category: '', date: '' }),
  Device: chart(),
  Practitioner: {
    does: ['read', 'search-type'],
    search: { _id: '', identifier: '', name: '', family: '', given: '' },
  },
  Organization: { does: ['read', 'search-type'], search: { _id: '', identifier: '', name: '' } },
  Location: {
    does: ['read', 'search-type'],
    search: { _id: '', identifier: '', name: '', organization: '' },
  },
};
