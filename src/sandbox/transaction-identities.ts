/**
 * Who is who in a transaction: before anything is created, every entry gets the id that it will have, or that of the
 * resource that its condition found, so that references among the entries can be rewritten in any direction.
 */
import type { Entry } from './bundle-entries.ts';
import type { FhirServer } from './exchange.ts';
import { isObject, type Json, plain, walk } from './json.ts';
import { refuse } from './outcome.ts';
import { onlyMatch, queryText } from './writes.ts';

export type Identity = { readonly type: string; readonly id: string };

/** The identity of each entry that names or makes a resource; the same resource twice is refused. */
export function identitiesOf(
  server: FhirServer,
  entries: readonly Entry[],
): ReadonlyMap<Entry, Identity> {
  const identities = new Map<Entry, Identity>();
  const taken = new Set<string>();
  for (const entry of entries) {
    const [type = ''] = entry.call.path;
    const id = idOf(server, entry, type);
    const condition = entry.call.header('if-none-exist');
    for (const key of [id && `${type}/${id}`, condition && `${type}?${condition}`]) {
      if (!key) continue;
      if (taken.has(key)) {
        throw refuse(400, 'invalid', `Two entries of the transaction are about ${type}/${id}.`);
      }
      taken.add(key);
    }
    if (id !== undefined) identities.set(entry, { type, id });
  }
  return identities;
}

function idOf(server: FhirServer, { call }: Entry, type: string): string | undefined {
  const [, named] = call.path;
  if (call.method === 'GET' || call.method === 'HEAD' || named?.startsWith('$')) return undefined;
  if (named !== undefined) return named;
  const condition = call.method === 'POST' ? call.header('if-none-exist') : queryText(call);
  const match = condition === undefined ? undefined : onlyMatch(server, call, type, condition)?.id;
  if (call.method === 'DELETE' || call.method === 'PATCH') return match;
  const sent =
    call.method === 'PUT' && isObject(call.body) && typeof call.body.id === 'string'
      ? call.body.id
      : undefined;
  return match ?? sent ?? server.repository.freeId(type);
}

/** Elements of type uri and url in which a urn:uuid of the Bundle may stand. */
const linkElements = ['reference', 'url', 'valueUri', 'valueUrl', 'valueUuid'];

/** The body of an entry with references to other entries, and conditional references, made real. */
export function rewritten(
  server: FhirServer,
  entry: Entry,
  byUrl: ReadonlyMap<string, Identity>,
): Json | undefined {
  const { body } = entry.call;
  if (!isObject(body) && !Array.isArray(body)) return body;
  const copy: Json = plain(body);
  // a relative reference means the server on which the entry's own fullUrl says that it lives
  const root = /^https?:\/\/.*\/(?=[A-Za-z]+\/[^/]+$)/.exec(entry.fullUrl ?? '')?.[0];
  walk(copy, (object) => {
    for (const name of linkElements) {
      const text = object[name];
      if (typeof text !== 'string') continue;
      const known = byUrl.get(text) ?? (root === undefined ? undefined : byUrl.get(root + text));
      if (known !== undefined) object[name] = `${known.type}/${known.id}`;
      else if (name === 'reference') object[name] = conditional(server, entry, text);
    }
  });
  return copy;
}

/** `Patient?identifier=…` becomes `Patient/7`; none or several matches fail the transaction. */
function conditional(server: FhirServer, { call }: Entry, text: string): string {
  const [, type, query] = /^([A-Z][A-Za-z]+)\?(.+)$/s.exec(text) ?? [];
  if (type === undefined || query === undefined) return text;
  const match = onlyMatch(server, call, type, query);
  if (match === undefined) throw refuse(412, 'not-found', `No ${type} meets a reference.`);
  return `${type}/${match.id}`;
}
