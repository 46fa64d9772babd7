/**
 * Before we make a Task of our own, we look whether the hospital has one for the order: made meanwhile, or one that no
 * poll has shown because it was addressed to somebody by another name. Two Tasks for one order would be two truths.
 */
import { sameReference } from '../../../mappings/concepts.ts';
import { readTask } from '../../../mappings/task-to-request.ts';
import type { Episode } from '../../core/episode.ts';
import { AdapterError } from '../../core/errors.ts';
import { hasEnded } from '../../core/referral.ts';
import { canonicalHash } from '../../fhir/canonical-hash.ts';
import { localReference } from '../../fhir/reference.ts';
import { putLink } from '../../store/links.ts';
import { nowOf, type Site } from '../site.ts';

/** Links the hospital's Task for this order, if there is one that we may write; true when it did. */
export async function adoptTask(site: Site, episode: Episode): Promise<boolean> {
  const { referral } = episode;
  const order = referral.care.order.reference;
  let found: readonly fhir4.FhirResource[];
  try {
    const { resource } = await site.hospital.client.search(
      'Task',
      [
        ['focus', order],
        ['_count', 20],
      ],
      { forWrite: true },
    );
    found = (resource.entry ?? []).flatMap((entry) => entry.resource ?? []);
  } catch (thrown) {
    // A server that cannot search Tasks by focus cannot show us one; everything else is tried again later.
    if (thrown instanceof AdapterError && thrown.code === 'hospital-refused') return false;
    throw thrown;
  }
  const us = site.settings.organization;
  // One that has ended belongs to what was asked before: an order that came back gets a Task of its own.
  const task = found.find((one): one is fhir4.Task => {
    if (one.resourceType !== 'Task') return false;
    const {
      asks,
      ended,
      order: about = '',
      owner,
    } = readTask(one, site.tables['task-to-request']).value;
    return (
      asks === 'fulfil' &&
      !ended &&
      localReference(about, site.hospital.base) === order &&
      (owner === undefined || sameReference(owner, us))
    );
  });
  if (task?.id === undefined) return false;
  await site.store.transaction((tx) =>
    putLink(tx, {
      hospital: site.settings.id,
      reference: `Task/${task.id}`,
      role: 'task',
      referral: referral.id,
      // To an open referral it is news, and is taken in as such. One that has ended only tells it so: taken in as news, a
      // Task from before the end would ask for everything anew.
      ...(hasEnded(referral.state) ? shownAs(task) : {}),
      at: nowOf(site),
    }),
  );
  return true;
}

function shownAs(task: fhir4.Task) {
  const { versionId, lastUpdated } = task.meta ?? {};
  return { versionId, lastUpdated, hash: canonicalHash(task) };
}
