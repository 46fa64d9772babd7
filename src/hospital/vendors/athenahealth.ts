/**
 * athenahealth, R4. Sources: its CapabilityStatement with its extension `ah-search-parameter-metadata`, and its
 * documentation of subscriptions; hospital-servers.md §2, §3, §5.
 */
import type { Vendor } from './vendor.ts';

export const athenahealth = {
  name: 'athenahealth',
  product: 'athenahealth',
  signs: {
    software: ['athenahealth'],
    publisher: ['athenahealth'],
    address: ['athenahealth.com'],
  },
  searches: {
    ServiceRequest: { scope: 'patient', since: '_lastUpdated' }, // extension: patient or _id
    Appointment: { scope: 'id' }, // _id, or a named query
    Encounter: { scope: 'patient', since: '_lastUpdated', window: 'days' }, // dates only. Q9
    Procedure: { since: '_lastUpdated', window: 'days' },
    Coverage: { scope: 'patient' },
  },
  rungs: {
    A2: {
      holds: 'probe',
      says: 'its subscriptions are an alpha that the statement does not mention, and leave ServiceRequest out',
    },
  },
  notes: [
    'Searches are limited to a practice by ah-practice.',
    'Interactions are declared twice.', // Q35
    'Nothing is written over FHIR; what it has for that is an interface of its own.',
    'It has no protection against doubles: a write that timed out must be looked for.',
  ],
} as const satisfies Vendor;
