/** Concepts, identifiers and references between FHIR's types and the domain's: the same shapes, without the extras. */
import type { Coding, Concept, Identifier, Named } from '../src/core/concept.ts';
import { parseReference } from '../src/fhir/reference.ts';
import { defined, some } from '../src/mapping/defined.ts';
import { isObject } from '../src/mapping/shape.ts';

export const unitsOfMeasure = 'http://unitsofmeasure.org';

export function conceptFrom(concept: fhir4.CodeableConcept): Concept {
  const { text } = concept;
  return defined({ text, coding: some(concept.coding?.map(codingFrom)) });
}

export function codingFrom({ system, version, code, display }: fhir4.Coding): Coding {
  return defined({ system, version, code, display });
}

export function toCodeableConcept(concept: Concept): fhir4.CodeableConcept {
  return defined({
    text: concept.text,
    coding: some(concept.coding?.map((coding): fhir4.Coding => defined(coding))),
  });
}

/** The words of a concept: its text, else the first display, else the first code. */
export function wordsOf(concept: Concept | fhir4.CodeableConcept | undefined): string | undefined {
  const coding = concept?.coding ?? [];
  return (
    concept?.text ??
    coding.find(({ display }) => display !== undefined)?.display ??
    coding.find(({ code }) => code !== undefined)?.code
  );
}

export function identifiersFrom(list: readonly fhir4.Identifier[] | undefined): Identifier[] {
  return (list ?? []).map(({ system, value, type }) =>
    defined({ system, value, type: wordsOf(type) }),
  );
}

export function namedFrom(reference: fhir4.Reference | undefined): Named | undefined {
  if (reference?.reference === undefined && reference?.display === undefined) return undefined;
  return defined({ reference: reference.reference, display: reference.display });
}

/** The literal reference of an element that nobody has checked. */
export function literalOf(element: unknown): string | undefined {
  const literal = isObject(element) ? element.reference : undefined;
  return typeof literal === 'string' ? literal : undefined;
}

export function toReference(named: Named): fhir4.Reference {
  return defined({ reference: named.reference, display: named.display });
}

/** `Type/id` of a reference to a server's resource, however it is spelled; the text itself when it is another kind. */
export function plainReference(reference: string): string {
  const parsed = parseReference(reference);
  return parsed.kind === 'relative' || parsed.kind === 'absolute'
    ? `${parsed.type}/${parsed.id}`
    : reference;
}

/** Whether two references name the same resource of one server. Absolute ones with different bases do not. */
export function sameReference(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  const [a, b] = [parseReference(one), parseReference(other)];
  if (a.kind === 'absolute' && b.kind === 'absolute' && a.base !== b.base) return false;
  return plainReference(one) === plainReference(other);
}

export function typeOf(reference: string | undefined): string | undefined {
  const parsed = parseReference(reference);
  return parsed.kind === 'relative' || parsed.kind === 'absolute' ? parsed.type : undefined;
}
