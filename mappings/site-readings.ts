/** What may come of a site's expression where a field holds codes, people, places or times (src/mapping/site-reading.ts). */
import type { Coding, Concept, Instant, Named } from '../src/core/concept.ts';
import { isObject } from '../src/mapping/shape.ts';
import { type Part, shaped, textTypes } from '../src/mapping/site-reading.ts';
import { codingFrom, conceptFrom, typeOf } from './concepts.ts';
import { toInstant } from './instants.ts';
import { coding, concept, reference } from './shapes.ts';

const codeTypes = ['CodeableConcept', 'Coding', ...textTypes];

/** A concept from a CodeableConcept, a Coding or words; `make` may look further into it. */
export function conceptBy<Given, Value>(
  make: (found: fhir4.CodeableConcept, given: Given) => Value,
): Part<Given, Value> {
  const described = { expects: 'a CodeableConcept, a Coding or a text', types: codeTypes };
  const whole = shaped<Given, fhir4.CodeableConcept, Value>(concept, described, make);
  const single = shaped<Given, fhir4.Coding, Value>(coding, described, (found, given) =>
    make({ coding: [found] }, given),
  );
  return {
    ...described,
    read(result, given) {
      if (typeof result === 'string')
        return result.trim() === '' ? undefined : make({ text: result }, given);
      if (!isObject(result)) return undefined;
      if ('coding' in result || 'text' in result) return whole.read(result, given);
      return 'code' in result || 'display' in result ? single.read(result, given) : undefined;
    },
  };
}

export const aConcept: Part<unknown, Concept> = conceptBy(conceptFrom);

export const aCoding: Part<unknown, Coding> = shaped(
  coding,
  { expects: 'a Coding', types: ['Coding'] },
  (found: fhir4.Coding) => (found.code === undefined ? undefined : codingFrom(found)),
);

/** A reference to a resource of one of these types, as a Reference or as its text. */
export function referenceTo(...types: readonly string[]): Part<unknown, string> {
  const described = {
    expects: `a reference to ${types.join(' or ')}`,
    types: ['Reference', ...textTypes],
  };
  const whole = shaped<unknown, fhir4.Reference, string>(
    reference,
    described,
    (found) => found.reference,
  );
  return {
    ...described,
    read(result, given) {
      const found = typeof result === 'string' ? result : whole.read(result, given);
      return found !== undefined && types.includes(typeOf(found) ?? '') ? found : undefined;
    },
  };
}

/** Somebody, as a Reference or by name. */
export const somebody: Part<unknown, Named> = {
  expects: 'a Reference or a name',
  types: ['Reference', ...textTypes],
  read(result) {
    if (typeof result === 'string') return result.trim() === '' ? undefined : { display: result };
    const found = aReference.read(result, undefined);
    const { reference: literal, display } = found ?? {};
    if (literal === undefined) return display === undefined ? undefined : { display };
    return display === undefined ? { reference: literal } : { reference: literal, display };
  },
};

const aReference = shaped<unknown, fhir4.Reference, fhir4.Reference>(
  reference,
  { expects: 'a Reference', types: ['Reference'] },
  (found) => found,
);

export const aMoment: Part<unknown, Instant> = shaped(
  'string',
  { expects: 'a time with its zone', types: textTypes },
  (found: string) => toInstant(found),
);
