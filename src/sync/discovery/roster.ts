/**
 * Rung A6: the patients of the roster, whose orders are looked for one by one. Each is asked for at most every so often and
 * so many in a run, whoever waited longest first; the full sweep takes all of them, and goes on in the next where a budget
 * ended it. Patients of open referrals are always among them, else nobody would hear of what becomes of their orders.
 */
import { AdapterError, asAdapterError, type ErrorCode } from '../../core/errors.ts';
import { localReference } from '../../fhir/reference.ts';
import { moveCursor, readCursor } from '../../store/cursors.ts';
import { openEpisodes } from '../../store/episodes.ts';
import {
  dropFromRoster,
  noteChecked,
  noteOnRoster,
  type RosterRow,
  type RosterSource,
  rosterOf,
} from '../../store/roster.ts';
import { noteProblem } from '../report.ts';
import { nowOf, type Site } from '../site.ts';
import { nextWindow, upTo } from './changes.ts';
import { isHospitals, noteIncomplete, type Pass, rulesOf, takePage, type Way } from './pass.ts';

export const roster: Way = { rung: 'A6', type: 'ServiceRequest', look: readRoster };

/** Orders of open referrals are followed no faster than this (SDOHCC: not faster than every 15 minutes). */
const openEveryMs = 15 * 60_000;
/** A sweep that was ended is gone on with for this long; then it begins anew. */
const sweepMs = 20 * 60 * 60_000;
/** With so many refusals and nothing else, this is no way to the orders of anybody. */
const hopeless = 3;

/** Faults after which the next patient would fare no better. */
const stops: readonly ErrorCode[] = [
  'hospital-unreachable',
  'hospital-busy',
  'sign-in-refused',
  'settings-wrong',
  'file-unreadable',
  'run-in-progress',
];
/** No record, no orders: nothing is missed. */
const absent: readonly ErrorCode[] = ['not-found', 'gone'];

async function readRoster(pass: Pass): Promise<boolean | undefined> {
  const { site, mode, signal, tally } = pass;
  const listed = await refreshLists(pass);
  const open = await openPatients(site);
  await site.store.transaction((tx) =>
    noteOnRoster(tx, site.settings.id, 'open', [...open], nowOf(site)),
  );
  const rows = await rosterOf(site.store.read, site.settings.id, open);
  if (rows.length === 0 && listed) return undefined;
  const sweep = mode === 'full' ? await beginSweep(site) : undefined;
  const due = rows.filter((row) =>
    sweep === undefined ? isDue(site, row, open) : (row.whole_at ?? '') < sweep,
  );
  const chosen = mode === 'full' ? due : due.slice(0, site.settings.discover.perRun);
  tally.patients.waiting += due.length - chosen.length;
  const failures: { patient: string; error: AdapterError }[] = [];
  let complete = listed;
  let done = 0;
  for (const row of chosen) {
    if (signal.aborted) return false;
    try {
      const whole = mode === 'full' || row.whole_at === null;
      if (!(await readPatient(pass, row, whole, open))) complete = false;
      done += 1;
      tally.patients.checked += 1;
    } catch (thrown) {
      const error = asAdapterError(thrown);
      if (!isHospitals(error)) throw error;
      await note(site, row.patient, { whole: false, says: error.message });
      if (stops.includes(error.code)) {
        tally.patients.waiting += chosen.length - done - failures.length;
        throw error;
      }
      failures.push({ patient: row.patient, error });
      if (done === 0 && failures.length === hopeless && !absent.includes(error.code)) throw error;
    }
  }
  const seen = noteFailures(pass, failures) && complete;
  if (sweep !== undefined && seen) await endSweep(site);
  return seen;
}

const sweepRung = 'A6-sweep';

/**
 * When the sweep began that is under way: now, or before, where it was ended too early. One that began under other rules
 * of selection has judged its patients by those, and begins anew.
 */
async function beginSweep(site: Site): Promise<string> {
  const kept = (await readCursor(site.store.read, site.settings.id, sweepRung))?.value ?? '';
  const [begun = '', rules] = kept.split(' ');
  const age = site.clock().getTime() - Date.parse(begun || '1970-01-01');
  if (rules === rulesOf(site) && age < sweepMs) return begun;
  const now = nowOf(site);
  await markSweep(site, `${now} ${rulesOf(site)}`);
  return now;
}

function endSweep(site: Site): Promise<void> {
  return markSweep(site, '');
}

function markSweep(site: Site, value: string): Promise<void> {
  const { id: hospital } = site.settings;
  return site.store.transaction((tx) =>
    moveCursor(tx, { hospital, rung: sweepRung, value, at: nowOf(site) }),
  );
}

