/** MEDITECH Greenfield, R4. Source: its CapabilityStatement; hospital-servers.md §2, §3, §5. */
import type { Vendor } from './vendor.ts';

export const meditech = {
  name: 'meditech',
  product: 'MEDITECH',
  signs: { software: ['MEDITECH'], publisher: ['MEDITECH'], address: ['meditech.com'] },
  searches: {
    // Whether it wants a patient is not stated anywhere.
    ServiceRequest: { since: 'authored' }, // _lastUpdated is not declared
  },
  rungs: {
    A3: { holds: false, says: 'Task can be read but not searched' },
    A5: {
      holds: 'probe',
      says: 'Appointment lists date, location and practitioner, but not what a search must carry',
    },
  },
  notes: [
    'Its statement speaks of the software (kind capability), not of an installation.',
    'Its SMART scopes name writing that its statement does not declare.',
    'Pages are continued by a parameter continue.',
    'Signing in as a service is refused with unauthorized_client until it is enabled for the app.',
  ],
} as const satisfies Vendor;
