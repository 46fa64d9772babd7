/**
 * Objects without undefined properties. The domain spells "not known" as undefined, FHIR as absent; JSON and
 * exactOptionalPropertyTypes both see a difference, so everything that is mapped goes through here.
 */

/** `T` with the properties that may be undefined made optional instead. */
export type Defined<T> = {
  [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key];
} & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/** A copy without the properties that are undefined. */
export function defined<T extends object>(value: T): Defined<T> {
  const copy: Record<string, unknown> = {};
  // a loop, since this runs for every coding of every order
  for (const [key, inner] of Object.entries(value)) if (inner !== undefined) copy[key] = inner;
  return copy as Defined<T>;
}

/** The list, or undefined where it is empty: FHIR has no empty arrays. */
export function some<Item>(list: readonly Item[] | undefined): Item[] | undefined {
  return list === undefined || list.length === 0 ? undefined : [...list];
}
