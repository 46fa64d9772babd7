/**
 * What one exchange brought back, and how an answer is judged: a status alone proves nothing, since servers answer 200
 * with an OperationOutcome (Q13), 201 with an empty or HTML body (Q19), and ids only in `Location`.
 */
import type { Instant } from '../core/concept.ts';
import { AdapterError } from '../core/errors.ts';
import { parseReference } from '../fhir/reference.ts';
import { type Asked, broken, isWrite, type Judging, refusalFault } from './faults.ts';
import { refuseOtherVersions } from './fhir-version.ts';
import { type MeaningOf, meaningsOf } from './issue-meanings.ts';
import { describeIssues, isOutcome, issuesOf } from './outcome.ts';
import type { IssueMeaning } from './vendors/vendor.ts';

export type ResourceType = fhir4.FhirResource['resourceType'];

export interface Answer<R> {
  readonly resource: R;
  /** As received, quotes and `W/` included, for If-Match. */
  readonly etag?: string;
  /** Opaque; `0` is a version. */
  readonly versionId?: string;
  readonly lastModified?: Instant;
  /** The server's own time (Date header): cursors are server time. */
  readonly serverTime?: Instant;
  readonly status: number;
  readonly requestId: string;
  readonly ms: number;
  /** True when the write is proven but its result was not shown: `resource` is then what we sent, with its new id. */
  readonly unseen?: true;
}

/** One HTTP answer before it was judged. `body` is undefined when it was empty, cut off or not JSON. */
export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  readonly requestId: string;
  readonly ms: number;
}

/** The answer with the expected resource type, or an error: for reads, searches and transactions. */
export function expectResource<R extends fhir4.FhirResource>(
  received: Received,
  type: string,
  asked: Asked,
  judging: Judging,
): Answer<R> {
  if (isA<R>(received.body, type)) return answerWith(received, received.body);
  if (!isWrite(asked) && isOutcome(received.body)) throw refusalFault(received, asked, judging);
  throw broken(
    asked,
    `${asked.method} ${asked.path} was answered with ${received.status} but without a ${type}.`,
    {
      status: received.status,
    },
  );
}

/** What some servers say with an error where others show an empty page, or one that is cut short. */
const stillAPage: readonly IssueMeaning[] = ['nothing-found', 'capped'];

/**
 * The answer to a search as a page of results, where a server that found nothing, or too much, answers with an
 * OperationOutcome alone, whatever its status; undefined for any other answer.
 */
export function outcomePage<Got extends Pick<Received, 'body'>>(
  got: Got,
  meaningOf: MeaningOf,
): Got | undefined {
  if (!isOutcome(got.body)) return undefined;
  const [meaning] = meaningsOf(issuesOf(got.body), meaningOf);
  if (meaning === undefined || !stillAPage.includes(meaning)) return undefined;
  const body: fhir4.Bundle<fhir4.FhirResource> = {
    resourceType: 'Bundle',
    type: 'searchset',
    entry: [{ resource: got.body, search: { mode: 'outcome' } }],
  };
  return { ...got, body };
}

/**
 * The answer to /metadata. A whole page that is no JSON means that no FHIR server in JSON lives at this address, which
 * waiting does not mend; elsewhere the same page may be a proxy's passing excuse.
 */
export function expectStatement(
  received: Received,
  asked: Asked,
  judging: Judging,
): fhir4.CapabilityStatement {
  const contentType = received.headers.get('content-type') ?? 'nothing';
  if (received.body === undefined && !/json/i.test(contentType)) {
    throw new AdapterError(
      'not-fhir-r4',
      `GET ${asked.path} was answered with ${contentType.split(';')[0]}.`,
      {
        about: asked.path,
        status: received.status,
      },
    );
  }
  // As the statement was called before STU3.
  if (isA<fhir4.FhirResource>(received.body, 'Conformance')) {
    const { fhirVersion = '1.0' } = received.body as { readonly fhirVersion?: string };
    refuseOtherVersions(fhirVersion);
  }
  return expectResource<fhir4.CapabilityStatement>(received, 'CapabilityStatement', asked, judging)
    .resource;
}

