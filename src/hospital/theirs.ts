/**
 * What we never write (invariant I4): the request belongs to who made it. Checked at the wire too, where a mistake of
 * any layer above would do harm.
 */
import { AdapterError } from '../core/errors.ts';

/** Throws when this resource, or an entry of this Bundle, would write a ServiceRequest. */
export function refuseTheirs(resource: fhir4.FhirResource): void {
  const entries = resource.resourceType === 'Bundle' ? (resource.entry ?? []) : [];
  const isTheirs =
    resource.resourceType === 'ServiceRequest' ||
    entries.some(
      ({ resource: inner, request }) =>
        request?.method !== 'GET' &&
        (inner?.resourceType === 'ServiceRequest' ||
          /^\/?ServiceRequest\b/.test(request?.url ?? '')),
    );
  if (isTheirs) {
    throw new AdapterError('internal', 'A ServiceRequest is never written; nothing was sent.');
  }
}
