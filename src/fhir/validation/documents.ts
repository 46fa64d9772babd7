/**
 * What is inside one document and how references find it: contained resources by `#id`, entries of a Bundle by fullUrl
 * (R4 references.html#contained, bundle.html#references).
 */
import type { FhirObject, Scope } from './scope.ts';

export interface Literal {
  /** What stands before the type, undefined for a relative reference. */
  readonly base: string | undefined;
  readonly type: string;
  readonly id: string;
  readonly version: string | undefined;
}

/** Type and id at the end of a RESTful reference, with a version or not. Read by hand: it runs for each reference. */
export function readLiteral(reference: string): Literal | undefined {
  const slash = reference.lastIndexOf('/');
  const before = reference.lastIndexOf('/', slash - 1);
  const type = reference.slice(before + 1, slash);
  if (slash < 1 || !isId(reference, slash + 1)) return undefined;
  const last = reference.slice(slash + 1);
  if (type === '_history') {
    const inner = before < 1 ? undefined : readLiteral(reference.slice(0, before));
    return inner?.version === undefined && inner ? { ...inner, version: last } : undefined;
  }
  if (!/^[A-Z][A-Za-z]+$/.test(type)) return undefined;
  const base = before < 0 ? undefined : reference.slice(0, before);
  return { base, type, id: last, version: undefined };
}

/** 1 to 64 letters, digits, - and . from `start` to the end. */
export function isId(text: string, start: number): boolean {
  const { length } = text;
  for (let index = start; index < length; index += 1) {
    const code = text.charCodeAt(index);
    // Only for letters: this bit makes digits and - of control characters
    const isLetter = (code | 32) >= 97 && (code | 32) <= 122;
    if (!isLetter && !(code >= 48 && code <= 57) && code !== 45 && code !== 46) return false;
  }
  return length > start && length - start <= 64;
}

export function isObject(value: unknown): value is FhirObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The contained resource with this id; `#` alone is the container itself. */
export function containedIn(root: FhirObject, id: string): FhirObject | undefined {
  if (id === '') return root;
  const { contained } = root;
  if (!Array.isArray(contained)) return undefined;
  if (contained.length > fewContained) return manyContained(contained).get(id);
  return contained.find((one: unknown): one is FhirObject => isObject(one) && one.id === id);
}

/** So many are looked through faster than listed; more come from hostile senders too. */
const fewContained = 20;

const listed = new WeakMap<readonly unknown[], ReadonlyMap<unknown, FhirObject>>();

/** The first contained resource of each id. */
function manyContained(contained: readonly unknown[]): ReadonlyMap<unknown, FhirObject> {
  const had = listed.get(contained);
  if (had) return had;
  const byId = new Map<unknown, FhirObject>();
  for (const one of contained) if (isObject(one) && !byId.has(one.id)) byId.set(one.id, one);
  listed.set(contained, byId);
  return byId;
}

interface Entry {
  readonly fullUrl: string;
  readonly resource: FhirObject;
}

const indexes = new WeakMap<FhirObject, ReadonlyMap<string, readonly Entry[]>>();

/** The entries of a Bundle by fullUrl, versions of one resource together. */
function entriesOf(bundle: FhirObject): ReadonlyMap<string, readonly Entry[]> {
  const had = indexes.get(bundle);
  if (had) return had;
  const made = new Map<string, Entry[]>();
  const list: readonly unknown[] = Array.isArray(bundle.entry) ? bundle.entry : [];
  for (const entry of list) {
    if (!isObject(entry) || !isObject(entry.resource) || typeof entry.fullUrl !== 'string')
      continue;
    const { fullUrl, resource } = entry;
    const same = made.get(fullUrl);
    if (same) same.push({ fullUrl, resource });
    else made.set(fullUrl, [{ fullUrl, resource }]);
  }
  indexes.set(bundle, made);
  return made;
}

/** The resource that a reference names, where it is in this document. */
export function followed(reference: string, scope: Scope): FhirObject | undefined {
  if (reference.startsWith('#')) return containedIn(scope.root, reference.slice(1));
  const { bundle } = scope;
  if (bundle === undefined) return undefined;
  const url = fullUrlOf(reference, scope.fullUrl);
  const entries = url === undefined ? undefined : entriesOf(bundle).get(url);
  if (!entries) return undefined;
  const version = readLiteral(reference)?.version;
  const found =
    version === undefined
      ? entries[0]
      : entries.find(
          ({ resource }) => isObject(resource.meta) && resource.meta.versionId === version,
        );
  return found?.resource;
}

/** The fullUrl that a reference means: a relative one is counted from the base of the entry that it stands in. */
export function fullUrlOf(reference: string, from: string | undefined): string | undefined {
  const literal = readLiteral(reference);
  if (literal === undefined) return /^[a-z][a-z0-9+.-]*:/i.test(reference) ? reference : undefined;
  const base = literal.base ?? (from === undefined ? undefined : readLiteral(from)?.base);
  return base === undefined ? undefined : `${base}/${literal.type}/${literal.id}`;
}
