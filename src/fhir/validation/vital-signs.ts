/**
 * Vital signs (R4 observation-vitalsigns.html): an Observation with one of these LOINC codes has to meet the profile
 * of that sign, and one of the category vital-signs the general profile.
 */
import { isObject } from './documents.ts';
import type { FhirObject } from './walk.ts';

const structure = 'http://hl7.org/fhir/StructureDefinition/';
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

/** The profiles that R4 asks of this Observation. */
export function vitalSignsProfiles({ code, category }: FhirObject): string[] {
  const bySign = codings(code).flatMap((one) => {
    const profile =
      one.system === loinc && typeof one.code === 'string' ? own(one.code) : undefined;
    return profile === undefined ? [] : [structure + profile];
  });
  if (bySign.length > 0) return [...new Set(bySign)];
  const categories: readonly unknown[] = Array.isArray(category) ? category : [];
  return categories.some(isVitalSigns) ? [`${structure}vitalsigns`] : [];
}

function own(code: string): string | undefined {
  return Object.hasOwn(profilesByCode, code) ? profilesByCode[code] : undefined;
}

function isVitalSigns(concept: unknown): boolean {
  return codings(concept).some(
    ({ system, code }) =>
      system === 'http://terminology.hl7.org/CodeSystem/observation-category' &&
      code === 'vital-signs',
  );
}

function codings(concept: unknown): readonly FhirObject[] {
  const list: unknown = isObject(concept) ? concept.coding : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
}
