/** HAPI FHIR JPA server and its starter project. Sources: code and comparison runs; hospital-servers.md §2, §3, §7. */
import type { Vendor } from './vendor.ts';

export const hapi = {
  name: 'hapi',
  product: 'HAPI FHIR JPA server',
  // Others copy the software name (OpenEMR 5.x) or build on it (NextGen Office): it only says how searches behave. Q35
  signs: { software: ['HAPI FHIR'], address: ['hapi.fhir.org'] },
  searches: { ServiceRequest: { scope: 'open', since: '_lastUpdated', window: 'half-open' } },
  unknownParams: 'refused', // observed: 400. Q10
  rungs: {
    A2: { holds: 'probe', says: 'Subscriptions are switched off unless the site switched them on' }, // code
    A4: { holds: 'probe', says: 'bulk export is switched off unless the site switched it on' }, // observed
  },
  notes: [
    'The same search within a minute is answered from memory unless Cache-Control: no-cache is sent.', // Q3
    'It gives at most 200 resources a page.', // Q31
    'A search that is left alone expires, and its next page is then gone.', // Q2
    'Behind a proxy its next links may name an inner host.', // Q1
  ],
} as const satisfies Vendor;
