/**
 * Rung A6, one patient at a time: the ServiceRequests of a patient, all of them or those that are new since. Most EHRs
 * show no others (hospital-servers.md §1.1). Where the server caps its answer, the orders are asked for again by the time
 * at which they were written.
 */
import type { Instant } from '../../core/concept.ts';
import { AdapterError } from '../../core/errors.ts';
import { localReference } from '../../fhir/reference.ts';
import type { HospitalClient, SearchParams } from '../client.ts';
import { type PagingOptions, pagesOf } from '../paging.ts';
import type { SearchHabits } from '../vendors/vendor.ts';
import { type Window, windowParams } from '../windows.ts';
import { asksForLess, expectHonoured, type Found, foundOf, mayBeIn, narrowed } from './found.ts';

export interface PatientAsk {
  /** `Patient/123` */
  readonly patient: string;
  /** Only what changed in this window, as far as this server can be asked for that. */
  readonly window: Window;
  /** Everything, whatever its time. */
  readonly whole: boolean;
}

export type FoundOrders = AsyncGenerator<Found<fhir4.ServiceRequest>, void, undefined>;

/** How far back an order may have been written before it was stored: `authored` is the writer’s time, not the server’s. */
const writtenLateMs = 7 * 24 * 60 * 60_000;

/** Throws `search-not-honoured` when orders of other patients are shown (Q10). */
export async function* ordersOfPatient(
  client: HospitalClient,
  { patient, window, whole }: PatientAsk,
  options: PagingOptions = {},
  habits: SearchHabits = {},
): FoundOrders {
  const base = client.base.href;
  const always: SearchParams = [['patient', patient], ...(habits.always ?? [])];
  const search = (more: SearchParams) =>
    pagesOf<fhir4.ServiceRequest>(client, 'ServiceRequest', [...always, ...more], {
      ...options,
      narrows: true,
    });
  const take = (
    page: Parameters<typeof foundOf<fhir4.ServiceRequest>>[1],
    isInside: (order: fhir4.ServiceRequest) => boolean,
  ) => {
    expectHonoured(page, ['patient']);
    if (page.resources.some((order) => isSomebodyElses(order, patient, base)))
      throw new AdapterError(
        'search-not-honoured',
        'The hospital shows orders of other patients than the one that was asked for.',
        { about: patient },
      );
    return foundOf('A6', page, isInside);
  };
  if (!whole && habits.since === '_lastUpdated') {
    yield* narrowed<fhir4.ServiceRequest>(
      window,
      (part) => search(windowParams(part, habits.window)),
      (page, part) => take(page, (order) => mayBeIn(part, order)),
    );
    return;
  }
  const authored = (part: Window) => search(windowParams(part, habits.window, 'authored'));
  if (!whole && habits.since === 'authored' && window.from !== undefined) {
    const from = earlier(window.from, writtenLateMs);
    // What was written at the hospital’s own time may lie ahead of ours.
    const to = earlier(window.to, -writtenLateMs);
    yield* narrowed<fhir4.ServiceRequest>({ from, to }, authored, (page) => take(page, () => true));
    return;
  }
  let isCut = false;
  try {
    for await (const page of search([])) {
      isCut ||= page.capped;
      yield take(page, () => true);
    }
  } catch (thrown) {
    if (!asksForLess(thrown)) throw thrown;
    isCut = true;
  }
  if (!isCut) return;
  // What has no time of writing could only be in the answer that was cut; there is no other way to ask for it.
  let notes: readonly string[] = [timelessMayLack];
  const again = narrowed<fhir4.ServiceRequest>(
    { to: earlier(window.to, -writtenLateMs) },
    authored,
    (page) => take(page, () => true),
  );
  for await (const page of again) {
    yield { ...page, notes: [...notes, ...page.notes] };
    notes = [];
  }
}

/** Names no patient: a server that cuts one answer short cuts others too. */
const timelessMayLack =
  'the hospital cuts the orders of a patient short: they are asked for again by their time of writing, and those without one (authoredOn) may be missing';

/**
 * Names another patient of this server. One that names none, or one under another address, is handed on: the hospital says
 * that it is this patient’s, and a person can tell (I9).
 */
function isSomebodyElses(order: fhir4.ServiceRequest, patient: string, base: string): boolean {
  const subject = localReference(order.subject, base);
  return subject?.startsWith('Patient/') === true && subject !== patient;
}

function earlier(at: Instant, byMs: number): Instant {
  return new Date(Date.parse(at) - byMs).toISOString().replace('.000Z', 'Z');
}
