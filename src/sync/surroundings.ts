/**
 * What stands around an order and is read with it: the patient, who asked, where. Read before any transaction begins and
 * at most once a run; what cannot be read leaves its field empty and says so, it never stops an order.
 */

import { type OrderGiven, soundOrder } from '../../mappings/order-to-referral.ts';
import { asAdapterError, type ErrorCode } from '../core/errors.ts';
import { localReference } from '../fhir/reference.ts';
import type { Site } from './site.ts';

/** Reads by `Type/id`; undefined when the source does not have it. A folder looks among its own files. */
export type ReadReference = (reference: string) => Promise<fhir4.FhirResource | undefined>;

export interface Surroundings {
  of(order: fhir4.ServiceRequest): Promise<OrderGiven>;
  read: ReadReference;
  /** References that could not be read, with the reason. */
  readonly unreadable: ReadonlyMap<string, ErrorCode>;
}

export function hospitalReader(site: Site): ReadReference {
  return async (reference) => (await site.hospital.client.read(reference)).resource;
}

export function surroundings(base: string, readFrom: ReadReference): Surroundings {
  const read = new Map<string, Promise<fhir4.FhirResource | undefined>>();
  const unreadable = new Map<string, ErrorCode>();

  function once(reference: string | undefined): Promise<fhir4.FhirResource | undefined> {
    const local = typeof reference === 'string' ? localReference(reference, base) : undefined;
    if (local === undefined) return Promise.resolve(undefined);
    const known = read.get(local);
    if (known !== undefined) return known;
    const reading = readFrom(local).catch((thrown: unknown) => {
      const { code } = asAdapterError(thrown);
      if (code === 'internal') throw thrown;
      unreadable.set(local, code);
      return undefined;
    });
    read.set(local, reading);
    return reading;
  }

  async function typed<T extends fhir4.FhirResource['resourceType']>(
    reference: string | undefined,
    type: T,
  ) {
    const resource = await once(reference);
    return resource?.resourceType === type
      ? (resource as Extract<fhir4.FhirResource, { resourceType: T }>)
      : undefined;
  }

  return {
    unreadable,
    read: once,
    async of(shown) {
      const order = soundOrder(shown);
      const patient = await typed(order.subject?.reference, 'Patient');
      const requester =
        order.requester?.display === undefined ? await once(order.requester?.reference) : undefined;
      const placed = order.locationReference?.[0];
      const location =
        placed?.display === undefined ? await typed(placed?.reference, 'Location') : undefined;
      const encounter =
        placed === undefined ? await typed(order.encounter?.reference, 'Encounter') : undefined;
      const stays = Array.isArray(encounter?.location) ? encounter.location : [];
      const stay = stays.findLast(
        (one) => one?.status === undefined || one.status === 'active',
      )?.location;
      const bed =
        stay?.display === undefined ? await typed(stay?.reference, 'Location') : undefined;
      const place = stay?.display ?? bed?.name;
      return {
        ...(patient && { patient }),
        ...(requester && { requester }),
        ...(location && { location }),
        ...(place !== undefined && { place }),
      };
    },
  };
}
