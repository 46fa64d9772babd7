/**
 * Slicing (R4 profiling.html#slicing): each occurrence of a sliced element is given to the first slice whose
 * discriminators it meets; then the slices' own counts and rules hold, and what belongs to none is judged by `rules`.
 */

import { maximum, times } from './counts.ts';
import { type Discriminates, discriminator } from './discriminators.ts';
import type { ElementNode } from './element-tree.ts';
import { atOccurrence, type Occurrence, type OccurrenceCheck } from './occurrences.ts';
import type { ProfileParts } from './profile-parts.ts';

import type { Walk } from './walk.ts';

export interface SliceParts extends ProfileParts {
  /** Rules of an occurrence; passed in, since slices have children and children have slices. */
  readonly occurrenceCheck: (node: ElementNode, parts: ProfileParts) => OccurrenceCheck | undefined;
}

interface Slice {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly belongs: Discriminates;
  readonly check: OccurrenceCheck | undefined;
  readonly inner: ((found: readonly Occurrence[], walk: Walk) => void) | undefined;
}

/** Gives the occurrences of an element to its slices and checks them. */
export function slicingCheck(
  node: ElementNode,
  parts: SliceParts,
): (found: readonly Occurrence[], walk: Walk) => void {
  const slicing = node.element.slicing ?? implied(node.name);
  const named = node.slices.filter(({ element }) => element.sliceName !== '@default');
  const slices = named.map((slice) => sliceOf(slice, slicing, parts));
  const rest = node.slices.find(({ element }) => element.sliceName === '@default');
  const restCheck = rest && parts.occurrenceCheck(rest, parts);
  return (found, walk) => {
    const members: Occurrence[][] = slices.map(() => []);
    let last = -1;
    let outside = false;
    for (const one of found) {
      const place = placeOf(one, slices, walk);
      if (place === undefined) return;
      if (place < 0) {
        outside = true;
        unmatched(one, slicing, node, walk);
        if (restCheck) atOccurrence(one, walk, restCheck);
        continue;
      }
      if (slicing.ordered && place < last) outOfOrder(one, slices[place], walk);
      if (slicing.rules === 'openAtEnd' && outside) outOfOrder(one, slices[place], walk);
      last = Math.max(last, place);
      members[place]?.push(one);
    }
    for (const [place, slice] of slices.entries()) judge(slice, members[place] ?? [], node, walk);
  };
}

function sliceOf(
  node: ElementNode,
  slicing: fhir4.ElementDefinitionSlicing,
  parts: SliceParts,
): Slice {
  const tests = (slicing.discriminator ?? []).map((one) => discriminator(one, node, parts));
  return {
    name: node.element.sliceName ?? '',
    least: node.element.min ?? 0,
    most: maximum(node.element.max),
    belongs: all(tests),
    check: parts.occurrenceCheck(node, parts),
    inner: node.slices.length > 0 ? slicingCheck(node, parts) : undefined,
  };
}

/** All discriminators have to hold. One that cannot be judged leaves the whole open. */
function all(tests: readonly Discriminates[]): Discriminates {
  if (tests.length === 0) return () => undefined;
  return (one, walk) => {
    let open = false;
    for (const test of tests) {
      const here = test(one, walk);
      if (here === false) return false;
      if (here === undefined) open = true;
    }
    return open ? undefined : true;
  };
}

/** Number of the slice, -1 for none, undefined where it cannot be told. */
function placeOf(one: Occurrence, slices: readonly Slice[], walk: Walk): number | undefined {
  if (!walk.enter(one.key, one.index)) return undefined;
  let place: number | undefined = -1;
  for (let next = 0; next < slices.length && place === -1; next += 1) {
    const slice = slices[next];
    const belongs = slice?.belongs(one, walk);
    if (belongs) place = next;
    else if (belongs === undefined) {
      walk.skip('profile', `Whether this is the slice ${slice?.name} cannot be told here.`);
      place = undefined;
    }
  }
  walk.leave();
  return place;
}

function unmatched(
  one: Occurrence,
  slicing: fhir4.ElementDefinitionSlicing,
  node: ElementNode,
  walk: Walk,
): void {
  if (slicing.rules !== 'closed') return;
  atOccurrence(one, walk, () => {
    walk.error(
      'structure',
      `The profile allows only its slices of ${node.name} (${names(node)}), and this is none of them.`,
    );
  });
}

function names(node: ElementNode): string {
  return node.slices.map(({ element }) => element.sliceName).join(', ');
}

function outOfOrder(one: Occurrence, slice: Slice | undefined, walk: Walk): void {
  atOccurrence(one, walk, () => {
    walk.error(
      'structure',
      `The slice ${slice?.name} stands behind what the profile wants after it.`,
    );
  });
}

function judge(slice: Slice, members: readonly Occurrence[], node: ElementNode, walk: Walk): void {
  const { length } = members;
  if (length < slice.least)
    walk.error(
      'required',
      `${node.name}:${slice.name} is there ${times(length)}, but ${slice.least} at least is required.`,
      node.name,
    );
  if (length > slice.most)
    walk.error(
      'structure',
      `${node.name}:${slice.name} is there ${times(length)}, but ${slice.most} at most is allowed.`,
      node.name,
    );
  const { check } = slice;
  if (check) for (const one of members) atOccurrence(one, walk, check);
  slice.inner?.(members, walk);
}

/** What slicing means where a snapshot has slices and does not say by what (profiling.html#slicing). */
function implied(name: string): fhir4.ElementDefinitionSlicing {
  if (name === 'extension' || name === 'modifierExtension')
    return { rules: 'open', discriminator: [{ type: 'value', path: 'url' }] };
  return name.endsWith('[x]')
    ? { rules: 'open', discriminator: [{ type: 'type', path: '$this' }] }
    : { rules: 'open' };
}
