/**
 * One search parameter with its modifier and values, turned into a yes or no for one resource
 * (http://hl7.org/fhir/R4/search.html). A modifier or value that cannot be understood is a 400, never ignored: a
 * search that quietly means something else is the worst answer that a server can give.
 */
import { refuse } from './outcome.ts';
import { targetOf } from './references.ts';
import type { LiveVersion, Repository } from './repository.ts';
import { resourceTypes } from './resource-types.ts';
import { comparisons, dateRange } from './search-dates.ts';
import { type Parameter, parametersOf } from './search-parameters.ts';
import {
  folded,
  type ReferenceValue,
  rangesOf,
  referencesOf,
  type Token,
  textsOf,
  tokensIn,
  tokensOf,
} from './search-values.ts';

/** Where a search looks, and which absolute base addresses are our own. */
export type SearchPlace = {
  readonly repository: Repository;
  readonly ownBases: readonly string[];
  /** Parameters beside those of R4, by `Type?name`. */
  readonly parameters?: ReadonlyMap<string, Parameter>;
};
export type Criterion = (version: LiveVersion) => boolean;

/** The criterion for `name=value` (modifiers and chains in the name), or undefined for an unknown parameter. */
export function criterionFor(
  place: SearchPlace,
  type: string,
  name: string,
  value: string,
): Criterion | undefined {
  if (name.startsWith('_has:')) return reverseChain(place, type, name, value);
  const dot = name.indexOf('.');
  const [plainName = '', modifier] = (dot < 0 ? name : name.slice(0, dot)).split(':', 2);
  const parameter =
    parametersOf(type).get(plainName) ?? place.parameters?.get(`${type}?${plainName}`);
  if (parameter === undefined) return undefined;
  if (dot >= 0) return chain(place, parameter, modifier, name.slice(dot + 1), value);
  if (modifier === 'missing') return missing(parameter, value);
  const anyOf = (tests: Criterion[]): Criterion => {
    const [only] = tests;
    return tests.length === 1 && only ? only : (version) => tests.some((test) => test(version));
  };
  const alternatives = splitUnescaped(value, ',');
  switch (parameter.type) {
    case 'token': {
      if (modifier === 'not') {
        const hit = anyOf(alternatives.map((one) => tokenTest(parameter, undefined, one)));
        return (version) => !hit(version);
      }
      return anyOf(alternatives.map((one) => tokenTest(parameter, modifier, one)));
    }
    case 'reference':
      return anyOf(alternatives.map((one) => referenceTest(place, parameter, modifier, one)));
    case 'date':
      return anyOf(alternatives.map((one) => dateTest(parameter, modifier, one)));
    case 'string':
      return anyOf(alternatives.map((one) => stringTest(parameter, modifier, one)));
  }
}

