/**
 * Pushed resources: the same inbox and the same rules as everything else. Answered after commit, so that what was acknowledged cannot be lost.
 */
import { storeArrivals } from './arrivals.ts';
import { broughtBy } from './brought.ts';
import type { ExchangeLog } from './exchange-log.ts';
import { applyPending } from './inbound/inbound.ts';
import { emptyTally, type Tally } from './report.ts';
import type { Site } from './site.ts';
import { hospitalReader, type ReadReference, surroundings } from './surroundings.ts';

/** Stores what was pushed, then takes it to its end; the ids are those of the inbox rows that are new. */
export async function receivePush(
  site: Site,
  log: ExchangeLog,
  body: unknown,
  signal: AbortSignal,
): Promise<{ readonly stored: readonly string[]; readonly tally: Tally }> {
  const tally = emptyTally();
  const { bodies, byName } = broughtBy(body);
  const stored = await storeArrivals(site, { via: 'push' }, bodies, tally);
  const ask = hospitalReader(site);
  // What came along is believed about itself only; everything else is asked of the hospital.
  const read: ReadReference = async (reference) => byName.get(reference) ?? (await ask(reference));
  await applyPending(site, tally, surroundings(site.hospital.base, read), undefined, signal);
  await log.flush(site.store);
  return { stored, tally };
}
