/** Names of people and organisations as one line, and which therapist of ours a reference means. */
import { compileShape, isObject } from '../src/mapping/shape.ts';
import { plainReference } from './concepts.ts';
import { humanName } from './shapes.ts';

/** `Practitioner/…` (or PractitionerRole) of the hospital → the therapist's id in the settings. */
export type Therapists = Readonly<Record<string, string>>;

export function therapistOf(
  reference: string | undefined,
  therapists: Therapists | undefined,
): string | undefined {
  if (reference === undefined || therapists === undefined) return undefined;
  const wanted = plainReference(reference);
  const known = Object.keys(therapists).find((one) => plainReference(one) === wanted);
  return known === undefined ? undefined : therapists[known];
}

/** The official name, else the usual one, else the first that is still in use, as "Given Family" or as its text. */
export function nameOf(names: readonly fhir4.HumanName[] | undefined): string | undefined {
  const list = names ?? [];
  const name =
    list.find(({ use }) => use === 'official') ??
    list.find(({ use }) => use === 'usual') ??
    list.find(({ use }) => use !== 'old' && use !== 'maiden') ??
    list[0];
  const parts = [...(name?.given ?? []), ...(name?.family === undefined ? [] : [name.family])];
  return parts.length > 0 ? parts.join(' ') : name?.text;
}

const checkNames = compileShape<fhir4.HumanName[]>([humanName], 'name');

/**
 * The name of whoever ordered: a person's, an organisation's, or who a role says that it is and for whom. `behind` gives
 * what a reference of a role leads to, where it was read.
 */
export function displayOf(
  resource: object | undefined,
  behind: (reference: string) => object | undefined = () => undefined,
): string | undefined {
  if (!isObject(resource)) return undefined;
  const { name, practitioner, organization } = resource;
  if (typeof name === 'string') return name || undefined;
  // the display is a nicety: what is wrong with this resource is not a finding about the order
  if (name !== undefined)
    return nameOf(checkNames(name, () => {}) as fhir4.HumanName[] | undefined);
  const parts = [practitioner, organization].flatMap((part) => partName(part, behind) ?? []);
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** One part of a role: its display, else the name of what it refers to. */
function partName(
  part: unknown,
  behind: (reference: string) => object | undefined,
): string | undefined {
  if (!isObject(part)) return undefined;
  const { display, reference } = part;
  if (typeof display === 'string' && display !== '') return display;
  return typeof reference === 'string' ? displayOf(behind(reference)) : undefined;
}
