/** Google Cloud Healthcare API. Source: documentation; hospital-servers.md §2, §3, §7. */
import type { Vendor } from './vendor.ts';

export const google = {
  name: 'google',
  product: 'Google Cloud Healthcare API',
  signs: { software: ['Google Cloud Healthcare'], address: ['healthcare.googleapis.com'] },
  searches: { ServiceRequest: { scope: 'open', since: '_lastUpdated', window: 'half-open' } },
  rungs: {
    A2: { holds: false, says: 'it notifies by Pub/Sub and not by Subscription' },
    D1: { holds: true, says: 'its conditional create takes an identifier and nothing else' }, // v1; ours is one
  },
  notes: [
    'JSON only, and no history of a type.',
    'The form body of a POST _search is not read.', // Q33
  ],
} as const satisfies Vendor;
