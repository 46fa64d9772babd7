/**
 * The place where an extension stands, under all the names that a definition may use for it: the path from the resource,
 * the path inside the data type, the type and what that is derived from (R4 defining-extensions.html#context).
 */
import type { Definitions } from '../definitions/definitions.ts';
import type { Walk } from './walk.ts';

export interface Place {
  readonly names: ReadonlySet<string>;
  /** Type of the element that holds the extension. */
  readonly type: string | undefined;
}

const found = new WeakMap<Definitions, Map<string, Place>>();

/** The element that holds the extension on which the walk stands. */
export function placeOf(walk: Walk, definitions: Definitions): Place {
  const { resourceType } = walk.scope.resource;
  const steps = walk.steps(1);
  const key = `${String(resourceType)}.${steps.join('.')}`;
  const places = found.get(definitions) ?? new Map<string, Place>();
  found.set(definitions, places);
  const had = places.get(key);
  if (had) return had;
  const place = locate(
    typeof resourceType === 'string' ? resourceType : undefined,
    steps,
    definitions,
  );
  // Steps come from the keys of a resource, of which there is no end
  if (places.size < 10_000) places.set(key, place);
  return place;
}

function locate(
  resourceType: string | undefined,
  steps: readonly string[],
  definitions: Definitions,
): Place {
  let type = resourceType;
  // The definition in which the element is described, and its path there
  let paths: readonly string[] = type === undefined ? [] : [type];
  for (const step of steps) {
    const element = elementOf(paths, step, definitions);
    if (!element) return { names: new Set(), type: undefined };
    type = element.type;
    // The children of a data type are described with the type, those of a backbone element with the resource
    paths = [
      ...element.paths,
      ...(type === undefined || type === 'BackboneElement' || type === 'Element' ? [] : [type]),
    ];
  }
  return { names: new Set([...paths, ...ancestors(type, definitions)]), type };
}

interface Found {
  readonly paths: readonly string[];
  readonly type: string | undefined;
}

function elementOf(
  parents: readonly string[],
  step: string,
  definitions: Definitions,
): Found | undefined {
  const paths: string[] = [];
  let type: string | undefined;
  for (const parent of parents) {
    paths.push(`${parent}.${step}`);
    const described = definitions.type(parent.split('.')[0] ?? '')?.snapshot?.element ?? [];
    for (const element of described) {
      const choice = choiceOf(element, parent, step);
      if (element.path !== `${parent}.${step}` && choice === undefined) continue;
      if (choice !== undefined) paths.push(element.path);
      if (element.contentReference)
        paths.push(element.contentReference.slice(element.contentReference.indexOf('#') + 1));
      type = choice ?? element.type?.[0]?.code ?? type;
      if (type?.startsWith('http')) type = 'string';
    }
  }
  return paths.length === 0 ? undefined : { paths, type };
}

/** The type of a choice that a property such as `valueQuantity` stands for. */
function choiceOf(
  { path, type }: fhir4.ElementDefinition,
  parent: string,
  step: string,
): string | undefined {
  if (!path.endsWith('[x]') || !path.startsWith(`${parent}.`)) return undefined;
  const stem = path.slice(parent.length + 1, -3);
  if (!step.startsWith(stem)) return undefined;
  const end = step.slice(stem.length).toLowerCase();
  return type?.find(({ code }) => code.toLowerCase() === end)?.code;
}

function ancestors(type: string | undefined, definitions: Definitions): string[] {
  const names: string[] = [];
  let next = type === undefined ? undefined : definitions.type(type);
  while (next && names.length < 10) {
    names.push(next.type);
    next =
      next.baseDefinition === undefined ? undefined : definitions.structure(next.baseDefinition);
  }
  return names;
}
