/**
 * One intention carried to the hospital: created once, or updated against the version that was read, and never sent
 * again without looking after an unclear answer (invariant I2). What goes out is kept with the intention for the story.
 */
import { profileOf } from '../../../mappings/profiles.ts';
import { ourIdentifierSystem } from '../../core/concept.ts';
import type { ObservationPart } from '../../core/intentions.ts';
import { canonicalHash } from '../../fhir/canonical-hash.ts';
import type { Answer } from '../../hospital/answer.ts';
import { createOnce, updateOnce } from '../../hospital/writing/once.ts';
import type { LinkRow } from '../../store/links.ts';
import { type IntentionRow, keepSent } from '../../store/outbox.ts';
import { isEcho } from '../inbound/newer.ts';
import { bodiesOf, isOwnWords } from '../own-words.ts';
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
  /** The intention that made the resource; none where it was there before, be it ours by an earlier one or theirs. */
  readonly madeBy: string | undefined;
  /** The hospital's content is our own; else its version must be looked at as a change of the hospital. */
  readonly own: boolean;
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
  return plan.act === 'create' ? create(site, intention, plan) : update(site, intention, plan);
}

async function create(
  site: Site,
  intention: IntentionRow,
  { resource, role }: Extract<Plan, { act: 'create' }>,
): Promise<Sent> {
  const { hospital, store } = site;
  site.judge.release(resource, profileOfIntention(intention));
  const declared = await declaresConditionalCreate(site, resource.resourceType);
  const identifier = { system: ourIdentifierSystem, value: intention.id };
  await keep(site, intention, createRequest(resource, intention, declared));
  const { answer, existed } = await createOnce(hospital.client, resource, identifier, {
    declared,
    lookFirst: intention.unclear === 1,
    canLook: await canLook(site, resource.resourceType),
  });
  const own = !existed || (await isOwnWords(store.read, { ...intention, role }, answer.resource));
  return { role, answer, needless: existed, madeBy: intention.id, own };
}

async function update(
  site: Site,
  intention: IntentionRow,
  { role, link, build }: Extract<Plan, { act: 'update' }>,
): Promise<Sent | Changed> {
  const { client } = site.hospital;
  const before = await client.read<Written>(link.reference, { forWrite: true });
  if (!(await isKnown(site, before, link))) return { changed: before.resource };
  const common = { role, madeBy: undefined, own: true };
  const wanted = build(before.resource);
  if (wanted === undefined) return { ...common, answer: before, needless: true };
  site.judge.release(wanted, link.intention === null ? undefined : profileOfIntention(intention));
  const etag =
    before.etag ?? (before.versionId === undefined ? undefined : `W/"${before.versionId}"`);
  const headers = etag === undefined ? {} : { 'if-match': etag };
  await keep(site, intention, { method: 'PUT', path: link.reference, headers, body: wanted });
  return { ...common, answer: await updateOnce(client, wanted, etag), needless: false };
}

/** The profile that what this intention writes has to meet. */
export function profileOfIntention({ kind, part }: IntentionRow): string | undefined {
  // The part of an Observation is written by the core, from this very type
  return profileOf(kind, (part ?? undefined) as ObservationPart | undefined);
}

/** Stored before it goes out: if its answer is lost, this is what may stand at the hospital. */
async function keep({ store }: Site, { id, request }: IntentionRow, next: Request): Promise<void> {
  const before = bodiesOf(request);
  const kept = JSON.stringify(before.length === 0 ? next : { ...next, before });
  await store.transaction((tx) => keepSent(tx, id, kept));
}

/**
 * The version that we last saw or wrote, be it that we never heard of its success; anything else is a change of the
 * hospital, which is followed before we write.
 */
async function isKnown(
  { store }: Site,
  { resource, versionId }: Answer<Written>,
  link: LinkRow,
): Promise<boolean> {
  const shown = {
    version_id: versionId ?? null,
    last_updated: null,
    hash: canonicalHash(resource),
  };
  return isEcho(shown, link) || (await isOwnWords(store.read, link, resource));
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

/** Whether what we create of this type can be found again by our identifier; nothing known speaks for yes. */
async function canLook({ hospital }: Site, type: Written['resourceType']): Promise<boolean> {
  const survey = hospital.survey();
  if (survey === undefined || survey.once.length > 0) return true;
  const capabilities = await hospital.capabilities();
  if (!capabilities.declared || capabilities.types.size === 0) return true;
  const isDoubtful = survey.searches[type]?.doubtful?.includes('identifier') === true;
  return !isDoubtful && capabilities.types.get(type)?.searchParams.has('identifier') === true;
}

/** The statement says so for this type, and nobody decided that it is not to be relied upon (rung D1). */
export async function declaresConditionalCreate(site: Site, type: string): Promise<boolean> {
  const once = site.hospital.survey()?.once;
  if (once?.some(({ by }) => by === 'operator') && !once.some(({ rung }) => rung === 'D1'))
    return false;
  const capabilities = await site.hospital.capabilities();
  return capabilities.declared && capabilities.types.get(type)?.conditionalCreate === true;
}
