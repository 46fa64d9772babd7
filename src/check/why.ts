/**
 * What happened to one order: found among our referrals, in the inbox, or read from the hospital now; then each rule of
 * the selection with its verdict and the setting that it reads. Every silence has a reason, and this is where it is said.
 */

import type { Episode } from '../core/episode.ts';
import { type AdapterError, asAdapterError, type ErrorCode } from '../core/errors.ts';
import { factsInShort } from '../core/fact-lines.ts';
import type { Selection } from '../core/selection.ts';
import type { Finding } from '../mapping/finding.ts';
import { episodeOfSession, episodesOfOrder, loadEpisode } from '../store/episodes.ts';
import { factFileOf } from '../store/facts.ts';
import { type InboxRow, versionsOf } from '../store/inbox.ts';
import { linksTo } from '../store/links.ts';
import { listReferrals } from '../store/referral-list.ts';
import { selectOrder } from '../sync/codes/waiting.ts';
import { findingsOf } from '../sync/judging.ts';
import type { Site } from '../sync/site.ts';

export interface Why {
  readonly asked: string;
  readonly hospital: string;
  readonly order?: string | undefined;
  /** Where the answer comes from, best first. */
  readonly found: 'referral' | 'inbox' | 'hospital' | 'nowhere';
  readonly says: string;
  readonly referral?:
    | { readonly id: string; readonly state: string; readonly reason?: string | undefined }
    | undefined;
  /** What is on file about its patient: as of when, and how much. */
  readonly facts?: string | undefined;
  readonly versions: readonly InboxVersion[];
  /** The selection, run on the order as the hospital shows it now. */
  readonly selection?: Selection | undefined;
  /** Why the hospital’s present version could not be judged. */
  readonly unread?: string | undefined;
}

export interface InboxVersion {
  readonly version?: string | undefined;
  readonly receivedAt: string;
  readonly via: string;
  readonly state: string;
  readonly rule?: string | undefined;
  readonly says?: string | undefined;
  /** What was not as R4 has it, or could not be used. */
  readonly findings: readonly Finding[];
}

/** Explains an order by our id of a referral or session, by its FHIR id or reference, or by one of its identifiers. */
export async function why(site: Site, asked: string): Promise<Why> {
  const { settings } = site;
  const episode = await knownEpisode(site, asked);
  const known = episode?.referral.care.order.reference;
  const current = await readOrder(site, known ?? asked);
  const order =
    known ?? ('order' in current ? `ServiceRequest/${current.order.id}` : referenceIn(asked));
  const versions = order === undefined ? [] : await inboxVersions(site, order);
  const selection = 'order' in current ? selectOrder(site, current.order, false) : undefined;
  const owner = episode ?? (order === undefined ? undefined : await episodeOfLink(site, order));
  const frame = {
    asked,
    hospital: settings.id,
    ...(order === undefined ? {} : { order }),
    versions,
    ...(selection === undefined ? {} : { selection }),
    ...('unread' in current ? { unread: current.unread } : {}),
  };
  if (owner !== undefined) {
    const { id, state, reason } = owner.referral;
    const says = `It is referral ${id}, ${state}${reason === undefined ? '' : `: ${reason}`}`;
    const { sheet } = await factFileOf(site.store.read, owner.referral);
    return {
      ...frame,
      found: 'referral',
      says,
      referral: { id, state, reason },
      facts: factsInShort(sheet),
    };
  }
  const last = versions.at(-1);
  if (last !== undefined)
    return {
      ...frame,
      found: 'inbox',
      says: `It was read and is ${last.state}: ${last.says ?? last.rule ?? ''}`,
    };
  if (selection !== undefined)
    return {
      ...frame,
      found: 'hospital',
      says: `It was never read here. As it is now it would be ${selection.outcome}: ${selection.says}.`,
    };
  return {
    ...frame,
    found: 'nowhere',
    says: nowhere['unread' in current ? current.asked : 'not'],
  };
}

async function knownEpisode(site: Site, asked: string): Promise<Episode | undefined> {
  const db = site.store.read;
  const direct = (await loadEpisode(db, asked)) ?? (await episodeOfSession(db, asked));
  if (direct !== undefined) return direct;
  const linked = await linksTo(db, site.settings.id, asked);
  const owner = linked.at(-1);
  if (owner !== undefined) return loadEpisode(db, owner.referral);
  const reference = referenceIn(asked);
  const byOrder =
    reference === undefined ? [] : await episodesOfOrder(db, site.settings.id, reference);
  if (byOrder.length > 0) return byOrder.at(-1);
  const { value } = identifierIn(asked);
  const listed = await listReferrals(db, { hospital: site.settings.id, q: value, limit: 20 });
  return listed.items.find((one) =>
    one.referral.care.order.identifier.some((own) => matches(own, asked)),
  );
}

