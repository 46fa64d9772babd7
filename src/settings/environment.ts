/**
 * Settings from environment variables. A variable is the path in capitals: MASSAGE_FHIR_STORE,
 * MASSAGE_FHIR_HOSPITALS_0_BASE. Lists of texts are comma separated; the variable of a secret holds the secret itself
 * and is only ever named, never read here. Variables win over the file.
 */
import type { Environment } from '../hospital/connection.ts';
import { nearest } from '../mapping/nearest.ts';
import type { Problem } from '../mapping/problems.ts';
import { catalogue, type SettingEntry, variablePrefix } from './catalogue.ts';
import { pointer, readable, type Step } from './pointer.ts';

export interface Laid {
  readonly value: unknown;
  readonly sources: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

interface Assignment {
  readonly variable: string;
  readonly steps: readonly Step[];
  readonly value: unknown;
}

/** Lays the variables over `value` (which is not changed). */
export function layEnvironment(
  value: unknown,
  sources: ReadonlyMap<string, string>,
  env: Environment,
): Laid {
  const merged = new Map(sources);
  const problems: Problem[] = [];
  const variables = Object.keys(env)
    .filter((variable) => variable.startsWith(variablePrefix) && env[variable] !== undefined)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  let laid = value;
  const unknown: string[] = [];
  for (const variable of variables) {
    const assignment = assignmentOf(variable, env[variable] ?? '');
    if (assignment === undefined) {
      unknown.push(variable);
      continue;
    }
    const gap = gapIn(laid, assignment.steps);
    if (gap !== undefined) {
      problems.push({
        where: variable,
        path: readable(pointer(assignment.steps)),
        found: `out of turn, there are only ${gap} before it`,
        expected: `numbers without a gap`,
      });
      continue;
    }
    laid = withValue(laid, assignment.steps, assignment.value);
    merged.set(pointer(assignment.steps), variable);
    for (let depth = 1; depth < assignment.steps.length; depth++) {
      const around = pointer(assignment.steps.slice(0, depth));
      if (!merged.has(around)) merged.set(around, variable);
    }
  }
  const named = namedSecrets(laid);
  for (const variable of unknown.filter((one) => !named.has(one))) {
    problems.push({
      where: 'environment',
      path: variable,
      found: 'no setting',
      expected: `a variable of docs/settings.md`,
      meant: nearestVariable(variable),
    });
  }
  return { value: laid, sources: merged, problems };
}

const patterns = catalogue.map((entry) => ({
  entry,
  pattern: new RegExp(
    `^${entry.variable.replaceAll('<n>', '(\\d{1,3})')}${entry.kind === 'secret' ? '(_FILE|_ENV)?' : ''}$`,
  ),
}));

function assignmentOf(variable: string, text: string): Assignment | undefined {
  for (const { entry, pattern } of patterns) {
    const match = pattern.exec(variable);
    if (match === null) continue;
    const numbers = match.slice(1);
    const steps = entry.keys.map((key) => (key === '[]' ? Number(numbers.shift()) : key));
    return { variable, steps, value: read(entry, text, variable, numbers.at(-1)) };
  }
  return undefined;
}

function read(entry: SettingEntry, text: string, variable: string, suffix?: string): unknown {
  switch (entry.kind) {
    case 'text':
      return text;
    case 'number':
      return /^\d+$/.test(text) ? Number(text) : text;
    case 'texts':
      return text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
    case 'secret':
      if (suffix === '_FILE') return { file: text };
      return { env: suffix === '_ENV' ? text : variable };
  }
}

/** How many items a list has when `steps` would leave a hole in it. */
function gapIn(value: unknown, steps: readonly Step[]): number | undefined {
  let at = value;
  for (const step of steps) {
    const length = Array.isArray(at) ? at.length : 0;
    if (typeof step === 'number' && step > length) return length;
    at = childOf(at, step);
  }
  return undefined;
}

function withValue(value: unknown, steps: readonly Step[], put: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return put;
  const child = withValue(childOf(value, step), rest, put);
  if (typeof step === 'number')
    return Object.assign(Array.isArray(value) ? [...value] : [], { [step]: child });
  return { ...(isGroup(value) ? value : {}), [step]: child };
}

function childOf(value: unknown, step: Step): unknown {
  if (typeof step === 'number') return Array.isArray(value) ? value[step] : undefined;
  return isGroup(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Variables that some `{ env: … }` names: whatever they are called, they are no settings. */
function namedSecrets(value: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('env' in node && typeof node.env === 'string') names.add(node.env);
    for (const child of Object.values(node)) walk(child);
  };
  walk(value);
  return names;
}

function nearestVariable(variable: string): string | undefined {
  const numbers = variable.match(/\d+/g) ?? [];
  const filled = catalogue.map((entry) => {
    const left = [...numbers];
    return entry.variable.replaceAll('<n>', () => left.shift() ?? '0');
  });
  return nearest(variable, filled);
}
