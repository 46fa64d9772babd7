/**
 * Rules that every resource has (dom-2 to dom-6) and those of extensions and references, which stand anywhere. They run
 * more often than all others, so each leaves at the first look where nothing is to be checked.
 */
import { isEveryContainedInUse } from '../contained.ts';
import type { Node, Rules } from '../predicate.ts';
import { choice, fields, has, hasChoice, items } from '../presence.ts';

const value = choice('value');

/** Whether nothing contained has something of `kind`. */
function noneContained(contained: unknown, kind: (inner: Node) => boolean): boolean {
  for (const inner of items(contained)) if (kind(fields(inner))) return false;
  return true;
}

const containsMore = ({ contained }: Node): boolean => has(contained);

function isVersioned({ meta }: Node): boolean {
  const { versionId, _versionId, lastUpdated, _lastUpdated } = fields(meta);
  return has(versionId, _versionId) || has(lastUpdated, _lastUpdated);
}

const isLabelled = ({ meta }: Node): boolean => has(fields(meta).security);

const hash = 35;

/** `#id` has to be in the outermost container; `#` alone is that container. */
function isFound(reference: string, root: Node): boolean {
  if (reference.length === 1) return true;
  const { contained } = root;
  if (Array.isArray(contained) && contained.length > fewContained)
    return idsIn(contained).has(reference.slice(1));
  for (const item of items(contained)) {
    const { id } = fields(item);
    if (typeof id === 'string' && id.length === reference.length - 1 && reference.endsWith(id))
      return true;
  }
  return false;
}

/** So many are looked through faster than listed; more come from hostile senders too. */
const fewContained = 20;

const listed = new WeakMap<readonly unknown[], ReadonlySet<unknown>>();

function idsIn(contained: readonly unknown[]): ReadonlySet<unknown> {
  const had = listed.get(contained);
  if (had) return had;
  const ids = new Set(contained.map((one) => fields(one).id));
  listed.set(contained, ids);
  return ids;
}

export const everyResourceRules: Rules = {
  // dom-2
  'contained.contained.empty()': ({ contained }) =>
    contained === undefined || noneContained(contained, containsMore),
  // dom-3
  "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url))) or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(canonical) = '#').exists()).not()).trace('unmatched', id).empty()":
    ({ contained }, { resource }) =>
      contained === undefined || isEveryContainedInUse(contained, resource),
  // dom-4
  'contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()': ({ contained }) =>
    contained === undefined || noneContained(contained, isVersioned),
  // dom-5
  'contained.meta.security.empty()': ({ contained }) =>
    contained === undefined || noneContained(contained, isLabelled),
  // dom-6
  'text.`div`.exists()': ({ text }) => has(fields(text).div),
  // ext-1
  'extension.exists() != value.exists()': (node) => has(node.extension) !== hasChoice(node, value),
  // ref-1
  "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids'))":
    ({ reference }, { root }) =>
      typeof reference !== 'string' || reference.charCodeAt(0) !== hash || isFound(reference, root),
};
