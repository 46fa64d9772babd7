/** Azure Health Data Services and Microsoft’s FHIR server. Sources: documentation, statement, comparison runs; hospital-servers.md §2, §3, §7. */
import type { Vendor } from './vendor.ts';

export const azure = {
  name: 'azure',
  product: 'Azure FHIR service',
  signs: {
    software: ['Azure', 'Microsoft FHIR Server'],
    publisher: ['Microsoft'],
    address: ['azurehealthcareapis.com'],
  },
  searches: { ServiceRequest: { scope: 'open', since: '_lastUpdated', window: 'half-open' } },
  unknownParams: 'ignored', // observed: everything is shown. Q10
  notes: [
    'A search parameter that it does not know is ignored: compare the self link.', // Q10
    'When it is busy it says how long in x-ms-retry-after-ms too.', // Q15
    'A transaction takes at most 500 entries, and the old Azure API for FHIR takes none.', // Q40
    'A conditional update ignores If-Match.', // Q16
    'Next links name an inner host behind a proxy.', // Q1
  ],
} as const satisfies Vendor;
