/**
 * The validator: R4 resources against the official definitions, against the profiles that they claim or are asked to
 * meet, and against the rules that R4 states in its text. What cannot be checked here is said, never passed over.
 */
import type { Definitions } from '../definitions/definitions.ts';
import { codingCheck } from './codings.ts';
import { extensionCheck } from './extensions.ts';
import { inStableOrder } from './issue-order.ts';
import type { Verdict } from './outcome.ts';
import { askedProfiles, compiledProfiles } from './profiles.ts';
import { prose } from './prose.ts';
import { remembered } from './remembered.ts';
import { checkResource, innerResource, type ResourceParts } from './resources.ts';
import type { FhirObject, WrittenDigits } from './scope.ts';
import { compiledTypes } from './types.ts';
import { type Trail, Walk } from './walk.ts';

export interface ValidateOptions {
  /** Profiles that the resource has to meet beside those that it claims. */
  readonly profiles?: readonly string[] | undefined;
  /** Whether messages may repeat values of the resource; true unless said. */
  readonly quotes?: boolean | undefined;
  /** Numbers as they were written, where the text is known. */
  readonly digits?: WrittenDigits | undefined;
}

export interface Validator {
  /** Judges one resource (or Bundle). Never throws on what a resource holds. */
  validate(resource: unknown, options?: ValidateOptions): Verdict;
  /** Whether a profile is here: a profile asked for by name has to be. */
  knows(profile: string): boolean;
  readonly definitions: Definitions;
}

/** Types with a code of a system: units are codes too. */
const coded = ['Coding', 'Quantity', 'Age', 'Count', 'Distance', 'Duration'];

/** Makes a validator; types and profiles are compiled when they are first met. */
export function openValidator(from: Definitions): Validator {
  const definitions = remembered(from);
  const parts: { -readonly [Key in keyof ResourceParts]: ResourceParts[Key] } = {
    definitions,
    typeOf: (name) => types.of(name),
    profiles: (value, walk) => claimed(value, walk),
  };
  const types = compiledTypes({
    definitions,
    resource: (path) => innerResource(path, parts),
    after: {
      ...Object.fromEntries(coded.map((type) => [type, codingCheck(definitions)])),
      ...prose,
      Extension: (value, walk) => extension(value, walk),
    },
  });
  const profiles = compiledProfiles(definitions);
  const claimed = askedProfiles(profiles);
  const extension = extensionCheck(profiles, definitions);

  const trail: Trail = { names: [], indexes: [] };

  return {
    definitions,
    knows: (profile) => definitions.structure(profile) !== undefined,
    validate(resource, options = {}) {
      // Only read when the resource is an object, which checkResource asks first
      const object = resource as FhirObject;
      const walk = new Walk(
        { resource: object, root: object, bundle: undefined, fullUrl: undefined },
        options,
        trail,
      );
      walk.enter(typeof object?.resourceType === 'string' ? object.resourceType : 'Resource');
      checkResource(resource, walk, parts);
      for (const profile of options.profiles ?? []) profiles.check(profile, resource, walk);
      const { issues } = walk;
      return {
        valid: walk.errors === 0,
        issues: inStableOrder(issues),
        notChecked: walk.unchecked(),
      };
    },
  };
}
