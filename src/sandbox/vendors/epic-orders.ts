/**
 * Orders as an Epic-like chart holds them: one clinical order is a parent (`original-order`) and a child (`order`) that
 * is based on it (hospital-servers §5), so whoever counts orders counts twice.
 */

/** Puts a parent beside every order that stands alone; the child keeps the id. */
export function withParents<R extends fhir4.Resource>(
  resources: readonly R[],
): (R | fhir4.ServiceRequest)[] {
  return resources.flatMap((resource) => {
    if (!isLoneOrder(resource)) return [resource];
    const parent = { ...resource, id: `${resource.id}-parent`, intent: 'original-order' as const };
    const child = { ...resource, basedOn: [{ reference: `ServiceRequest/${parent.id}` }] };
    return [parent, child];
  });
}

function isLoneOrder(
  resource: fhir4.Resource,
): resource is fhir4.ServiceRequest & { readonly id: string } {
  if (resource.resourceType !== 'ServiceRequest') return false;
  const { id, intent, basedOn } = resource as fhir4.ServiceRequest;
  return id !== undefined && intent === 'order' && basedOn === undefined;
}
