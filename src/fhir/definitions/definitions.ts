/**
 * Every definition that a validation needs, by canonical URL: the official ones of FHIR R4, this product's own profiles,
 * and what a site adds. Each is read on first use and kept in memory; opening reads an index only.
 */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CodeList } from '../terminology/code-list.ts';
import { openTerms } from '../terminology/terms.ts';
import { type Problem, readAdded } from './added.ts';
import { layerOf, library } from './library.ts';
import { ownIn } from './own.ts';
import { installedPackages, type Packages } from './packages.ts';
import { openR4 } from './r4.ts';
import type { Definition } from './slim.ts';

export type { CodeList } from '../terminology/code-list.ts';

export interface Definitions {
  /** A type of R4 by its name: `Patient`, `HumanName`, `code`, `xhtml`. */
  type(name: string): fhir4.StructureDefinition | undefined;
  /** A type, profile or extension; `url|version` is accepted. */
  structure(canonical: string): fhir4.StructureDefinition | undefined;
  valueSet(canonical: string): CodeList | undefined;
  codeSystem(url: string): CodeList | undefined;
  /** Names of the resource types of R4 of which there can be instances. */
  readonly resourceTypes: ReadonlySet<string>;
  /** What was wrong with added definitions; versions that another stood in for join it as they are asked for. */
  readonly problems: readonly Problem[];
}

/** Where definitions are found. */
export interface Places {
  /** The folder in which those of R4 are kept once they are made. */
  readonly kept: string;
  /** The folder of this product's own. */
  readonly own: string;
  /** What those of R4 are made from; undefined where it is not installed. */
  readonly packages: Packages | undefined;
}

export interface DefinitionsOptions {
  /** Folders, JSON files and packages (.tgz) of a site. Later ones win. */
  readonly added?: readonly string[];
  readonly places?: Places;
}

/** Opens the definitions. Throws DefinitionsMissing, and DefinitionsUnreadable for what cannot be added. */
export function openDefinitions(options: DefinitionsOptions = {}): Definitions {
  const places = options.places ?? usualPlaces();
  const r4 = openR4(places.kept, places.packages);
  const own = ownIn(places.own);
  const added = readAdded(options.added ?? []);
  const problems = [...added.problems];
  const { exact, named } = library(
    [
      { find: (kind, url) => one(r4.find(kind, url)), release: '4.0.1' },
      { find: (kind, url) => one(own(kind, url)) },
      layerOf(added.definitions),
    ],
    (problem) => problems.push(problem),
  );
  const terms = openTerms({
    codeSystem: (url, version) => exact('CodeSystem', url, version),
    valueSet: (url, version) => exact('ValueSet', url, version),
    namedValueSet: (canonical) => named('ValueSet', canonical),
  });
  return {
    type(name) {
      if (!r4.types.has(name)) return undefined;
      const found = r4.find(
        'StructureDefinition',
        `http://hl7.org/fhir/StructureDefinition/${name}`,
      );
      return found?.resourceType === 'StructureDefinition' ? found : undefined;
    },
    structure: (canonical) => named('StructureDefinition', canonical),
    valueSet: terms.valueSet,
    codeSystem: terms.codeSystem,
    resourceTypes: r4.resourceTypes,
    problems,
  };
}

/** Below the folder of the package that this file belongs to, from source and as published. */
export function usualPlaces(): Places {
  let root = import.meta.dirname;
  while (!existsSync(join(root, 'package.json')) && dirname(root) !== root) root = dirname(root);
  return {
    kept: join(root, 'build/definitions'),
    own: join(root, 'profiles/fsh-generated/resources'),
    packages: installedPackages(),
  };
}

function one(found: Definition | undefined): Definition[] {
  return found ? [found] : [];
}
