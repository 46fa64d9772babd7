/**
 * Rung A5: the Appointments at our places or with our people in a closed window of dates, the one search without a patient
 * that several EHRs know. Who is booked with us leads to the patients, and they to their orders.
 */
import { AdapterError } from '../../core/errors.ts';
import { localReference } from '../../fhir/reference.ts';
import type { HospitalClient, SearchParams } from '../client.ts';
import { type Page, type PagingOptions, pagesOf } from '../paging.ts';
import type { SearchHabits } from '../vendors/vendor.ts';
import { isInWindow, type Window, windowParams } from '../windows.ts';
import { expectHonoured, type Found, foundOf, narrowed } from './found.ts';

export type FoundVisits = AsyncGenerator<Found<fhir4.Appointment>, void, undefined>;

/** Whose calendar is asked for: exactly one, since servers refuse combinations (hospital-servers.md §8.3). */
export type Calendar =
  | { readonly location: string }
  | { readonly practitioner: string }
  | { readonly patient: string };

/** `window`: of `Appointment.date`, both ends given. Throws `search-not-honoured` for a flood of others’ visits (Q10). */
export async function* visitsIn(
  client: HospitalClient,
  calendar: Calendar,
  window: Required<Window>,
  options: PagingOptions = {},
  habits: SearchHabits = {},
): FoundVisits {
  const [[param, whose] = ['', '']] = Object.entries(calendar);
  const params: SearchParams = [[param, whose], ...(habits.always ?? [])];
  const isTheirs = ({ participant = [] }: fhir4.Appointment) =>
    [participant].flat().some((one) => localReference(one?.actor, client.base.href) === whose);
  const guard = strangersGuard(param, isTheirs);
  yield* narrowed<fhir4.Appointment>(
    window,
    (part) =>
      pagesOf(client, 'Appointment', [...params, ...windowParams(part, habits.window, 'date')], {
        ...options,
        narrows: true,
      }),
    (page, part) => {
      expectHonoured(page, [param, 'date']);
      guard.see(page);
      return foundOf('A5', page, ({ start }) => isInWindow(part, start) ?? true, isTheirs);
    },
  );
  guard.end();
}

/** Ends a search that shows page after page of visits with which we have nothing to do, or nothing else at all. */
function strangersGuard(
  param: string,
  isTheirs: (appointment: fhir4.Appointment) => boolean,
): { see(page: Page<fhir4.Appointment>): void; end(): void } {
  let pages = 0;
  let some = false;
  const refuse = () => {
    throw new AdapterError(
      'search-not-honoured',
      `The hospital shows Appointments of other calendars than the ${param} that was asked for.`,
      {
        about: param,
        fix: 'Compare the participants of these Appointments with the settings: their references may name another address than base.',
      },
    );
  };
  return {
    see({ resources }) {
      if (resources.length === 0) return;
      if (resources.some(isTheirs)) {
        some = true;
        return;
      }
      pages += 1;
      if (pages > 2) refuse();
    },
    end() {
      if (pages > 0 && !some) refuse();
    },
  };
}

/** The patients of visits, `Patient/…` of this server, each once. */
export function patientsOf(visits: readonly fhir4.Appointment[], base: string): readonly string[] {
  const references = visits.flatMap(({ participant = [] }) =>
    [participant].flat().flatMap((one) => localReference(one?.actor, base) ?? []),
  );
  return [...new Set(references.filter((one) => one.startsWith('Patient/')))];
}
