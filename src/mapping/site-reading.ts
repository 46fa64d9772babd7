/**
 * How what a site's FHIRPath expression selects becomes the value of a field: each field that a site may lay an expression
 * over says what fits it. What does not fit is no value at all, so that the mapping's own counts.
 */
import { compileShape, type Shape } from './shape.ts';

/** One result that fits, or one item of a list. */
export interface Part<Given, Value> {
  /** Finishes "expected …". */
  readonly expects: string;
  /** Types of FHIR and FHIRPath that may fit, for the check at the start. */
  readonly types: readonly string[];
  /** Undefined for a result that does not fit. */
  read(result: unknown, given: Given): Value | undefined;
}

export interface SiteReading<Given, Value> {
  readonly expects: string;
  readonly types: readonly string[];
  /** Undefined where the results do not fit. */
  read(results: readonly unknown[], given: Given): { readonly value: Value } | undefined;
}

/** A field that may be empty. */
export function atMostOne<Given, Value>(
  part: Part<Given, Value>,
): SiteReading<Given, Value | undefined> {
  return {
    ...part,
    read: (results, given) =>
      results.length === 0 ? { value: undefined } : only(part, results, given),
  };
}

/** A field that always has a value. */
export function justOne<Given, Value>(part: Part<Given, Value>): SiteReading<Given, Value> {
  return { ...part, read: (results, given) => only(part, results, given) };
}

/** A list; each result has to fit. */
export function several<Given, Value>(
  part: Part<Given, Value>,
): SiteReading<Given, readonly Value[]> {
  return {
    expects: `only results that are ${part.expects}`,
    types: part.types,
    read(results, given) {
      const values = results.flatMap((result) => part.read(result, given) ?? []);
      return values.length === results.length ? { value: values } : undefined;
    },
  };
}

function only<Given, Value>(
  part: Part<Given, Value>,
  results: readonly unknown[],
  given: Given,
): { readonly value: Value } | undefined {
  const value = results.length === 1 ? part.read(results[0], given) : undefined;
  return value === undefined ? undefined : { value };
}

/** Types whose values are texts in JSON. */
export const textTypes: readonly string[] = [
  ...['string', 'markdown', 'code', 'id', 'uri', 'url', 'canonical', 'oid', 'uuid'],
  ...['date', 'dateTime', 'instant', 'time'],
  ...['System.String', 'System.Date', 'System.DateTime', 'System.Time'],
];
export const integerTypes: readonly string[] = [
  ...['integer', 'positiveInt', 'unsignedInt', 'System.Integer'],
];

/** A part that has to be of a shape, without a fault; `make` turns it into what the field holds. */
export function shaped<Given, Shaped, Value>(
  shape: Shape<Shaped>,
  described: Pick<Part<Given, Value>, 'expects' | 'types'>,
  make: (result: Shaped, given: Given) => Value | undefined,
): Part<Given, Value> {
  const check = compileShape(shape, '');
  return {
    ...described,
    read(result, given) {
      let isSound = true;
      const sound = check(result, () => {
        isSound = false;
      });
      // the check has found nothing amiss: it is of this shape
      return isSound && sound !== undefined ? make(sound as Shaped, given) : undefined;
    },
  };
}

/** A text with something in it. */
export const text: Part<unknown, string> = shaped(
  'string',
  { expects: 'a text', types: textTypes },
  (found: string) => (found.trim() === '' ? undefined : found),
);

/** One of a few words. */
export function oneOf<const Word extends string>(words: readonly Word[]): Part<unknown, Word> {
  return shaped(
    'string',
    { expects: `one of ${words.join(', ')}`, types: textTypes },
    (found: string) => words.find((word) => word === found),
  );
}

/** A whole number from 1. */
export const count: Part<unknown, number> = shaped(
  'number',
  { expects: 'a whole number from 1', types: integerTypes },
  (found: number) => (Number.isInteger(found) && found > 0 ? found : undefined),
);
