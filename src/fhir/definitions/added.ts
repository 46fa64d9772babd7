/**
 * Definitions that a site adds: folders of JSON files, single files, and FHIR packages. Resources of other kinds are
 * left alone; Bundles are opened. What cannot be used is named with its file, and the rest is used.
 */

import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { DefinitionsUnreadable, readArchive } from './archive.ts';
import { type Definition, slimCodeSystem, slimStructure, slimValueSet } from './slim.ts';
import { unsound } from './sound.ts';

export interface Problem {
  readonly file: string;
  /** A sentence. */
  readonly says: string;
}

export interface Added {
  /** In the order of reading. */
  readonly definitions: readonly Definition[];
  readonly problems: readonly Problem[];
}

/** Packages keep their examples beside what they define, some of them under URLs of others. */
const leftAlone = /^(\.|node_modules$|examples?$)/;

/** A definition is rarely more than a few MB; a whole terminology in one file is. */
const mostBytes = 128 * 1024 * 1024;

/** Reads the folders, files and packages in their order. Throws DefinitionsUnreadable. */
export function readAdded(paths: readonly string[]): Added {
  const definitions: Definition[] = [];
  const problems: Problem[] = [];
  for (const path of paths)
    for (const { file, text } of textsIn(path))
      try {
        const content = text();
        for (const resource of resourcesIn(JSON.parse(content.replace(/^\uFEFF/, '')))) {
          const read = readDefinition(resource);
          if ('definition' in read) definitions.push(read.definition);
          if ('says' in read) problems.push({ file, says: read.says });
        }
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        problems.push({ file, says: `It is no JSON: ${error.message}.` });
      }
  return { definitions, problems };
}

interface Text {
  readonly file: string;
  readonly text: () => string;
}

function* textsIn(path: string): Generator<Text> {
  const is = statOf(path);
  if (is.isDirectory()) yield* textsInFolder(path);
  else if (/\.(tgz|tar\.gz)$/i.test(path)) {
    for (const { name, text } of readArchive(readFileSync(path), path))
      if (isDefinitionFile(name.split('/'))) yield { file: `${path}: ${name}`, text };
  } else if (/\.json$/i.test(path)) yield { file: path, text: () => readText(path, is) };
  else throw new DefinitionsUnreadable(`${path} is no folder, no package (.tgz) and no JSON file.`);
}

function* textsInFolder(folder: string): Generator<Text> {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    if (leftAlone.test(entry.name)) continue;
    const path = join(folder, entry.name);
    // Folders behind links are not entered, since they can lead back; files behind links are how containers mount them
    if (entry.isDirectory()) yield* textsInFolder(path);
    else if (isDefinitionFile([entry.name])) {
      const is = statOf(path);
      if (is.isFile()) yield { file: path, text: () => readText(path, is) };
    }
  }
}

function isDefinitionFile(parts: readonly string[]): boolean {
  const name = parts.at(-1) ?? '';
  return (
    /\.json$/i.test(name) && name !== 'package.json' && !parts.some((part) => leftAlone.test(part))
  );
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    throw new DefinitionsUnreadable(`${path} is not there, or may not be read.`, { cause });
  }
}

function readText(path: string, { size }: Stats): string {
  if (size > mostBytes)
    throw new DefinitionsUnreadable(`${path} is larger than ${mostBytes / 1024 / 1024} MB.`);
  return readFileSync(path, 'utf8');
}

function* resourcesIn(content: unknown): Generator<object> {
  if (typeof content !== 'object' || content === null) return;
  yield content;
  if (!('resourceType' in content) || content.resourceType !== 'Bundle') return;
  const entries: unknown = 'entry' in content ? content.entry : [];
  for (const entry of Array.isArray(entries) ? entries : [])
    if (typeof entry?.resource === 'object' && entry.resource !== null) yield entry.resource;
}

type Read = { readonly definition?: Definition; readonly says?: string };

function readDefinition(resource: object): Read {
  const kind = 'resourceType' in resource ? resource.resourceType : undefined;
  if (kind !== 'StructureDefinition' && kind !== 'ValueSet' && kind !== 'CodeSystem') return {};
  const wrong = unsound(resource, kind);
  if (wrong) return { says: wrong };
  const full = resource as Definition;
  switch (full.resourceType) {
    case 'StructureDefinition':
      return readStructure(full);
    case 'ValueSet':
      return { definition: slimValueSet(full, full.expansion, () => false) };
    case 'CodeSystem':
      return { definition: slimCodeSystem(full) };
  }
}

function readStructure(full: fhir4.StructureDefinition): Read {
  const { url, fhirVersion, snapshot } = full;
  if (fhirVersion !== undefined && !fhirVersion.startsWith('4.0'))
    return { says: `${url} is for FHIR ${fhirVersion}, not for R4: it is not used.` };
  const definition = slimStructure(full);
  return snapshot
    ? { definition }
    : { definition, says: `${url} has no snapshot: it cannot be checked.` };
}
