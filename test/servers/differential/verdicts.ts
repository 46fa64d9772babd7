/** What HAPI's `$validate` and our validator say of one changed resource, in words that a table can match. */
import type { Validator } from '../../../src/fhir/validation/validator.ts';
import type { Json } from '../../support/mutations/element-places.ts';
import type { Mutation } from '../../support/mutations.ts';

/** Errors as `key or id: message`; none means valid. */
export type Errors = readonly string[];

const structure = 'http://hl7.org/fhir/StructureDefinition/';

/** R4 observation-vitalsigns.html: these codes ask for these profiles. HAPI looks only when it is told to. */
const vitalSigns: Readonly<Record<string, string>> = {
  '85353-1': 'vitalspanel',
  '9279-1': 'resprate',
  '8867-4': 'heartrate',
  '2708-6': 'oxygensat',
  '8310-5': 'bodytemp',
  '8302-2': 'bodyheight',
  '9843-4': 'headcircum',
  '29463-7': 'bodyweight',
  '39156-5': 'bmi',
  '85354-9': 'bp',
};

export function ourErrors(validator: Validator, resource: Json): Errors {
  return validator
    .validate(resource)
    .issues.filter(({ severity }) => severity === 'error' || severity === 'fatal')
    .map(({ constraint, message }) => `${constraint ?? ''}: ${message}`);
}

/** An answer without an OperationOutcome, or one that says that HAPI broke, is an error too: it accepted nothing. */
export async function hapiErrors(base: string, { file, resource }: Mutation): Promise<Errors> {
  const type = file.slice(0, file.indexOf('-'));
  const profile = profileOf(resource);
  const query = profile === undefined ? '' : `?profile=${encodeURIComponent(profile)}`;
  const answer = await fetch(`${base}/${type}/$validate${query}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify(resource),
  });
  const outcome = (await answer.json()) as fhir4.OperationOutcome;
  return outcome.issue
    .filter(({ severity }) => severity === 'error' || severity === 'fatal')
    .map(({ details, diagnostics }) => `${details?.coding?.[0]?.code ?? ''}: ${diagnostics ?? ''}`);
}

function profileOf({ resourceType, code, category }: Json): string | undefined {
  if (resourceType !== 'Observation') return undefined;
  for (const name of Object.keys(vitalSigns))
    if (holds(code, 'http://loinc.org', name)) return structure + vitalSigns[name];
  const isVital = holds(
    category,
    'http://terminology.hl7.org/CodeSystem/observation-category',
    'vital-signs',
  );
  return isVital ? `${structure}vitalsigns` : undefined;
}

/** Whether somewhere in a concept, or a list of them, there is this coding. */
function holds(value: unknown, system: string, code: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('system' in value && 'code' in value && value.system === system && value.code === code)
    return true;
  return Object.values(value).some((inner) => holds(inner, system, code));
}
