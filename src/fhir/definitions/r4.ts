/**
 * The definitions of FHIR R4 by their URLs: an index, and one slim file each, read on first use from the folder where
 * they are kept, and made from the official packages where they are missing there, stale or damaged.
 */

import { keep, readKept } from './kept.ts';
import type { Packages } from './packages.ts';
import {
  type Definition,
  form,
  type Kind,
  slimCodeSystem,
  slimStructure,
  slimValueSet,
} from './slim.ts';

export interface R4 {
  find(kind: Kind, url: string): Definition | undefined;
  /** Names of all types: resources, data types, primitives. */
  readonly types: ReadonlySet<string>;
  /** Of those, the resources of which there can be instances. */
  readonly resourceTypes: ReadonlySet<string>;
  /** Names of the files of all definitions, without `.json`. */
  files(): readonly string[];
  load(file: string): Definition;
}

/** No definitions: neither those that were made, nor what they are made from. */
export class DefinitionsMissing extends Error {
  override readonly name = 'DefinitionsMissing';
}

/** A list for each kind, in a file of its own, since many runs need one of them only. */
interface Index {
  readonly types: { readonly all: readonly string[]; readonly resources: readonly string[] };
  readonly StructureDefinition: Urls;
  readonly ValueSet: Urls;
  readonly CodeSystem: Urls;
}

type Urls = readonly (readonly [url: string, file: string])[];

const kinds = ['StructureDefinition', 'ValueSet', 'CodeSystem'] as const satisfies readonly Kind[];

/** `folder` is where they are kept. Throws DefinitionsMissing, here or when a file is read that cannot be made. */
export function openR4(folder: string, packages: Packages | undefined): R4 {
  const from = origin(folder, packages);
  const read = new Map<string, Definition>();
  const urls = new Map<Kind, ReadonlyMap<string, string>>();
  let made: Index | undefined;

  const indexOf = <K extends keyof Index>(name: K): Index[K] => {
    const kept = readKept<Index[K]>(folder, `index-${name}`);
    if (kept?.from === from) return kept.is;
    if (!packages) throw damaged(folder, `index-${name}`);
    if (!made) {
      made = makeIndex(packages);
      for (const [each, is] of Object.entries(made)) keep(folder, `index-${each}`, { from, is });
    }
    return made[name];
  };
  const urlsOf = (kind: Kind): ReadonlyMap<string, string> => {
    const known = urls.get(kind) ?? new Map(indexOf(kind));
    urls.set(kind, known);
    return known;
  };
  const load = (file: string): Definition => {
    const known = read.get(file);
    if (known) return known;
    const kept = readKept<Definition>(folder, file);
    const definition = kept?.from === from ? kept.is : make(file);
    read.set(file, definition);
    return definition;
  };
  const make = (file: string): Definition => {
    if (!packages) throw damaged(folder, file);
    const is = slim(packages, file, (url) => find('CodeSystem', url));
    keep(folder, file, { from, is });
    return is;
  };
  const find = (kind: Kind, url: string): Definition | undefined => {
    const file = urlsOf(kind).get(url);
    return file === undefined ? undefined : load(file);
  };

  const types = indexOf('types');
  return {
    find,
    load,
    types: new Set(types.all),
    resourceTypes: new Set(types.resources),
    files: () => kinds.flatMap((kind) => [...urlsOf(kind).values()]),
  };
}

/** What kept files have to be made from. Without the packages: what this form of slimming made of any release. */
function origin(folder: string, packages: Packages | undefined): string {
  if (packages) return `${packages.name}, form ${form}`;
  const kept = readKept(folder, 'index-types')?.from;
  if (kept?.endsWith(`, form ${form}`)) return kept;
  throw new DefinitionsMissing(
    `The definitions of FHIR R4 are not in ${folder}, and the packages that they are made from are not installed: install massage-fhir again, or, in a checkout, run "npm install".`,
  );
}

function damaged(folder: string, file: string): DefinitionsMissing {
  return new DefinitionsMissing(
    `${file}.json in ${folder} is missing or damaged, and the packages that it is made from are not installed: install massage-fhir again.`,
  );
}

function slim(
  packages: Packages,
  file: string,
  codeSystem: (url: string) => Definition | undefined,
): Definition {
  const full = packages.read(`${file}.json`);
  switch (full.resourceType) {
    case 'StructureDefinition':
      return slimStructure(full);
    case 'CodeSystem':
      return slimCodeSystem(full);
    case 'ValueSet':
      // A value set that is included has its own expansion, and codes that are enumerated need none
      return slimValueSet(
        full,
        packages.expansion(`${file}.json`),
        ({ system, version, concept, valueSet }) => {
          if (concept || valueSet || system === undefined) return true;
          const here = codeSystem(system);
          return (
            here?.resourceType === 'CodeSystem' &&
            here.content === 'complete' &&
            (version === undefined || version === here.version)
          );
        },
      );
  }
}

function makeIndex(packages: Packages): Index {
  const urls: Record<Kind, Map<string, string>> = {
    StructureDefinition: new Map(),
    ValueSet: new Map(),
    CodeSystem: new Map(),
  };
  const types: string[] = [];
  const resources: string[] = [];
  for (const file of packages.files()) {
    const full = packages.read(file);
    const known = urls[full.resourceType];
    if (full.url === undefined || known.has(full.url)) continue;
    known.set(full.url, file.replace(/\.json$/, ''));
    if (full.resourceType !== 'StructureDefinition') continue;
    if (full.kind === 'logical' || full.derivation === 'constraint') continue;
    types.push(full.type);
    if (full.kind === 'resource' && !full.abstract) resources.push(full.type);
  }
  return {
    types: { all: types, resources },
    StructureDefinition: [...urls.StructureDefinition],
    ValueSet: [...urls.ValueSet],
    CodeSystem: [...urls.CodeSystem],
  };
}
