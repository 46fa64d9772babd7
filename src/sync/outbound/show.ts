/** `write: dry-run`: what would be sent now is kept with each intention, where the story shows it. Nothing is sent. */
import { type AdapterError, asAdapterError, type ErrorCode } from '../../core/errors.ts';
import { episodeOf } from '../../store/episodes.ts';
import { linksOf } from '../../store/links.ts';
import { type IntentionRow, keepRequest, queuedOf } from '../../store/outbox.ts';
import { noteProblem, type Tally } from '../report.ts';
import type { Site } from '../site.ts';
import { planFor } from './plan.ts';
import {
  createRequest,
  declaresConditionalCreate,
  profileOfIntention,
  type Request,
} from './send.ts';

/** Faults after which nothing more can be shown. */
const stops: readonly ErrorCode[] = ['store-busy', 'store-unusable', 'hospital-unreachable'];

export async function showRequests(site: Site, tally: Tally): Promise<void> {
  const { store, settings } = site;
  for (const intention of await queuedOf(store.read, settings.id)) {
    const { says, request } = await shown(site, intention).catch((thrown: unknown) =>
      whyNot(asAdapterError(thrown), tally),
    );
    await store.transaction((tx) =>
      keepRequest(tx, intention.id, {
        says,
        request: request === undefined ? undefined : JSON.stringify(request),
      }),
    );
  }
}

interface Shown {
  readonly says: string;
  readonly request?: Request | undefined;
}

/** One that cannot be shown says why; the others are shown all the same. */
function whyNot(error: AdapterError, tally: Tally): Shown {
  if (stops.includes(error.code)) throw error;
  noteProblem(tally, error);
  return { says: `dry run: ${error.message}` };
}

async function shown(site: Site, intention: IntentionRow): Promise<Shown> {
  const { read } = site.store;
  const episode = await episodeOf(read, intention.referral);
  const plan = planFor(site, intention, episode, await linksOf(read, intention.referral));
  const says = 'dry run: this is what would be sent';
  if (plan.act === 'create') {
    site.judge.release(plan.resource, profileOfIntention(intention));
    const declared = await declaresConditionalCreate(site, plan.resource.resourceType);
    return { says, request: createRequest(plan.resource, intention, declared) };
  }
  if (plan.act !== 'update') return plan;
  const before = await site.hospital.client.read<Parameters<typeof plan.build>[0]>(
    plan.link.reference,
  );
  const body = plan.build(before.resource);
  if (body === undefined) return { says: 'the hospital has it already' };
  site.judge.release(
    body,
    plan.link.intention === null ? undefined : profileOfIntention(intention),
  );
  const headers = before.etag === undefined ? {} : { 'if-match': before.etag };
  return { says, request: { method: 'PUT', path: plan.link.reference, headers, body } };
}
