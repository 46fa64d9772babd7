/** The error constraints of conformance: statements, operations, search parameters, messages, maps, guides. */

import type { Node, Rules } from '../predicate.ts';
import { areDistinct, count, fields, has, integerIn, items } from '../presence.ts';

/** The values of `name` in each of `list`. */
function* each(list: unknown, name: string): Generator<unknown> {
  for (const item of items(list)) yield fields(item)[name];
}

function* modesByProfile(documents: unknown): Generator<string> {
  for (const item of items(documents)) {
    const { profile, mode } = fields(item);
    yield `${typeof profile === 'string' ? profile : ''}${typeof mode === 'string' ? mode : ''}`;
  }
}

const hasName = ({ description, _description, software, implementation }: Node): boolean =>
  has(description, _description) || has(software) || has(implementation);

/** Whether each resource's `name`, where it has one, is among `known`. */
function areAmong(resources: unknown, name: string, known: readonly unknown[]): boolean {
  for (const resource of items(resources))
    for (const value of items(fields(resource)[name])) if (!known.includes(value)) return false;
  return true;
}

export const conformanceRules: Rules = {
  // cpb-0, csd-0, sdf-0, vsd-0 and their like: matches() is content with a part of the text
  "name.matches('[A-Z]([A-Za-z0-9_]){0,254}')": ({ name }) =>
    typeof name !== 'string' || /[A-Z]/.test(name),
  // cpb-1
  'rest.exists() or messaging.exists() or document.exists()': ({ rest, messaging, document }) =>
    has(rest) || has(messaging) || has(document),
  // cpb-2, tcp-2
  '(description.count() + software.count() + implementation.count()) > 0': hasName,
  // cpb-3
  "messaging.endpoint.empty() or kind = 'instance'": ({ messaging, kind }) =>
    !has(kind) || kind === 'instance' || !items(messaging).some((one) => has(fields(one).endpoint)),
  // cpb-7
  'document.select(profile&mode).isDistinct()': ({ document }) =>
    areDistinct(modesByProfile(document)),
  // cpb-9
  'resource.select(type).isDistinct()': ({ resource }) => areDistinct(each(resource, 'type')),
  // cpb-12
  'searchParam.select(name).isDistinct()': ({ searchParam }) =>
    areDistinct(each(searchParam, 'name')),
  // cpb-14, tcp-3
  "(kind != 'instance') or implementation.exists()": ({ kind, implementation }) =>
    kind !== 'instance' || has(implementation),
  // cpb-15, tcp-4
  "(kind != 'capability') or (implementation.exists().not() and software.exists())": ({
    kind,
    implementation,
    software,
  }) => kind !== 'capability' || (!has(implementation) && has(software)),
  // cpb-16, tcp-5
  "(kind!='requirements') or (implementation.exists().not() and software.exists().not())": ({
    kind,
    implementation,
    software,
  }) => kind !== 'requirements' || !(has(implementation) || has(software)),
  // tcp-1
  'version.count() > 1 implies version.all(code.exists())': ({ version }) =>
    count(version) <= 1 ||
    items(version).every((item) => has(fields(item).code, fields(item)._code)),
  // opd-1
  'type.exists() or part.exists()': ({ type, _type, part }) => has(type, _type) || has(part),
  // opd-2
  "searchType.exists() implies type = 'string'": ({ searchType, _searchType, type }) =>
    !has(searchType, _searchType) || !has(type) || type === 'string',
  // opd-3
  "targetProfile.exists() implies (type = 'Reference' or type = 'canonical')": ({
    targetProfile,
    _targetProfile,
    type,
  }) =>
    !has(targetProfile, _targetProfile) ||
    !has(type) ||
    type === 'Reference' ||
    type === 'canonical',
  // spd-1
  'xpath.empty() or xpathUsage.exists()': ({ xpath, _xpath, xpathUsage, _xpathUsage }) =>
    !has(xpath, _xpath) || has(xpathUsage, _xpathUsage),
  // spd-2
  "chain.empty() or type = 'reference'": ({ chain, _chain, type }) =>
    !has(chain, _chain) || !has(type) || type === 'reference',
  // md-1
  "max='*' or (max.toInteger() > 0)": ({ max }) => (integerIn(max) ?? 1) > 0,
  // smp-1
  'element.exists() implies context.exists()': ({ element, _element, context, _context }) =>
    !has(element, _element) || has(context, _context),
  // smp-2
  'context.exists() implies contextType.exists()': ({
    context,
    _context,
    contextType,
    _contextType,
  }) => !has(context, _context) || has(contextType, _contextType),
  // ig-1
  'resource.groupingId.all(%context.grouping.id contains $this)': ({ resource, grouping }) =>
    areAmong(resource, 'groupingId', [...each(grouping, 'id')]),
  // ig-2
  'definition.resource.fhirVersion.all(%context.fhirVersion contains $this)': ({
    definition,
    fhirVersion,
  }) => areAmong(fields(definition).resource, 'fhirVersion', items(fhirVersion)),
};
