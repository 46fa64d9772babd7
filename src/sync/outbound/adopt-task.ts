/**
 * Before we make a Task of our own, we look whether the hospital has one for the order: made meanwhile, or one that no
 * poll has shown because it was addressed to somebody by another name. Two Tasks for one order would be two truths.
 */
import type { Episode } from '../../core/episode.ts';
import { AdapterError } from '../../core/errors.ts';
import { putLink } from '../../store/links.ts';
import { nowOf, type Site } from '../site.ts';

/** Links the hospital's Task for this order, if there is one that we may write; true when it did. */
export async function adoptTask(site: Site, episode: Episode): Promise<boolean> {
  const { referral } = episode;
  const order = referral.care.order.reference;
  let found: readonly fhir4.FhirResource[];
  try {
    const { resource } = await site.hospital.client.search('Task', [
      ['focus', order],
      ['_count', 20],
    ]);
    found = (resource.entry ?? []).flatMap((entry) => entry.resource ?? []);
  } catch (thrown) {
    // A server that cannot search Tasks by focus cannot show us one; everything else is tried again later.
    if (thrown instanceof AdapterError && thrown.code === 'hospital-refused') return false;
    throw thrown;
  }
  const us = site.settings.organization;
  const task = found.find(
    (one): one is fhir4.Task =>
      one.resourceType === 'Task' &&
      (one.focus?.reference === order || one.focus?.reference?.endsWith(`/${order}`) === true) &&
      one.code?.coding?.some((coding) => coding.code === 'abort') !== true &&
      (one.owner?.reference === undefined ||
        one.owner.reference === us ||
        one.owner.reference.endsWith(`/${us}`)),
  );
  if (task?.id === undefined) return false;
  await site.store.transaction((tx) =>
    putLink(tx, {
      hospital: site.settings.id,
      reference: `Task/${task.id}`,
      role: 'task',
      referral: referral.id,
      at: nowOf(site),
    }),
  );
  return true;
}
