/**
 * Rung A5: who is booked with us. The calendars of our places, or of our people, are read over a window of dates; the
 * visits go the way of all arrivals, and their patients go on the roster, by which their orders are found (rung A6).
 */
import { type AdapterError, asAdapterError } from '../../core/errors.ts';
import { type Calendar, patientsOf } from '../../hospital/discovery/booked-visits.ts';
import type { Window } from '../../hospital/windows.ts';
import { dropFromRoster, noteOnRoster } from '../../store/roster.ts';
import { noteProblem } from '../report.ts';
import { nowOf, type Site } from '../site.ts';
import { isHospitals, noteIncomplete, type Pass, takePage, type Way, wayError } from './pass.ts';

/** A patient who was booked stays on the roster this long: the order may be changed after the visit. */
const rememberedMs = 30 * 24 * 60 * 60_000;

export const calendars: Way = { rung: 'A5', type: 'Appointment', look: readCalendars };

/** Throws the last fault when no calendar could be read. */
async function readCalendars(pass: Pass): Promise<boolean> {
  const { site, signal, survey, tally } = pass;
  const { settings, store } = site;
  const window = datesOf(site);
  const patients = new Set<string>();
  let complete = true;
  let failure: AdapterError | undefined;
  let some = false;
  const params = survey.discovery.find(({ rung }) => rung === 'A5')?.params;
  for (const calendar of calendarsOf(site, params)) {
    if (signal.aborted) return false;
    try {
      const partial = await readCalendar(pass, calendar, window, patients);
      if (partial) noteIncomplete(tally, 'A5');
      complete = complete && !partial;
      some = true;
    } catch (thrown) {
      failure = asAdapterError(thrown);
      if (!isHospitals(failure)) throw failure;
      noteProblem(tally, wayError(`A5: ${Object.values(calendar)}`, failure));
      complete = false;
    }
  }
  const at = nowOf(site);
  const before = new Date(site.clock().getTime() - rememberedMs).toISOString();
  await store.transaction(async (tx) => {
    await noteOnRoster(tx, settings.id, 'booked', [...patients], at);
    await dropFromRoster(tx, settings.id, 'booked', before);
  });
  if (!some && failure !== undefined) throw failure;
  return complete;
}

async function readCalendar(
  pass: Pass,
  calendar: Calendar,
  window: Required<Window>,
  patients: Set<string>,
): Promise<boolean> {
  const { site, survey, signal } = pass;
  let partial = false;
  const habits = survey.searches.Appointment;
  for await (const page of site.hospital.visitsIn(calendar, window, habits)) {
    partial = (await takePage(pass, 'A5', page)) || partial;
    for (const patient of patientsOf(page.resources, site.hospital.base)) patients.add(patient);
    if (signal.aborted) return true;
  }
  return partial;
}

/**
 * Ours: the places that the settings name, and the people; the therapists where neither is named. Only by those parameters
 * that may be used here, where that is known.
 */
function calendarsOf(
  { settings }: Pick<Site, 'settings'>,
  params: readonly string[] = ['location', 'practitioner'],
): readonly Calendar[] {
  const { locations, practitioners } = settings.discover;
  const named = locations.length + practitioners.length > 0;
  const people = named
    ? practitioners
    : settings.therapists.flatMap((one) => one.practitioner ?? []);
  return [
    ...(params.includes('location') ? locations.map((location) => ({ location })) : []),
    ...(params.includes('practitioner') ? people.map((practitioner) => ({ practitioner })) : []),
  ];
}

/** The dates that are read, to the second and with their zone: a date alone means another day elsewhere (Q29). */
export function datesOf({ settings, clock }: Pick<Site, 'settings' | 'clock'>): Required<Window> {
  const now = clock().getTime();
  const whole = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  const { backMs, aheadMs } = settings.discover;
  return { from: whole(now - backMs), to: whole(now + aheadMs) };
}
