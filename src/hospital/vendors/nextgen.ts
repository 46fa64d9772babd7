/**
 * NextGen Enterprise and NextGen Office, R4. Source: their CapabilityStatements; hospital-servers.md §2, §3. Office is a
 * façade on HAPI and calls itself so.
 */
import type { Vendor } from './vendor.ts';

export const nextgen = {
  name: 'nextgen',
  product: 'NextGen',
  signs: { software: ['NextGen'], publisher: ['NextGen'], address: ['nextgen.com'] },
  searches: { ServiceRequest: { since: '_lastUpdated' } },
  countParam: '_maxresults', // Enterprise declares it instead of _count
  rungs: {
    A1: {
      holds: 'probe',
      says: '_lastUpdated is declared, but no search without a patient is documented',
    },
    E1: { holds: false, says: 'it keeps no versions' }, // versioning no-version
  },
  notes: [
    'Creating by update is declared without update.', // Q35
    'There is no Appointment: the calendar cannot be followed.',
    'Nothing can be written: results are given to a person to enter.',
  ],
} as const satisfies Vendor;
