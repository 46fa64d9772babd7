/**
 * Filters of a value set on a code system (R4 valueset.html, `compose.include.filter`): which of the concepts that are
 * here pass. What a filter means is in R4 filter-operator; one that cannot be applied leaves the list open, with the reason.
 */

import { type Codes, open } from './code-list.ts';
import { type Concept, listedCodes, type Property, type System } from './code-system.ts';
import { nameOf } from './well-known.ts';

type Filter = fhir4.ValueSetComposeIncludeFilter;
type Passes = (code: string, concept: Concept) => boolean;

export function filtered(system: System, filter: Filter): Codes {
  const passes =
    filter.property === 'concept' ? byPlace(system, filter) : byProperty(system, filter);
  if (!passes) return notApplied(system.url, filter);
  const codes = new Set<string>();
  for (const [code, concept] of system.concepts) if (passes(code, concept)) codes.add(code);
  return listedCodes(system, codes);
}

/** What a filter says of the codes of a system whose concepts are not here: no more than their form. */
export function filteredUnseen(url: string, { property, op, value }: Filter): Codes[] {
  const form = property === 'code' && op === 'regex' ? simpleRegex(value) : undefined;
  if (!form) return [];
  const has: Codes['has'] = (asked, code) => (asked === url && form.test(code) ? 'in' : 'out');
  return [{ systems: new Set([url]), gaps: [], listed: [], has }];
}

function notApplied(url: string, { property, op, value }: Filter): Codes {
  return open(url, `"${property} ${op} ${value}" cannot be applied to ${nameOf(url)} here`);
}

/** By where a concept stands in the hierarchy. */
function byPlace(system: System, { op, value }: Filter): Passes | undefined {
  switch (op) {
    case 'is-a':
    case 'descendent-of':
    case 'is-not-a': {
      const under = below(system, value);
      if (op === 'is-a') return (code) => under.has(code);
      if (op === 'is-not-a') return (code) => !under.has(code);
      return (code) => code !== value && under.has(code);
    }
    case 'generalizes': {
      const over = above(system, value);
      return (code) => over.has(code);
    }
    case '=':
      return (code) => code === value;
    default:
      return byList(op, value, (code) => [code]);
  }
}

/** By a property that the concepts carry. One that none carries may be one that is not kept, such as the display. */
function byProperty({ concepts }: System, { property, op, value }: Filter): Passes | undefined {
  // These are false where a concept does not carry them, or follow from `status`: absence says nothing simple
  if (['inactive', 'notSelectable', 'abstract'].includes(property) && value !== 'true')
    return undefined;
  const valuesOf = readerOf(property);
  if (!valuesOf || ![...concepts].some(([code, concept]) => valuesOf(code, concept).length > 0))
    return undefined;
  switch (op) {
    case '=':
      return (code, concept) => valuesOf(code, concept).includes(value);
    case 'exists':
      return (code, concept) => String(valuesOf(code, concept).length > 0) === value;
    case 'regex': {
      const form = simpleRegex(value);
      return form && ((code, concept) => valuesOf(code, concept).some((each) => form.test(each)));
    }
    default:
      return byList(op, value, valuesOf);
  }
}

type Reader = (code: string, concept: Concept) => readonly string[];

function readerOf(property: string): Reader | undefined {
  if (property === 'code') return (code) => [code];
  if (property === 'parent') return (_, { parents }) => parents;
  if (property === 'child') return undefined; // half of it is nesting
  return (_, { properties }) => properties.filter(({ code }) => code === property).map(textOf);
}

function byList(op: Filter['op'], value: string, valuesOf: Reader): Passes | undefined {
  const listed = new Set(value.split(',').map((each) => each.trim()));
  const isListed: Passes = (code, concept) =>
    valuesOf(code, concept).some((each) => listed.has(each));
  if (op === 'in') return isListed;
  return op === 'not-in' ? (code, concept) => !isListed(code, concept) : undefined;
}

function textOf(property: Property): string {
  const {
    valueCode,
    valueCoding,
    valueString,
    valueInteger,
    valueBoolean,
    valueDateTime,
    valueDecimal,
  } = property;
  return String(
    valueCode ??
      valueCoding?.code ??
      valueString ??
      valueInteger ??
      valueBoolean ??
      valueDateTime ??
      valueDecimal ??
      '',
  );
}

/**
 * A pattern over the whole value, and only one that cannot backtrack: characters and classes, each once or a fixed
 * number of times. Others come from a file that a site adds, and could hold up a run.
 */
function simpleRegex(pattern: string): RegExp | undefined {
  return /^((\[[A-Za-z0-9-]+\]|[A-Za-z0-9-])(\{\d{1,3}\})?)+$/.test(pattern)
    ? new RegExp(`^(${pattern})$`)
    : undefined;
}

/** The concept itself and all below it, however deep; a hierarchy that runs in a circle ends. */
function below({ concepts }: System, top: string): Set<string> {
  const children = new Map<string, string[]>();
  for (const [code, { parents }] of concepts)
    for (const parent of parents) {
      const known = children.get(parent);
      if (known) known.push(code);
      else children.set(parent, [code]);
    }
  return reached(concepts.has(top) ? [top] : [], (code) => children.get(code));
}

/** The concept itself and all above it. */
function above({ concepts }: System, bottom: string): Set<string> {
  return reached(concepts.has(bottom) ? [bottom] : [], (code) => concepts.get(code)?.parents);
}

function reached(
  from: string[],
  next: (code: string) => readonly string[] | undefined,
): Set<string> {
  const found = new Set<string>();
  for (let code = from.pop(); code !== undefined; code = from.pop()) {
    if (found.has(code)) continue;
    found.add(code);
    from.push(...(next(code) ?? []));
  }
  return found;
}
