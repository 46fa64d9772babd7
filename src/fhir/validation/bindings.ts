/**
 * Bindings of R4 (terminologies.html#strength): required ones are errors, extensible ones warnings, each only where
 * the value set is known well enough here to say that a code is not in it.
 */
import type { CodeList, Definitions } from '../definitions/definitions.ts';
import type { Check } from './check.ts';
import { isObject } from './documents.ts';
import type { FhirObject } from './scope.ts';
import type { Walk } from './walk.ts';

type Strength = 'required' | 'extensible';
type Belongs = 'in' | 'out' | 'unknown';

/** The value set beyond which no code may lie, whatever the strength of the binding. */
const maxValueSet = 'http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet';

/** The check of a bound element of this type; undefined where the binding obliges to nothing. */
export function bindingCheck(
  binding: fhir4.ElementDefinitionBinding | undefined,
  type: string,
  definitions: Definitions,
): Check | undefined {
  const kind = boundTypes[type];
  if (!binding || !kind) return undefined;
  const { strength, valueSet, extension } = binding;
  const outer = extension?.find(({ url }) => url === maxValueSet)?.valueCanonical;
  const obliges = strength === 'required' || strength === 'extensible';
  const inner = obliges && valueSet ? listCheck(kind, strength, valueSet, definitions) : undefined;
  // What limits codes does not ask for one where the binding itself does not
  const limit = outer
    ? listCheck(kind === concept ? limitedConcept : kind, 'required', outer, definitions)
    : undefined;
  if (!inner || !limit) return inner ?? limit;
  return (value, walk) => {
    inner(value, walk);
    limit(value, walk);
  };
}

function listCheck(
  kind: (value: unknown, bound: Bound, walk: Walk) => void,
  strength: Strength,
  url: string,
  definitions: Definitions,
): Check {
  // Read when the first value comes: most value sets of a type are never asked for
  let bound: Bound | undefined | null = null;
  return (value, walk) => {
    if (bound === null) {
      const list = definitions.valueSet(url);
      bound = list && { list, strength, url };
    }
    if (bound === undefined)
      walk.skip(
        'value-set',
        `The value set ${url} is not here, so that its codes were not checked.`,
      );
    else kind(value, bound, walk);
  };
}

/** Whether a value is one of the codes that a required binding of a primitive lists: true only where that is certain. */
export function isListed(
  binding: fhir4.ElementDefinitionBinding | undefined,
  definitions: Definitions,
): (value: string) => boolean {
  const url = binding?.valueSet;
  if (url === undefined) return () => false;
  let codes: ReadonlySet<string> | undefined;
  return (value) => {
    codes ??= definitions.valueSet(url)?.codes ?? new Set();
    return codes.has(value);
  };
}

interface Bound {
  readonly list: CodeList;
  readonly strength: Strength;
  readonly url: string;
}

const primitive = (value: unknown, bound: Bound, walk: Walk): void => {
  if (typeof value !== 'string' || bound.list.codes.has(value)) return;
  report(bound.list.has(undefined, value), value, bound, walk);
};

const coding = (value: unknown, bound: Bound, walk: Walk): void => {
  if (!isObject(value) || typeof value.code !== 'string') return;
  const { system, code } = value;
  report(belongs(bound.list, system, code), code, bound, walk);
};

/**
 * The unit of a Quantity: never an error, since R4 itself binds units that its vital signs need otherwise (the flow of
 * oxygen is counted in L/min, which the required list of units does not have) and validators do not refuse them.
 */
const quantity = (value: unknown, bound: Bound, walk: Walk): void =>
  coding(value, { ...bound, strength: 'extensible' }, walk);

const concept = (value: unknown, bound: Bound, walk: Walk): void => {
  if (!isObject(value)) return;
  const { coding: codings } = value;
  const given = Array.isArray(codings) ? (codings as readonly FhirObject[]) : [];
  let all: Belongs = 'out';
  let coded = 0;
  for (const one of given) {
    if (typeof one?.code !== 'string') continue;
    coded += 1;
    const here = belongs(bound.list, one.system, one.code);
    if (here === 'in') return;
    if (here === 'unknown') all = 'unknown';
  }
  if (coded > 0) report(all, codesOf(given), bound, walk);
  else if (bound.strength === 'required' && value.extension === undefined)
    walk.error('code-invalid', `There is no code, but one from ${named(bound)} is required.`);
};

/** A concept with any codes at all has one of these. */
const limitedConcept = (value: unknown, bound: Bound, walk: Walk): void => {
  if (isObject(value) && Array.isArray(value.coding) && value.coding.some(hasCode))
    concept(value, bound, walk);
};

function hasCode(coding: unknown): boolean {
  return isObject(coding) && typeof coding.code === 'string';
}

const boundTypes: Readonly<Record<string, (value: unknown, bound: Bound, walk: Walk) => void>> = {
  code: primitive,
  string: primitive,
  uri: primitive,
  Coding: coding,
  Quantity: quantity,
  CodeableConcept: concept,
};

/** A code without a system means nothing outside of its sender, and is none of the set (datatypes.html#Coding). */
function belongs(list: CodeList, system: unknown, code: string): Belongs {
  return typeof system === 'string' ? list.has(system, code) : 'out';
}

function codesOf(given: readonly FhirObject[]): string {
  return given
    .flatMap((one) => (typeof one?.code === 'string' ? [`${one.system ?? ''}|${one.code}`] : []))
    .join(', ');
}

function report(here: Belongs, code: string, bound: Bound, walk: Walk): void {
  if (here === 'in') return;
  if (here === 'unknown')
    walk.skip(
      'code',
      `${walk.quote(code)} in ${named(bound)}: ${bound.list.gap ?? 'not all of it is here'}.`,
    );
  else if (bound.strength === 'required')
    walk.error(
      'code-invalid',
      `${walk.quote(code)} is not in ${named(bound)}, which is required here.`,
    );
  else
    walk.say(
      'warning',
      'code-invalid',
      `${walk.quote(code)} is not in ${named(bound)}: another code is allowed only where none of its codes fits.`,
    );
}

function named({ list, url }: Bound): string {
  return list.title === undefined ? `the value set ${url}` : `the value set ${list.title} (${url})`;
}
