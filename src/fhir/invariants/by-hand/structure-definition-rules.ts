/** The error constraints of StructureDefinition, most of them about the elements of its snapshot and differential. */

import type { Node, Rules } from '../predicate.ts';
import { areDistinct, choice, fields, has, hasChoice, items } from '../presence.ts';

const defaultValue = choice('defaultValue');

const elementsOf = (view: unknown): readonly unknown[] => items(fields(view).element);
const firstOf = (view: unknown): Node => fields(elementsOf(view)[0]);
const isRoot = ({ path }: Node): boolean => typeof path === 'string' && !path.includes('.');

function everyElement(view: unknown, holds: (element: Node) => boolean): boolean {
  for (const element of elementsOf(view)) if (!holds(fields(element))) return false;
  return true;
}

function* each(view: unknown, name: string): Generator<unknown> {
  for (const element of elementsOf(view)) yield fields(element)[name];
}

const hasId = ({ id, _id }: Node): boolean => has(id, _id);
const hasIds = (view: unknown): boolean => everyElement(view, hasId);
const hasDistinctIds = (view: unknown): boolean => hasIds(view) && areDistinct(each(view, 'id'));
const hasNoDefault = (element: Node): boolean => !hasChoice(element, defaultValue);
const isUnslicedRoot = (element: Node): boolean =>
  typeof element.path === 'string'
    ? element.path.includes('.') || !has(element.sliceName, element._sliceName)
    : !has(element.sliceName, element._sliceName);

/** A root says what it is elsewhere: no label, code or requirements of its own. */
const isBareRoot = (element: Node): boolean =>
  !isRoot(element) ||
  !(
    has(element.label, element._label) ||
    has(element.code) ||
    has(element.requirements, element._requirements)
  );

/** Whether every element of `view` but the first lies below `root`. */
function isBelow(view: unknown, root: string): boolean {
  const elements = elementsOf(view);
  for (let index = 1; index < elements.length; index += 1) {
    const { path } = fields(elements[index]);
    if (typeof path !== 'string' || !path.startsWith(root)) return false;
  }
  return true;
}

const systemType = /^http:\/\/hl7\.org\/fhirpath\/System\.[A-Z][A-Za-z]+$/;

function hasTypeCodes(view: unknown, code: RegExp): boolean {
  return everyElement(view, ({ type }) =>
    items(type).every((item) => {
      const name = fields(item).code;
      return !has(name) || (typeof name === 'string' && (code.test(name) || systemType.test(name)));
    }),
  );
}

const isHl7s = (url: unknown): boolean =>
  typeof url === 'string' && url.startsWith('http://hl7.org/fhir/StructureDefinition');

