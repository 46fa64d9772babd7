/** The error constraints of Bundle: what each type of Bundle has to have, and that entries are told apart. */

import type { Node, Rules } from '../predicate.ts';
import { areDistinct, fields, has, items } from '../presence.ts';

/** Whether every entry has `part` exactly if the Bundle's type is one of `types`; a Bundle without a type has neither. */
function eachHas(bundle: Node, resource: Node, part: string, types: readonly unknown[]): boolean {
  const { type } = resource;
  const wanted = types.includes(type);
  for (const entry of items(bundle.entry))
    if (!has(type) || has(fields(entry)[part]) !== wanted) return false;
  return true;
}

/** The versions that a Bundle's entries show; entries without an address are not told apart. */
function* versions(bundle: Node): Generator<string> {
  for (const item of items(bundle.entry)) {
    const { fullUrl, resource } = fields(item);
    if (typeof fullUrl !== 'string') continue;
    const { versionId } = fields(fields(resource).meta);
    yield typeof versionId === 'string' ? fullUrl + versionId : fullUrl;
  }
}

/** Whether the first entry's resource, if there is one, is of `type`. */
function beginsWith({ entry }: Node, type: string): boolean {
  const { resource } = fields(items(entry)[0]);
  return !has(resource) || fields(resource).resourceType === type;
}

export const bundleRules: Rules = {
  // bdl-1
  "total.empty() or (type = 'searchset') or (type = 'history')": ({ total, _total, type }) =>
    !has(total, _total) || !has(type) || type === 'searchset' || type === 'history',
  // bdl-2
  "entry.search.empty() or (type = 'searchset')": ({ entry, type }) =>
    !has(type) || type === 'searchset' || !items(entry).some((item) => has(fields(item).search)),
  // bdl-3
  "entry.all(request.exists() = (%resource.type = 'batch' or %resource.type = 'transaction' or %resource.type = 'history'))":
    (bundle, { resource }) =>
      eachHas(bundle, resource, 'request', ['batch', 'transaction', 'history']),
  // bdl-4
  "entry.all(response.exists() = (%resource.type = 'batch-response' or %resource.type = 'transaction-response' or %resource.type = 'history'))":
    (bundle, { resource }) =>
      eachHas(bundle, resource, 'response', ['batch-response', 'transaction-response', 'history']),
  // bdl-5
  'resource.exists() or request.exists() or response.exists()': ({ resource, request, response }) =>
    has(resource) || has(request) || has(response),
  // bdl-7
  "(type = 'history') or entry.where(fullUrl.exists()).select(fullUrl&resource.meta.versionId).isDistinct()":
    (bundle) => !has(bundle.type) || bundle.type === 'history' || areDistinct(versions(bundle)),
  // bdl-8
  "fullUrl.contains('/_history/').not()": ({ fullUrl }) =>
    typeof fullUrl !== 'string' || !fullUrl.includes('/_history/'),
  // bdl-9
  "type = 'document' implies (identifier.system.exists() and identifier.value.exists())": ({
    type,
    identifier,
  }) => {
    if (type !== 'document') return true;
    const { system, _system, value, _value } = fields(identifier);
    return has(system, _system) && has(value, _value);
  },
  // bdl-10
  "type = 'document' implies (timestamp.hasValue())": ({ type, timestamp }) =>
    type !== 'document' || has(timestamp),
  // bdl-11
  "type = 'document' implies entry.first().resource.is(Composition)": (bundle) =>
    bundle.type !== 'document' || beginsWith(bundle, 'Composition'),
  // bdl-12
  "type = 'message' implies entry.first().resource.is(MessageHeader)": (bundle) =>
    bundle.type !== 'message' || beginsWith(bundle, 'MessageHeader'),
};
