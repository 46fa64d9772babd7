/**
 * One order by its reference, as somebody read it off a screen (rung A7): read from the hospital now, and judged and taken
 * in like everything else. For hospitals whose server shows no list of orders, and for the one that is missing.
 */
import { AdapterError } from '../core/errors.ts';
import { localReference } from '../fhir/reference.ts';
import { type InboxRow, latestOf } from '../store/inbox.ts';
import { storeArrivals } from './arrivals.ts';
import type { ExchangeLog } from './exchange-log.ts';
import { applyPending } from './inbound/inbound.ts';
import { emptyTally } from './report.ts';
import type { Site } from './site.ts';
import { hospitalReader, surroundings } from './surroundings.ts';

/** How the order ended in the inbox. */
export interface ReadOne {
  /** `ServiceRequest/…` */
  readonly order: string;
  readonly state: InboxRow['state'];
  readonly rule: string;
  readonly says: string;
  readonly referral?: string | undefined;
}

/**
 * `reference`: `ServiceRequest/123`, a bare id, or its address at this hospital; throws `bad-request` for anything else, and
 * what the read throws.
 */
export async function readOne(
  site: Site,
  log: ExchangeLog,
  reference: string,
  signal: AbortSignal,
): Promise<ReadOne> {
  const order = orderReference(reference, site.hospital.base);
  try {
    const { resource } = await site.hospital.client.read(order);
    const tally = emptyTally();
    // Somebody asks for it: whatever it came to before is looked at again.
    await storeArrivals(site, { via: 'A7' }, [resource], tally, () => true);
    const around = surroundings(site.hospital.base, hospitalReader(site));
    await applyPending(site, tally, around, undefined, signal);
    const row = await latestOf(
      site.store.read,
      site.settings.id,
      'ServiceRequest',
      resource.id ?? '',
    );
    if (row === undefined) throw new AdapterError('internal', `${order} did not reach the inbox.`);
    const { state, rule, says, referral } = row;
    return {
      order,
      state,
      rule: rule ?? '',
      says: says ?? '',
      ...(referral !== null && { referral }),
    };
  } finally {
    await log.flush(site.store);
  }
}

function orderReference(given: string, base: string): string {
  const text = given.trim();
  const bare = /^[^\s/?#%\\]+$/.test(text) ? `ServiceRequest/${text}` : undefined;
  const local = localReference(text, base) ?? bare;
  if (local?.startsWith('ServiceRequest/')) return local;
  throw new AdapterError(
    'bad-request',
    'This names no order of this hospital: ServiceRequest/… or its id is expected.',
  );
}
