/** A FHIR-native server that this client may only read: every search, and a 403 for every write. */
import type { Vendor } from './vendor.ts';

export const readOnly: Vendor = {
  name: 'read-only',
  says: 'a FHIR-native server that answers every write with 403',
  path: '/fhir',
  types: { all: { does: ['read', 'search-type'] } },
  system: [],
  resultParameters: [],
  lacking: { write: [403, 'forbidden'], other: [405, 'not-supported'] },
  updateCreate: false,
  rules: [],
  finishes: [],
  statement: () => ({ software: { name: 'Sandbox hospital, to read only' } }),
  resourceStatement: { versioning: 'versioned' },
};
