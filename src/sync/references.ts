/**
 * What references lead to, each read at most once a run however it is spelled and however many orders share it; a failure
 * is remembered with its reason, and tried again by the next run. Only this hospital is ever asked: what is at another
 * server stays words (invariant I8), what is named by an identifier is searched where that can mean one thing only.
 */
import { asAdapterError, type ErrorCode } from '../core/errors.ts';
import { localReference, parseReference } from '../fhir/reference.ts';

/**
 * Reads by `Type/id`, by `Type?identifier=system|value` and by URN; undefined when the source does not have it. A hospital
 * knows no URNs, a folder looks among its own files.
 */
export type ReadReference = (reference: string) => Promise<fhir4.FhirResource | undefined>;

/** Types that an identifier with its system names one of. */
const identified = ['Patient', 'Practitioner', 'Organization', 'Location'];

/** What a reference came to. Neither resource nor words: there was nothing more to read, e.g. a display only. */
export interface Resolved<R extends fhir4.FhirResource = fhir4.FhirResource> {
  readonly resource?: R;
  /** `Type/id`, by which it can be asked for again. */
  readonly at?: string;
  /** Why there is no resource, in words that finish "ServiceRequest.encounter …". */
  readonly says?: string;
}

export interface Within {
  /** The resource that the reference stands in: `#id` is one of its contained. */
  readonly container?: fhir4.FhirResource | undefined;
}

/** Says what is to be said of an element of the order, if anything. */
export type Note = (element: string, says: string | undefined) => void;

type TypeName = fhir4.FhirResource['resourceType'];
type OfType<T extends TypeName> = Extract<fhir4.FhirResource, { resourceType: T }>;

export interface References {
  /** What a reference to one of these types leads to. Never throws for a fault of the hospital. */
  resolve<T extends TypeName>(
    reference: fhir4.Reference | undefined,
    types: readonly T[],
    within?: Within,
  ): Promise<Resolved<OfType<T>>>;
  /** Reads what a literal reference names at this hospital; undefined where it cannot. */
  read(reference: string | undefined): Promise<fhir4.FhirResource | undefined>;
  /** `Type/id` of a reference into this hospital, however it is spelled. */
  local(reference: fhir4.Reference | string | undefined): string | undefined;
  /** Whether `Type/id` was asked for since this was opened. */
  wasRead(name: string): boolean;
  /** By `Type/id` or search: what could not be read, with the reason. */
  readonly unreadable: ReadonlyMap<string, ErrorCode>;
}

export function openReferences(base: string, readFrom: ReadReference): References {
  const reading = new Map<string, Promise<fhir4.FhirResource | undefined>>();
  const unreadable = new Map<string, ErrorCode>();

  function once(name: string): Promise<fhir4.FhirResource | undefined> {
    const known = reading.get(name);
    if (known !== undefined) return known;
    const now = readFrom(name).catch((thrown: unknown) => {
      const { code } = asAdapterError(thrown);
      if (code === 'internal' || code === 'store-unusable') throw thrown;
      unreadable.set(name, code);
      return undefined;
    });
    reading.set(name, now);
    return now;
  }

  async function found(name: string): Promise<Resolved> {
    const resource = await once(name);
    if (resource !== undefined) return { resource, at: placeOf(resource) ?? name };
    return { at: name, says: whyUnread(unreadable.get(name)) };
  }

  async function lookUp(
    reference: fhir4.Reference,
    types: readonly TypeName[],
    { container }: Within,
  ): Promise<Resolved> {
    const parsed = parseReference(reference);
    switch (parsed.kind) {
      case 'relative':
      case 'absolute': {
        const local = localReference(reference, base);
        if (local === undefined) return { says: 'is at another server: not read' };
        const isWanted = (types as readonly string[]).includes(parsed.type);
        return isWanted ? found(local) : { says: otherType(parsed.type) };
      }
      case 'contained': {
        const resource = containedIn(container, parsed.id);
        return resource === undefined
          ? { says: 'names a contained resource that is not there' }
          : { resource };
      }
      case 'urn': {
        const resource = await once(parsed.urn.toLowerCase());
        const at = resource && placeOf(resource);
        return resource === undefined
          ? { says: 'names an entry of a Bundle that did not come with it' }
          : { resource, ...(at !== undefined && { at }) };
      }
      case 'identifier':
        return byIdentifier(parsed, [reference.type, ...types]);
      case 'display':
        return {};
      case 'unreadable':
        return Object.keys(reference).length === 0
          ? {}
          : { says: 'holds no reference that can be read' };
    }
  }

  /** A value alone may mean somebody else (hospital-servers Q25), so it is never asked for without its system. */
  async function byIdentifier(
    { system, value }: { readonly system?: string; readonly value: string },
    [said, ...types]: readonly (string | undefined)[],
  ): Promise<Resolved> {
    if (system === undefined) return { says: 'is named by an identifier without system: not read' };
    const type = said ?? (types.length === 1 ? types[0] : undefined);
    if (type === undefined || !identified.includes(type))
      return { says: 'is named by an identifier only: not read' };
    const name = `${type}?identifier=${system}|${value}`;
    const resource = await once(name);
    const at = resource && placeOf(resource);
    if (resource !== undefined) return { resource, ...(at !== undefined && { at }) };
    const code = unreadable.get(name);
    return {
      says:
        code === undefined
          ? 'is named by an identifier that not exactly one record here carries'
          : whyUnread(code),
    };
  }

  return {
    unreadable,
    local: (reference) => localReference(reference, base),
    wasRead: (name) => reading.has(name),
    async resolve<T extends TypeName>(
      reference: fhir4.Reference | undefined,
      types: readonly T[],
      within: Within = {},
    ) {
      if (typeof reference !== 'object' || reference === null) return {};
      const { resource, ...rest } = await lookUp(reference, types, within);
      if (resource === undefined) return rest;
      return (types as readonly string[]).includes(resource.resourceType)
        ? { ...rest, resource: resource as OfType<T> }
        : { says: otherType(resource.resourceType) };
    },
    async read(reference) {
      const local = typeof reference === 'string' ? localReference(reference, base) : undefined;
      return local === undefined ? undefined : once(local);
    },
  };
}

function placeOf({ resourceType, id }: fhir4.FhirResource): string | undefined {
  return typeof id === 'string' && id !== '' ? `${resourceType}/${id}` : undefined;
}

function containedIn(
  container: fhir4.FhirResource | undefined,
  id: string,
): fhir4.FhirResource | undefined {
  const contained = container !== undefined && 'contained' in container && container.contained;
  if (!Array.isArray(contained)) return undefined;
  const all = contained as readonly (fhir4.FhirResource | null)[];
  return all.find((one) => one?.id === id && one.resourceType) ?? undefined;
}

function otherType(type: string): string {
  return `leads to a ${type}: not read`;
}

/** Absent for a source that says no more than that it has none. */
export function whyUnread(code: ErrorCode | undefined): string {
  switch (code) {
    case undefined:
    case 'not-found':
      return 'is not there';
    case 'gone':
      return 'was deleted there';
    case 'not-allowed':
    case 'sign-in-refused':
      return 'may not be read by us';
    case 'foreign-origin':
      return 'is at another server: not read';
    default:
      return `could not be read (${code})`;
  }
}
