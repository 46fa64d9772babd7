/**
 * A synthetic ward: thirty invented patients, their staff and beds, and orders of every kind that a massage service
 * meets, together with a catalogue of what it should make of each. Deterministic: the same `now`, the same ward.
 */
import { wardFacts } from './ward-facts.ts';
import { type OrderRow, serviceRequest, type WardOrder } from './ward-order.ts';
import { massageOrders } from './ward-orders.ts';
import { otherOrders } from './ward-other-orders.ts';
import { encounterId, hoursBefore, patientId, wardPeople } from './ward-people.ts';

export type { WardOrder } from './ward-order.ts';

const rows: readonly OrderRow[] = [...massageOrders, ...otherOrders];

/** What a massage service should make of each order of the ward, by order id. */
export const wardOrders: readonly WardOrder[] = rows.map(({ id, is, about, task }) => ({
  id,
  is,
  about,
  ...(task === undefined ? {} : { task }),
}));

/** The category under which this hospital files massage orders, as `system|code`. */
export const wardMassageCategory = 'http://hospital.example/order-category|integrative';

/** All resources of the ward, dated within the days before `now`, their `meta.lastUpdated` included. */
export function wardResources(now: Date): fhir4.FhirResource[] {
  const monthAgo = hoursBefore(now, 30 * 24);
  return [
    ...[...wardPeople(now), ...wardFacts(now)].map((resource) => ({
      ...resource,
      meta: { lastUpdated: happenedAt(resource) ?? monthAgo },
    })),
    ...rows.map((row) => serviceRequest(now, row)),
    ...rows.flatMap((row) => (row.task === undefined ? [] : [task(now, row, row.task)])),
  ];
}

/** When the thing that a resource tells of happened; nobody can have written it down before. */
function happenedAt(resource: fhir4.FhirResource): string | undefined {
  switch (resource.resourceType) {
    case 'Encounter':
      return resource.period?.start;
    case 'Condition':
      return resource.recordedDate;
    case 'Observation':
      return resource.effectiveDateTime;
    default:
      return undefined;
  }
}

function task(now: Date, row: OrderRow, kind: 'addressed' | 'claimable'): fhir4.Task {
  const authoredOn = hoursBefore(now, row.hoursAgo);
  return {
    resourceType: 'Task',
    id: `task-${kind}`,
    meta: { lastUpdated: authoredOn },
    identifier: [{ system: 'http://hospital.example/task-number', value: `TN-${kind}` }],
    status: 'requested',
    intent: 'order',
    priority: 'routine',
    code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }] },
    focus: { reference: `ServiceRequest/${row.id}` },
    for: { reference: `Patient/${patientId(row.patient)}` },
    encounter: { reference: `Encounter/${encounterId(row.patient)}` },
    authoredOn,
    lastModified: authoredOn,
    requester: { reference: `Practitioner/${row.by ?? 'nurse-wren'}` },
    ...(kind === 'addressed' ? { owner: { reference: 'Organization/massage' } } : {}),
  };
}
