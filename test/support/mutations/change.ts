/** What one kind of change is, and the ways in which most of them choose where to make it. */
import { type Json, type Place, placesOf, put, valueAt } from './element-places.ts';
import type { Random } from './random.ts';

export interface Kind {
  readonly name: string;
  /** What R4 makes of the result; `either` where that depends on the place. */
  readonly makes: 'valid' | 'invalid' | 'either';
  /** Changes the resource; false where it has no place for such a change. */
  readonly change: (resource: Json, random: Random) => boolean;
}

/** A change at one of the places that pass, chosen at random. */
export function somewhere(
  name: string,
  makes: Kind['makes'],
  where: (place: Place, value: unknown) => boolean,
  change: (place: Place, random: Random, value: unknown) => void,
): Kind {
  return {
    name,
    makes,
    change(resource, random) {
      const able = placesOf(resource).filter((place) => where(place, valueAt(place)));
      const place = random.pick(able);
      if (!place) return false;
      change(place, random, valueAt(place));
      return true;
    },
  };
}

/** Texts with a format of their own, though their type has none. */
const otherwise = new Set(['resourceType', 'reference']);

/** Replaces a value of a type by another. */
export function replaced(
  name: string,
  makes: Kind['makes'],
  types: readonly string[],
  values: readonly unknown[],
): Kind {
  return somewhere(
    name,
    makes,
    ({ type, key }, value) => types.includes(type) && !otherwise.has(key) && value !== null,
    (place, random) => put(place, structuredClone(random.pick(values))),
  );
}

/** A change of resources of one type. */
export function onType(
  name: string,
  makes: Kind['makes'],
  resourceType: string,
  change: (resource: Json, random: Random) => boolean | undefined,
): Kind {
  return {
    name,
    makes,
    change: (resource, random) =>
      resource.resourceType === resourceType && change(resource, random) !== false,
  };
}
