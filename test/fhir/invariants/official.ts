/**
 * The official R4 definitions and examples as the tests of invariants need them: every constraint, which elements a type
 * has, and a walk over all nodes of a resource with the type or path in which their constraints are evaluated.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { Node } from '../../../src/fhir/invariants/predicate.ts';

const folder = dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));

const names = readdirSync(folder).filter(
  (name) => name.endsWith('.json') && name !== 'package.json' && !name.startsWith('.'),
);

export function read(name: string): Node {
  return JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'));
}

export interface Constraint {
  readonly key: string;
  readonly severity: string;
  readonly expression: string;
}

/** An element as a property of its parent's JSON. */
export interface Property {
  /** Path of the definition: `Observation.value[x]`. */
  readonly path: string;
  /** The type of the value here, or `@` for the content of another path. */
  readonly type: string;
  readonly repeats: boolean;
}

/** What the definitions say: properties by the path or type of their parent, constraints by path. */
export interface Definitions {
  readonly properties: ReadonlyMap<string, ReadonlyMap<string, Property>>;
  readonly constraints: ReadonlyMap<string, readonly Constraint[]>;
  /** Every constraint of every StructureDefinition, profiles too, with the paths where it stands. */
  readonly all: ReadonlyMap<
    string,
    { readonly constraint: Constraint; readonly paths: Set<string> }
  >;
}

let definitions: Definitions | undefined;

export function officialDefinitions(): Definitions {
  definitions ??= readDefinitions();
  return definitions;
}

function readDefinitions(): Definitions {
  const properties = new Map<string, Map<string, Property>>();
  const constraints = new Map<string, readonly Constraint[]>();
  const all = new Map<string, { constraint: Constraint; paths: Set<string> }>();
  for (const name of names.filter((one) => one.startsWith('StructureDefinition-'))) {
    const definition = read(name) as unknown as fhir4.StructureDefinition; // as the file's name says
    const isType = definition.derivation !== 'constraint' && definition.kind !== 'logical';
    for (const element of definition.snapshot?.element ?? []) {
      const own = (element.constraint ?? []) as readonly Constraint[];
      for (const constraint of own) {
        if (constraint.expression === undefined) continue;
        const known = all.get(constraint.expression) ?? { constraint, paths: new Set() };
        all.set(constraint.expression, known);
        known.paths.add(element.path);
      }
      if (!isType) continue;
      constraints.set(
        element.path,
        own.filter(({ expression }) => expression !== undefined),
      );
      addProperties(properties, element);
    }
  }
  return { properties, constraints, all };
}

function addProperties(
  properties: Map<string, Map<string, Property>>,
  element: fhir4.ElementDefinition,
): void {
  const { path, contentReference, max } = element;
  const dot = path.lastIndexOf('.');
  if (dot < 0) return;
  const parent = path.slice(0, dot);
  const name = path.slice(dot + 1);
  const known = properties.get(parent) ?? new Map<string, Property>();
  properties.set(parent, known);
  const repeats = max !== '0' && max !== '1';
  if (contentReference !== undefined)
    known.set(name, { path: contentReference.slice(1), type: '@', repeats });
  for (const { code } of element.type ?? []) {
    const type = code.startsWith('http') ? 'string' : code;
    const suffix = type.charAt(0).toUpperCase() + type.slice(1);
    known.set(name.replace('[x]', suffix), { path, type, repeats });
  }
}

/** Where the properties of a value are defined: the path for a part, the type for everything else. */
export function contentOf({ properties }: Definitions, { path, type }: Property): string {
  return type === '@' || properties.has(path) ? path : type;
}

export type Visit = (
  node: unknown,
  where: string,
  constraints: readonly Constraint[],
  resource: Node,
  root: Node,
) => void;

/** Visits every node of a resource that has constraints, contained resources and entries of Bundles included. */
export function visitNodes(resource: Node, visit: Visit, root: Node = resource): void {
  const known = officialDefinitions();
  const type = String(resource.resourceType);
  visit(resource, type, known.constraints.get(type) ?? [], resource, root);
  visitParts(resource, type);

  function visitParts(node: Node, where: string): void {
    const properties = known.properties.get(where);
    for (const [name, value] of Object.entries(node)) {
      const property = properties?.get(name);
      if (property === undefined) continue;
      for (const item of Array.isArray(value) ? value : [value])
        if (item !== null) visitValue(item, property, name === 'contained');
    }
  }

  function visitValue(item: unknown, property: Property, isContained: boolean): void {
    if (property.type === 'Resource') {
      visitNodes(item as Node, visit, isContained ? root : (item as Node));
      return;
    }
    const where = contentOf(known, property);
    visit(item, where, known.constraints.get(property.path) ?? [], resource, root);
    if (where !== property.path) {
      visit(item, where, known.constraints.get(where) ?? [], resource, root);
      if (typeof item !== 'object') return;
    }
    visitParts(item as Node, where);
  }
}

/** Types of which the package has hundreds, all much alike. */
const common = ['SearchParameter', 'ValueSet', 'CodeSystem', 'StructureDefinition', 'ConceptMap'];

/** The official examples: all of the types of care, every `share`th of the common definitions, and those named. */
export function* officialExamples(
  share: number,
  named: readonly string[],
): Generator<readonly [name: string, resource: Node]> {
  let seen = 0;
  for (const name of names) {
    if (common.some((type) => name.startsWith(`${type}-`))) {
      seen += 1;
      if (seen % share !== 0 && !named.includes(name)) continue;
    }
    const resource = read(name);
    if (typeof resource.resourceType === 'string') yield [name, resource];
  }
}
