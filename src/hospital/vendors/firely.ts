/** Firely Server (Vonk). Source: documentation; hospital-servers.md §2, §3, §7. */
import type { Vendor } from './vendor.ts';

export const firely = {
  name: 'firely',
  product: 'Firely Server',
  signs: { software: ['Firely Server', 'Vonk'], publisher: ['Firely'], address: ['fire.ly'] },
  searches: { ServiceRequest: { scope: 'open', since: '_lastUpdated', window: 'half-open' } },
  rungs: {
    A2: {
      holds: 'probe',
      says: 'a Subscription fires only when it was posted under /administration; elsewhere it is stored and stays silent',
    },
    D1: {
      holds: true,
      says: 'its conditional create does not guard against two at the same time',
    },
  },
  notes: [
    'Its statement has about two megabytes.', // Q35
    'It gives at most 50 resources a page, and no total.', // Q31, Q11
    'PATCH takes FHIR Patch only.',
  ],
} as const satisfies Vendor;
