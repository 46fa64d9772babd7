/**
 * Plain HTTP to a FHIR server, for proofs. Nothing of the product is used here: a proof that asks through the
 * adapter's own client would believe whatever that client believes.
 */

const json = 'application/fhir+json';

/** What a server answered when it was not 2xx. `status` is the HTTP status, `body` the answer as text. */
export class AnswerError extends Error {
  readonly status: number;
  readonly body: string;

  constructor(method: string, url: string, status: number, body: string) {
    super(`${method} ${url} answered ${status}: ${body.slice(0, 500)}`);
    this.status = status;
    this.body = body;
  }
}

/** Reads `path` below `base` (`Patient/1`, `Task?owner=…`), past any cache. Throws AnswerError when not 2xx. */
export async function get<T extends fhir4.FhirResource = fhir4.FhirResource>(
  base: string,
  path: string,
): Promise<T> {
  return await exchange<T>('GET', below(base, path));
}

/** Stores `resource` under its own id (PUT) and returns it as the server keeps it. */
export async function put<T extends fhir4.FhirResource & { id: string }>(
  base: string,
  resource: T,
): Promise<T> {
  return await exchange<T>('PUT', below(base, `${resource.resourceType}/${resource.id}`), resource);
}

/** Creates `resource` (POST) under an id of the server's choice and returns it as the server keeps it. */
export async function post<T extends fhir4.FhirResource>(
  base: string,
  resource: T,
): Promise<T & { id: string }> {
  return await exchange<T & { id: string }>('POST', below(base, resource.resourceType), resource);
}

/** All matches of a search such as `Procedure?based-on=ServiceRequest/1`, over all pages, without included resources. */
export async function searchAll<T extends fhir4.FhirResource = fhir4.FhirResource>(
  base: string,
  query: string,
): Promise<T[]> {
  const found: T[] = [];
  const seen = new Set<string>();
  let next: string | undefined = below(base, query);
  while (next) {
    if (seen.has(next)) throw new Error(`The pages of ${query} go round in a circle.`);
    seen.add(next);
    const page: fhir4.Bundle<T> = await exchange<fhir4.Bundle<T>>('GET', next);
    for (const { resource, search } of page.entry ?? []) {
      if (resource && (search?.mode ?? 'match') === 'match') found.push(resource);
    }
    const link = page.link?.find(({ relation }) => relation === 'next')?.url;
    next = link && new URL(link, `${base}/`).href;
  }
  return found;
}

/** `Type/id` → version id of every resource of `type` that the server has now: compare two to see what was written between. */
export async function versions(base: string, type: string): Promise<Record<string, string>> {
  const all = await searchAll(base, `${type}?_count=200`);
  return Object.fromEntries(all.map(({ id, meta }) => [`${type}/${id}`, meta?.versionId ?? '']));
}

/**
 * What the server's `$validate` holds against `resource` (issues of severity error or fatal), against its base
 * definition or `profile` (a canonical that the server has). A 4xx with an OperationOutcome is a verdict too:
 * HAPI refuses bad codes while parsing, before its validator sees them.
 */
export async function validateResource(
  base: string,
  resource: fhir4.FhirResource,
  profile?: string,
): Promise<fhir4.OperationOutcomeIssue[]> {
  const query = profile ? `?profile=${encodeURIComponent(profile)}` : '';
  const url = below(base, `${resource.resourceType}/$validate${query}`);
  const answer = await send('POST', url, resource);
  const body = await answer.text();
  const outcome = parsed(body);
  if (answer.status >= 500 || outcome?.resourceType !== 'OperationOutcome') {
    throw new AnswerError('POST', url, answer.status, body);
  }
  const { issue } = outcome as fhir4.OperationOutcome;
  return issue.filter(({ severity }) => severity === 'error' || severity === 'fatal');
}

async function exchange<T extends fhir4.FhirResource>(
  method: string,
  url: string,
  body?: fhir4.FhirResource,
): Promise<T> {
  const answer = await send(method, url, body);
  const text = await answer.text();
  const resource = parsed(text);
  if (!answer.ok || !resource) throw new AnswerError(method, url, answer.status, text);
  return resource as T;
}

async function send(method: string, url: string, body?: fhir4.FhirResource): Promise<Response> {
  return await fetch(url, {
    method,
    headers: { Accept: json, 'Cache-Control': 'no-cache', 'Content-Type': json },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** The resource in an answer, or nothing when it is not JSON (a proxy's page, an empty body). */
function parsed(text: string): fhir4.FhirResource | undefined {
  try {
    return JSON.parse(text) as fhir4.FhirResource;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function below(base: string, path: string): string {
  return `${base.replace(/\/$/, '')}/${path}`;
}
