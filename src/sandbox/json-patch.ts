/**
 * JSON Patch (RFC 6902) with the operations that clients of this kind use: test, add, replace, remove. `move` and
 * `copy` are refused by name. A patch is applied to a copy, so a failure in the middle leaves nothing behind.
 */
import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json, type JsonObject, type JsonResource, plain } from './json.ts';
import { refuse } from './outcome.ts';

export function patched(resource: JsonResource, patch: Json | undefined): JsonResource {
  if (!Array.isArray(patch))
    throw refuse(400, 'structure', 'A JSON Patch is a list of operations.');
  const copy = plain(resource);
  for (const [n, operation] of patch.entries()) {
    if (!isObject(operation)) throw refuse(400, 'structure', `Operation ${n} is no object.`);
    apply(copy, operation, n);
  }
  return copy;
}

function apply(resource: JsonResource, operation: JsonObject, n: number): void {
  const { op, path, value } = operation;
  if (op !== 'test' && op !== 'add' && op !== 'replace' && op !== 'remove') {
    throw refuse(400, 'not-supported', `Operation ${n}: ${JSON.stringify(op)} is not supported.`);
  }
  if (typeof path !== 'string' || !path.startsWith('/')) {
    throw refuse(400, 'structure', `Operation ${n} needs a path that starts with "/".`);
  }
  if (op !== 'remove' && value === undefined) {
    throw refuse(400, 'structure', `Operation ${n} needs a value.`);
  }
  const steps = path
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = steps.pop() ?? '';
  const nowhere = () => refuse(422, 'processing', `Operation ${n}: there is nothing at ${path}.`);
  let parent: Json | undefined = resource;
  for (const step of steps) parent = childOf(parent, step);
  if (Array.isArray(parent)) {
    const index = op === 'add' && last === '-' ? parent.length : indexIn(last);
    if (index === undefined || index > parent.length - (op === 'add' ? 0 : 1)) throw nowhere();
    if (op === 'test') refuseUnlessEqual(parent[index], value, path, n);
    else parent.splice(index, op === 'add' ? 0 : 1, ...(op === 'remove' ? [] : [value ?? null]));
  } else {
    if (!isObject(parent) || last === '__proto__') throw nowhere();
    if (op !== 'add' && !Object.hasOwn(parent, last)) throw nowhere();
    if (op === 'test') refuseUnlessEqual(parent[last], value, path, n);
    else if (op === 'remove') delete parent[last];
    else parent[last] = value;
  }
}

function childOf(parent: Json | undefined, step: string): Json | undefined {
  if (Array.isArray(parent)) {
    const index = indexIn(step);
    return index === undefined ? undefined : parent[index];
  }
  return isObject(parent) && Object.hasOwn(parent, step) ? parent[step] : undefined;
}

function indexIn(step: string): number | undefined {
  return /^(0|[1-9]\d{0,6})$/.test(step) ? Number(step) : undefined;
}

function refuseUnlessEqual(
  found: Json | undefined,
  value: Json | undefined,
  path: string,
  n: number,
): void {
  if (isDeepStrictEqual(found, value)) return;
  throw refuse(422, 'processing', `Operation ${n}: the test at ${path} failed.`);
}
