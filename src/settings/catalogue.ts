/**
 * Every single setting as a flat list, read off the schema: its path, its environment variable, its default. What
 * reads variables, shows effective settings or documents them goes through this list.
 */
import { type SchemaNode, settingsSchema } from './schema.ts';

export interface SettingEntry {
  /** `hospitals[].signIn.token`: `[]` stands for any position of a list. */
  readonly path: string;
  readonly keys: readonly string[];
  /** `MASSAGE_FHIR_HOSPITALS_<n>_SIGN_IN_TOKEN`; `<n>` counts from 0. */
  readonly variable: string;
  readonly kind: 'text' | 'number' | 'texts' | 'secret';
  readonly required: boolean;
  readonly default: unknown;
  readonly expects: string;
  readonly description: string;
  /** The branch of a union in which it exists, e.g. `type: bearer`. */
  readonly when?: string | undefined;
}

export const variablePrefix = 'MASSAGE_FHIR_';

// The schema is made of nodes that all have this shape; TypeBox's own types say too little to walk them.
export const rootNode = settingsSchema as SchemaNode;

export const catalogue: readonly SettingEntry[] = entriesOf(rootNode, []);

function entriesOf(node: SchemaNode, keys: readonly string[], when?: string): SettingEntry[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const here = [...keys, key];
    if (child.secret === true) return [entry(child, here, 'secret', node, when)];
    if (child.oneOf !== undefined) return unionEntries(child, here);
    if (child.properties !== undefined) return entriesOf(child, here, when);
    if (child.items?.properties !== undefined) return entriesOf(child.items, [...here, '[]'], when);
    const kind = child.type === 'array' ? 'texts' : child.type === 'integer' ? 'number' : 'text';
    return [entry(child, here, kind, node, when)];
  });
}

/** The tag of the union once, as a choice, then what each branch adds. */
function unionEntries(node: SchemaNode, keys: readonly string[]): SettingEntry[] {
  const tag = node.discriminator?.propertyName ?? 'type';
  const tags = tagsOf(node);
  const standard = node.default as Record<string, unknown> | undefined;
  const choice: SchemaNode = {
    enum: tags,
    default: standard?.[tag],
    description: node.description ?? '',
  };
  const rest = (node.oneOf ?? []).flatMap((branch) => {
    const { [tag]: own, ...others } = branch.properties ?? {};
    return entriesOf({ ...branch, properties: others }, keys, `${tag}: ${own?.const}`);
  });
  return [entry(choice, [...keys, tag], 'text', { required: [] }, undefined), ...rest];
}

/** The values that tell the branches of a union apart. */
export function tagsOf(node: SchemaNode): string[] {
  const tag = node.discriminator?.propertyName ?? 'type';
  return (node.oneOf ?? []).map((branch) => branch.properties?.[tag]?.const ?? '');
}

/** Finishes the sentence "expected …" for a place in the schema. */
export function expectation(node: SchemaNode | undefined): string {
  if (node?.expects !== undefined) return node.expects;
  if (node?.enum !== undefined) return `one of ${node.enum.join(', ')}`;
  if (node?.properties !== undefined) return `settings: ${Object.keys(node.properties).join(', ')}`;
  return node?.type === undefined ? 'another value' : `a value of type ${node.type}`;
}

function entry(
  node: SchemaNode,
  keys: readonly string[],
  kind: SettingEntry['kind'],
  parent: SchemaNode,
  when: string | undefined,
): SettingEntry {
  return {
    path: keys.join('.').replaceAll('.[]', '[]'),
    keys,
    variable: variableOf(keys),
    kind,
    required: parent.required?.includes(keys.at(-1) ?? '') === true && node.default === undefined,
    default: node.default,
    expects: expectation(node),
    description: node.description ?? '',
    when,
  };
}

function variableOf(keys: readonly string[]): string {
  const words = keys.map((key) =>
    key === '[]' ? '<n>' : key.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase(),
  );
  return variablePrefix + words.join('_');
}
