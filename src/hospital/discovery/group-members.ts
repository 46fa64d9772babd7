/** The patients of a Group that the hospital keeps for us: a roster in the hospital’s own hands (rung A6). */
import { AdapterError } from '../../core/errors.ts';
import { localReference } from '../../fhir/reference.ts';
import type { HospitalClient } from '../client.ts';

/** `Patient/…` of each current member. Throws what the read throws, and where no member is a patient here. */
export async function groupMembers(
  client: HospitalClient,
  group: string,
  nowMs: number,
): Promise<readonly string[]> {
  const { resource } = await client.read<fhir4.Group>(group);
  const members = Array.isArray(resource.member) ? resource.member : [];
  const current = members.filter(
    ({ inactive, period }) => inactive !== true && !hasEnded(period, nowMs),
  );
  const patients = current
    .flatMap(({ entity }) => localReference(entity, client.base.href) ?? [])
    .filter((one) => one.startsWith('Patient/'));
  // Else a Group that is written otherwise would look like one that has become empty.
  if (current.length > 0 && patients.length === 0)
    throw new AdapterError('answer-broken', `No member of ${group} is a patient of this server.`, {
      about: group,
      fix: 'Look at the members of this Group: their references may name another address than base, or no patients.',
    });
  return [...new Set(patients)];
}

/** A date without time ends with its day, wherever that is. */
function hasEnded(period: fhir4.Period | undefined, nowMs: number): boolean {
  const end = period?.end;
  if (end === undefined) return false;
  const lastMs = Date.parse(end) + (end.includes('T') ? 0 : 36 * 60 * 60_000);
  return lastMs < nowMs;
}
