/** Blaze. Source: documentation and comparison runs; hospital-servers.md §2, §3, §7. */
import type { Vendor } from './vendor.ts';

export const blaze = {
  name: 'blaze',
  product: 'Blaze',
  signs: { software: ['Blaze'], publisher: ['Samply'] },
  searches: { ServiceRequest: { scope: 'open', since: '_lastUpdated', window: 'half-open' } },
  unknownParams: 'ignored', // unless handling=strict is preferred, which it honours. Q10
  rungs: {
    D1: { holds: true, says: 'its writes are serialised: two at the same time are safe' },
  },
  notes: [
    'It keeps references whole: a resource that others point to is not deleted (409).',
    'A search expires an hour after its last page.', // Q2
    'A large transaction holds up all others.', // Q40
    'There is no PATCH, and no bulk export.',
  ],
} as const satisfies Vendor;
