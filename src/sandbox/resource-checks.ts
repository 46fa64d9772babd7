/**
 * What the sandbox demands of a resource before it stores it: the JSON form of FHIR (no null, no empty value), known
 * elements in the right cardinality, required codes, whole references. It is no validator: it checks neither
 * profiles nor value sets nor invariants, and `$validate` says so.
 */
import { isObject, type Json, type JsonObject } from './json.ts';
import type { Issue } from './outcome.ts';
import { allowedCodes, type ElementRule, elementRules } from './resource-structure.ts';
import { resourceTypes } from './resource-types.ts';

export const idPattern = /^[A-Za-z0-9\-.]{1,64}$/;

/** Deeper than any real resource; a limit, so that a hostile body cannot exhaust the stack. */
const maxDepth = 60;

/** All findings of severity error; an empty list means that the resource may be stored. */
export function checkResource(resource: JsonObject): Issue[] {
  const type = resource.resourceType;
  if (typeof type !== 'string' || !resourceTypes.has(type)) {
    return [error('structure', `resourceType ${JSON.stringify(type)} is not an R4 resource type.`)];
  }
  const issues = [...formOf(resource, type, 0)];
  const { id } = resource;
  if (id !== undefined && (typeof id !== 'string' || !idPattern.test(id))) {
    issues.push(error('value', 'An id has 1 to 64 letters, digits, "-" and ".".', `${type}.id`));
  }
  if (issues.length > 0) return issues;
  const rules = elementRules(type);
  return rules === undefined ? [] : elementsOf(resource, type, rules);
}

function error(code: Issue['code'], diagnostics: string, expression?: string): Issue {
  return { severity: 'error', code, diagnostics, ...(expression ? { expression } : {}) };
}

function* formOf(value: Json | undefined, path: string, depth: number): Generator<Issue> {
  if (depth > maxDepth) {
    yield error('structure', `Nested more than ${maxDepth} levels deep.`, path.slice(0, 200));
  } else if (value === null || value === undefined) {
    yield error('structure', 'null is no FHIR value here.', path);
  } else if (value === '') {
    yield error('structure', 'A string must not be empty.', path);
  } else if (Array.isArray(value)) {
    if (value.length === 0) yield error('structure', 'A list must not be empty.', path);
    // null is legal in a list of primitives, where it holds the place of an extension in the sister list
    for (const [n, item] of value.entries()) {
      if (item !== null) yield* formOf(item, `${path}[${n}]`, depth + 1);
    }
  } else if (isObject(value)) {
    if (Object.keys(value).length === 0) yield error('structure', 'An empty object.', path);
    for (const [name, child] of Object.entries(value)) {
      yield* formOf(child, `${path}.${name}`, depth + 1);
    }
  }
}

function elementsOf(resource: JsonObject, type: string, rules: readonly ElementRule[]): Issue[] {
  const issues: Issue[] = [];
  const seen = new Map<string, string>();
  for (const [key, value] of Object.entries(resource)) {
    if (key === 'resourceType') continue;
    const name = key.startsWith('_') ? key.slice(1) : key;
    const path = `${type}.${name}`;
    const rule = ruleFor(name, rules);
    if (rule === undefined) {
      issues.push(error('structure', `${type} has no element "${name}".`, path));
    } else if (key === name && Array.isArray(value) !== rule.list) {
      issues.push(error('structure', `${name} is ${rule.list ? 'a list' : 'not a list'}.`, path));
    } else if (key === name && !rule.choice && !fits(value, rule)) {
      issues.push(error('structure', `${name} has the wrong JSON type.`, path));
    } else {
      const before = seen.get(rule.name);
      if (before !== undefined && before !== name) {
        issues.push(error('structure', `Only one of ${before} and ${name} may be given.`, path));
      }
      seen.set(rule.name, name);
    }
    const allowed = key === name ? allowedCodes(path) : undefined;
    if (allowed !== undefined && (typeof value !== 'string' || !allowed.includes(value))) {
      issues.push(error('value', `${name} must be one of: ${allowed.join(', ')}.`, path));
    }
  }
  for (const rule of rules) {
    if (rule.required && !seen.has(rule.name)) {
      issues.push(error('required', `${rule.name} is missing.`, `${type}.${rule.name}`));
    }
  }
  return issues;
}

function ruleFor(name: string, rules: readonly ElementRule[]): ElementRule | undefined {
  return rules.find((rule) =>
    rule.choice
      ? name.startsWith(rule.name) && /^[A-Z]/.test(name.slice(rule.name.length))
      : rule.name === name,
  );
}

/** Whether a value (or each of a list) is an object where the element is complex, and none where it is primitive. */
function fits(value: Json | undefined, rule: ElementRule): boolean {
  const items = Array.isArray(value) ? value : [value];
  return items.every((item) => item === null || isObject(item) !== rule.primitive);
}
