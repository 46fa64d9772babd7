/** The value of an Observation or of one of its components: in words for people, and measured where it is a quantity. */
import type { Coding } from '../src/core/concept.ts';
import type { Measured } from '../src/core/facts.ts';
import { defined } from '../src/mapping/defined.ts';
import { wordsOf } from './concepts.ts';
import { factCodeOf } from './fact-codes.ts';

export interface Observed {
  /** Absent where nothing was observed (yet). */
  readonly value?: string | undefined;
  readonly measured?: Measured | undefined;
  /** Codes of a coded value: what was found rather than what was looked for. */
  readonly codes: readonly Coding[];
}

type Valued = Pick<
  fhir4.ObservationComponent,
  | 'valueQuantity'
  | 'valueCodeableConcept'
  | 'valueString'
  | 'valueBoolean'
  | 'valueInteger'
  | 'valueRange'
  | 'valueRatio'
  | 'valueDateTime'
  | 'dataAbsentReason'
>;

/** Of checked elements only. */
export function observed(of: Valued): Observed {
  const { valueQuantity: quantity, valueInteger, valueCodeableConcept: coded } = of;
  const measured = quantity
    ? measuredBy(quantity)
    : valueInteger === undefined
      ? undefined
      : { value: valueInteger };
  const absent = wordsOf(of.dataAbsentReason);
  const value =
    (quantity && inWords(quantity)) ??
    (coded && (nameOf(coded) ?? wordsOf(coded))) ??
    of.valueString ??
    valueInteger?.toString() ??
    of.valueBoolean?.toString() ??
    (of.valueRange && `${bound(of.valueRange.low)} to ${bound(of.valueRange.high)}`) ??
    (of.valueRatio && `${bound(of.valueRatio.numerator)} : ${bound(of.valueRatio.denominator)}`) ??
    of.valueDateTime ??
    (absent && `no value: ${absent}`);
  return { value, measured, codes: coded?.coding ?? [] };
}

/** What a bare code is called in our table. */
function nameOf({ text, coding = [] }: fhir4.CodeableConcept): string | undefined {
  if (text !== undefined || coding.some(({ display }) => display !== undefined)) return undefined;
  return coding.flatMap((one) => factCodeOf(one) ?? [])[0]?.name;
}

function measuredBy({ value, comparator, unit, system, code }: fhir4.Quantity): Measured {
  return defined({ value, comparator, unit, system, code });
}

function inWords({ value, comparator, unit, code }: fhir4.Quantity): string | undefined {
  if (value === undefined) return undefined;
  return [comparator, String(value), unit ?? code].filter((part) => part !== undefined).join(' ');
}

function bound(quantity: fhir4.Quantity | undefined): string {
  return (quantity && inWords(quantity)) ?? '?';
}