export const structureDefinitionRules: Rules = {
  // sdf-1
  "derivation = 'constraint' or snapshot.element.select(path).isDistinct()": ({
    derivation,
    snapshot,
  }) => !has(derivation) || derivation === 'constraint' || areDistinct(each(snapshot, 'path')),
  // sdf-2
  'name.exists() or uri.exists()': ({ name, _name, uri, _uri }) =>
    has(name, _name) || has(uri, _uri),
  // sdf-3
  'element.all(definition.exists() and min.exists() and max.exists())': (view) =>
    everyElement(
      view,
      (element) =>
        has(element.definition, element._definition) &&
        has(element.min, element._min) &&
        has(element.max, element._max),
    ),
  // sdf-4
  'abstract = true or baseDefinition.exists()': ({ abstract, baseDefinition, _baseDefinition }) =>
    !has(abstract) || abstract === true || has(baseDefinition, _baseDefinition),
  // sdf-5
  "type != 'Extension' or derivation = 'specialization' or (context.exists())": ({
    type,
    derivation,
    context,
  }) => type !== 'Extension' || !has(derivation) || derivation === 'specialization' || has(context),
  // sdf-6
  'snapshot.exists() or differential.exists()': ({ snapshot, differential }) =>
    has(snapshot) || has(differential),
  // sdf-8
  "(%resource.kind = 'logical' or element.first().path = %resource.type) and element.tail().all(path.startsWith(%resource.snapshot.element.first().path&'.'))":
    (view, { resource: { kind, type, snapshot } }) => {
      const { path } = firstOf(view);
      const root = firstOf(snapshot).path;
      const isNamedAfterType =
        !has(kind) || kind === 'logical' || !has(path) || !has(type) || path === type;
      return isNamedAfterType && isBelow(view, `${typeof root === 'string' ? root : ''}.`);
    },
  // sdf-8a
  "(%resource.kind = 'logical' or element.first().path.startsWith(%resource.type)) and (element.tail().empty() or element.tail().all(path.startsWith(%resource.differential.element.first().path.replaceMatches('\\\\..*','')&'.')))":
    (view, { resource: { kind, type, differential } }) => {
      const { path } = firstOf(view);
      const root = firstOf(differential).path;
      const isNamedAfterType =
        !has(kind) ||
        kind === 'logical' ||
        typeof path !== 'string' ||
        typeof type !== 'string' ||
        path.startsWith(type);
      const top = typeof root === 'string' ? root.split('.', 1)[0] : '';
      return isNamedAfterType && isBelow(view, `${top}.`);
    },
  // sdf-8b
  'element.all(base.exists())': (view) => everyElement(view, ({ base }) => has(base)),
  // sdf-9
  "children().element.where(path.contains('.').not()).label.empty() and children().element.where(path.contains('.').not()).code.empty() and children().element.where(path.contains('.').not()).requirements.empty()":
    ({ snapshot, differential }) =>
      everyElement(snapshot, isBareRoot) && everyElement(differential, isBareRoot),
  // sdf-10
  'binding.empty() or binding.valueSet.exists() or binding.description.exists()': ({ binding }) => {
    if (!has(binding)) return true;
    const { valueSet, _valueSet, description, _description } = fields(binding);
    return has(valueSet, _valueSet) || has(description, _description);
  },
  // sdf-11
  "kind != 'logical' implies snapshot.empty() or snapshot.element.first().path = type": ({
    kind,
    type,
    snapshot,
  }) => {
    const { path } = firstOf(snapshot);
    return !has(kind) || kind === 'logical' || !has(type) || !has(path) || path === type;
  },
  // sdf-14
  'snapshot.element.all(id.exists()) and differential.element.all(id.exists())': ({
    snapshot,
    differential,
  }) => hasIds(snapshot) && hasIds(differential),
  // sdf-15
  "kind!='logical' implies snapshot.element.first().type.empty()": ({ kind, snapshot }) =>
    !has(kind) || kind === 'logical' || !has(firstOf(snapshot).type),
  // sdf-15a
  "(kind!='logical'  and differential.element.first().path.contains('.').not()) implies differential.element.first().type.empty()":
    ({ kind, differential }) => {
      const first = firstOf(differential);
      return !has(kind) || kind === 'logical' || !isRoot(first) || !has(first.type);
    },
  // sdf-16
  "snapshot.element.all(id.exists()) and snapshot.element.id.trace('ids').isDistinct()": ({
    snapshot,
  }) => hasDistinctIds(snapshot),
  // sdf-17
  "differential.element.all(id.exists()) and differential.element.id.trace('ids').isDistinct()": ({
    differential,
  }) => hasDistinctIds(differential),
  // sdf-18
  "contextInvariant.exists() implies type = 'Extension'": ({
    contextInvariant,
    _contextInvariant,
    type,
  }) => !has(contextInvariant, _contextInvariant) || !has(type) || type === 'Extension',
  // sdf-19
  "url.startsWith('http://hl7.org/fhir/StructureDefinition') implies (differential.element.type.code.all(matches('^[a-zA-Z0-9]+$') or matches('^http:\\\\/\\\\/hl7\\\\.org\\\\/fhirpath\\\\/System\\\\.[A-Z][A-Za-z]+$')) and snapshot.element.type.code.all(matches('^[a-zA-Z0-9\\\\.]+$') or matches('^http:\\\\/\\\\/hl7\\\\.org\\\\/fhirpath\\\\/System\\\\.[A-Z][A-Za-z]+$')))":
    ({ url, differential, snapshot }) =>
      !isHl7s(url) ||
      (hasTypeCodes(differential, /^[a-zA-Z0-9]+$/) && hasTypeCodes(snapshot, /^[a-zA-Z0-9.]+$/)),
  // sdf-20
  "element.where(path.contains('.').not()).slicing.empty()": (view) =>
    everyElement(view, (element) => !isRoot(element) || !has(element.slicing)),
  // sdf-21
  "differential.element.defaultValue.exists() implies (derivation = 'specialization')": ({
    derivation,
    differential,
  }) =>
    !has(derivation) || derivation === 'specialization' || everyElement(differential, hasNoDefault),
  // sdf-22
  "url.startsWith('http://hl7.org/fhir/StructureDefinition') implies (snapshot.element.defaultValue.empty() and differential.element.defaultValue.empty())":
    ({ url, snapshot, differential }) =>
      !isHl7s(url) ||
      (everyElement(snapshot, hasNoDefault) && everyElement(differential, hasNoDefault)),
  // sdf-23
  "(snapshot | differential).element.all(path.contains('.').not() implies sliceName.empty())": ({
    snapshot,
    differential,
  }) => everyElement(snapshot, isUnslicedRoot) && everyElement(differential, isUnslicedRoot),
};
