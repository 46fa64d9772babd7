/**
 * The hospital asks again, by a Task, for an order whose referral has ended: that is a new episode and an alert, for an
 * ended state is never left (closed-loop §8.1). Only while the order itself still stands and is ours.
 */

import { hasEnded } from '../../core/referral.ts';
import { episodeOf } from '../../store/episodes.ts';
import type { InboxRow } from '../../store/inbox.ts';
import { linksOf, linksTo } from '../../store/links.ts';
import { selectOrder } from '../codes/waiting.ts';
import type { Site } from '../site.ts';
import type { Inbound } from './applying.ts';
import { newReferral } from './order.ts';

/** The referral of the new episode; undefined where the Task asks for nothing new. `row` is that of the Task. */
export async function askedAgain(
  site: Site,
  inbound: Inbound,
  row: InboxRow,
  referral: string,
): Promise<string | undefined> {
  const { read } = site.store;
  const { episode, state, care } = (await episodeOf(read, referral)).referral;
  // The first Task that we see of an ended referral only wants to know how it ended.
  if (!hasEnded(state) || !(await linksOf(read, referral)).some((one) => one.role === 'task'))
    return undefined;
  const { reference } = care.order;
  const order = await inbound.around.read(reference);
  if (order?.resourceType !== 'ServiceRequest') return undefined;
  if (selectOrder(site, order, true).outcome !== 'selected') return undefined;
  const known = (await linksTo(read, row.hospital, reference)).findLast(
    (one) => one.role === 'order',
  );
  return newReferral(site, inbound, row, order, episode + 1, { known });
}
