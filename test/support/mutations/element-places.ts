/**
 * Every element that a resource has, with the definition that R4 gives it: where a change for the differential test can
 * be made. Only the shape is read from the definitions; nothing is judged here.
 */
import { type Definitions, openDefinitions } from '../../../src/fhir/definitions/definitions.ts';

export type Json = Record<string, unknown>;

export interface Place {
  readonly holder: Json;
  /** JSON property; `valueString` for the choice `value[x]`. */
  readonly key: string;
  /** Position in the list under `key`, -1 where there is none. */
  readonly index: number;
  readonly element: fhir4.ElementDefinition;
  /** Type of the value: of a choice, the one that was chosen. */
  readonly type: string;
  readonly isPrimitive: boolean;
}

let opened: Definitions | undefined;

export function r4(): Definitions {
  opened ??= openDefinitions();
  return opened;
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function valueAt({ holder, key, index }: Place): unknown {
  const value = holder[key];
  return index >= 0 && Array.isArray(value) ? value[index] : value;
}

export function put({ holder, key, index }: Place, value: unknown): void {
  const list = holder[key];
  if (index >= 0 && Array.isArray(list)) list[index] = value;
  else holder[key] = value;
}

/** All elements of a resource, of what it contains too. */
export function placesOf(resource: Json): Place[] {
  const type = String(resource.resourceType);
  const found: Place[] = [];
  collect(resource, type, type, found);
  return found;
}

function collect(object: Json, type: string, path: string, found: Place[]): void {
  for (const key of Object.keys(object)) {
    const described = elementOf(type, path, key);
    if (!described) continue;
    const { element, of } = described;
    const value = object[key];
    const isPrimitive = r4().type(of)?.kind === 'primitive-type';
    const items = Array.isArray(value) ? [...value.entries()] : [[-1, value] as const];
    for (const [index, item] of items) {
      found.push({ holder: object, key, index, element, type: of, isPrimitive });
      if (isJson(item)) inside(item, described, type, found);
    }
  }
}

interface Described {
  readonly element: fhir4.ElementDefinition;
  readonly of: string;
}

function inside(item: Json, { element, of }: Described, type: string, found: Place[]): void {
  if (element.contentReference) collect(item, type, element.contentReference.slice(1), found);
  else if (of === 'BackboneElement' || of === 'Element') collect(item, type, element.path, found);
  else if (of === 'Resource') found.push(...placesOf(item));
  else collect(item, of, of, found);
}

/** The element behind a JSON property of the type or part at `path`. */
function elementOf(type: string, path: string, key: string): Described | undefined {
  for (const element of r4().type(type)?.snapshot?.element ?? []) {
    if (element.path === `${path}.${key}`)
      return { element, of: typeName(element.type?.[0]?.code ?? 'BackboneElement', key) };
    const stem = element.path.slice(0, -3);
    if (!element.path.endsWith('[x]') || !`${path}.${key}`.startsWith(stem)) continue;
    const end = `${path}.${key}`.slice(stem.length).toLowerCase();
    const chosen = element.type?.find(({ code }) => code.toLowerCase() === end);
    if (chosen) return { element, of: chosen.code };
  }
  return undefined;
}

function typeName(code: string, key: string): string {
  if (!code.startsWith('http')) return code;
  return key === 'url' ? 'uri' : key === 'id' ? 'id' : 'string';
}

/** The elements that the root of a resource may have. */
export function rootElements(resourceType: string): fhir4.ElementDefinition[] {
  const all = r4().type(resourceType)?.snapshot?.element ?? [];
  return all.filter(({ path }) => path.split('.').length === 2);
}

/** Writes a value of this type under some element of the resource that may have it; false where there is none. */
export function putOnRoot(
  resource: Json,
  type: string,
  value: unknown,
  choose: <T>(from: readonly T[]) => T | undefined,
): boolean {
  const able = rootElements(String(resource.resourceType)).filter((element) =>
    element.type?.some(({ code }) => code === type),
  );
  const element = choose(able);
  if (!element) return false;
  const name = element.path.slice(element.path.indexOf('.') + 1);
  if (!name.endsWith('[x]')) {
    resource[name] = element.max === '1' ? value : [value];
    return true;
  }
  const stem = name.slice(0, -3);
  for (const { code } of element.type ?? []) {
    delete resource[stem + upperFirst(code)];
    delete resource[`_${stem}${upperFirst(code)}`];
  }
  resource[stem + upperFirst(type)] = value;
  return true;
}

export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
