/** Reads what references name from the hospital: by id, or by an identifier that exactly one record carries. */
import type { ReadReference } from './references.ts';
import type { Site } from './site.ts';

/** A URN means nothing to a server: it is not asked for one. */
export function hospitalReader(site: Site): ReadReference {
  const { client } = site.hospital;
  return async (name) => {
    const [type = '', token] = name.split('?identifier=');
    if (token !== undefined) return carrying(client, type, token);
    return name.startsWith('urn:') ? undefined : (await client.read(name)).resource;
  };
}

async function carrying(
  client: Site['hospital']['client'],
  type: string,
  token: string,
): Promise<fhir4.FhirResource | undefined> {
  // A system is a URI, so the first bar ends it; any other bar or comma would be the search’s (R4 search.html#escaping).
  const bar = token.indexOf('|');
  const [system, value] = [token.slice(0, bar), token.slice(bar + 1)];
  const escaped = [system, value].map((part) => part.replace(/[\\|,$]/g, '\\$&'));
  const { resource } = await client.search(type as fhir4.FhirResource['resourceType'], [
    ['identifier', escaped.join('|')],
    [client.countParam(), 2],
  ]);
  const { entry = [], link = [] } = resource;
  const shown = entry.flatMap(({ resource: one, search }) =>
    one === undefined || one.resourceType === 'OperationOutcome' || search?.mode === 'include'
      ? []
      : [one],
  );
  const [only] = shown;
  // A server that does not understand the search shows others, or everything: they count as several.
  const isMore = shown.length > 1 || link.some(({ relation }) => relation === 'next');
  return only !== undefined && !isMore && carries(only, system, value) ? only : undefined;
}

function carries(resource: fhir4.FhirResource, system: string, value: string): boolean {
  const { identifier } = resource as { identifier?: unknown };
  return [identifier ?? []]
    .flat()
    .some((one: fhir4.Identifier | null) => one?.system === system && one?.value === value);
}
