/**
 * The codes of the synthetic ward. Standard codes are only such as public sources confirm; everything else is the
 * hospital's own, under http://hospital.example, as in real hospitals.
 */

const snomed = 'http://snomed.info/sct';
const local = 'http://hospital.example';

export function sct(code: string, display?: string): fhir4.Coding {
  return coding(snomed, code, display);
}

export function icd10(code: string, display?: string): fhir4.Coding {
  return coding('http://hl7.org/fhir/sid/icd-10-cm', code, display);
}

export function loinc(code: string, display: string): fhir4.Coding {
  return coding('http://loinc.org', code, display);
}

export function rxnorm(code: string, display: string): fhir4.Coding {
  return coding('http://www.nlm.nih.gov/research/umls/rxnorm', code, display);
}

/** A code of the hospital's own list, e.g. `own('massage-technique', 'swedish', 'Swedish massage')`. */
export function own(list: string, code: string, display: string): fhir4.Coding {
  return coding(`${local}/${list}`, code, display);
}

function coding(system: string, code: string, display?: string): fhir4.Coding {
  return { system, code, ...(display === undefined ? {} : { display }) };
}

/** A concept of one coding and its text, or of several. */
export function concept(first: fhir4.Coding, ...others: fhir4.Coding[]): fhir4.CodeableConcept {
  const { display } = first;
  return { coding: [first, ...others], ...(display === undefined ? {} : { text: display }) };
}

export const massage = concept(sct('387854002', 'Massage physiotherapy (regime/therapy)'));

/** The category under which this hospital files massage, and that which it uses for other therapy orders. */
export const massageCategory = own('order-category', 'integrative', 'Integrative therapy');
export const therapyCategory = own('order-category', 'therapy', 'Therapy');

export const technique = (code: string, display: string) =>
  concept(own('massage-technique', code, display));

/** A cap on the Walton pressure scale, 1 (light lotioning) to 5 (deep). */
export const pressureCap = (level: number) =>
  concept(own('massage-pressure', `max-${level}`, `Pressure at most ${level} of 5`));

export const identifierSystems = {
  mrn: `${local}/mrn`,
  order: `${local}/order-number`,
  visit: `${local}/visit-number`,
  staff: `${local}/staff-number`,
} as const;
