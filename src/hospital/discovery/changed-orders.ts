/**
 * Rung A1: every ServiceRequest that changed in a window of server time, whoever it is for; selection follows later and
 * keeps a reason for each. A window without lower bound is the full sweep.
 */
import type { HospitalClient } from '../client.ts';
import { type PagingOptions, pagesOf } from '../paging.ts';
import type { SearchHabits } from '../vendors/vendor.ts';
import { type Window, windowParams } from '../windows.ts';
import { expectHonoured, type Found, floodGuard, foundOf, mayBeIn, narrowed } from './found.ts';

export async function* changedOrders(
  client: HospitalClient,
  window: Window,
  options: PagingOptions = {},
  habits: SearchHabits = {},
): AsyncGenerator<Found<fhir4.ServiceRequest>, void, undefined> {
  const guardAgainstFlood = floodGuard();
  yield* narrowed<fhir4.ServiceRequest>(
    window,
    (part) =>
      pagesOf(
        client,
        'ServiceRequest',
        [...(habits.always ?? []), ...windowParams(part, habits.window), ['_sort', '_lastUpdated']],
        { handling: 'strict', ...options, narrows: true },
      ),
    (page, part) => {
      expectHonoured(page, ['_lastUpdated']);
      guardAgainstFlood(page, part);
      return foundOf('A1', page, (order) => mayBeIn(part, order));
    },
  );
}
