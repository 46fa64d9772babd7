/**
 * Vital signs (R4 observation-vitalsigns.html): an Observation with one of these LOINC codes has to meet the profile
 * of that sign, and one of the category vital-signs the general profile.
 */
import { isObject } from './documents.ts';
import type { FhirObject } from './scope.ts';

const structure = 'http://hl7.org/fhir/StructureDefinition/';
/** The general profile. */
export const vitalSigns = `${structure}vitalsigns`;
const loinc = 'http://loinc.org';

/** The table of the specification: LOINC code of the sign → its profile. */
const profilesByCode: Readonly<Record<string, string>> = {
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

const none: readonly string[] = [];

/** The profiles that R4 asks of this Observation. */
export function vitalSignsProfiles({ code, category }: FhirObject): readonly string[] {
  const signs = codings(code);
  let found: string[] | undefined;
  for (const coding of signs) {
    if (!isObject(coding) || coding.system !== loinc) continue;
    const profile = profileOfSign(coding.code);
    if (profile !== undefined && !found?.includes(profile)) {
      found ??= [];
      found.push(profile);
    }
  }
  return found ?? (hasVitalSigns(category) ? [vitalSigns] : none);
}

function profileOfSign(code: unknown): string | undefined {
  return typeof code === 'string' && Object.hasOwn(profilesByCode, code)
    ? `${structure}${profilesByCode[code]}`
    : undefined;
}

function hasVitalSigns(category: unknown): boolean {
  return (
    Array.isArray(category) &&
    category.some((concept) =>
      codings(concept).some(
        (coding) =>
          isObject(coding) &&
          coding.code === 'vital-signs' &&
          coding.system === 'http://terminology.hl7.org/CodeSystem/observation-category',
      ),
    )
  );
}

function codings(concept: unknown): readonly unknown[] {
  return isObject(concept) && Array.isArray(concept.coding) ? concept.coding : none;
}
