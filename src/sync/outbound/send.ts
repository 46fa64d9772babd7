/**
 * One intention carried to the hospital: created once, or updated against the version that was read, and never sent
 * again without looking after an unclear answer (invariant I2). What goes out is kept with the intention for the story.
 */
import { ourIdentifierSystem } from '../../core/concept.ts';
import { canonicalHash } from '../../fhir/canonical-hash.ts';
import type { Answer } from '../../hospital/answer.ts';
import { createOnce, updateOnce } from '../../hospital/writing/once.ts';
import type { LinkRow } from '../../store/links.ts';
import type { IntentionRow } from '../../store/outbox.ts';
import { isEcho } from '../inbound/newer.ts';
import type { Site } from '../site.ts';
import type { LinkRole, Plan, Written } from './plan.ts';

/** The exact request, without credentials. */
export interface Request {
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Written;
}

export interface Sent {
  readonly role: LinkRole;
  readonly answer: Answer<Written>;
  /** Nothing was written: it was there already, as we want it or as the hospital has changed it since. */
  readonly needless: boolean;
  /** The hospital's content is what we wanted; else its next change must not be taken for our own echo. */
  readonly asWanted: boolean;
  readonly request?: Request | undefined;
}

/** The hospital changed the resource since we last saw it: its change comes first, then the intention is planned anew. */
export interface Changed {
  readonly changed: Written;
}

export async function send(
  site: Site,
  intention: IntentionRow,
  plan: Extract<Plan, { act: 'create' | 'update' }>,
): Promise<Sent | Changed> {
  return plan.act === 'create' ? create(site, intention, plan) : update(site, plan);
}

async function create(
  site: Site,
  intention: IntentionRow,
  plan: Extract<Plan, { act: 'create' }>,
): Promise<Sent> {
  const { hospital } = site;
  const { resource, role } = plan;
  const declared = await declaresConditionalCreate(site, resource.resourceType);
  const identifier = { system: ourIdentifierSystem, value: intention.id };
  const { answer, existed } = await createOnce(hospital.client, resource, identifier, {
    declared,
    lookFirst: intention.unclear === 1,
  });
  return {
    role,
    answer,
    needless: existed,
    asWanted: !existed,
    request: createRequest(resource, intention, declared),
  };
}

async function update(site: Site, plan: Extract<Plan, { act: 'update' }>): Promise<Sent | Changed> {
  const { client } = site.hospital;
  const { link, role } = plan;
  const before = await client.read<Written>(link.reference);
  if (!isKnown(before, link)) return { changed: before.resource };
  const wanted = plan.build(before.resource);
  if (wanted === undefined) return { role, answer: before, needless: true, asWanted: true };
  const etag =
    before.etag ?? (before.versionId === undefined ? undefined : `W/"${before.versionId}"`);
  const answer = await updateOnce(client, wanted, etag);
  const headers = etag === undefined ? {} : { 'if-match': etag };
  return {
    role,
    answer,
    needless: false,
    asWanted: true,
    request: { method: 'PUT', path: link.reference, headers, body: wanted },
  };
}

/** The version that we last saw or wrote; anything else is a change of the hospital, which is followed before we write. */
function isKnown({ resource, versionId }: Answer<Written>, link: LinkRow): boolean {
  return isEcho(
    { version_id: versionId ?? null, last_updated: null, hash: canonicalHash(resource) },
    link,
  );
}

/** What would be sent now, for the story and for `write: dry-run`. */
export function createRequest(resource: Written, { id }: IntentionRow, declared: boolean): Request {
  return {
    method: 'POST',
    path: resource.resourceType,
    headers: declared ? { 'if-none-exist': `identifier=${ourIdentifierSystem}|${id}` } : {},
    body: resource,
  };
}

export async function declaresConditionalCreate(site: Site, type: string): Promise<boolean> {
  const capabilities = await site.hospital.capabilities();
  return capabilities.declared && capabilities.types.get(type)?.conditionalCreate === true;
}
