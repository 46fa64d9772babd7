/** Where a patient is, from the bed up to the ward: the Locations that lead there are read as far as they say where it is. */
import { activeLocation } from '../../mappings/encounter.ts';
import { needsMore, placeInWords, soundLocation } from '../../mappings/place.ts';
import type { Named } from '../core/concept.ts';
import { defined } from '../mapping/defined.ts';
import type { References } from './references.ts';

/** From a bed up; more would be a circle, or a building. */
const mostHops = 5;

export interface PlaceFound {
  readonly place?: Named | undefined;
  /** The Location itself, where it was read. */
  readonly location?: fhir4.Location | undefined;
  /** Why there are no words for it. */
  readonly says?: string | undefined;
}

/** A place by its Location; a display is taken as it is, and nothing is read for it. */
export async function findPlace(
  references: References,
  reference: fhir4.Reference | undefined,
  container: fhir4.FhirResource,
): Promise<PlaceFound> {
  if (reference === undefined) return {};
  const named = references.local(reference) ?? reference.reference;
  if (reference.display !== undefined)
    return { place: defined({ reference: named, display: reference.display }) };
  const chain: fhir4.Location[] = [];
  const seen = new Set<string>();
  const first = await references.resolve(reference, ['Location'], { container });
  let next = first;
  while (next.resource !== undefined) {
    chain.push(next.resource);
    if (next.at !== undefined) seen.add(next.at);
    if (!needsMore(chain) || chain.length > mostHops) break;
    const { partOf } = soundLocation(next.resource);
    next = await references.resolve(partOf, ['Location'], { container: next.resource });
    if (next.at !== undefined && seen.has(next.at)) break;
  }
  const at = first.at ?? named;
  const place = defined({ reference: at, display: placeInWords(chain) });
  return {
    ...(Object.keys(place).length > 0 && { place }),
    ...defined({ location: first.resource, says: first.says }),
  };
}

/** Where an Encounter says that the patient is now. */
export function placeOfStay(
  references: References,
  encounter: fhir4.Encounter,
): Promise<PlaceFound> {
  return findPlace(references, activeLocation(encounter), encounter);
}
