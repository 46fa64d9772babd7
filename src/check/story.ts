/**
 * The story of one referral: what happened, what was sent and answered, and how both sides stand now. Where they
 * disagree it says so in words; a side that cannot be read says why.
 */

import { readAppointment } from '../../mappings/appointment-to-session.ts';
import { sameTask, writeTask } from '../../mappings/referral-to-task.ts';
import type { Episode } from '../core/episode.ts';
import { asAdapterError } from '../core/errors.ts';
import { type Advisory, advisories } from '../core/fact-rules.ts';
import type { FactFile } from '../core/facts.ts';
import { sessionHasEnded } from '../core/session.ts';
import { episodeOf, eventsOf, type StoredEvent } from '../store/episodes.ts';
import { type ExchangeRow, exchangesOf } from '../store/exchanges.ts';
import { factFileOf } from '../store/facts.ts';
import { type InboxRow, versionsOf } from '../store/inbox.ts';
import { type LinkRow, linksOf } from '../store/links.ts';
import { type IntentionRow, outboxOf } from '../store/outbox.ts';
import { outputsOf } from '../sync/outbound/plan.ts';
import { nowOf, type Site, therapistsOf } from '../sync/site.ts';

export interface Side {
  /** `ServiceRequest/12`, `Appointment/7` … */
  readonly what: string;
  readonly here: string;
  /** As the hospital shows it now; absent when it could not be read. */
  readonly there?: string | undefined;
  readonly agrees?: boolean | undefined;
  readonly readAt: string;
  readonly error?: string | undefined;
}

export interface Story {
  readonly episode: Episode;
  readonly facts: FactFile;
  /** What the hospital’s clinical owner wants said beside them, as of now. */
  readonly advisories: readonly Advisory[];
  readonly events: readonly StoredEvent[];
  readonly intentions: readonly IntentionRow[];
  readonly exchanges: readonly ExchangeRow[];
  readonly inbox: readonly InboxRow[];
  readonly links: readonly LinkRow[];
  readonly sides: readonly Side[];
  readonly disagreements: readonly string[];
}

export async function story(site: Site, referral: string): Promise<Story> {
  const { read } = site.store;
  const episode = await episodeOf(read, referral);
  const links = await linksOf(read, referral);
  const facts = await factFileOf(read, episode.referral);
  const sides = await Promise.all(
    comparisons(site, episode, links).map((one) => compare(site, one)),
  );
  return {
    episode,
    facts,
    advisories: advisories(site.factRules, facts.sheet, nowOf(site)),
    events: await eventsOf(read, referral),
    intentions: await outboxOf(read, referral),
    exchanges: await exchangesOf(read, { referral }),
    inbox: await arrived(site, [
      episode.referral.care.order.reference,
      ...links.map(({ reference }) => reference),
    ]),
    links,
    sides,
    disagreements: sides.flatMap((side) =>
      side.agrees === false
        ? [`${side.what}: ${side.here} here, ${side.there} at the hospital`]
        : [],
    ),
  };
}

/** Every version of these resources that the hospital showed, in the order in which they came. */
async function arrived(
  { store, settings }: Site,
  references: readonly string[],
): Promise<InboxRow[]> {
  const versions = await Promise.all(
    [...new Set(references)].map((reference) => {
      const [type = '', id = ''] = reference.split('/');
      return versionsOf(store.read, settings.id, type, id);
    }),
  );
  return versions.flat().sort((a, b) => a.seq - b.seq);
}

interface Comparison {
  readonly reference: string;
  readonly here: string;
  readonly judge: (resource: fhir4.FhirResource) => { there: string; agrees: boolean };
}

function comparisons(site: Site, episode: Episode, links: readonly LinkRow[]): Comparison[] {
  const { referral, sessions } = episode;
  const { order } = referral.care;
  const orderSide: Comparison = {
    reference: order.reference,
    here: `order ${order.status}`,
    judge: (resource) => {
      const status =
        resource.resourceType === 'ServiceRequest' ? resource.status : resource.resourceType;
      return { there: `order ${status}`, agrees: status === order.status };
    },
  };
  const rest = links.flatMap((link): Comparison[] => {
    if (link.role === 'task') return [taskSide(site, episode, links, link)];
    const session = sessions.find((one) => one.id === link.session);
    if (session === undefined) return [];
    if (link.role === 'appointment')
      return [
        {
          reference: link.reference,
          here: `visit ${session.state}, ${session.start} to ${session.end}`,
          judge: (resource) => {
            if (resource.resourceType !== 'Appointment')
              return { there: resource.resourceType, agrees: false };
            const { value } = readAppointment(
              resource,
              { therapists: therapistsOf(site), codes: site.codes.of(site.settings.id) },
              site.tables['appointment-to-session'],
            );
            const sameTime = Date.parse(value.start ?? '') === Date.parse(session.start);
            const over = ['cancelled', 'no-show', 'fulfilled', 'withdrawn'].includes(value.says);
            return {
              there: `visit ${value.says}, ${value.start} to ${value.end}`,
              agrees: sameTime && over === sessionHasEnded(session.state),
            };
          },
        },
      ];
    if (link.role === 'procedure')
      return [
        {
          reference: link.reference,
          here: `result ${session.state}`,
          judge: (resource) => {
            const status =
              resource.resourceType === 'Procedure' ? resource.status : resource.resourceType;
            const expected = { finished: 'completed', stopped: 'stopped', 'not-done': 'not-done' }[
              session.state as string
            ];
            return { there: `result ${status}`, agrees: status === expected };
          },
        },
      ];
    return [];
  });
  return [orderSide, ...rest];
}

function taskSide(
  site: Site,
  episode: Episode,
  links: readonly LinkRow[],
  link: LinkRow,
): Comparison {
  const outputs = outputsOf(site, episode, links);
  return {
    reference: link.reference,
    here: `referral ${episode.referral.state}`,
    judge: (resource) => {
      if (resource.resourceType !== 'Task') return { there: resource.resourceType, agrees: false };
      const { organization = '' } = site.settings;
      const wanted = writeTask(episode, site.settings.dialect, {
        previous: resource,
        outputs,
        lastModified: nowOf(site),
        organization,
      }).value;
      const there = [`Task ${resource.status}`, resource.businessStatus?.text]
        .filter(Boolean)
        .join(', ');
      return { there, agrees: sameTask(resource, wanted) };
    },
  };
}

async function compare(site: Site, { reference, here, judge }: Comparison): Promise<Side> {
  const readAt = nowOf(site);
  try {
    const { resource } = await site.hospital.client.read(reference);
    return { what: reference, here, ...judge(resource), readAt };
  } catch (thrown) {
    const error = asAdapterError(thrown);
    if (error.code === 'internal') throw thrown;
    return { what: reference, here, readAt, error: `${error.message} ${error.fix}` };
  }
}
