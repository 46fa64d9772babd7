/**
 * Epic, R4. Sources: its CapabilityStatement of May 2026, its published error codes, and recorded answers;
 * hospital-servers.md §1 to §5. At a customer each interaction is switched on by itself, so a refusal at run time
 * counts more than the statement.
 */
import type { Vendor } from './vendor.ts';

export const epic = {
  name: 'epic',
  product: 'Epic',
  // Its statements may carry neither a name nor a software (Q35): then only the address tells.
  signs: {
    software: ['Epic'],
    publisher: ['Epic'],
    address: ['fhir.epic.com', 'epichosted.com', 'interconnect'],
  },
  searches: {
    ServiceRequest: {
      scope: 'patient', // error codes 4110, 4111, 59159
      since: 'authored', // documented; _lastUpdated is not declared for it
      window: 'half-open', // prefixes eq, lt, le, gt, ge
      cap: 100, // 4127, 59133
      // Listed and without documentation: likely applied after the search.
      doubtful: ['performer', 'intent', 'occurrence', 'priority', 'based-on'],
    },
    // Keeps results of surgery away, and with them the warning 59204.
    Appointment: { always: [['service-category', 'appointment']] },
    Task: { scope: 'patient', doubtful: ['owner', 'performer'] },
  },
  unknownParams: 'warned', // 4122, 59100
  issueCodes: {
    '4101': 'nothing-found',
    '4103': 'deleted',
    '4107': 'merged',
    '4110': 'needs-parameter',
    '4111': 'needs-parameter',
    '4113': 'search-expired',
    '4119': 'suppressed', // one of the codes of an answer that is silently incomplete
    '4122': 'parameter-ignored',
    '4127': 'capped',
    '4130': 'policy', // break the glass
    '4131': 'policy',
    '4134': 'policy',
    '4135': 'day-spent',
    '59100': 'parameter-ignored',
    '59109': 'parameter-ignored',
    '59133': 'capped',
    '59159': 'needs-parameter',
    '59204': 'suppressed',
  },
  rungs: {
    A3: {
      holds: false,
      says: 'Task is documented for community resources and checklists only, and is searched by patient',
    },
    A5: {
      holds: 'probe',
      says: 'Appointment lists location and practitioner, but does not document them',
    },
    B4: {
      holds: 'probe',
      says: '$find and $book are STU3 operations outside the statement, which a customer may have enabled',
    },
    C1: { holds: true, says: 'Procedure.Create works only where the site has enabled it' },
  },
  notes: [
    'Recorded resources carry no meta: change is found by comparing content.', // observed
    'A parent order (original-order) and its child are two ServiceRequests for one clinical order.',
    'The share of the database is limited, and less by day (07 to 19 h); 4135 means that today’s is spent.',
    'A backend app needs its keys at a hosted JWK Set address.',
    'Observation.Create needs a flowsheet mapping by the site (59187 to 59189).',
    'The date of a Procedure is when it resulted.',
  ],
} as const satisfies Vendor;
