/**
 * What R4 says of Bundles in its text (bundle.html, documents.html, messaging.html): fullUrls are absolute and agree
 * with the ids, and what a document or message refers to first is in it.
 */
import { isAbsolute } from './codings.ts';
import { followed, isObject, readLiteral } from './documents.ts';
import { occurrences } from './occurrences.ts';
import type { FhirObject, Scope } from './scope.ts';
import type { Walk } from './walk.ts';

/** References of the first entry whose targets have to be in the Bundle, by the type of the Bundle. */
const included: Readonly<
  Record<string, { readonly type: string; readonly paths: readonly string[] }>
> = {
  document: {
    type: 'Composition',
    paths: [
      'subject',
      'encounter',
      'author',
      'attester.party',
      'custodian',
      'event.detail',
      'section.author',
      'section.entry',
    ],
  },
  message: { type: 'MessageHeader', paths: ['focus'] },
};

/** The rules of a Bundle; the walk stands on it. */
export function bundleRules(value: unknown, walk: Walk): void {
  if (!isObject(value)) return;
  if (
    value.entry === undefined &&
    typeof value.type === 'string' &&
    Object.hasOwn(included, value.type)
  )
    walk.error('required', `A ${value.type} has at least its first entry.`, 'entry');
  if (!Array.isArray(value.entry)) return;
  for (const [index, entry] of value.entry.entries()) {
    if (!isObject(entry) || !walk.enter('entry', index)) continue;
    if (entry.fullUrl === undefined) fullUrlIsNeeded(entry, value.type, walk);
    else fullUrlRules(entry, walk);
    outcomeRule(entry, walk);
    walk.leave();
  }
  linkRules(value, walk);
  firstEntryRules(value, walk);
}

/** Types of Bundles that carry what is to be done, or the answer to it: their entries need not be identified. */
const exchanges = new Set(['transaction', 'batch', 'transaction-response', 'batch-response']);

/**
 * Bundle.entry.fullUrl: "SHALL have a value except that" it can be empty on a POST, and what results from operations
 * might not be identified: a resource without an id, or what a search says about itself.
 */
function fullUrlIsNeeded(
  { resource, request, search }: FhirObject,
  type: unknown,
  walk: Walk,
): void {
  if (typeof type !== 'string' || exchanges.has(type)) return;
  if (isObject(request) && request.method === 'POST') return;
  if (isObject(search) && search.mode === 'outcome') return;
  if (isObject(resource) && typeof resource.id === 'string')
    walk.error(
      'required',
      `The entry of a ${type} has the resource ${walk.quote(resource.id)}, but no fullUrl.`,
      'fullUrl',
    );
}

function fullUrlRules({ fullUrl, resource }: FhirObject, walk: Walk): void {
  if (typeof fullUrl !== 'string' || fullUrl === '') return;
  if (!isAbsolute(fullUrl)) {
    walk.error('invalid', `${walk.quote(fullUrl)} is no absolute URL.`, 'fullUrl');
    return;
  }
  if (!isObject(resource) || typeof resource.id !== 'string' || !/^https?:/i.test(fullUrl)) return;
  const read = readLiteral(fullUrl);
  const agrees =
    fullUrl.endsWith(`/${resource.id}`) &&
    (read === undefined || read.type === resource.resourceType || !read);
  if (!agrees)
    walk.error(
      'invalid',
      `${walk.quote(fullUrl)} disagrees with the resource, which is ${String(resource.resourceType)}/${resource.id}.`,
      'fullUrl',
    );
}

/** Bundle.entry.search.mode: an entry of the mode outcome is "an OperationOutcome that provides information". */
function outcomeRule({ search, resource }: FhirObject, walk: Walk): void {
  const isOutcome = isObject(search) && search.mode === 'outcome';
  if (isOutcome && isObject(resource) && resource.resourceType !== 'OperationOutcome')
    walk.error(
      'invalid',
      `An entry of the mode outcome is an OperationOutcome, not ${walk.quote(resource.resourceType)}.`,
      'resource',
    );
}

/** The relations that page a Bundle mean one address each (http.html#paging). */
const pagingRelations = new Set(['self', 'first', 'previous', 'prev', 'next', 'last']);

function linkRules({ link }: FhirObject, walk: Walk): void {
  const links: readonly unknown[] = Array.isArray(link) ? link : [];
  const met = new Set<string>();
  for (const [index, one] of links.entries()) {
    if (!isObject(one) || typeof one.relation !== 'string') continue;
    if (met.has(one.relation) && pagingRelations.has(one.relation))
      walk.error(
        'duplicate',
        `There is more than one link ${walk.quote(one.relation)}.`,
        `link[${index}].relation`,
      );
    met.add(one.relation);
  }
}

function firstEntryRules(bundle: FhirObject, walk: Walk): void {
  const rule =
    typeof bundle.type === 'string' && Object.hasOwn(included, bundle.type)
      ? included[bundle.type]
      : undefined;
  const first: unknown = Array.isArray(bundle.entry) ? bundle.entry[0] : undefined;
  if (!rule || !isObject(first) || !isObject(first.resource)) return;
  const { resource, fullUrl } = first;
  if (resource.resourceType !== rule.type) return;
  const scope: Scope = {
    ...walk.scope,
    resource,
    root: resource,
    bundle,
    fullUrl: typeof fullUrl === 'string' ? fullUrl : undefined,
  };
  if (!walk.enter('entry', 0)) return;
  if (walk.enter('resource')) {
    for (const path of rule.paths) mustBeHere(resource, path.split('.'), scope, walk);
    walk.leave();
  }
  walk.leave();
}

function mustBeHere(object: FhirObject, path: readonly string[], scope: Scope, walk: Walk): void {
  const [name, ...rest] = path;
  if (name === undefined) {
    const { reference } = object;
    if (typeof reference === 'string' && !followed(reference, scope))
      walk.error(
        'not-found',
        `${walk.quote(reference)} is not in the Bundle, where it has to be.`,
        'reference',
      );
    return;
  }
  for (const { key, index, value } of occurrences(object, name)) {
    if (!isObject(value) || !walk.enter(key, index)) continue;
    mustBeHere(value, rest, scope, walk);
    // Sections have sections
    if (name === 'section')
      for (const inner of occurrences(value, 'section'))
        if (isObject(inner.value) && walk.enter('section', inner.index)) {
          mustBeHere({ section: [inner.value] }, path, scope, walk);
          walk.leave();
        }
    walk.leave();
  }
}
