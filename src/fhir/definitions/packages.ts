/**
 * The official R4 definitions as npm packages carry them: every resource of the specification, and the value sets with
 * their expansions. They are there while the product is developed; a published package carries what was made of them.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Definition } from './slim.ts';

export interface Packages {
  /** Names and versions: what was made of others is stale. */
  readonly name: string;
  /** Names of the files that hold a definition. */
  files(): string[];
  read(file: string): Definition;
  /** The expansion of the value set in this file. */
  expansion(file: string): fhir4.ValueSetExpansion | undefined;
}

/** Undefined where they are not installed. */
export function installedPackages(): Packages | undefined {
  try {
    return packagesIn(
      folderOf(import.meta.resolve('hl7.fhir.r4.examples/package.json')),
      folderOf(import.meta.resolve('hl7.fhir.r4.expansions/package.json')),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

function folderOf(url: string): string {
  return dirname(fileURLToPath(url));
}

/** The packages in two folders: definitions, and the same value sets with their expansions. */
export function packagesIn(examples: string, expansions: string): Packages {
  return {
    name: `${nameIn(examples)}, ${nameIn(expansions)}`,
    files: () => [...new Set([...definitionsIn(examples), ...definitionsIn(expansions)])],
    read(file) {
      const first = join(examples, file);
      return readJson<Definition>(existsSync(first) ? first : join(expansions, file));
    },
    expansion(file) {
      const expanded = join(expansions, file);
      return existsSync(expanded) ? readJson<fhir4.ValueSet>(expanded).expansion : undefined;
    },
  };
}

function definitionsIn(folder: string): string[] {
  return readdirSync(folder).filter((file) =>
    /^(StructureDefinition|ValueSet|CodeSystem)-.*\.json$/.test(file),
  );
}

function nameIn(folder: string): string {
  const { name, version } = readJson<{ name: string; version: string }>(
    join(folder, 'package.json'),
  );
  return `${name} ${version}`;
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
