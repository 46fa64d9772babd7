/** The settings in force as a flat list with their origins, for people and for `settings show`. Names secrets, holds none. */
import { rootNode } from './catalogue.ts';
import { pointer, readable, type Step } from './pointer.ts';
import type { SchemaNode, Settings } from './schema.ts';
import type { Sources } from './sources.ts';

export interface EffectiveSetting {
  /** `hospitals[0].select.codes` */
  readonly path: string;
  readonly value: unknown;
  /** `massage-fhir.yaml:12`, a variable, or `default`. */
  readonly origin: string;
}

/** In the order of the schema, whatever the order of the file was. */
export function effectiveSettings(settings: Settings, sources: Sources): EffectiveSetting[] {
  return walk(rootNode, settings, []);

  function walk(node: SchemaNode, value: unknown, steps: readonly Step[]): EffectiveSetting[] {
    const inner = partsOf(node);
    if (typeof value === 'object' && value !== null && inner !== undefined && !node.secret) {
      const group = value as Readonly<Record<string, unknown>>;
      return Object.entries(inner)
        .filter(([key]) => Object.hasOwn(group, key))
        .flatMap(([key, child]) => walk(child, group[key], [...steps, key]));
    }
    const item = node.items;
    if (Array.isArray(value) && item?.properties !== undefined)
      return value.flatMap((one, index) => walk(item, one, [...steps, index]));
    const place = pointer(steps);
    return [{ path: readable(place), value, origin: sources.get(place) ?? 'default' }];
  }
}

/** The settings of a group; of a union, those of all its branches. */
function partsOf(node: SchemaNode): Readonly<Record<string, SchemaNode>> | undefined {
  if (node.oneOf === undefined) return node.properties;
  return Object.assign({}, ...node.oneOf.map((branch) => branch.properties));
}
