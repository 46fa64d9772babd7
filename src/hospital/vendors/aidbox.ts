/** Aidbox. Sources: its CapabilityStatement and comparison runs; hospital-servers.md §2, §3, §7. */
import type { Vendor } from './vendor.ts';

export const aidbox = {
  name: 'aidbox',
  product: 'Aidbox',
  // Its statement names no software. Q35
  signs: { software: ['Aidbox'], publisher: ['Aidbox', 'Health Samurai'], address: ['aidbox.app'] },
  searches: { ServiceRequest: { scope: 'open', since: '_lastUpdated', window: 'half-open' } },
  unknownParams: 'refused', // observed: 422. Q10
  rungs: {
    A4: { holds: 'probe', says: 'bulk export is answered with 500 until storage is set up' }, // observed
  },
  notes: [
    'An include that it does not know is answered with 500.', // observed. Q14
  ],
} as const satisfies Vendor;
