/**
 * The table of vendor records, and which one fits a server. A record that is found by its signs only restricts and prefers;
 * what the server’s own statement does not declare is not made possible by it.
 */
import type { Capabilities } from '../capabilities.ts';
import { aidbox } from './aidbox.ts';
import { athenahealth } from './athenahealth.ts';
import { azure } from './azure.ts';
import { blaze } from './blaze.ts';
import { epic } from './epic.ts';
import { firely } from './firely.ts';
import { generic } from './generic.ts';
import { google } from './google.ts';
import { hapi } from './hapi.ts';
import { healthlake } from './healthlake.ts';
import { meditech } from './meditech.ts';
import { medplum } from './medplum.ts';
import { nextgen } from './nextgen.ts';
import { oracleHealth } from './oracle-health.ts';
import type { Vendor, VendorName } from './vendor.ts';
import { veradigm } from './veradigm.ts';

export const vendors: Readonly<Record<VendorName, Vendor>> = {
  generic,
  hapi,
  epic,
  'oracle-health': oracleHealth,
  meditech,
  athenahealth,
  veradigm,
  nextgen,
  medplum,
  aidbox,
  azure,
  google,
  healthlake,
  firely,
  blaze,
};

/** Which record fits, and why, for people. */
export interface Recognised {
  readonly vendor: Vendor;
  readonly why: string;
}

/**
 * The record that the operator named, else the one whose signs the server carries. Signs in the address count more than the
 * publisher, and those more than the software name; two products at once are none.
 */
export function vendorOf(
  capabilities: Capabilities,
  base: string,
  named: 'auto' | VendorName = 'auto',
): Recognised {
  if (named !== 'auto') return { vendor: vendors[named], why: 'The settings name it.' };
  const declared = capabilities.declared ? capabilities : undefined;
  const traits = [
    { sign: 'address', says: 'the address', text: [base, declared?.address].join(' ') },
    { sign: 'publisher', says: 'the publisher of its statement', text: declared?.publisher },
    { sign: 'software', says: 'the software name in its statement', text: declared?.software },
  ] as const;
  for (const { sign, says, text } of traits) {
    const found = Object.values(vendors).filter(({ signs }) =>
      (signs[sign] ?? []).some((one) => text !== undefined && carries(text, one)),
    );
    const [vendor, other] = found;
    if (vendor === undefined) continue;
    return other === undefined
      ? { vendor, why: `Recognised by ${says}.` }
      : {
          vendor: generic,
          why: `Not recognised: ${says} fits ${found.map(({ product }) => product).join(' and ')}.`,
        };
  }
  return { vendor: generic, why: 'Neither address nor statement shows the product.' };
}

/** Whether a sign stands in a text as whole words: Blaze is not found in Blazegraph. */
function carries(text: string, sign: string): boolean {
  const escaped = sign.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![a-z0-9])${escaped}(?![a-z0-9])`, 'i').test(text);
}