/** One patient’s orders into the inbox; false when the answer may lack something. */
async function readPatient(
  pass: Pass,
  { patient, checked_at }: RosterRow,
  whole: boolean,
  open: ReadonlySet<string>,
): Promise<boolean> {
  const { site, survey, tally } = pass;
  const habits = survey.searches.ServiceRequest;
  const window = nextWindow(site, checked_at ?? undefined);
  // By the time of writing, a change of an older order would never be seen.
  const all = whole || (habits?.since !== '_lastUpdated' && open.has(patient));
  let partial = false;
  let serverTime: string | undefined;
  for await (const page of site.hospital.ordersOf({ patient, window, whole: all }, habits)) {
    partial = (await takePage(pass, 'A6', page)) || partial;
    serverTime ??= page.serverTime;
  }
  if (partial) noteIncomplete(tally, 'A6');
  await note(site, patient, {
    whole: all || habits?.since === undefined,
    ...(partial
      ? { says: 'the hospital says that its answer is incomplete' }
      : { upTo: upTo(window, serverTime) }),
  });
  return !partial;
}

function note(
  site: Site,
  patient: string,
  how: { readonly whole: boolean; readonly upTo?: string; readonly says?: string },
): Promise<void> {
  return site.store.transaction((tx) =>
    noteChecked(tx, site.settings.id, patient, { at: nowOf(site), ...how }),
  );
}

function isDue(
  { settings, clock }: Site,
  { patient, tried_at }: RosterRow,
  open: ReadonlySet<string>,
): boolean {
  if (tried_at === null) return true;
  const { everyMs } = settings.discover;
  const every = open.has(patient) ? Math.min(openEveryMs, everyMs) : everyMs;
  return clock().getTime() - Date.parse(tried_at) >= every;
}

/** The lists of the site and of the hospital, as they are now; one that cannot be read stays as it was, and is said. */
async function refreshLists(pass: Pass): Promise<boolean> {
  const { site } = pass;
  const { group } = site.settings.discover;
  const sources: readonly (readonly [
    RosterSource,
    () => Promise<readonly string[] | undefined>,
  ])[] = [
    ['listed', async () => listedPatients(pass)],
    ['grouped', async () => (group === undefined ? undefined : site.hospital.groupMembers(group))],
  ];
  let complete = true;
  for (const [source, read] of sources) {
    try {
      const patients = (await read()) ?? [];
      const at = nowOf(site);
      await site.store.transaction(async (tx) => {
        await noteOnRoster(tx, site.settings.id, source, patients, at);
        await dropFromRoster(tx, site.settings.id, source, at);
      });
    } catch (thrown) {
      const error = asAdapterError(thrown);
      if (!isHospitals(error)) throw error;
      noteProblem(
        pass.tally,
        new AdapterError(error.code, `A6: the list of patients was not read: ${error.message}`, {
          ...error.details,
          fix: error.fix,
        }),
      );
      complete = false;
    }
  }
  return complete;
}

/** The list of the site; what in it is no patient is said, and the others count. */
function listedPatients({ site, tally }: Pass): readonly string[] | undefined {
  const list = site.patientList();
  if (list !== undefined && list.problems.length > 0)
    noteProblem(
      tally,
      new AdapterError('settings-wrong', `A6: ${list.problems.join(' ')}`, {
        fix: 'Correct these lines of the list; each names one patient, such as Patient/123.',
      }),
    );
  return list?.patients;
}

async function openPatients({ store, settings, hospital }: Site): Promise<ReadonlySet<string>> {
  const open = await openEpisodes(store.read, settings.id);
  return new Set(
    open.flatMap(
      ({ referral }) => localReference(referral.care.patient.reference, hospital.base) ?? [],
    ),
  );
}

/** Said once per kind; true when nothing was missed by them. */
function noteFailures(
  { tally }: Pass,
  failures: readonly { readonly patient: string; readonly error: AdapterError }[],
): boolean {
  tally.patients.failed += failures.length;
  const kinds = Map.groupBy(failures, ({ error }) => error.code);
  for (const [code, some] of kinds) {
    const [first] = some;
    if (first === undefined) continue;
    const { message, details, fix } = first.error;
    const count = some.length === 1 ? 'one patient' : `${some.length} patients`;
    noteProblem(
      tally,
      new AdapterError(
        code,
        `A6: the orders of ${count} could not be read, ${first.patient} among them: ${message}`,
        { ...details, fix },
      ),
    );
  }
  return failures.every(({ error }) => absent.includes(error.code));
}
