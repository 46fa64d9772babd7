/**
 * What a drug order or the use of a device refers to: the Medication or Device that says what it is, contained in the
 * resource, read from the hospital, or not readable for a reason that is shown with the entry.
 */
import type { Coding, Concept } from '../src/core/concept.ts';
import { isObject } from '../src/mapping/shape.ts';
import { conceptFrom } from './concepts.ts';
import { factChecks } from './fact-shapes.ts';

/** What a reference leads to: the resource, or why it cannot be read; undefined when nobody asked. */
export type Follow = (
  reference: string,
) => { readonly resource: fhir4.FhirResource } | { readonly unreadable: string } | undefined;

interface Referred {
  readonly concept: Concept;
  /** Codes of what it is made of. */
  readonly also?: readonly Coding[] | undefined;
  /** Why it could not be read. */
  readonly note?: string | undefined;
}

/** What is ordered: as the order says it, else as the Medication does that it refers to, ingredients included. */
export function medicationOf(
  concept: fhir4.CodeableConcept | undefined,
  reference: fhir4.Reference | undefined,
  follow: Follow,
): Referred {
  if (concept !== undefined) return { concept: conceptFrom(concept) };
  const { resource, note } = followed(reference, follow);
  const words = namedBy(reference);
  if (resource?.resourceType !== 'Medication')
    return { concept: words, note: note && `medication ${note}` };
  const { code, ingredient = [] } = (factChecks.Medication(resource, unheard) ??
    {}) as Partial<fhir4.Medication>;
  return {
    concept: code === undefined ? words : conceptFrom(code),
    also: ingredient.flatMap(({ itemCodeableConcept }) => itemCodeableConcept?.coding ?? []),
  };
}

/** What is in use, as the Device says that the statement refers to. */
export function deviceInUse(reference: fhir4.Reference | undefined, follow: Follow): Referred {
  const { resource, note } = followed(reference, follow);
  if (resource?.resourceType !== 'Device')
    return { concept: namedBy(reference), note: note && `device ${note}` };
  const device = factChecks.Device(resource, unheard) ?? {};
  return { concept: deviceConcept(device) ?? namedBy(reference) };
}

/** By its type, else by a name; of a checked Device. */
export function deviceConcept({ type, deviceName }: Partial<fhir4.Device>): Concept | undefined {
  if (type !== undefined) return conceptFrom(type);
  const text = deviceName?.find(({ name }) => name !== undefined)?.name;
  return text === undefined ? undefined : { text };
}

/** What is badly typed in what is referred to is as good as not there, and then not understood. */
const unheard = () => {};

function namedBy(reference: fhir4.Reference | undefined): Concept {
  const text = reference?.display ?? reference?.reference;
  return text === undefined ? {} : { text };
}

function followed(
  reference: fhir4.Reference | undefined,
  follow: Follow,
): { resource?: fhir4.FhirResource; note?: string } {
  if (reference?.reference === undefined) return { note: 'not named by reference' };
  const found = follow(reference.reference);
  if (found === undefined) return { note: 'not read' };
  return 'resource' in found ? found : { note: `not readable: ${found.unreadable}` };
}

/** `#id` is looked up in the resource itself. */
export function withContained(resource: fhir4.FhirResource, follow: Follow): Follow {
  return (reference) => {
    if (!reference.startsWith('#')) return follow(reference);
    const contained: unknown = 'contained' in resource ? resource.contained : undefined;
    const found = (Array.isArray(contained) ? contained : []).find(
      (one: unknown) => isObject(one) && one.id === reference.slice(1),
    ) as fhir4.FhirResource | undefined;
    return found === undefined ? { unreadable: 'not in the resource' } : { resource: found };
  };
}
