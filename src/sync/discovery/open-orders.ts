/**
 * The orders of open referrals, read one by one: all that is left where a server lets nobody search for orders, so that at
 * least what becomes of the known ones is heard. What is gone is told by the full sweep, which reads everything known.
 */
import { asAdapterError, type ErrorCode } from '../../core/errors.ts';
import { openEpisodes } from '../../store/episodes.ts';
import { storeArrivals } from '../arrivals.ts';
import { noteProblem } from '../report.ts';
import { isHospitals, type Pass, type Way, wayError } from './pass.ts';

export const openOrders: Way = { rung: 'known', type: 'ServiceRequest', look: readOpenOrders };

/** The full sweep decides what an absence means. */
const absent: readonly ErrorCode[] = ['not-found', 'gone'];

async function readOpenOrders({ site, run, tally, signal, reconsider }: Pass): Promise<boolean> {
  let complete = true;
  for (const { referral } of await openEpisodes(site.store.read, site.settings.id)) {
    if (signal.aborted) return false;
    try {
      const { resource } = await site.hospital.client.read(referral.care.order.reference);
      await storeArrivals(site, { via: 'read', run }, [resource], tally, reconsider);
    } catch (thrown) {
      const error = asAdapterError(thrown);
      if (!isHospitals(error)) throw error;
      if (absent.includes(error.code)) continue;
      noteProblem(tally, wayError('known', error));
      complete = false;
      if (error.kind === 'transient') return false;
    }
  }
  return complete;
}
