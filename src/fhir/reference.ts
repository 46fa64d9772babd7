/**
 * References as servers really write them (R4 references.html; hospital-made ids and hosts with `-`, `_` and `.`):
 * relative, absolute, versioned, `urn:uuid:`, `#contained`, identifier only, display only.
 * Pure text work: nothing is fetched here, and a reference that cannot be read is a value, not an error.
 */

export type ParsedReference =
  | {
      readonly kind: 'relative';
      readonly type: string;
      readonly id: string;
      readonly version?: string;
    }
  | {
      readonly kind: 'absolute';
      readonly base: string;
      readonly type: string;
      readonly id: string;
      readonly version?: string;
    }
  | { readonly kind: 'urn'; readonly urn: string }
  | { readonly kind: 'contained'; readonly id: string }
  | { readonly kind: 'identifier'; readonly system?: string; readonly value: string }
  | { readonly kind: 'display'; readonly display: string }
  | { readonly kind: 'unreadable' };

// An id is opaque (longer than 64 characters and with `_` on some servers): only what ends a path segment is refused.
const tail = /^(?:(.*)\/)?([A-Z][A-Za-z]+)\/([^/?#\s]+)(?:\/_history\/([^/?#\s]+))?\/?$/s;

/** Reads a Reference element, or the bare text of one. The literal `reference` goes before identifier and display. */
export function parseReference(reference: fhir4.Reference | string | undefined): ParsedReference {
  if (reference === undefined) return { kind: 'unreadable' };
  if (typeof reference === 'string') return parseLiteral(reference);
  if (reference.reference) return parseLiteral(reference.reference);
  const { system, value } = reference.identifier ?? {};
  if (value) return { kind: 'identifier', value, ...(system && { system }) };
  if (reference.display) return { kind: 'display', display: reference.display };
  return { kind: 'unreadable' };
}

function parseLiteral(text: string): ParsedReference {
  if (text.startsWith('#')) return { kind: 'contained', id: text.slice(1) };
  if (isUrn(text)) return { kind: 'urn', urn: text };
  const [, before, type, id, version] = tail.exec(text) ?? [];
  if (type === undefined || id === undefined || /^\.+$/.test(id)) return { kind: 'unreadable' };
  const target = { type, id, ...(version !== undefined && { version }) };
  if (before === undefined) return { kind: 'relative', ...target };
  return /^https?:\/\/[^/]/i.test(before)
    ? { kind: 'absolute', base: before, ...target }
    : { kind: 'unreadable' };
}

/** `urn:uuid:…` and `urn:oid:…`: a name inside one Bundle, of which case does not matter (RFC 8141 and 4122). */
export function isUrn(text: unknown): text is string {
  return typeof text === 'string' && /^urn:/i.test(text);
}

/** `Type/id` when the reference points into the server with this base address, however it is spelled; else undefined. */
export function localReference(
  reference: fhir4.Reference | string | undefined,
  base: string,
): string | undefined {
  const parsed = parseReference(reference);
  if (parsed.kind === 'relative') return `${parsed.type}/${parsed.id}`;
  if (parsed.kind === 'absolute' && sameBase(parsed.base, base))
    return `${parsed.type}/${parsed.id}`;
  return undefined;
}

/**
 * Whether two addresses name the same FHIR server: origin and path compared as parsed URLs, since a comparison of
 * text takes `http://host:4302` for the beginning of `http://host:43027`.
 */
export function sameBase(one: string, other: string): boolean {
  if (!URL.canParse(one) || !URL.canParse(other)) return false;
  const [a, b] = [new URL(one), new URL(other)];
  return a.origin === b.origin && withoutSlash(a.pathname) === withoutSlash(b.pathname);
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}
