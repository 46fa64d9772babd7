/**
 * The profiles, value sets and code systems of this product, as they are committed beside their source. A canonical of
 * ours ends in type and id, and so does the name of its file: what is there is known without reading any of it.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Definition, type Kind, slimCodeSystem, slimStructure, slimValueSet } from './slim.ts';

/** Finds a definition by its URL in the folder; finds nothing where there is no such folder. */
export function ownIn(folder: string): (kind: Kind, url: string) => Definition | undefined {
  const files = new Set(existsSync(folder) ? readdirSync(folder) : []);
  const read = new Map<string, Definition>();
  return (kind, url) => {
    const file = `${kind}-${url.slice(url.lastIndexOf('/') + 1)}.json`;
    if (!files.has(file)) return undefined;
    const definition = read.get(file) ?? slim(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    read.set(file, definition);
    return definition.url === url ? definition : undefined;
  };
}

function slim(full: Definition): Definition {
  switch (full.resourceType) {
    case 'StructureDefinition':
      return slimStructure(full);
    case 'ValueSet':
      return slimValueSet(full, full.expansion, () => false);
    case 'CodeSystem':
      return slimCodeSystem(full);
  }
}
