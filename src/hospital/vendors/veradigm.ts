/** Veradigm (Allscripts) 4.22, R4. Source: its CapabilityStatement; hospital-servers.md §2, §3, §5. */
import type { Vendor } from './vendor.ts';

export const veradigm = {
  name: 'veradigm',
  product: 'Veradigm',
  signs: {
    software: ['Veradigm', 'Allscripts'],
    publisher: ['Veradigm', 'Allscripts'],
    address: ['veradigm.com', 'allscripts.com', 'allscriptscloud.com'],
  },
  searches: {
    // Whether it wants a patient is not stated anywhere.
    ServiceRequest: { since: 'authored' }, // _lastUpdated is not declared
  },
  rungs: {
    E1: { holds: false, says: 'it keeps no versions' }, // versioning no-version
  },
  notes: [
    'An answer that would be too large is refused with 413: the window is halved.', // Q31
    'Some records come back redacted where others would say 403.',
    'There is no Appointment: the calendar cannot be followed.',
  ],
} as const satisfies Vendor;
