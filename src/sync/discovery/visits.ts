/**
 * The Appointments of what is open, so that a move or a cancellation by the hospital is seen: by their orders where the
 * server can be asked so, else by their patients, else one by one as far as we know them.
 */
import { type AdapterError, asAdapterError, type ErrorCode } from '../../core/errors.ts';
import { sessionHasEnded } from '../../core/session.ts';
import { localReference } from '../../fhir/reference.ts';
import { allows, type Capabilities } from '../../hospital/capabilities.ts';
import type { FoundVisits } from '../../hospital/discovery/booked-visits.ts';
import { openEpisodes } from '../../store/episodes.ts';
import { linksOf } from '../../store/links.ts';
import { type Reconsider, storeArrivals } from '../arrivals.ts';
import { ourFault } from '../inbound/inbound.ts';
import { note, noteProblem } from '../report.ts';
import { datesOf } from './calendars.ts';
import { isHospitals, noteIncomplete, type Pass, takePage, wayError } from './pass.ts';
import { undeclared } from './undeclared.ts';

type OpenEpisodes = Awaited<ReturnType<typeof openEpisodes>>;

/** One that came before its order was ours was put aside then, and is looked at again now. */
const wasNobodys: Reconsider = (latest) => latest.rule === 'no-order' || latest.rule === ourFault;

/** False when something may have been missed. */
export async function discoverVisits(around: Pass): Promise<boolean> {
  const { site, tally } = around;
  const pass = { ...around, reconsider: wasNobodys };
  const open = await openEpisodes(site.store.read, site.settings.id);
  if (open.length === 0) return true;
  try {
    return await readVisits(pass, open);
  } catch (thrown) {
    const error = asAdapterError(thrown);
    if (!isHospitals(error)) throw error;
    const cannot = await undeclared(site, 'visits', 'Appointment', error);
    noteProblem(tally, cannot ?? wayError('visits', error));
    return cannot !== undefined;
  }
}

async function readVisits(pass: Pass, open: OpenEpisodes): Promise<boolean> {
  const { site, survey } = pass;
  const doubtful = survey.searches.Appointment?.doubtful ?? [];
  const capabilities = await site.hospital.capabilities();
  const canAsk = (param: string) =>
    !doubtful.includes(param) && isSearchedBy(capabilities, 'Appointment', param);
  if (canAsk('based-on')) return byOrder(pass, open);
  if (canAsk('patient') && canAsk('date')) return byPatient(pass, open);
  return oneByOne(pass, open);
}

async function byOrder(pass: Pass, open: OpenEpisodes): Promise<boolean> {
  // Without a window: a visit may have been booked long before its order became ours, and the open ones are few.
  const orders = open.map(({ referral }) => referral.care.order.reference);
  return takePages(pass, pass.site.hospital.appointmentsOf(orders));
}

async function byPatient(pass: Pass, open: OpenEpisodes): Promise<boolean> {
  const { site, survey } = pass;
  const window = datesOf(site);
  const patients = new Set(
    open.flatMap(
      ({ referral }) => localReference(referral.care.patient.reference, site.hospital.base) ?? [],
    ),
  );
  const habits = survey.searches.Appointment;
  return eachOf(pass, [...patients], (patient) =>
    takePages(pass, site.hospital.visitsIn({ patient }, window, habits)),
  );
}

/** False when the hospital says that they lack something. */
async function takePages(pass: Pass, pages: FoundVisits): Promise<boolean> {
  let partial = false;
  for await (const page of pages) partial = (await takePage(pass, 'visits', page)) || partial;
  if (partial) noteIncomplete(pass.tally, 'visits');
  return !partial;
}

/** Faults after which the next question would fare no better. */
const stops: readonly ErrorCode[] = ['hospital-unreachable', 'hospital-busy', 'sign-in-refused'];

/** With so many refusals and nothing else, nobody will be answered. */
const hopeless = 10;

/**
 * Asks about each; one that is refused (a protected record, an Appointment that is gone) keeps none of the others from being
 * seen. Throws where none of them could be asked about, and what concerns them all.
 */
async function eachOf(
  { signal, tally }: Pass,
  names: readonly string[],
  ask: (name: string) => Promise<boolean>,
): Promise<boolean> {
  let whole = true;
  let asked = 0;
  const failures: Failure[] = [];
  for (const name of names) {
    if (signal.aborted) return false;
    try {
      whole = (await ask(name)) && whole;
      asked += 1;
    } catch (thrown) {
      const error = asAdapterError(thrown);
      if (!isHospitals(error) || stops.includes(error.code)) throw error;
      failures.push({ name, error });
      asked += 1;
      if (failures.length === asked && (asked === names.length || asked === hopeless)) throw error;
    }
  }
  for (const [{ name, error }, ...more] of groupedByCode(failures))
    noteProblem(
      tally,
      wayError(`visits of ${name}${more.length > 0 ? ` and ${more.length} more` : ''}`, error),
    );
  return whole && failures.length === 0;
}

interface Failure {
  readonly name: string;
  readonly error: AdapterError;
}

function groupedByCode(failures: readonly Failure[]): readonly [Failure, ...Failure[]][] {
  const groups = [...Map.groupBy(failures, ({ error }) => error.code).values()];
  return groups.flatMap(([first, ...more]) => (first === undefined ? [] : [[first, ...more]]));
}

/** Where Appointments cannot be searched for, those that we know are read; new ones of the hospital stay unseen. */
async function oneByOne(pass: Pass, open: OpenEpisodes): Promise<boolean> {
  const { site, run, tally } = pass;
  if (!allows(await site.hospital.capabilities(), 'Appointment', 'read')) {
    note(
      tally,
      'visits: this server does not declare that Appointments can be read: what the hospital books or moves is not seen.',
    );
    // It could never be otherwise here.
    return true;
  }
  note(
    tally,
    'visits: Appointments cannot be searched for here: new ones of the hospital are not seen.',
  );
  const references: string[] = [];
  for (const { referral, sessions } of open) {
    const ahead = new Set(
      sessions.filter((one) => !sessionHasEnded(one.state)).map(({ id }) => id),
    );
    for (const { role, reference, session } of await linksOf(site.store.read, referral.id)) {
      if (role !== 'appointment' || session === null || !ahead.has(session)) continue;
      references.push(reference);
    }
  }
  return eachOf(pass, references, async (reference) => {
    try {
      const { resource } = await site.hospital.client.read(reference);
      await storeArrivals(site, { via: 'read', run }, [resource], tally, pass.reconsider);
    } catch (thrown) {
      // The full sweep decides what an absence means.
      if (!absent.includes(asAdapterError(thrown).code)) throw thrown;
    }
    return true;
  });
}

const absent: readonly ErrorCode[] = ['not-found', 'gone'];

/** Without a statement, or where it names no parameters, nothing speaks against asking. */
function isSearchedBy(capabilities: Capabilities, type: string, param: string): boolean {
  if (!allows(capabilities, type, 'search-type')) return false;
  if (!capabilities.declared) return true;
  const params = capabilities.types.get(type)?.searchParams;
  return params === undefined || params.size === 0 || params.has(param);
}
