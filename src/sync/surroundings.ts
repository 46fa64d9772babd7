/**
 * What stands around an order and is read with it: the patient, who asked, where, the stay, the reasons, who pays. Read
 * before any transaction begins and at most once a run; what cannot be read leaves its field empty and is a finding of
 * the order, it never stops one.
 */
import { leftLocations, stayOf } from '../../mappings/encounter.ts';
import { type OrderGiven, soundOrder } from '../../mappings/order-to-referral.ts';
import { AdapterError } from '../core/errors.ts';
import type { Stay } from '../core/stay.ts';
import { localReference } from '../fhir/reference.ts';
import { defined } from '../mapping/defined.ts';
import type { Finding } from '../mapping/finding.ts';
import { findPlace, type PlaceFound, placeOfStay } from './places.ts';
import {
  type Note,
  openReferences,
  type ReadReference,
  type References,
  type Within,
} from './references.ts';
import { standingRecord } from './standing-record.ts';

export { hospitalReader } from './hospital-reader.ts';
export type { ReadReference } from './references.ts';

/** A resource beside an order, as it was shown: what a later version of it is compared with. */
export interface Seen {
  readonly role: 'patient' | 'encounter';
  readonly reference: string;
  readonly resource: fhir4.FhirResource;
}

export interface Around {
  readonly given: OrderGiven;
  readonly findings: readonly Finding[];
  readonly seen: readonly Seen[];
}

export interface Surroundings extends References {
  /** `now` decides whether a stay is over. */
  of(order: fhir4.ServiceRequest, now: string): Promise<Around>;
  /** The stay of an Encounter (`Encounter/…`), with the place where the patient is. */
  stay(encounter: fhir4.Encounter, reference: string, now: string): Promise<Stay>;
  /** What the hospital does not let us read, by resource type: one problem each, however many orders it concerns. */
  refused(): readonly AdapterError[];
}

export function surroundings(base: string, readFrom: ReadReference): Surroundings {
  const references = openReferences(base, readFrom);
  return {
    ...references,
    refused: () => refusedTypes(references),
    async stay(encounter, reference, now) {
      const { place } = await placeOfStay(references, encounter);
      return stayOf(encounter, { reference, place, now });
    },
    async of(shown, now) {
      const order = soundOrder(shown);
      const findings: Finding[] = [];
      const note: Note = (element, says) => {
        if (says !== undefined) findings.push({ path: `ServiceRequest.${element}`, says });
      };
      const container = shown;
      const patient = await standingRecord(references, order, { container }, note);
      const record = patient.at ?? localReference(order.subject, base);
      const asker = await askerOf(references, order, { container }, note);
      const where = await whereOf(references, { base, order, shown, now }, note);
      const behind = await reasonsAndInsurance(references, order, { container }, note);
      const seen: Seen[] = [];
      if (patient.resource !== undefined && patient.at !== undefined)
        seen.push({ role: 'patient', reference: patient.at, resource: patient.resource });
      if (where.encounter !== undefined) seen.push(where.encounter);
      return {
        findings,
        seen,
        given: defined({
          patient: patient.resource,
          record,
          requester: asker.requester,
          ...where.given,
          referred: { ...asker.behind, ...behind.referred },
          unread: behind.unread,
        }),
      };
    },
  };
}

const askers = [
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Patient',
  'RelatedPerson',
  'Device',
] as const;

/** Who asked, where the order does not name them itself: a role by who it is and for whom. */
async function askerOf(
  { resolve }: References,
  order: fhir4.ServiceRequest,
  within: Within,
  note: Note,
) {
  const behind: Record<string, object> = {};
  if (order.requester?.display !== undefined) return { behind };
  const { resource: requester, at, says } = await resolve(order.requester, askers, within);
  note('requester', says);
  if (requester?.resourceType !== 'PractitionerRole') return { requester, behind };
  // What is contained beside a contained role is contained in the order.
  const inRole = at === undefined ? within : { container: requester };
  const parts = [
    [requester.practitioner, 'Practitioner'],
    [requester.organization, 'Organization'],
  ] as const;
  for (const [part, type] of parts) {
    if (part?.reference === undefined || part.display !== undefined) continue;
    const found = await resolve(part, [type], inRole);
    if (found.resource !== undefined) behind[part.reference] = found.resource;
    note('requester', found.says);
  }
  return { requester, behind };
}

interface Asked {
  readonly base: string;
  readonly order: fhir4.ServiceRequest;
  readonly shown: fhir4.ServiceRequest;
  readonly now: string;
}

/** The stay, and the place: the order's own unless the patient has left it. */
async function whereOf(
  references: References,
  { base, order, shown, now }: Asked,
  note: Note,
): Promise<{ readonly given: OrderGiven; readonly encounter?: Seen }> {
  const found = await references.resolve(order.encounter, ['Encounter'], { container: shown });
  note('encounter', found.says);
  const { resource, at } = found;
  const reference = at ?? order.encounter?.reference ?? '';
  const here = resource === undefined ? {} : await placeOfStay(references, resource);
  note('encounter.location', here.says);
  const [placed] = order.locationReference ?? [];
  const left = resource !== undefined && hasLeft(resource, placed, here, base);
  if (left) note('locationReference', 'is a place that the patient has left since');
  const own = left ? {} : await findPlace(references, placed, shown);
  note('locationReference', own.says);
  const where = own.place ?? here.place;
  return {
    given: defined({
      location: own.location,
      place: where?.display,
      at: where?.reference,
      left: left || undefined,
      stay: resource && stayOf(resource, { reference, place: here.place, now }),
    }),
    ...(resource !== undefined &&
      at !== undefined && { encounter: { role: 'encounter', reference: at, resource } }),
  };
}

/** Whether the order still names a place of this stay that the patient is not at any more. */
function hasLeft(
  encounter: fhir4.Encounter,
  placed: fhir4.Reference | undefined,
  { place }: PlaceFound,
  base: string,
): boolean {
  const at = localReference(placed, base);
  if (at === undefined || place === undefined) return false;
  const isHere = place.reference !== undefined && localReference(place.reference, base) === at;
  return !isHere && leftLocations(encounter).some((one) => localReference(one, base) === at);
}

/** Conditions that the order has no words for, and the Coverages that it names. */
async function reasonsAndInsurance(
  { resolve }: References,
  order: fhir4.ServiceRequest,
  within: Within,
  note: Note,
) {
  const referred: Record<string, object> = {};
  const unread: Record<string, string> = {};
  for (const { reference, display } of order.reasonReference ?? []) {
    if (reference === undefined || display !== undefined) continue;
    const { resource, says } = await resolve({ reference }, ['Condition'], within);
    if (resource !== undefined) referred[reference] = resource;
    note('reasonReference', says);
  }
  for (const { reference } of order.insurance ?? []) {
    if (reference === undefined) continue;
    const { resource, says } = await resolve({ reference }, ['Coverage'], within);
    if (resource !== undefined) referred[reference] = resource;
    if (says !== undefined) unread[reference] = says;
    note('insurance', says);
  }
  return { referred, unread };
}

function refusedTypes({ unreadable }: References): AdapterError[] {
  const types = [...unreadable].flatMap(([name, code]) =>
    code === 'not-allowed' ? [name.split(/[/?]/)[0] ?? ''] : [],
  );
  return [...new Set(types)].map((type) => {
    const says = `${type} may not be read by us: orders that name one say less than the hospital knows.`;
    const fix = `Ask the hospital to let our client read ${type}, or do without.`;
    return new AdapterError('not-allowed', says, { fix });
  });
}
