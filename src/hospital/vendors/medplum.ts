/** Medplum. Sources: its code and comparison runs; hospital-servers.md §2, §3, §7. */
import type { Vendor } from './vendor.ts';

export const medplum = {
  name: 'medplum',
  product: 'Medplum',
  signs: { software: ['Medplum'], publisher: ['Medplum'], address: ['medplum.com'] },
  searches: { ServiceRequest: { scope: 'open', since: '_lastUpdated', window: 'half-open' } },
  unknownParams: 'refused', // observed: 400. Q10
  rungs: { D2: { holds: false, says: 'it does not create by an update' } }, // code: updateCreate false
  notes: [
    'Requests are counted in points, a create costs 100 of them; its RateLimit header says what is left.', // Q15
    'Pages end at an offset of 10,000: the window is narrowed before that.', // Q4
    'Servers of before October 2023 send their ETag without quotes.', // Q16
  ],
} as const satisfies Vendor;
