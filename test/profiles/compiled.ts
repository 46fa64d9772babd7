/** What `profiles/` compiles to, as it is committed, for the tests of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiledFolder } from '../../tools/profiles.ts';

export type Published =
  | fhir4.StructureDefinition
  | fhir4.ValueSet
  | fhir4.CodeSystem
  | fhir4.ConceptMap
  | fhir4.CapabilityStatement;

export const compiled: readonly Published[] = readdirSync(compiledFolder)
  .toSorted()
  .map((file) => JSON.parse(readFileSync(join(compiledFolder, file), 'utf8')));

export const profiles = ofType('StructureDefinition');

/** All of one type. */
export function ofType<T extends Published['resourceType']>(
  type: T,
): Extract<Published, { resourceType: T }>[] {
  return compiled.filter(
    (one): one is Extract<Published, { resourceType: T }> => one.resourceType === type,
  );
}

export function published<T extends Published['resourceType']>(
  type: T,
  id: string,
): Extract<Published, { resourceType: T }> {
  const found = ofType(type).find((one) => one.id === id);
  if (found === undefined) throw new Error(`There is no ${type} ${id}.`);
  return found;
}

export function snapshotOf({
  snapshot,
}: fhir4.StructureDefinition): readonly fhir4.ElementDefinition[] {
  return snapshot?.element ?? [];
}

/** The element of a profile by its id, such as `Task.output:progress`. */
export function elementOf(profile: string, id: string): fhir4.ElementDefinition {
  const found = snapshotOf(published('StructureDefinition', profile)).find((one) => one.id === id);
  if (found === undefined) throw new Error(`${profile} has no element ${id}.`);
  return found;
}
