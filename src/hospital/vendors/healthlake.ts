/** AWS HealthLake. Source: documentation; hospital-servers.md §2, §3, §6, §7. */
import type { Vendor } from './vendor.ts';

export const healthlake = {
  name: 'healthlake',
  product: 'AWS HealthLake',
  // healthlake.us-east-1.amazonaws.com
  signs: { software: ['HealthLake'], publisher: ['Amazon'], address: ['healthlake'] },
  searches: { ServiceRequest: { scope: 'open', since: '_lastUpdated', window: 'half-open' } },
  rungs: {
    D3: {
      holds: true,
      says: 'the header x-amz-fhir-idempotency-key answers a repeated create with 409 and the original',
    },
  },
  notes: [
    'A search shows a write only after a while: writes are verified by reading them.', // Q34
    'How exact the bounds of a window are is left to the server: keep an overlap.',
    'One bulk export at a time.',
  ],
} as const satisfies Vendor;
