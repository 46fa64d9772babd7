/** The vendors by name. `generic` is the sandbox as it is, without any of their rules. */
import { epic } from './epic.ts';
import { meditech } from './meditech.ts';
import { oracleHealth } from './oracle-health.ts';
import { readOnly } from './read-only.ts';
import type { Vendor } from './vendor.ts';

export const vendorNames = ['generic', 'epic', 'oracle-health', 'meditech', 'read-only'] as const;
export type VendorName = (typeof vendorNames)[number];

const vendors: Readonly<Record<Exclude<VendorName, 'generic'>, Vendor>> = {
  epic,
  'oracle-health': oracleHealth,
  meditech,
  'read-only': readOnly,
};

export function vendorNamed(name: VendorName): Vendor | undefined {
  return name === 'generic' ? undefined : vendors[name];
}
