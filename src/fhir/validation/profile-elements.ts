/**
 * One element of a profile as a check: what the profile says beyond the type that it constrains (R4 profiling.html).
 * The type itself was checked before; so an element that a profile leaves as it is costs nothing.
 */
import type { Definitions } from '../definitions/definitions.ts';
import { bindingCheck } from './bindings.ts';
import { constraintChecks } from './constraints.ts';
import { maximum, times } from './counts.ts';
import { isObject } from './documents.ts';
import type { ElementNode } from './element-tree.ts';
import { meetsPattern, sameValue, valueOfChoice } from './matching.ts';
import {
  atOccurrence,
  eachOccurrence,
  type OccurrenceCheck,
  occurrenceCount,
  occurrences,
} from './occurrences.ts';
import type { ProfileParts } from './profile-parts.ts';
import { rangeRules } from './ranges.ts';
import type { FhirObject } from './scope.ts';
import { type SliceParts, slicingCheck } from './slices.ts';
import { typeRules } from './type-rules.ts';
import type { Walk } from './walk.ts';
import { inWords } from './wording.ts';

/** Looks at an object's children. */
export type ChildrenCheck = (object: FhirObject, walk: Walk) => void;

/** The element of a base type that an element of a profile constrains. */
export function baseOf(
  element: fhir4.ElementDefinition,
  definitions: Definitions,
): fhir4.ElementDefinition | undefined {
  const path = element.base?.path ?? element.path;
  const type = path.split('.')[0] ?? '';
  return definitions.type(type)?.snapshot?.element.find((one) => one.path === path);
}

/** The checks of all children of a node; undefined where the profile says nothing about any. */
export function childrenCheck(node: ElementNode, parts: ProfileParts): ChildrenCheck | undefined {
  const checks = node.children.flatMap((child) => groupCheck(child, parts) ?? []);
  if (checks.length === 0) return undefined;
  return (object, walk) => {
    for (let index = 0; index < checks.length; index += 1) checks[index]?.(object, walk);
  };
}

/** An element with its slices: how often it is there, each occurrence, and each slice. */
function groupCheck(node: ElementNode, parts: ProfileParts): ChildrenCheck | undefined {
  const base = baseOf(node.element, parts.definitions);
  const count = countRule(node.element, base);
  const each = occurrenceCheck(node, parts, base);
  const sliceParts: SliceParts = { ...parts, occurrenceCheck };
  const slices = node.slices.length > 0 ? slicingCheck(node, sliceParts) : undefined;
  if (!count && !each && !slices) return undefined;
  if (!each && !slices)
    return (object, walk) => count?.(occurrenceCount(object, node.name), node.name, walk);
  if (each && !slices)
    return (object, walk) => {
      const found = eachOccurrence(object, node.name, walk, each);
      count?.(found, node.name, walk);
    };
  return (object, walk) => {
    const found = occurrences(object, node.name);
    count?.(found.length, node.name, walk);
    if (each) for (const one of found) atOccurrence(one, walk, each);
    slices?.(found, walk);
  };
}

type CountRule = (count: number, name: string, walk: Walk) => void;

function countRule(
  element: fhir4.ElementDefinition,
  base: fhir4.ElementDefinition | undefined,
): CountRule | undefined {
  const least = element.min ?? 0;
  const most = maximum(element.max);
  if (base && least <= (base.min ?? 0) && most >= maximum(base.max)) return undefined;
  return (count, name, walk) => {
    if (count < least)
      walk.error(
        'required',
        `${name} is there ${times(count)}, but ${least} at least is required.`,
        name,
      );
    if (count > most)
      walk.error(
        'structure',
        `${name} is there ${times(count)}, but ${most} at most is allowed.`,
        name,
      );
  };
}

/** What a profile says of each occurrence of an element, or of a slice. */
export function occurrenceCheck(
  node: ElementNode,
  parts: ProfileParts,
  base = baseOf(node.element, parts.definitions),
): OccurrenceCheck | undefined {
  const { element } = node;
  const checks: OccurrenceCheck[] = [];
  const children = childrenCheck(node, parts);
  checks.push(...typeRules(element, base, parts));
  const fixed = valueOfChoice(element, 'fixed');
  if (fixed !== undefined)
    checks.push(({ value }, walk) => {
      if (value !== undefined && !sameValue(value, fixed))
        walk.error('value', `The value has to be exactly ${inWords(fixed)}.`);
    });
  const pattern = valueOfChoice(element, 'pattern');
  if (pattern !== undefined)
    checks.push(({ value }, walk) => {
      if (value !== undefined && !meetsPattern(value, pattern))
        walk.error('value', `The value has to hold ${inWords(pattern)}.`);
    });
  checks.push(...bindingRules(element, base, parts.definitions));
  checks.push(
    ...rangeRules(element),
    ...lengthRule(element),
    ...constraintRules(element, base, parts.definitions),
  );
  if (children)
    checks.push(({ value, sibling }, walk) => {
      if (isObject(value)) children(value, walk);
      else if (sibling) children(sibling, walk);
      else if (value !== undefined) children({}, walk);
    });
  if (checks.length === 0) return undefined;
  const [only] = checks;
  if (checks.length === 1) return only;
  return (occurrence, walk) => {
    for (let index = 0; index < checks.length; index += 1) checks[index]?.(occurrence, walk);
  };
}

function bindingRules(
  element: fhir4.ElementDefinition,
  base: fhir4.ElementDefinition | undefined,
  definitions: Definitions,
): OccurrenceCheck[] {
  const { binding } = element;
  if (
    !binding ||
    (base?.binding?.strength === binding.strength && base.binding.valueSet === binding.valueSet)
  )
    return [];
  const byType = new Map(
    (element.type ?? []).map(({ code }) => [code, bindingCheck(binding, code, definitions)]),
  );
  const only = byType.size === 1 ? [...byType.values()][0] : undefined;
  return [
    ({ value, choice }, walk) => {
      if (value === undefined) return;
      const check = only ?? byType.get(choice ?? '') ?? byType.get(lowerFirst(choice ?? ''));
      check?.(value, walk);
    },
  ];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function lengthRule({ maxLength }: fhir4.ElementDefinition): OccurrenceCheck[] {
  if (maxLength === undefined) return [];
  return [
    ({ value }, walk) => {
      if (typeof value === 'string' && value.length > maxLength)
        walk.error(
          'too-long',
          `The text has ${value.length} characters, but ${maxLength} at most.`,
        );
    },
  ];
}

/** Constraints that neither the base element nor the root of its type has. */
function constraintRules(
  element: fhir4.ElementDefinition,
  base: fhir4.ElementDefinition | undefined,
  definitions: Definitions,
): OccurrenceCheck[] {
  const types = element.type ?? [];
  const had = new Set(
    [base, ...types.map(({ code }) => definitions.type(code)?.snapshot?.element[0])].flatMap(
      (one) => one?.constraint?.map(({ expression }) => expression) ?? [],
    ),
  );
  const constraint = element.constraint?.filter(({ expression }) => !had.has(expression)) ?? [];
  const [only] = types;
  const type =
    types.length === 1 && only && !only.code.startsWith('http') ? only.code : element.path;
  const checks = constraintChecks({ constraint }, type === 'BackboneElement' ? element.path : type);
  if (checks.length === 0) return [];
  return [
    ({ value, sibling }, walk) => {
      const node = value === undefined ? sibling : value;
      if (node !== undefined) for (const check of checks) check(node as FhirObject, walk);
    },
  ];
}