/** Splits at a separator that is not escaped by a backslash; the parts keep their escapes. */
export function splitUnescaped(text: string, separator: string): string[] {
  const parts: string[] = [''];
  for (let n = 0; n < text.length; n += 1) {
    const character = text.charAt(n);
    if (character === separator) parts.push('');
    else parts[parts.length - 1] += character === '\\' ? character + text.charAt(++n) : character;
  }
  return parts;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

function badModifier(parameter: Parameter, modifier: string) {
  return refuse(
    400,
    'not-supported',
    `The modifier ":${modifier}" of ${parameter.name} is not supported.`,
  );
}

function valuesFound(parameter: Parameter, version: LiveVersion): readonly unknown[] {
  switch (parameter.type) {
    case 'token':
      return tokensOf(version, parameter);
    case 'reference':
      return referencesOf(version, parameter);
    case 'date':
      return rangesOf(version, parameter);
    case 'string':
      return textsOf(version, parameter);
  }
}

function missing(parameter: Parameter, value: string): Criterion {
  if (value !== 'true' && value !== 'false') {
    throw refuse(400, 'value', `${parameter.name}:missing is true or false.`);
  }
  return (version) => (valuesFound(parameter, version).length === 0) === (value === 'true');
}

function tokenTest(parameter: Parameter, modifier: string | undefined, text: string): Criterion {
  if (modifier === 'text') {
    const start = folded(unescaped(text));
    return (version) =>
      tokensOf(version, parameter).some((token) => folded(token.text ?? '').includes(start));
  }
  if (modifier !== undefined) throw badModifier(parameter, modifier);
  const hit = tokenMatch(text);
  return (version) => tokensOf(version, parameter).some(hit);
}

/** `code`, `system|code`, `|code` (no system) or `system|` (any code of it). */
function tokenMatch(text: string): (token: Token) => boolean {
  const parts = splitUnescaped(text, '|').map(unescaped);
  if (parts.length > 2) throw refuse(400, 'value', 'A token has at most one "|".');
  const [first = '', code] = parts;
  if (code === undefined) return (token) => token.code === first && first !== '';
  if (first === '') return (token) => token.system === undefined && token.code === code;
  // a code element says no system; those of R4's required bindings are all under hl7.org/fhir
  const bySystem = (token: Token) =>
    token.system === first || (token.implied && first.startsWith('http://hl7.org/fhir/'));
  if (code === '') return bySystem;
  return (token) => token.code === code && bySystem(token);
}

function referenceTest(
  place: SearchPlace,
  parameter: Parameter,
  modifier: string | undefined,
  text: string,
): Criterion {
  if (modifier === 'identifier') {
    const hit = tokenMatch(text);
    return (version) =>
      referencesOf(version, parameter).some(
        ({ identifier }) => identifier !== undefined && tokensIn(identifier).some(hit),
      );
  }
  if (modifier !== undefined && !resourceTypes.has(modifier)) {
    throw badModifier(parameter, modifier);
  }
  const asked = unescaped(text);
  const target = targetOf(asked);
  const isOwn = (base: string | undefined) => base === undefined || place.ownBases.includes(base);
  const hit = (value: ReferenceValue): boolean => {
    const found = value.target;
    if (found === undefined || (target === undefined && asked.includes('/'))) {
      return value.text === asked;
    }
    if (target === undefined) {
      return isOwn(found.base) && found.id === asked && found.type === (modifier ?? found.type);
    }
    const sameBase = isOwn(target.base) ? isOwn(found.base) : target.base === found.base;
    return (
      sameBase &&
      found.id === target.id &&
      found.type === target.type &&
      found.type === (modifier ?? found.type)
    );
  };
  return (version) => referencesOf(version, parameter).some(hit);
}

function dateTest(parameter: Parameter, modifier: string | undefined, text: string): Criterion {
  if (modifier !== undefined) throw badModifier(parameter, modifier);
  const prefix = /^[a-z]{2}/.exec(text)?.[0];
  const compare = comparisons[prefix ?? 'eq'];
  if (compare === undefined) {
    throw refuse(400, 'not-supported', `The prefix "${prefix}" is not supported.`);
  }
  // a "+" that was not encoded arrives as a space
  const asked = dateRange(text.slice(prefix?.length ?? 0).replace(' ', '+'));
  if (asked === undefined) throw refuse(400, 'value', `${parameter.name}: "${text}" is no date.`);
  return (version) => rangesOf(version, parameter).some((element) => compare(element, asked));
}

function stringTest(parameter: Parameter, modifier: string | undefined, text: string): Criterion {
  const exact = unescaped(text);
  const asked = folded(exact);
  const tests: Readonly<Record<string, (found: string) => boolean>> = {
    start: (found) => folded(found).startsWith(asked),
    contains: (found) => folded(found).includes(asked),
    exact: (found) => found === exact,
  };
  const test = tests[modifier ?? 'start'];
  if (test === undefined) throw badModifier(parameter, modifier ?? '');
  return (version) => textsOf(version, parameter).some(test);
}

/** `subject:Patient.name=x`: the resources whose reference leads to one that meets the rest. */
function chain(
  place: SearchPlace,
  parameter: Parameter,
  modifier: string | undefined,
  rest: string,
  value: string,
): Criterion {
  if (parameter.type !== 'reference') {
    throw refuse(400, 'invalid', `${parameter.name} is no reference and cannot be chained.`);
  }
  const criteria = new Map<string, Criterion | undefined>();
  const met = (type: string): Criterion | undefined => {
    if (!criteria.has(type)) criteria.set(type, criterionFor(place, type, rest, value));
    return criteria.get(type);
  };
  if (modifier !== undefined && met(modifier) === undefined) {
    throw refuse(400, 'not-supported', `${modifier} has no search parameter "${rest}".`);
  }
  return (version) =>
    referencesOf(version, parameter).some(({ target }) => {
      if (target === undefined || target.type !== (modifier ?? target.type)) return false;
      if (target.base !== undefined && !place.ownBases.includes(target.base)) return false;
      const leadsTo = place.repository.newest(target.type, target.id);
      const criterion = met(target.type);
      return (
        criterion !== undefined &&
        leadsTo?.resource !== undefined &&
        criterion(leadsTo as LiveVersion)
      );
    });
}

/** `_has:Observation:patient:code=x`: the resources to which one that meets the rest points. */
function reverseChain(place: SearchPlace, type: string, name: string, value: string): Criterion {
  const [, source = '', by = '', ...rest] = name.split(':');
  const parameter = parametersOf(source).get(by);
  const criterion = criterionFor(place, source, rest.join(':'), value);
  if (parameter?.type !== 'reference' || criterion === undefined) {
    throw refuse(400, 'not-supported', `"${name}" is not supported.`);
  }
  const ids = new Set<string>();
  for (const version of place.repository.live(source)) {
    if (!criterion(version)) continue;
    for (const { target } of referencesOf(version, parameter)) {
      if (target?.type === type) ids.add(target.id);
    }
  }
  return (version) => ids.has(version.id);
}
