/**
 * The Appointments of what is open, so that a move or a cancellation by the hospital is seen: by their orders where the
 * server can be asked so, else by their patients, else one by one as far as we know them.
 */
import { asAdapterError } from '../../core/errors.ts';
import { sessionHasEnded } from '../../core/session.ts';
import { localReference } from '../../fhir/reference.ts';
import { allows, type Capabilities } from '../../hospital/capabilities.ts';
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
    const partial = await readVisits(pass, open);
    if (partial) noteIncomplete(tally, 'visits');
    return !partial;
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
  let partial = false;
  for await (const page of pass.site.hospital.appointmentsOf(orders))
    partial = (await takePage(pass, 'visits', page)) || partial;
  return partial;
}

async function byPatient(pass: Pass, open: OpenEpisodes): Promise<boolean> {
  const { site, survey, signal } = pass;
  const window = datesOf(site);
  const patients = new Set(
    open.flatMap(
      ({ referral }) => localReference(referral.care.patient.reference, site.hospital.base) ?? [],
    ),
  );
  let partial = false;
  for (const patient of patients) {
    if (signal.aborted) return true;
    const habits = survey.searches.Appointment;
    for await (const page of site.hospital.visitsIn({ patient }, window, habits))
      partial = (await takePage(pass, 'visits', page)) || partial;
  }
  return partial;
}

/** Where Appointments cannot be searched for, those that we know are read; new ones of the hospital stay unseen. */
async function oneByOne(pass: Pass, open: OpenEpisodes): Promise<boolean> {
  const { site, run, tally, signal } = pass;
  if (!allows(await site.hospital.capabilities(), 'Appointment', 'read')) {
    note(
      tally,
      'visits: this server does not declare that Appointments can be read: what the hospital books or moves is not seen.',
    );
    return false;
  }
  note(
    tally,
    'visits: Appointments cannot be searched for here: new ones of the hospital are not seen.',
  );
  for (const { referral, sessions } of open) {
    const ahead = new Set(
      sessions.filter((one) => !sessionHasEnded(one.state)).map(({ id }) => id),
    );
    for (const { role, reference, session } of await linksOf(site.store.read, referral.id)) {
      if (role !== 'appointment' || session === null || !ahead.has(session)) continue;
      if (signal.aborted) return true;
      const { resource } = await site.hospital.client.read(reference);
      await storeArrivals(site, { via: 'read', run }, [resource], tally, pass.reconsider);
    }
  }
  return false;
}

/** Without a statement, or where it names no parameters, nothing speaks against asking. */
function isSearchedBy(capabilities: Capabilities, type: string, param: string): boolean {
  if (!allows(capabilities, type, 'search-type')) return false;
  if (!capabilities.declared) return true;
  const params = capabilities.types.get(type)?.searchParams;
  return params === undefined || params.size === 0 || params.has(param);
}