async function episodeOfLink(site: Site, order: string): Promise<Episode | undefined> {
  const link = (await linksTo(site.store.read, site.settings.id, order)).findLast(
    (one) => one.role === 'order',
  );
  return link === undefined ? undefined : loadEpisode(site.store.read, link.referral);
}

async function inboxVersions(site: Site, order: string): Promise<InboxVersion[]> {
  const [type = '', id = ''] = order.split('/');
  return (await versionsOf(site.store.read, site.settings.id, type, id)).map(shown);
}

function shown(row: InboxRow): InboxVersion {
  return {
    version: row.version_id ?? undefined,
    receivedAt: row.received_at,
    via: row.via,
    state: row.state,
    rule: row.rule ?? undefined,
    says: row.says ?? undefined,
    findings: findingsOf(row),
  };
}

type Current =
  | { readonly order: fhir4.ServiceRequest }
  /** `asked`: by what the hospital was asked, and answered that there is no such order. */
  | { readonly unread: string; readonly asked: keyof typeof nowhere };

const nowhere = {
  all: 'Neither here nor at the hospital is there an order with this id or identifier.',
  id: 'Neither here nor at the hospital is there an order with this id; whether the hospital has one with this identifier was not found out.',
  not: 'Here is no order with this id or identifier; whether the hospital has one was not found out.',
} as const;

const missing: readonly ErrorCode[] = ['not-found', 'gone'];
/** How servers answer a search that they do not offer, or not without a patient. */
const searchRefused: readonly ErrorCode[] = ['hospital-refused', 'not-allowed', ...missing];

/** The order as the hospital has it now: by reference, by id, or by identifier. */
async function readOrder(site: Site, asked: string): Promise<Current> {
  const { client } = site.hospital;
  const reference = referenceIn(asked);
  if (reference !== undefined) {
    try {
      return { order: (await client.read<fhir4.ServiceRequest>(reference)).resource };
    } catch (thrown) {
      const error = known(thrown);
      if (!missing.includes(error.code)) return unclear(error);
      if (isReferenceOnly(asked))
        return { unread: 'The hospital knows no such order.', asked: 'all' };
    }
  }
  try {
    const order = await orderByIdentifier(site, asked);
    if (order !== undefined) return { order };
    return { unread: 'The hospital has no order with this id or identifier.', asked: 'all' };
  } catch (thrown) {
    const error = known(thrown);
    if (reference === undefined || !searchRefused.includes(error.code)) return unclear(error);
    return {
      unread: `The hospital knows no order with this id. (By identifier this server lets nobody look: ${error.message})`,
      asked: 'id',
    };
  }
}

async function orderByIdentifier(
  site: Site,
  asked: string,
): Promise<fhir4.ServiceRequest | undefined> {
  const { resource } = await site.hospital.client.search('ServiceRequest', [
    ['identifier', asked],
    ['_count', 2],
  ]);
  return (resource.entry ?? [])
    .flatMap((entry) => entry.resource ?? [])
    .find(
      (one): one is fhir4.ServiceRequest =>
        one.resourceType === 'ServiceRequest' &&
        (one.identifier ?? []).some((own) => matches(own, asked)),
    );
}

/** A fault of ours is no answer. */
function known(thrown: unknown): AdapterError {
  const error = asAdapterError(thrown);
  if (error.code === 'internal') throw thrown;
  return error;
}

function unclear({ message, fix }: AdapterError): Current {
  return { unread: `${message} ${fix}`, asked: 'not' };
}

/** R4 datatypes.html#id; anything else can only be an identifier. */
const bareId = /^[A-Za-z0-9.-]{1,64}$/;

/** `ServiceRequest/12` from a reference, an address or a bare id; undefined for what can only be an identifier. */
function referenceIn(asked: string): string | undefined {
  const path = /(?:^|\/)ServiceRequest\/([^/|?#\s]+)/.exec(asked);
  if (path !== null) return `ServiceRequest/${path[1]}`;
  return bareId.test(asked) ? `ServiceRequest/${asked}` : undefined;
}

/** A bare id may be an identifier too; so may what looks like an address, when a value follows it. */
function isReferenceOnly(asked: string): boolean {
  return !bareId.test(asked) && !asked.includes('|');
}

function identifierIn(asked: string): { system?: string; value: string } {
  const bar = asked.indexOf('|');
  return bar < 0 ? { value: asked } : { system: asked.slice(0, bar), value: asked.slice(bar + 1) };
}

function matches(
  own: { system?: string | undefined; value?: string | undefined },
  asked: string,
): boolean {
  const { system, value } = identifierIn(asked);
  return own.value === value && (system === undefined || own.system === system);
}