/** What a 2xx answer to a create or update proves: the stored resource, or at least where it is. */
export type Written<R> =
  | { readonly shown: Answer<R> }
  | { readonly at: { id: string; versionId?: string } };

/** Throws `write-unclear` when the answer neither shows the resource nor names it. */
export function expectWritten<R extends fhir4.FhirResource>(
  received: Received,
  sent: R,
  asked: Asked,
): Written<R> {
  const { body, headers, status } = received;
  if (isA<R>(body, sent.resourceType) && body.id) return { shown: answerWith(received, body) };
  const failed = issuesOf(body).filter(
    ({ severity }) => severity === 'error' || severity === 'fatal',
  );
  const at =
    locationOf(headers, sent.resourceType) ??
    (asked.method === 'PUT' && sent.id && !isPage(headers) ? { id: sent.id } : undefined);
  if (at && failed.length === 0) return { at };
  const what =
    failed.length > 0 ? `an error (${describeIssues(failed)})` : 'neither resource nor Location';
  throw broken(asked, `${asked.method} ${asked.path} was answered with ${status} and ${what}.`, {
    status,
  });
}

/** A page for people, which a proxy puts before the server (maintenance, sign-in): its 200 says nothing of our write. */
function isPage(headers: Headers): boolean {
  return /html/i.test(headers.get('content-type') ?? '');
}

/** Id and version that the answer to a write names, in Location (R4 http.html#create) or Content-Location. */
function locationOf(
  headers: Headers,
  type: string,
): { id: string; versionId?: string } | undefined {
  for (const name of ['location', 'content-location']) {
    const location = headers.get(name) ?? '';
    // Only its end counts: a server behind a proxy writes its inner host here, others leave the base out.
    const anywhere = 'http://hospital.invalid/';
    if (!URL.canParse(location, anywhere)) continue;
    const target = parseReference(new URL(location, anywhere).href);
    if (target.kind === 'absolute' && target.type === type) {
      return { id: target.id, ...(target.version !== undefined && { versionId: target.version }) };
    }
  }
  return undefined;
}

/** What we sent, under the id that the hospital gave it: for a proven write whose result could not be read. */
export function unseenAnswer<R extends fhir4.FhirResource>(
  received: Received,
  sent: R,
  at: { readonly id: string; readonly versionId?: string },
): Answer<R> {
  // The version that we had read before is not the one that we made.
  const { versionId: _old, lastUpdated: _then, ...meta } = sent.meta ?? {};
  const answer = answerWith(received, { ...sent, id: at.id, meta });
  return {
    ...answer,
    ...(at.versionId !== undefined && { versionId: at.versionId }),
    unseen: true,
  };
}

/** Wraps a resource with what the headers and its meta say about version and time. */
function answerWith<R extends fhir4.FhirResource>(received: Received, resource: R): Answer<R> {
  const { status, headers, requestId, ms } = received;
  const etag = headers.get('etag') ?? undefined;
  const versionId = resource.meta?.versionId ?? /^(?:W\/)?"?([^"]+)"?$/.exec(etag ?? '')?.[1];
  const lastModified = resource.meta?.lastUpdated ?? instantOf(headers.get('last-modified'));
  const serverTime = instantOf(headers.get('date'));
  return {
    resource,
    ...(etag !== undefined && { etag }),
    ...(versionId !== undefined && { versionId }),
    ...(lastModified !== undefined && { lastModified }),
    ...(serverTime !== undefined && { serverTime }),
    status,
    requestId,
    ms,
  };
}

/** The one place where JSON becomes a FHIR type: the resourceType is checked, the rest is read leniently by the mappings. */
function isA<R extends fhir4.FhirResource>(body: unknown, type: string): body is R {
  return (
    typeof body === 'object' &&
    body !== null &&
    'resourceType' in body &&
    body.resourceType === type
  );
}

function instantOf(httpDate: string | null): Instant | undefined {
  const ms = httpDate === null ? Number.NaN : Date.parse(httpDate);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
