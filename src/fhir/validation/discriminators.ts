/**
 * The discriminators of slices (R4 profiling.html#discriminator): value, pattern, exists, type and profile, over the
 * restricted FHIRPath that they may use: child names, extension(url), resolve(), ofType(type) and $this.
 */
import { bindingCheck } from './bindings.ts';
import { followed, isObject } from './documents.ts';
import { type ElementNode, elementTree } from './element-tree.ts';
import { meetsPattern, sameValue, valueOfChoice } from './matching.ts';
import { type Occurrence, occurrences } from './occurrences.ts';
import type { ProfileParts } from './profile-parts.ts';
import { targetTypes } from './references.ts';
import { literalType, meets } from './type-rules.ts';
import type { Walk } from './walk.ts';

/** Whether an occurrence belongs to a slice; undefined where that cannot be told here. */
export type Discriminates = (occurrence: Occurrence, walk: Walk) => boolean | undefined;

/** One discriminator, as the slice's own elements define it. */
export function discriminator(
  { type, path }: fhir4.ElementDefinitionSlicingDiscriminator,
  slice: ElementNode,
  parts: ProfileParts,
): Discriminates {
  const steps = stepsOf(path);
  if (!steps) return () => undefined;
  // What a target has to be is said by the reference to it
  const isTarget = steps.at(-1)?.kind === 'resolve' && (type === 'type' || type === 'profile');
  const nodes = nodesAt(slice, isTarget ? steps.slice(0, -1) : steps, parts);
  const [node] = nodes;
  if (type === 'exists') return existence(steps, node);
  if (!node) return () => undefined;
  if (type === 'type')
    return isTarget ? ofTargetType(steps.slice(0, -1), node, parts) : ofType(steps, node);
  if (type === 'profile') return ofProfile(steps, node, parts);
  const fits = valueTest(node, parts) ?? anyOf(nodes.slice(1), parts);
  if (!fits) return () => undefined;
  return (one, walk) => reaches(one.value ?? one.sibling, steps, 0, walk, fits);
}

type Step =
  | { readonly kind: 'child' | 'extension' | 'ofType'; readonly name: string }
  | { readonly kind: 'resolve' };

