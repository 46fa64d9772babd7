/** `write: dry-run`: what would be sent now is kept with each intention, where the story shows it. Nothing is sent. */
import { episodeOf } from '../../store/episodes.ts';
import { linksOf } from '../../store/links.ts';
import { keepRequest, queuedOf } from '../../store/outbox.ts';
import type { Site } from '../site.ts';
import { planFor } from './plan.ts';
import { createRequest, declaresConditionalCreate, type Request } from './send.ts';

export async function showRequests(site: Site): Promise<void> {
  const { store, settings } = site;
  for (const intention of await queuedOf(store.read, settings.id)) {
    const episode = await episodeOf(store.read, intention.referral);
    const plan = planFor(site, intention, episode, await linksOf(store.read, intention.referral));
    let request: Request | undefined;
    let says = 'says' in plan ? plan.says : 'dry run: this is what would be sent';
    if (plan.act === 'create')
      request = createRequest(
        plan.resource,
        intention,
        await declaresConditionalCreate(site, plan.resource.resourceType),
      );
    if (plan.act === 'update') {
      const before = await site.hospital.client.read<Parameters<typeof plan.build>[0]>(
        plan.link.reference,
      );
      const body = plan.build(before.resource);
      if (body === undefined) says = 'the hospital has it already';
      else
        request = {
          method: 'PUT',
          path: plan.link.reference,
          headers: before.etag === undefined ? {} : { 'if-match': before.etag },
          body,
        };
    }
    await store.transaction((tx) =>
      keepRequest(tx, intention.id, {
        says,
        request: request === undefined ? undefined : JSON.stringify(request),
      }),
    );
  }
}
