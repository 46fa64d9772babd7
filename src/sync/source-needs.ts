/** What a resource that we took in refers to, and so has to be taken in as well where the source has it. */
import { localReference } from '../fhir/reference.ts';

/** Types that stand between an order and what it is about; what others refer to is not needed. */
const through: ReadonlySet<string> = new Set([
  'ServiceRequest',
  'Task',
  'Encounter',
  'Location',
  'PractitionerRole',
]);

/** `Type/id` of everything that is referred to in it, as far as it is of this hospital. */
export function referencesIn(resource: unknown, base: string): Set<string> {
  const found = new Set<string>();
  const waiting: unknown[] = [resource];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    for (const key of Object.keys(next)) {
      // What JSON.parse made has no getters
      const value = (next as Record<string, unknown>)[key];
      if (typeof value === 'object') waiting.push(value);
      else if (key === 'reference' && typeof value === 'string') {
        const local = localReference(value, base);
        if (local !== undefined) found.add(local);
      }
    }
  }
  return found;
}

/** What has to be at hand when this resource is applied. Of a patient only whom the record was merged with. */
export function needsOf(resource: fhir4.FhirResource, base: string): Set<string> {
  if (resource.resourceType === 'Patient') return referencesIn(resource.link, base);
  return through.has(resource.resourceType) ? referencesIn(resource, base) : new Set();
}
