/**
 * What is beside an order and changes on its own: its patient's record and its stay. A reading of them goes by the same
 * decisions whether it came with the order, by itself, or was asked for before a visit.
 */
import type { HospitalChange } from '../../core/commands.ts';
import { isSameStay } from '../../core/decide-stay.ts';
import type { Episode } from '../../core/episode.ts';
import { type OrderedCare, type Patient, patientGone } from '../../core/referral.ts';
import { whyStayEnds } from '../../core/stay.ts';
import { canonicalHash } from '../../fhir/canonical-hash.ts';
import { openEpisodesOfPatient } from '../../store/episodes.ts';
import { putLink } from '../../store/links.ts';
import type { Tx } from '../../store/store.ts';
import { nowOf, type Site } from '../site.ts';
import type { Seen } from '../surroundings.ts';

/**
 * A newer version of an order with what was known beside it before. What could not be read this time stays as it was; and
 * what is read of the stay now is a change of its own, else a discharge would pass for a change of the order.
 */
export function asKnown(
  known: OrderedCare,
  read: OrderedCare,
  beside: readonly Seen[],
): OrderedCare {
  const isRead = (role: Seen['role']) => beside.some((one) => one.role === role);
  const patient =
    !isRead('patient') && isSamePatient(known.patient, read.patient) ? known.patient : read.patient;
  if (known.stay === undefined) return { ...read, patient };
  const { stay } = known;
  if (read.stay !== undefined)
    return read.stay.reference === stay.reference
      ? { ...read, patient, stay }
      : { ...read, patient };
  if (isRead('encounter') || read.encounter !== known.encounter) return { ...read, patient };
  const where = read.place === undefined ? { place: known.place, location: known.location } : {};
  return { ...read, ...where, patient, stay };
}

function isSamePatient(known: Patient, read: Patient): boolean {
  return [known.reference, known.ordered].includes(read.ordered ?? read.reference);
}

/** What follows for the visits from what was read now; `before` is undefined for an order that is new. */
export function changesAround(
  before: OrderedCare | undefined,
  read: OrderedCare,
): readonly HospitalChange[] {
  const { gone } = read.patient;
  const patient: HospitalChange[] =
    gone === undefined || before?.patient.gone === gone
      ? []
      : [{ type: 'patient-gone', reason: patientGone[gone] }];
  return [...patient, ...stayChanges(before?.stay, read.stay)];
}

function stayChanges(before: OrderedCare['stay'], stay: OrderedCare['stay']): HospitalChange[] {
  if (stay === undefined) return [];
  if (before?.reference === stay.reference)
    return isSameStay(before, stay) ? [] : [{ type: 'stay-seen', stay }];
  // Another stay than before: it stands in the order already, and only whether it is over is news.
  const reason = whyStayEnds(undefined, stay);
  return reason === undefined ? [] : [{ type: 'stay-ended', reason }];
}

/** Keeps which versions were read beside an order: an older one that comes later must not undo them (I3). */
export async function noteAround(
  site: Site,
  tx: Tx,
  referral: string,
  beside: readonly Seen[],
): Promise<void> {
  for (const { role, reference, resource } of beside)
    await putLink(tx, {
      hospital: site.settings.id,
      reference,
      role,
      referral,
      ...versionOf(resource),
      hash: canonicalHash(resource),
      at: nowOf(site),
    });
}

/** Elements of strangers are not trusted to be of their type. */
function versionOf({ meta }: fhir4.FhirResource): { versionId?: string; lastUpdated?: string } {
  const { versionId, lastUpdated } = (meta ?? {}) as { [element: string]: unknown };
  return {
    ...(typeof versionId === 'string' && { versionId }),
    ...(typeof lastUpdated === 'string' && { lastUpdated }),
  };
}

/** The open referrals of a patient (`Patient/…`), however their orders spelled the reference. */
export async function openReferralsOf(
  { store, settings, hospital }: Site,
  patient: string,
): Promise<Episode[]> {
  const spelled = [patient, `${hospital.base}/${patient}`];
  return openEpisodesOfPatient(store.read, settings.id, spelled);
}
