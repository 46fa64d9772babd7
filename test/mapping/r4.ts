/** The definitions of R4's types as its own package has them. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('hl7.fhir.r4.examples/package.json'));
const read = new Map<string, fhir4.StructureDefinition | undefined>();

export function definitionsOfR4(name: string): fhir4.StructureDefinition | undefined {
  const path = join(folder, `StructureDefinition-${name}.json`);
  if (!read.has(name))
    read.set(name, existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined);
  return read.get(name);
}
