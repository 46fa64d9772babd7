/**
 * One JSON object against the table of what it may hold: the loop in which a validation spends its time, so it walks
 * the object's own keys once and does nothing for what is well.
 */

import type { Check } from './check.ts';
import type { ConstraintCheck } from './constraints.ts';
import { isObject } from './documents.ts';
import type { Field, FieldTable } from './fields.ts';
import { isPlain } from './primitive-items.ts';
import type { FhirObject } from './scope.ts';
import type { Walk } from './walk.ts';
import { jsonType } from './wording.ts';

export interface ObjectKind {
  /** Data types and backbone elements, which need a value or children beside their id (ele-1). */
  readonly isElement: boolean;
  /** Whether its id has to be unique among the elements of the resource. */
  readonly hasOwnIds: boolean;
  /** What `_name` holds stands beside a value: an id alone is enough there. */
  readonly isBesideValue?: boolean;
}

export function objectCheck(
  table: FieldTable,
  constraints: readonly ConstraintCheck[],
  { isElement, hasOwnIds, isBesideValue = false }: ObjectKind,
): Check {
  const { byName, required, isResource } = table;
  const wanted = required.length;
  const idIsContent = !isElement || isBesideValue;
  const idField = byName.get('id');
  return (value, walk) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      walk.error('structure', `An object is expected here, not ${jsonType(value)}.`);
      return;
    }
    // The three forms that are no object went back above
    const object = value as FhirObject;
    let count = 0;
    let found = 0;
    let chosen = 0;
    // Noted on the way: to ask an object for what it does not have is the slowest question
    let id: unknown;
    for (const key in object) {
      const own = object[key];
      // Not there once it is written as JSON
      if (own === undefined) continue;
      count += 1;
      const field = byName.get(key);
      if (field === undefined) {
        if (!(isResource && key === 'resourceType')) unknownElement(key, walk);
        continue;
      }
      if (field.isSibling) {
        siblingValue(object, key, field, walk);
        if (object[field.name] !== undefined) continue;
      } else {
        if (field === idField) id = own;
        if (field.many) ownList(object, own, field, walk);
        else if (walk.digits !== undefined || !isFine(field, own))
          ownValue(object, own, field, walk);
      }
      if (field.required) found += 1;
      if (field.bit > 0) {
        if ((chosen & field.bit) !== 0) twoChoices(object, field, byName, walk);
        chosen |= field.bit;
      }
    }
    if (isElement && count === 0) noContent(walk);
    else if (count === 1 && !idIsContent && id !== undefined) noContent(walk);
    if (id !== undefined && isElement && hasOwnIds) elementId(id, walk);
    if (found < wanted) missing(object, table, walk);
    for (let index = 0; index < constraints.length; index += 1) constraints[index]?.(object, walk);
  };
}

/** Told apart by kind, since a call through `isFine` cannot be inlined and most values are objects or texts. */
function isFine({ kind, isFine: other }: Field, value: unknown): boolean {
  return kind === 'text' ? isPlain(value) : kind === 'other' && other(value);
}

function ownValue(object: FhirObject, value: unknown, field: Field, walk: Walk): void {
  const { name } = field;
  if (!walk.enter(name)) return;
  if (Array.isArray(value))
    walk.error('structure', `${name} is a list, but there is one ${name} at most.`);
  else {
    field.check(value, walk);
    if (walk.digits !== undefined) wholeNumber(object, name, field, walk);
  }
  walk.leave();
}

function ownList(object: FhirObject, value: unknown, field: Field, walk: Walk): void {
  if (!walk.enter(field.name)) return;
  list(object, value, field, walk);
  walk.leave();
}

function list(object: FhirObject, value: unknown, field: Field, walk: Walk): void {
  if (!Array.isArray(value)) {
    walk.error('structure', `${field.name} is ${jsonType(value)}, but it has to be a list.`);
    return;
  }
  const { length } = value;
  if (length === 0)
    walk.error(
      'structure',
      `${field.name} is an empty list: an element without values is left out.`,
    );
  if (length > field.most)
    walk.error('structure', `${field.name} has ${length} entries, but ${field.most} at most.`);
  for (let index = 0; index < length; index += 1) {
    const item: unknown = value[index];
    if (walk.digits === undefined && isFine(field, item)) continue;
    walk.at(index);
    if (item === null && field.primitive !== undefined) nullItem(object, field, index, walk);
    else field.check(item, walk);
    if (walk.digits !== undefined) wholeNumber(value, index, field, walk);
  }
}

