/**
 * The Appointments of orders that we know, so that a move or a cancellation by the hospital is seen. Asked for in groups,
 * one comma list each; where the server cuts an answer short the group is asked for again in halves.
 */
import { localReference } from '../../fhir/reference.ts';
import type { HospitalClient } from '../client.ts';
import { type PagingOptions, pagesOf } from '../paging.ts';
import { type Window, windowParams } from '../windows.ts';
import { expectHonoured, type Found, foundOf, mayBeIn, notSplittable } from './found.ts';

const groupSize = 20;

/** `orders`: references to ServiceRequests of this hospital, `ServiceRequest/123`. */
export async function* appointmentsOf(
  client: HospitalClient,
  orders: readonly string[],
  window?: Window,
  options: PagingOptions = {},
): AsyncGenerator<Found<fhir4.Appointment>, void, undefined> {
  for (let at = 0; at < orders.length; at += groupSize) {
    yield* ofGroup(client, orders.slice(at, at + groupSize), window, options);
  }
}

async function* ofGroup(
  client: HospitalClient,
  group: readonly string[],
  window: Window | undefined,
  options: PagingOptions,
): AsyncGenerator<Found<fhir4.Appointment>, void, undefined> {
  const wanted = new Set(group);
  const isOurs = ({ basedOn = [] }: fhir4.Appointment) =>
    basedOn.some((order) => wanted.has(localReference(order, client.base.href) ?? ''));
  const isInside = (appointment: fhir4.Appointment) => !window || mayBeIn(window, appointment);
  const params = [['based-on', group.join(',')], ...(window ? windowParams(window) : [])] as const;
  let isCut = false;
  for await (const page of pagesOf<fhir4.Appointment>(client, 'Appointment', params, options)) {
    expectHonoured(page, ['based-on']);
    isCut ||= page.capped;
    yield foundOf('follow', page, isInside, isOurs);
  }
  if (!isCut) return;
  if (group.length === 1) throw notSplittable(`the Appointments of ${group[0]}`);
  const middle = Math.ceil(group.length / 2);
  yield* ofGroup(client, group.slice(0, middle), window, options);
  yield* ofGroup(client, group.slice(middle), window, options);
}
