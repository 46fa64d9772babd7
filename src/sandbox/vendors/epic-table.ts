/**
 * What an Epic-like server offers, type by type (hospital-servers §2, §3). ServiceRequest documents some of its search
 * parameters and merely lists others, which then only filter what the required ones have found.
 */
import type { VendorType } from './vendor.ts';

const names = (text: string, documentation = ''): Record<string, string> =>
  Object.fromEntries(text.split(' ').map((name) => [name, documentation]));

const ofPatient = [['patient', 'subject']];

/** Read and search of what is filed under a patient. */
const chart = (search: string): VendorType => ({
  does: ['read', 'search-type'],
  search: names(search, 'Documented.'),
  needs: ofPatient,
});

/** Read and search of what is not. */
const directory = (search: string): VendorType => ({
  does: ['read', 'search-type'],
  search: names(search, 'Documented.'),
});

export const epicTypes: Readonly<Record<string, VendorType>> = {
  ServiceRequest: {
    does: ['read', 'search-type', 'create', 'update'],
    search: {
      patient: 'The patient, or subject, is required.',
      subject: 'The subject, or patient, is required.',
      ...names('_id encounter identifier authored category code requester status', 'Documented.'),
      ...names('performer performer-type intent occurrence priority based-on replaces requisition'),
      ...names('body-site specimen'),
    },
    needs: ofPatient,
  },
  Task: {
    does: ['read', 'search-type', 'update'],
    search: {
      ...names('_id patient', 'The patient is required.'),
      ...names('owner status code focus based-on subject encounter requester intent modified'),
    },
    needs: [['patient']],
  },
  Appointment: {
    does: ['read', 'search-type'],
    search: {
      ...names('_id patient', 'The patient is required.'),
      ...names('identifier status date location practitioner actor service-type reason-code'),
      'service-category': 'Use appointment, else surgeries are looked for as well.',
    },
    needs: ofPatient,
  },
  Procedure: {
    does: ['read', 'search-type', 'create', 'update'],
    search: {
      ...names('_id patient subject', 'The patient is required.'),
      date: 'When it was resulted.',
      ...names('category code identifier encounter status based-on performer'),
    },
    needs: ofPatient,
  },
  Observation: {
    does: ['read', 'search-type', 'create', 'update'],
    search: names('_id patient subject category code date encounter based-on', 'Documented.'),
    needs: [...ofPatient, ['category', 'code']],
  },
  DocumentReference: {
    does: ['read', 'search-type', 'create', 'update'],
    search: names('_id patient subject category date encounter type _lastupdated', 'Documented.'),
    needs: ofPatient,
  },
  Communication: {
    does: ['read', 'search-type', 'create'],
    search: names(
      '_id patient subject part-of based-on recipient sender sent category',
      'Documented.',
    ),
    needs: ofPatient,
  },
  DiagnosticReport: {
    ...chart('_id patient subject category code date'),
    does: ['read', 'search-type', 'update'],
  },
  Patient: {
    ...directory('_id identifier name family given birthdate gender address telecom'),
    needs: [['identifier', 'name', 'family', 'given', 'birthdate', 'telecom']],
  },
  Encounter: chart('_id patient subject class date identifier status location'),
  Condition: chart('_id patient subject category clinical-status encounter onset-date'),
  AllergyIntolerance: chart('_id patient clinical-status code criticality date'),
  Flag: chart('_id patient subject encounter'),
  MedicationRequest: chart('_id patient subject status intent category authoredon'),
  Coverage: chart('_id patient beneficiary'),
  CarePlan: chart('_id patient subject category'),
  Device: chart('_id patient type'),
  DeviceUseStatement: chart('_id patient subject'),
  Medication: { does: ['read', 'search-type'], search: names('_id', 'Documented.') },
  Practitioner: directory('_id identifier name family given'),
  PractitionerRole: directory('_id identifier practitioner organization location role specialty'),
  Organization: directory('_id identifier name type partof'),
  Location: directory('_id identifier name type organization partof'),
  Group: directory('_id identifier name'),
};