/** Null stands for an entry that has only an id or extensions, which `_name` holds at the same place. */
function nullItem(object: FhirObject, field: Field, index: number, walk: Walk): void {
  const siblings = object[`_${field.name}`];
  const sibling: unknown = Array.isArray(siblings) ? siblings[index] : undefined;
  if (sibling === undefined || sibling === null)
    walk.error(
      'structure',
      `The entry is null and _${field.name} has nothing for it: an entry needs a value or an extension.`,
    );
}

/** The id and extensions of a primitive. */
function siblingValue(object: FhirObject, key: string, field: Field, walk: Walk): void {
  const value = object[key];
  const own = object[field.name];
  if (!walk.enter(field.name)) return;
  if (!field.many) {
    if (Array.isArray(value))
      walk.error('structure', `${key} is a list, but there is one at most.`);
    else {
      field.sibling(value, walk);
      if (own === undefined && isOnlyAnId(value)) noContent(walk);
    }
  } else if (!Array.isArray(value))
    walk.error('structure', `${key} is ${jsonType(value)}, but it has to be a list.`);
  else {
    if (value.length === 0)
      walk.error('structure', `${key} is an empty list: it is left out where there is nothing.`);
    if (Array.isArray(own) && own.length < value.length && own.length > 0)
      walk.error(
        'structure',
        `${key} has ${value.length} entries and ${field.name} ${own.length}: the shorter one is filled up with null.`,
      );
    for (const [index, item] of value.entries()) {
      walk.at(index);
      if (item !== null) {
        field.sibling(item, walk);
        const beside: unknown = Array.isArray(own) ? own[index] : undefined;
        if ((beside ?? null) === null && isOnlyAnId(item)) noContent(walk);
      } else if (!Array.isArray(own) || own[index] === undefined)
        walk.error('structure', `${key} has null here and ${field.name} has no value for it.`);
    }
  }
  walk.leave();
}

/** An id names an element, but is nothing to name by itself (ele-1). */
function isOnlyAnId(sibling: unknown): boolean {
  return isObject(sibling) && sibling.id !== undefined && Object.keys(sibling).length === 1;
}

function unknownElement(key: string, walk: Walk): void {
  walk.error('structure', `${walk.quote(key)} is not an element here.`, key);
}

function noContent(walk: Walk): void {
  walk.say('error', 'invariant', 'The element is empty: it needs a value or children.', {
    constraint: 'ele-1',
  });
}

function elementId(id: unknown, walk: Walk): void {
  if (typeof id !== 'string') return;
  walk.elementIds ??= new Set();
  if (walk.elementIds.has(id))
    walk.error(
      'invalid',
      `The id ${walk.quote(id)} is used by another element of this resource.`,
      'id',
    );
  walk.elementIds.add(id);
}

function twoChoices(
  object: FhirObject,
  field: Field,
  byName: ReadonlyMap<string, Field>,
  walk: Walk,
): void {
  const given = Object.keys(object).filter(
    (key) => byName.get(key)?.element === field.element && !byName.get(key)?.isSibling,
  );
  walk.error(
    'structure',
    `${field.element} has more than one value (${given.join(', ')}), but one at most.`,
    field.name,
  );
}

function missing(object: FhirObject, table: FieldTable, walk: Walk): void {
  for (const { element, names } of table.required)
    if (!names.some((name) => object[name] !== undefined || object[`_${name}`] !== undefined))
      walk.error('required', `${element} is missing: at least one is required.`, element);
}

const whole = new Set(['integer', 'unsignedInt', 'positiveInt']);

/** `1.0` and `1e3` are no integers as written, though JavaScript reads them as such. */
function wholeNumber(holder: object, key: string | number, field: Field, walk: Walk): void {
  if (field.primitive === undefined || !whole.has(field.primitive)) return;
  const written = walk.digits?.get(holder)?.get(key);
  if (written !== undefined && /[.eE]/.test(written))
    walk.error('value', `${walk.quote(written)} is not a whole number as it is written.`);
}
