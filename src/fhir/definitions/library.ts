/**
 * All definitions by canonical, in layers: those of R4, over them this product's own, over them what a site adds. Where
 * several have one URL, the last one wins, unless a version is asked for.
 */

import type { Problem } from './added.ts';
import type { Definition, Kind } from './slim.ts';

export type Of<K extends Kind> = Extract<Definition, { resourceType: K }>;

export interface Layer {
  /** By URL, whatever the version. */
  find(kind: Kind, url: string): readonly Definition[];
  /** The release that these were published with: it stands for whatever version each of them has. */
  readonly release?: string;
}

export interface Library {
  /** Exactly this version, where one is named. */
  exact<K extends Kind>(kind: K, url: string, version?: string): Of<K> | undefined;
  /** `url|version` as bindings and profiles name it: another version serves where that one is not here. */
  named<K extends Kind>(kind: K, canonical: string): Of<K> | undefined;
}

/** `note` is told once of each version that another stands in for. */
export function library(layers: readonly Layer[], note: (problem: Problem) => void): Library {
  const noted = new Set<string>();
  const exact = <K extends Kind>(kind: K, url: string, version?: string): Of<K> | undefined => {
    const found = layers
      .flatMap(({ find, release }) =>
        find(kind, url).filter(
          (each) => version === undefined || version === each.version || version === release,
        ),
      )
      .filter((each): each is Of<K> => each.resourceType === kind);
    return found.findLast((each) => !isHollow(each)) ?? found.at(-1);
  };
  return {
    exact,
    named(kind, canonical) {
      const { url, version } = splitCanonical(canonical);
      const found = exact(kind, url, version);
      if (found || version === undefined) return found;
      const other = exact(kind, url);
      if (other && !noted.has(canonical)) {
        noted.add(canonical);
        const there =
          other.version === undefined ? 'one without a version' : `version ${other.version}`;
        note({
          file: canonical,
          says: `Version ${version} is asked for and not here: ${there} is used.`,
        });
      }
      return other;
    },
  };
}

/** The definitions of a list by URL, in its order. */
export function layerOf(definitions: readonly Definition[]): Layer {
  const byUrl = Map.groupBy(definitions, ({ resourceType, url }) => `${resourceType} ${url}`);
  return { find: (kind, url) => byUrl.get(`${kind} ${url}`) ?? [] };
}

/** `url|version` in its parts. A fragment after `#` names a part of the same definition. */
function splitCanonical(canonical: string): { url: string; version: string | undefined } {
  const [url = '', version] = canonical.split('|');
  return { url: url.replace(/#.*$/, ''), version };
}

/** A code system that only says that it exists must not hide one that lists codes. */
function isHollow(definition: Definition): boolean {
  return (
    definition.resourceType === 'CodeSystem' &&
    (definition.content === 'not-present' || definition.content === 'supplement')
  );
}
