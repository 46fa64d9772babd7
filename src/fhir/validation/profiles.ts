/**
 * Profiles as checks: compiled when they are first asked for, run on a resource that was checked as its type before.
 * Which profiles a resource has to meet: those it claims in meta.profile, and those that R4 asks of it by its code.
 */
import type { Definitions } from '../definitions/definitions.ts';
import type { Check } from './check.ts';
import { isObject } from './documents.ts';
import { elementTree } from './element-tree.ts';
import { occurrenceCheck } from './profile-elements.ts';
import type { ProfileParts } from './profile-parts.ts';
import { vitalSigns, vitalSignsProfiles } from './vital-signs.ts';
import type { Walk } from './walk.ts';
import { quoted } from './wording.ts';

export interface Profiles {
  /** The check of a profile; undefined where it is not here. */
  readonly of: (url: string) => Check | undefined;
  /** Runs a profile, or says that it is not here. */
  readonly check: (url: string, value: unknown, walk: Walk) => void;
}

export function compiledProfiles(definitions: Definitions): Profiles {
  const made = new Map<string, Check | undefined>();
  const of = (url: string): Check | undefined => {
    if (!made.has(url)) made.set(url, compile(url));
    return made.get(url);
  };
  const parts: ProfileParts = { definitions, profile: of };

  function compile(url: string): Check | undefined {
    const definition = definitions.structure(url);
    if (!definition) return undefined;
    // The type itself was checked already
    if (definition.derivation !== 'constraint') return typeOnly(definition.type, definitions);
    let rules: ReturnType<typeof occurrenceCheck> | null = null;
    return (value, walk) => {
      if (rules === null) {
        const tree = elementTree(definition);
        if (!tree) return noSnapshot(url, walk);
        rules = occurrenceCheck(tree, parts);
      }
      if (
        isObject(value) &&
        typeof value.resourceType === 'string' &&
        value.resourceType !== definition.type
      )
        walk.error(
          'structure',
          `The profile ${url} is for ${definition.type}, not for ${walk.quote(value.resourceType)}.`,
        );
      else
        rules?.(
          { key: walk.name(), index: -1, value, sibling: undefined, choice: undefined },
          walk,
        );
    };
  }

  return {
    of,
    check(url, value, walk) {
      const profile = of(url);
      if (profile) profile(value, walk);
      else walk.skip('profile', `The profile ${quoted(url)} is not here.`);
    },
  };
}

function typeOnly(type: string, definitions: Definitions): Check {
  const any = !definitions.resourceTypes.has(type);
  return (value, walk) => {
    if (!any && isObject(value) && value.resourceType !== type)
      walk.error('structure', `A ${type} is expected here, not ${walk.quote(value.resourceType)}.`);
  };
}

function noSnapshot(url: string, walk: Walk): void {
  walk.skip('profile', `The profile ${url} has no snapshot, so that it cannot be checked.`);
}

const none: readonly string[] = [];

/** Runs the profiles that a resource claims and those that R4 asks of it. */
export function askedProfiles({ check }: Profiles): Check {
  return (value, walk) => {
    if (!isObject(value)) return;
    const { meta, resourceType } = value;
    const claimed: readonly unknown[] =
      isObject(meta) && Array.isArray(meta.profile) ? meta.profile : [];
    const asked = resourceType === 'Observation' ? vitalSignsProfiles(value) : none;
    // The profile of a sign holds all that the general one asks
    for (const url of claimed)
      if (typeof url === 'string' && !(url === vitalSigns && asked.length > 0))
        check(url, value, walk);
    for (const url of asked) if (!claimed.includes(url)) check(url, value, walk);
  };
}
