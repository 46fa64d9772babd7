/** A server of which no product is known: its statement, probes and the operator decide. */
import type { Vendor } from './vendor.ts';

export const generic = {
  name: 'generic',
  product: 'a server that is not recognised',
  signs: {},
} as const satisfies Vendor;
