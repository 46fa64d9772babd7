/** Observations of a visit as short lines that a person can compare, each from the codes that a machine would read. */

/** One Observation: what, when, and its value or why there is none. */
export function inWords(one: fhir4.Observation): string {
  const moment = one.category?.flatMap(codes).find((code) => code === 'before' || code === 'after');
  // A score is coded in LOINC: its name is in words only.
  const what = ownCode(one.code) ?? one.code.text?.split(/\W/)[0]?.toLowerCase();
  return `${moment === undefined ? what : `${what} ${moment}`}: ${found(one)}`;
}

function found(one: fhir4.Observation): string {
  const { dataAbsentReason, component, valueCodeableConcept, valueQuantity } = one;
  const [technique, site, pressure] = component ?? [];
  if (dataAbsentReason) return `missing, ${codes(dataAbsentReason).join(' ')}`;
  if (technique) {
    const where = site?.valueCodeableConcept?.text;
    return `${ownCode(technique.valueCodeableConcept)}, ${where}, ${pressure?.valueInteger}`;
  }
  if (valueCodeableConcept)
    return `${ownCode(valueCodeableConcept)}, ${minutesOf(one.effectivePeriod)} min`;
  return `${valueQuantity?.value} ${valueQuantity?.code}`;
}

/** The minutes of a period; NaN where it has not both begun and ended. */
export function minutesOf({ start, end }: fhir4.Period = {}): number {
  return (Date.parse(end ?? '') - Date.parse(start ?? '')) / 60_000;
}

function codes(concept: fhir4.CodeableConcept | undefined): string[] {
  return (concept?.coding ?? []).flatMap(({ code }) => code ?? []);
}

/** The code that is a word: ours are, those of SNOMED and LOINC are numbers. */
function ownCode(concept: fhir4.CodeableConcept | undefined): string | undefined {
  return codes(concept).find((code) => /^[a-z-]+$/.test(code));
}
