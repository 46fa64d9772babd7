/**
 * Thousands of small changes of the official examples, the same for the same seed: what the differential test puts
 * before two validators. Each kind of change is drawn about equally often, on examples that have a place for it.
 */
import { bundles } from './mutations/bundles.ts';
import type { Kind } from './mutations/change.ts';
import { codes } from './mutations/codes.ts';
import type { Json } from './mutations/element-places.ts';
import { extensions } from './mutations/extensions.ts';
import { invariants } from './mutations/invariants.ts';
import { narratives } from './mutations/narratives.ts';
import { neutral } from './mutations/neutral.ts';
import { primitives } from './mutations/primitives.ts';
import { type Random, randomOf } from './mutations/random.ts';
import { references } from './mutations/references.ts';
import { shapes } from './mutations/shapes.ts';
import { vitalSigns } from './mutations/vital-signs.ts';

export interface Mutation {
  readonly kind: string;
  readonly makes: Kind['makes'];
  /** Where it came from. */
  readonly file: string;
  readonly resource: Json;
}

const kinds: readonly Kind[] = [
  ...neutral,
  ...shapes,
  ...primitives,
  ...codes,
  ...references,
  ...extensions,
  ...narratives,
  ...invariants,
  ...bundles,
  ...vitalSigns,
];

/** How often a kind is tried before it is left: some apply to few resources. */
const tries = 60;

/**
 * Up to `ofEachKind` different changes of each kind, of the examples in `bases`.
 * @param seed the same seed gives the same changes
 */
export function mutationsOf(
  bases: readonly { readonly file: string; readonly resource: Json }[],
  seed: number,
  ofEachKind: number,
): Mutation[] {
  return kinds.flatMap((kind) => drawn(kind, bases, randomOf(seedOf(seed, kind.name)), ofEachKind));
}

/** Of the name, so that another kind in the list leaves the changes of this one as they are. */
function seedOf(seed: number, name: string): number {
  let mixed = seed;
  for (const letter of name) mixed = (Math.imul(mixed, 31) + letter.charCodeAt(0)) >>> 0;
  return mixed;
}

function drawn(
  { name, makes, change }: Kind,
  bases: readonly { readonly file: string; readonly resource: Json }[],
  random: Random,
  count: number,
): Mutation[] {
  const found = new Map<string, Mutation>();
  for (let attempt = 0; attempt < tries + count * 4 && found.size < count; attempt += 1) {
    const base = random.pick(bases);
    if (!base) break;
    const resource = structuredClone(base.resource);
    if (!change(resource, random)) continue;
    const text = JSON.stringify(resource);
    // As it is sent: what is undefined is not there
    const sent = JSON.parse(text) as Json;
    if (!found.has(text)) found.set(text, { kind: name, makes, file: base.file, resource: sent });
  }
  return [...found.values()];
}
