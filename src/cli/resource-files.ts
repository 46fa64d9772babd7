/**
 * Files of FHIR resources as people have them: one resource, a Bundle, or NDJSON, which is recognised by its content, since
 * exports carry any ending. What cannot be read as JSON is reported with its place, never quoted.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AdapterError } from '../core/errors.ts';

export interface PlacedResource {
  /** `orders.ndjson:3`, `bundle.json#2` or `order.json`. */
  readonly where: string;
  readonly resource: unknown;
}

export interface ResourceFiles {
  readonly resources: readonly PlacedResource[];
  /** Places that hold no JSON. */
  readonly broken: readonly string[];
  /** The resource that a reference names, if it is in one of the files. */
  readonly find: (reference: unknown) => Readonly<Record<string, unknown>> | undefined;
}

/** Throws `file-unreadable` for a file that cannot be opened. */
export function readResources(paths: readonly string[], cwd: string): ResourceFiles {
  const resources: PlacedResource[] = [];
  const broken: string[] = [];
  const byReference = new Map<string, Readonly<Record<string, unknown>>>();
  const add = (where: string, resource: unknown, fullUrl?: unknown) => {
    if (isGroup(resource) && resource.resourceType === 'Bundle' && Array.isArray(resource.entry)) {
      for (const [index, entry] of resource.entry.entries())
        if (isGroup(entry) && 'resource' in entry)
          add(`${where}#${index + 1}`, entry.resource, entry.fullUrl);
      return;
    }
    resources.push({ where, resource });
    if (!isGroup(resource)) return;
    byReference.set(`${resource.resourceType}/${resource.id}`, resource);
    if (typeof fullUrl === 'string') byReference.set(fullUrl, resource);
  };
  for (const path of paths) {
    const text = textOf(path, cwd);
    const whole = parsed(text);
    if (whole !== undefined) {
      add(path, whole.json);
      continue;
    }
    const lines = text.split('\n').map((line, index) => ({ line, where: `${path}:${index + 1}` }));
    const written = lines.filter(({ line }) => line.trim() !== '');
    const rows = written.map(({ line, where }) => ({ where, row: parsed(line) }));
    // A file of which no line is JSON is not NDJSON with many faults, it is something else.
    if (rows.every(({ row }) => row === undefined)) broken.push(path);
    else
      for (const { where, row } of rows)
        row === undefined ? broken.push(where) : add(where, row.json);
  }
  return {
    resources,
    broken,
    find: (reference) => {
      if (typeof reference !== 'string') return undefined;
      return (
        byReference.get(reference) ?? byReference.get(reference.split('/').slice(-2).join('/'))
      );
    },
  };
}

function textOf(path: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new AdapterError('file-unreadable', `The file ${path} cannot be read.`, { cause });
  }
}

function parsed(text: string): { json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) };
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

export function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