/** The path as steps; undefined where it uses what discriminators may not. */
function stepsOf(path: string): Step[] | undefined {
  if (path === '$this' || path === '') return [];
  const steps: Step[] = [];
  for (const part of path.replace(/^\$this\./, '').match(/[A-Za-z]+\([^)]*\)|[^.]+/g) ?? []) {
    const [, call, argument] = /^([A-Za-z]+)\((.*)\)$/.exec(part) ?? [];
    if (call === undefined) steps.push({ kind: 'child', name: part });
    else if (call === 'resolve') steps.push({ kind: 'resolve' });
    else if (call === 'extension')
      steps.push({ kind: 'extension', name: (argument ?? '').replace(/^['"]|['"]$/g, '') });
    else if (call === 'ofType') steps.push({ kind: 'ofType', name: argument ?? '' });
    else return undefined;
  }
  return steps;
}

/**
 * The elements of the slice that a path leads to, through the profile of a type where the slice does not unfold it: the
 * element itself first, then slices of it or of what is above it, since some profiles fix the value only there.
 */
function nodesAt(from: ElementNode, steps: readonly Step[], parts: ProfileParts): ElementNode[] {
  let nodes: ElementNode[] = [from];
  for (const step of steps) {
    if (step.kind === 'ofType') continue;
    nodes = nodes.flatMap((node) => {
      if (step.kind === 'resolve') return treeOf(targetProfiles(node), parts) ?? [];
      if (step.kind === 'extension')
        return childrenOf(node, 'extension', parts).filter(({ element }) =>
          element.type?.some(({ profile }) => profile?.includes(step.name)),
        );
      return childrenOf(node, step.name, parts);
    });
  }
  return nodes;
}

function childrenOf(node: ElementNode, name: string, parts: ProfileParts): ElementNode[] {
  const named = ({ children }: ElementNode): ElementNode | undefined =>
    children.find((child) => child.name === name || child.name === `${name}[x]`);
  const profiles = (node.element.type ?? []).flatMap(({ profile }) => profile ?? []);
  const tree = named(node) ? node : treeOf(profiles, parts);
  const child = tree && named(tree);
  return child ? [child, ...child.slices] : [];
}

function targetProfiles({ element }: ElementNode): string[] {
  return (element.type ?? []).flatMap(({ targetProfile }) => targetProfile ?? []);
}

function treeOf(urls: readonly string[], { definitions }: ProfileParts): ElementNode | undefined {
  const [only] = urls;
  const definition =
    urls.length === 1 && only !== undefined ? definitions.structure(only) : undefined;
  return definition && elementTree(definition);
}

/** Whether some value that the steps from `at` on lead to passes the test. Makes no lists: it runs for each slice. */
function reaches(
  value: unknown,
  steps: readonly Step[],
  at: number,
  walk: Walk,
  test: Fits,
): boolean {
  const step = steps[at];
  if (step === undefined) return value !== undefined && test(value, walk);
  if (step.kind === 'ofType') return reaches(value, steps, at + 1, walk, test);
  if (!isObject(value)) return false;
  if (step.kind === 'resolve') {
    const target =
      typeof value.reference === 'string' ? followed(value.reference, walk.scope) : undefined;
    return target !== undefined && reaches(target, steps, at + 1, walk, test);
  }
  const name = step.kind === 'extension' ? 'extension' : step.name;
  const child = value[name];
  const further = (one: unknown): boolean =>
    (step.kind === 'child' || (isObject(one) && one.url === step.name)) &&
    reaches(one, steps, at + 1, walk, test);
  if (Array.isArray(child)) return child.some(further);
  if (child !== undefined) return further(child);
  return occurrences(value, `${name}[x]`).some((one) => further(one.value ?? one.sibling));
}

/** The values of an occurrence that a path leads to. */
function valuesAt({ value, sibling }: Occurrence, steps: readonly Step[], walk: Walk): unknown[] {
  const values: unknown[] = [];
  reaches(value ?? sibling, steps, 0, walk, (found) => {
    values.push(found);
    return false;
  });
  return values;
}

type Fits = (value: unknown, walk: Walk) => boolean;

/** Whether a value is what an element of the slice fixes, itself or through its children; undefined: it fixes nothing. */
function valueTest(node: ElementNode, parts: ProfileParts): Fits | undefined {
  const fixed = valueOfChoice(node.element, 'fixed');
  if (fixed !== undefined) return (value) => sameValue(value, fixed);
  const pattern = valueOfChoice(node.element, 'pattern');
  if (pattern !== undefined) return (value) => meetsPattern(value, pattern);
  const children = node.children.flatMap((child) => {
    const fits = valueTest(child, parts);
    return fits ? [{ name: child.name, fits }] : [];
  });
  if (children.length > 0)
    return (value, walk) =>
      isObject(value) &&
      children.every(({ name, fits }) =>
        occurrences(value, name).some((one) => fits(one.value, walk)),
      );
  const { binding } = node.element;
  if (binding?.strength !== 'required') return undefined;
  const checks = (node.element.type ?? []).flatMap(
    ({ code }) => bindingCheck(binding, code, parts.definitions) ?? [],
  );
  const [check] = checks;
  return check && ((value, walk) => meets(value, check, walk));
}

/** Whether a value is what one of several slices fixes. */
function anyOf(nodes: readonly ElementNode[], parts: ProfileParts): Fits | undefined {
  const tests = nodes.flatMap((node) => valueTest(node, parts) ?? []);
  return tests.length === 0 ? undefined : (value, walk) => tests.some((fits) => fits(value, walk));
}

function existence(steps: readonly Step[], node: ElementNode | undefined): Discriminates {
  if (!node) return () => undefined;
  const wanted = node.element.max !== '0';
  return (one, walk) => valuesAt(one, steps, walk).length > 0 === wanted;
}

function ofType(steps: readonly Step[], node: ElementNode): Discriminates {
  const types = new Set((node.element.type ?? []).map(({ code }) => code.toLowerCase()));
  return (one, walk) => {
    if (steps.length === 0 && one.choice !== undefined) return types.has(one.choice.toLowerCase());
    const values = typed(one, steps, walk);
    return values.some((type) => types.has(type.toLowerCase()) || types.has('resource'));
  };
}

/** By the type of what references point to, found in this document or read from the reference. */
function ofTargetType(
  steps: readonly Step[],
  node: ElementNode,
  { definitions }: ProfileParts,
): Discriminates {
  const allowed = targetTypes(targetProfiles(node), definitions);
  return (one, walk) => {
    if (allowed === undefined) return undefined;
    let isOpen = false;
    for (const value of valuesAt(one, steps, walk)) {
      if (!isObject(value) || typeof value.reference !== 'string') continue;
      const target = followed(value.reference, walk.scope);
      const type = target?.resourceType ?? literalType(value.reference, definitions);
      if (typeof type !== 'string') isOpen = true;
      else if (allowed.has(type)) return true;
    }
    return isOpen ? undefined : false;
  };
}

/** The types of the values at a path: of a choice by name, of a resource by resourceType, else by JSON. */
function typed(one: Occurrence, steps: readonly Step[], walk: Walk): string[] {
  const last = steps.at(-1);
  if (last?.kind === 'child') {
    const before = valuesAt(one, steps.slice(0, -1), walk);
    const choices = before.flatMap((value) =>
      isObject(value)
        ? occurrences(value, `${last.name}[x]`).flatMap(({ choice }) => choice ?? [])
        : [],
    );
    if (choices.length > 0) return choices;
  }
  return valuesAt(one, steps, walk).flatMap((value) => {
    if (isObject(value)) return typeof value.resourceType === 'string' ? [value.resourceType] : [];
    return [typeof value];
  });
}

function ofProfile(steps: readonly Step[], node: ElementNode, parts: ProfileParts): Discriminates {
  const types = node.element.type ?? [];
  const reached = steps.at(-1)?.kind === 'resolve';
  const urls = reached ? targetProfiles(node) : types.flatMap(({ profile }) => profile ?? []);
  return (one, walk) => {
    const known = urls.flatMap((url) => parts.profile(url) ?? []);
    if (known.length < urls.length || urls.length === 0) return undefined;
    return valuesAt(one, steps, walk).some((value) =>
      known.some((profile) => meets(value, profile, walk)),
    );
  };
}
