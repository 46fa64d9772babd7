/**
 * Constraint expressions through the FHIRPath engine (npm `fhirpath` with its R4 model): the way for every expression
 * that has no predicate written by hand. The engine is loaded when the first such expression is evaluated, because
 * loading it takes longer than a whole start of ours. What the engine cannot evaluate is undefined, never a guess.
 */
import { createRequire } from 'node:module';
import type { Holds, Surroundings } from './predicate.ts';

/** What this file uses of the engine; its own types say `any` wherever a value passes. */
interface Engine {
  compile(path: { base: string; expression: string }, model: unknown, options: object): Evaluate;
  readonly FP_Decimal: { getDecimal(value: number): unknown };
}
type Evaluate = (node: unknown, variables: Variables) => readonly unknown[];
type Variables = Record<string | symbol, unknown>;

const require = createRequire(import.meta.url);
let loaded: { readonly engine: Engine; readonly r4: unknown } | undefined;

function loadEngine(): { readonly engine: Engine; readonly r4: unknown } {
  loaded ??= { engine: require('fhirpath'), r4: require('fhirpath/fhir-context/r4') };
  return loaded;
}

/** Where resolve() finds the references of this evaluation: a symbol, so that no expression can name it. */
const references = Symbol('references');

/** What the engine wraps every value of a resource in; its class makes others. */
interface Wrapped {
  readonly data: unknown;
  readonly constructor: { makeResNode(context: unknown, data: unknown): Wrapped };
}

const isWrapped = (value: unknown): value is Wrapped =>
  typeof value === 'object' && value !== null && 'fhirNodeDataType' in value && 'data' in value;

/** A value as the engine hands it to functions, without its wrapping. */
const plain = (value: unknown): unknown => (isWrapped(value) ? value.data : value);

class NotHere extends Error {}

const options = {
  resolveInternalTypes: false, // else the engine writes its bookkeeping into our resources
  traceFn: () => {}, // else trace() prints parts of resources
  userInvocationTable: {
    resolve: { fn: resolveAll, arity: { 0: [] }, internalStructures: true },
    memberOf: { fn: onlyOfNothing, arity: { 1: ['Any'] }, internalStructures: true },
    conformsTo: { fn: onlyOfNothing, arity: { 1: ['Any'] }, internalStructures: true },
    matches: { fn: matches, arity: { 1: ['String'] }, internalStructures: true },
  },
};

/** resolve(): targets that are here; whatever is elsewhere is left out, as FHIR says, and remembered. */
function resolveAll(this: { vars: Variables }, items: readonly unknown[]): unknown[] {
  const sought = this.vars[references] as References;
  const targets: unknown[] = [];
  for (const item of items) {
    const value = plain(item);
    const reference =
      typeof value === 'object' && value !== null && 'reference' in value ? value.reference : value;
    if (typeof reference !== 'string') continue;
    const target = sought.resolve?.(reference);
    if (target === undefined) sought.missed = true;
    // Wrapped, or `is` and `ofType` would not see its type
    else targets.push(isWrapped(item) ? item.constructor.makeResNode(this, target) : target);
  }
  return targets;
}

/** memberOf() and conformsTo() ask for terminology and profiles, which are judged elsewhere: only nothing has an answer here. */
function onlyOfNothing(items: readonly unknown[]): unknown[] {
  if (items.length > 0) throw new NotHere();
  return [];
}

/**
 * matches(): the engine reads patterns in Unicode mode, which refuses escapes that definitions use because Java allows
 * them, such as `\\@` (eld-16) or `\\'` (eld-19).
 */
function matches(items: readonly unknown[], pattern: unknown): unknown[] {
  const text = plain(items[0]);
  if (text === undefined || text === null || typeof pattern !== 'string') return [];
  if (items.length > 1 || typeof text !== 'string') throw new NotHere();
  return [patternOf(pattern).test(text)];
}

const patterns = new Map<string, RegExp>();

function patternOf(pattern: string): RegExp {
  let known = patterns.get(pattern);
  if (known === undefined) {
    try {
      known = new RegExp(pattern, 'us');
    } catch {
      known = new RegExp(pattern, 's');
    }
    patterns.set(pattern, known);
  }
  return known;
}

interface References {
  readonly resolve: Surroundings['resolve'];
  missed: boolean;
}

/** `%vs-name` and `%ext-name` stand for addresses (FHIR R4, FHIRPath §2.9.1.2). */
function addressesNamedIn(expression: string): Variables {
  const named: Variables = {
    sct: 'http://snomed.info/sct',
    loinc: 'http://loinc.org',
  };
  for (const [, kind, name] of expression.matchAll(/%["'`]?(vs|ext)-([A-Za-z0-9.-]+)/g)) {
    const folder = kind === 'vs' ? 'ValueSet' : 'StructureDefinition';
    named[`${kind}-${name}`] = `http://hl7.org/fhir/${folder}/${name}`;
  }
  return named;
}

/** The result of a constraint: it fails only by false; nothing at all satisfies it, and so does any single item. */
function verdictOf(result: readonly unknown[]): boolean | undefined {
  if (result.length === 0) return true;
  if (result.length > 1) return undefined;
  return plain(result[0]) !== false;
}

/**
 * The predicate of `expression` for nodes of `base` (a type, or a path below one, such as `Timing.repeat`). Parsed on
 * first use. Undefined when the engine refuses the expression or cannot come to an answer; never throws.
 */
export function byFhirpath(expression: string, base: string): Holds {
  let evaluate: Evaluate | undefined;
  let refused = false;
  const addresses = addressesNamedIn(expression);
  return (node, around) => {
    if (refused || node === undefined) return undefined;
    const { engine, r4 } = loadEngine();
    try {
      evaluate ??= engine.compile({ base, expression }, r4, options);
    } catch {
      refused = true; // No FHIRPath that the engine knows, and that will not change.
      return undefined;
    }
    const sought: References = { resolve: around.resolve, missed: false };
    const variables = {
      ...addresses,
      resource: around.resource,
      rootResource: around.root,
      [references]: sought,
    };
    // A bare number as the node is an oversight of the engine: it has to be given the decimal that it would make of it.
    const given = typeof node === 'number' ? engine.FP_Decimal.getDecimal(node) : node;
    try {
      const holds = verdictOf(evaluate(given, variables));
      // What is elsewhere may be what would have satisfied it.
      return holds === false && sought.missed ? undefined : holds;
    } catch {
      return undefined; // A function that the engine lacks, types that it cannot compare: no answer.
    }
  };
}
