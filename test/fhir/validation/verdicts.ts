/** Verdicts as the tests of the validator read them, and validators that know a few definitions of the test's own. */
import { type Definitions, openDefinitions } from '../../../src/fhir/definitions/definitions.ts';
import {
  openValidator,
  type ValidateOptions,
  type Validator,
} from '../../../src/fhir/validation/validator.ts';

let definitions: Definitions | undefined;
let validator: Validator | undefined;

/** One for all tests: it keeps nothing of what it validated. */
export function theValidator(): Validator {
  definitions ??= openDefinitions();
  validator ??= openValidator(definitions);
  return validator;
}

/** A validator that also knows these. */
export function validatorWith(...added: readonly fhir4.StructureDefinition[]): Validator {
  definitions ??= openDefinitions();
  const known = definitions;
  const byUrl = new Map(added.map((one) => [one.url, one]));
  return openValidator({
    ...known,
    structure: (canonical) => byUrl.get(canonical) ?? known.structure(canonical),
  });
}

/** Errors as `expression: message`, a broken constraint by its key. */
export function errorsOf(
  resource: unknown,
  options: ValidateOptions = {},
  by: Validator = theValidator(),
): string[] {
  return by
    .validate(resource, options)
    .issues.filter(({ severity }) => severity === 'error' || severity === 'fatal')
    .map(({ expression, constraint, message }) => `${expression}: ${constraint ?? message}`);
}

/** The expressions of errors alone. */
export function placesOf(
  resource: unknown,
  options: ValidateOptions = {},
  by?: Validator,
): string[] {
  return by === undefined
    ? errorsOf(resource, options).map(beforeColon)
    : errorsOf(resource, options, by).map(beforeColon);
}

function beforeColon(text: string): string {
  return text.slice(0, text.indexOf(': '));
}

type Element = Omit<fhir4.ElementDefinition, 'path'>;

/**
 * A profile on a type of R4: its snapshot with elements added or laid over by id (`Observation.code`,
 * `Observation.category:vital`).
 */
export function profileOn(
  type: string,
  elements: Readonly<Record<string, Element>>,
  url = `https://tests.example/StructureDefinition/${type}`,
): fhir4.StructureDefinition {
  definitions ??= openDefinitions();
  const base = definitions.type(type);
  if (!base?.snapshot) throw new Error(`${type} has no snapshot`);
  const snapshot = structuredClone(base.snapshot.element);
  for (const [id, element] of Object.entries(elements)) {
    const path = id.replace(/:[^.]*/g, '');
    const at = snapshot.findIndex((one) => one.id === id);
    const laid = { ...element, id, path };
    if (at >= 0) Object.assign(snapshot[at] ?? {}, laid);
    else snapshot.splice(placeFor(snapshot, id), 0, laid);
  }
  return {
    ...base,
    url,
    name: 'Tested',
    status: 'active',
    derivation: 'constraint',
    baseDefinition: base.url,
    snapshot: { element: snapshot },
  };
}

/** Behind what it slices or belongs to, and behind what was added there before. */
function placeFor(snapshot: readonly fhir4.ElementDefinition[], id: string): number {
  const last = id.slice(id.lastIndexOf('.'));
  const holder = id.slice(0, id.lastIndexOf(last.includes(':') ? ':' : '.'));
  const below = last.includes(':') ? [`${holder}.`, `${holder}:`] : [`${holder}.`];
  return (
    snapshot.findLastIndex(
      (one) => one.id === holder || below.some((start) => one.id?.startsWith(start)),
    ) + 1
  );
}
