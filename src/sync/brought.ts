/**
 * What a Bundle brings: its resources, and by which names they refer to each other. A URN means something inside its
 * Bundle only (R4 bundle.html#references), so a reference by URN to an entry that has an id is written as that id, as a
 * server does that takes the Bundle in (http.html#trules); an entry without one can be found by its URN while it is here.
 */
import { isUrn } from '../fhir/reference.ts';

export interface Brought {
  readonly bodies: readonly unknown[];
  /** By `Type/id`, and by URN. */
  readonly byName: ReadonlyMap<string, fhir4.FhirResource>;
}

/** A Bundle stands for what it carries; one without entries, or of another shape, stands for itself. */
export function broughtBy(body: unknown): Brought {
  const entries = entriesOf(body);
  if (entries.length === 0) return { bodies: [body], byName: named([body]) };
  const ids = new Map(
    entries.flatMap(({ fullUrl, resource }) => {
      const name = nameOf(resource);
      return isUrn(fullUrl) && name !== undefined ? [[fullUrl.toLowerCase(), name] as const] : [];
    }),
  );
  const bodies = entries.map(({ resource }) =>
    ids.size === 0 ? resource : renamed(resource, ids),
  );
  const byName = named(bodies);
  for (const [index, { fullUrl }] of entries.entries()) {
    const resource = bodies[index];
    if (isUrn(fullUrl) && isResource(resource)) byName.set(fullUrl.toLowerCase(), resource);
  }
  return { bodies, byName };
}

interface Entry {
  readonly fullUrl: unknown;
  readonly resource: unknown;
}

function entriesOf(body: unknown): Entry[] {
  if (!isResource(body) || body.resourceType !== 'Bundle' || !Array.isArray(body.entry)) return [];
  return body.entry.flatMap((one: unknown) =>
    typeof one === 'object' && one !== null && 'resource' in one
      ? [{ fullUrl: 'fullUrl' in one ? one.fullUrl : undefined, resource: one.resource }]
      : [],
  );
}

function named(bodies: readonly unknown[]): Map<string, fhir4.FhirResource> {
  const byName = new Map<string, fhir4.FhirResource>();
  for (const body of bodies) {
    const name = nameOf(body);
    if (name !== undefined && isResource(body)) byName.set(name, body);
  }
  return byName;
}

function nameOf(body: unknown): string | undefined {
  return isResource(body) && typeof body.id === 'string' && body.id !== ''
    ? `${body.resourceType}/${body.id}`
    : undefined;
}

function isResource(body: unknown): body is fhir4.FhirResource {
  return (
    typeof body === 'object' &&
    body !== null &&
    'resourceType' in body &&
    typeof body.resourceType === 'string' &&
    body.resourceType !== ''
  );
}

/** A copy in which every reference by one of these URNs is one by id; the value itself where it has none. */
function renamed(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => renamed(item, ids));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  let copy: Record<string, unknown> | undefined;
  for (const [key, inner] of Object.entries(value)) {
    const id = key === 'reference' && isUrn(inner) ? ids.get(inner.toLowerCase()) : undefined;
    const next = id ?? renamed(inner, ids);
    if (next === inner) continue;
    copy ??= { ...value };
    copy[key] = next;
  }
  return copy ?? value;
}
