/**
 * A server that behaves like MEDITECH (hospital-servers §2, §3, §5): a statement of the product, not of an instance,
 * pages by one `continue` parameter, clinical data to read, Communication as the only thing to write.
 */
import { refuse } from '../outcome.ts';
import {
  dropUnknown,
  hasNeeded,
  onSearch,
  type Rule,
  type Vendor,
  type VendorType,
  without,
} from './vendor.ts';

const declared = (text: string) => Object.fromEntries(text.split(' ').map((name) => [name, '']));

/** What is filed under a patient; that the patient is required is nowhere said, and still so. */
const chart = (search: string): VendorType => ({
  does: ['read', 'search-type'],
  search: declared(`_id patient continue ${search}`.trim()),
  needs: [['patient']],
});

const directory = (search: string): VendorType => ({
  does: ['read', 'search-type'],
  search: declared(`_id continue ${search}`),
});

const needPatient: Rule = onSearch((asked) => {
  if (hasNeeded(asked)) return asked;
  throw refuse(400, 'required', 'The search needs a parameter that it does not have.');
});

const unconditional: Rule = (asked) => ({ ...asked, call: without(asked.call, 'if-none-exist') });

export const meditech: Vendor = {
  name: 'meditech',
  says: 'like MEDITECH: read only but for Communication, pages by continue, Task without search',
  path: '/fhir',
  types: {
    ServiceRequest: chart('authored category code encounter status'),
    Task: { does: ['read'] },
    Appointment: {
      ...directory('date location practitioner status patient'),
      needs: [['date', 'location', 'practitioner', 'patient']],
    },
    Procedure: chart('date code status'),
    Observation: chart('category code date status'),
    DocumentReference: chart('category type date status'),
    DiagnosticReport: chart('category code date'),
    Communication: { ...chart('category sent'), does: ['read', 'search-type', 'create'] },
    Encounter: chart('class date status type location'),
    Condition: chart('category clinical-status'),
    AllergyIntolerance: chart('clinical-status'),
    MedicationRequest: chart('status intent authoredon'),
    Coverage: chart(''),
    CarePlan: chart('category status'),
    Device: chart('type'),
    Patient: {
      ...directory('identifier name family given birthdate gender'),
      needs: [['identifier', 'name', 'family', 'given', 'birthdate']],
    },
    Practitioner: directory('identifier name'),
    PractitionerRole: directory('practitioner specialty'),
    Organization: directory('identifier name'),
    Location: directory('identifier name address'),
  },
  system: [],
  resultParameters: ['_count', '_include'],
  pageParameter: 'continue',
  lacking: { write: [405, 'not-supported'], other: [405, 'not-supported'] },
  updateCreate: false,
  rules: [needPatient, dropUnknown, unconditional],
  finishes: [],
  statement: () => ({
    kind: 'capability',
    implementation: undefined,
    publisher: 'MEDITECH-like sandbox',
    software: { name: 'MEDITECH-like sandbox' },
  }),
  resourceStatement: {},
  // its scopes promise more than its interactions hold (Q35)
  smart: (_base, tokenEndpoint) => ({
    token_endpoint: tokenEndpoint,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
    grant_types_supported: ['authorization_code', 'client_credentials'],
    scopes_supported: ['system/ServiceRequest.rs', 'system/DocumentReference.crus'],
    capabilities: ['client-confidential-asymmetric', 'permission-v2'],
  }),
};
