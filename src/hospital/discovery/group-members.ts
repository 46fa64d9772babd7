/** The patients of a Group that the hospital keeps for us: a roster in the hospital’s own hands (rung A6). */
import { localReference } from '../../fhir/reference.ts';
import type { HospitalClient } from '../client.ts';

/** `Patient/…` of each current member. Throws what the read throws. */
export async function groupMembers(
  client: HospitalClient,
  group: string,
  nowMs: number,
): Promise<readonly string[]> {
  const { resource } = await client.read<fhir4.Group>(group);
  const members = Array.isArray(resource.member) ? resource.member : [];
  const patients = members
    .filter(({ inactive, period }) => inactive !== true && !hasEnded(period, nowMs))
    .flatMap(({ entity }) => localReference(entity, client.base.href) ?? []);
  return [...new Set(patients.filter((one) => one.startsWith('Patient/')))];
}

/** A date without time ends with its day, wherever that is. */
function hasEnded(period: fhir4.Period | undefined, nowMs: number): boolean {
  const end = period?.end;
  if (end === undefined) return false;
  const lastMs = Date.parse(end) + (end.includes('T') ? 0 : 36 * 60 * 60_000);
  return lastMs < nowMs;
}
