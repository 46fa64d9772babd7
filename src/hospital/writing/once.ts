/**
 * Rung D: nothing twice. Every create carries our identifier and goes out conditionally where the server declares that;
 * where it does not, or after an unclear answer, we look first. Trying again later is the outbox's business, not ours.
 */
import { AdapterError } from '../../core/errors.ts';
import type { Answer, ResourceType } from '../answer.ts';
import type { HospitalClient } from '../client.ts';
import { expectHonoured } from '../discovery/found.ts';
import { pagesOf } from '../paging.ts';

export interface OurIdentifier {
  readonly system: string;
  readonly value: string;
}

export interface OnceOptions {
  /** The server's statement has `conditionalCreate: true` for this type. */
  readonly declared: boolean;
  /** An earlier attempt had an unclear answer. */
  readonly lookFirst: boolean;
  /** What was created can be found again by our identifier; true where nothing is known against it. */
  readonly canLook?: boolean;
}

export interface Created<R> {
  readonly answer: Answer<R>;
  /** It was there before this call, and may differ from what we wanted to create: compare. */
  readonly existed: boolean;
}

/**
 * Creates the resource unless one with our identifier exists; throws `several-matches` where there are more. On a server
 * that keeps no identifier of ours, or cannot be searched by it, an unclear create is not repeated: looking would find
 * nothing and prove nothing, so it throws `rung-missing` and a person looks (invariant I2).
 */
export async function createOnce<R extends fhir4.FhirResource>(
  client: HospitalClient,
  resource: R,
  identifier: OurIdentifier,
  { declared, lookFirst, canLook = true }: OnceOptions,
): Promise<Created<R>> {
  if (!canLook && !declared) {
    if (lookFirst)
      throw new AdapterError(
        'rung-missing',
        `Whether the hospital has this ${resource.resourceType} cannot be looked up: its server cannot be searched by our identifier.`,
        {
          about: resource.resourceType,
          fix: 'Look in the hospital’s system whether it is there, then settle this note.',
        },
      );
    return { answer: await client.create(resource), existed: false };
  }
  if (lookFirst || !declared) {
    const found = await existing<R>(client, resource.resourceType, identifier);
    if (found) return found;
  }
  if (!declared) return { answer: await client.create(resource), existed: false };
  try {
    const ifNoneExist = `identifier=${encodeURIComponent(tokenOf(identifier))}`;
    const answer = await client.create(resource, { ifNoneExist });
    return { answer, existed: answer.status === 200 };
  } catch (thrown) {
    if (!(thrown instanceof AdapterError) || thrown.code !== 'version-conflict') throw thrown;
    // A race between two equal conditional creates is lost with 409 (HAPI): the other one has made it.
    const found = await existing<R>(client, resource.resourceType, identifier);
    if (found) return found;
    throw thrown;
  }
}

/**
 * Replaces a resource if it is still the version whose ETag this is, exactly as received; else `version-conflict`.
 * Without an ETag (servers without versions) nothing protects the other side's change: the caller has read and compared
 * the content just before. A server that refuses its own ETag although it still has that version wants another form of it
 * (Q16): then it is sent once more in that form.
 */
export async function updateOnce<R extends fhir4.FhirResource>(
  client: HospitalClient,
  resource: R,
  etag: string | undefined,
): Promise<Answer<R>> {
  if (etag === undefined) return client.update(resource);
  try {
    return await client.update(resource, { ifMatch: etag });
  } catch (thrown) {
    const other = otherForm(etag);
    if (!refusesMatch(thrown) || other === undefined) throw thrown;
    const reference = `${resource.resourceType}/${resource.id}`;
    const now = await client.read<R>(reference, { forWrite: true }).catch((_unread: unknown) => {
      // Whether it is another version is not known: then the refusal itself is what happened.
      throw thrown;
    });
    if (versionIn(now.etag ?? now.versionId) !== versionIn(etag)) throw thrown;
    return client.update(resource, { ifMatch: other });
  }
}

function refusesMatch(thrown: unknown): thrown is AdapterError {
  if (!(thrown instanceof AdapterError)) return false;
  const { code, details } = thrown;
  return code === 'version-conflict' || (code === 'hospital-refused' && details.status === 400);
}

/** `3` of `W/"3"`, `"3"` and `3`. */
function versionIn(etag: string | undefined): string | undefined {
  return /^(?:W\/)?"?([^"]+)"?$/.exec(etag ?? '')?.[1];
}

/** Weak for what is not, bare for what is weak: the forms that servers have been seen to demand. */
function otherForm(etag: string): string | undefined {
  const version = versionIn(etag);
  if (version === undefined) return undefined;
  return etag.startsWith('W/') ? version : `W/"${version}"`;
}

/**
 * The resources of this type that carry our identifier. Checked here again: a server that ignores the parameter would
 * otherwise hand us somebody else's resource as ours; it throws `search-not-honoured`, because then nothing is proven.
 */
export async function findOurs<R extends fhir4.FhirResource>(
  client: HospitalClient,
  type: ResourceType,
  identifier: OurIdentifier,
): Promise<readonly R[]> {
  const found: R[] = [];
  for await (const page of pagesOf<R>(client, type, [['identifier', tokenOf(identifier)]], {
    pageSize: 10,
    forWrite: true,
  })) {
    expectHonoured(page, ['identifier']);
    if (!page.resources.every((resource) => carries(resource, identifier))) {
      throw new AdapterError(
        'search-not-honoured',
        `The hospital’s search for ${type} by identifier returned others.`,
        {
          about: type,
        },
      );
    }
    if (page.partial) {
      throw new AdapterError(
        'hospital-fault',
        `The hospital’s search for ${type} by identifier is incomplete.`,
        {
          about: type,
        },
      );
    }
    found.push(...page.resources);
  }
  return found;
}

async function existing<R extends fhir4.FhirResource>(
  client: HospitalClient,
  type: ResourceType,
  identifier: OurIdentifier,
): Promise<Created<R> | undefined> {
  const [one, ...others] = await findOurs<R>(client, type, identifier);
  if (one === undefined) return undefined;
  if (others.length > 0) {
    throw new AdapterError(
      'several-matches',
      `${others.length + 1} ${type} resources carry the same identifier of ours.`,
      {
        about: `${type}/${one.id}`,
      },
    );
  }
  // Read again, because a Bundle has no ETag and the search index may lag behind (Q34).
  return { answer: await client.read<R>(`${type}/${one.id}`, { forWrite: true }), existed: true };
}

/** `system|value` with the characters escaped that separate tokens (R4 search.html#escaping). */
function tokenOf({ system, value }: OurIdentifier): string {
  const escaped = (text: string) => text.replace(/[\\|,$]/g, '\\$&');
  return `${escaped(system)}|${escaped(value)}`;
}

function carries(resource: fhir4.FhirResource, { system, value }: OurIdentifier): boolean {
  if (!('identifier' in resource) || resource.identifier === undefined) return false;
  return [resource.identifier].flat().some((own) => own.system === system && own.value === value);
}
