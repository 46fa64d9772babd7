/** A hospital with an inpatient in a bed of a ward, and a massage order for them, for tests of what is beside an order. */
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { refreshSurroundings } from '../../src/sync/before-visits.ts';
import { emptyTally, type Tally } from '../../src/sync/report.ts';
import { hospitalReader, surroundings } from '../../src/sync/surroundings.ts';
import { connected, openOneOrder, order } from './one-order.ts';

const types = 'http://terminology.hl7.org/CodeSystem/location-physical-type';

function location(id: string, name: string, type: string, partOf?: string): fhir4.Location {
  return {
    resourceType: 'Location',
    id,
    name,
    physicalType: { coding: [{ system: types, code: type }] },
    ...(partOf !== undefined && { partOf: { reference: `Location/${partOf}` } }),
  };
}

const ward: readonly fhir4.Location[] = [
  location('ward-5', 'Ward 5', 'wa', 'wing'),
  location('wing', 'North wing', 'wi'),
  location('room-12', 'Room 12', 'ro', 'ward-5'),
  location('bed-3', 'Bed 3', 'bd', 'room-12'),
  location('bed-7', 'Bed 7', 'bd', 'room-12'),
];

/** The stay of the order, in one of the beds. */
export function stayIn(bed: string, more: Partial<fhir4.Encounter> = {}): fhir4.Encounter {
  return {
    resourceType: 'Encounter',
    id: 'stay',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
    subject: { reference: 'Patient/fern' },
    period: { start: '2026-03-01T10:00:00Z' },
    location: [{ location: { reference: `Location/${bed}` }, status: 'active' }],
    ...more,
  };
}

export async function openStay(encounter: fhir4.Encounter = stayIn('bed-3')) {
  const one = await openOneOrder();
  const { hospital, adapter } = one;
  for (const resource of [...ward, encounter]) hospital.put(resource);
  hospital.put(order('inpatient', { encounter: { reference: 'Encounter/stay' } }));
  // A window ends before the moment in which it is asked for.
  one.pass(1_000);
  await adapter.poll();

  const referral = async () => (await adapter.of('ServiceRequest/inpatient')).referral;

  return {
    ...one,
    referral,
    visits: async () => (await adapter.of('ServiceRequest/inpatient')).sessions,
    /** Accepts the order and plans a visit of it, so many minutes from now. */
    async planned(inMinutes = 90) {
      const { id } = await referral();
      await adapter.referral(id, { type: 'accept' });
      const start = new Date(connected(adapter).site.clock().getTime() + inMinutes * 60_000);
      const end = new Date(start.getTime() + 30 * 60_000);
      await adapter.referral(id, {
        type: 'plan',
        start: start.toISOString(),
        end: end.toISOString(),
        therapist: 'ana',
      });
      await adapter.poll();
    },
    /** What a run does before the visits of the day; tells what was asked of the hospital. */
    async look(): Promise<{ readonly tally: Tally; readonly asked: readonly string[] }> {
      const { site } = connected(adapter);
      const before = hospital.requests.length;
      const tally = emptyTally();
      const around = surroundings(site.hospital.base, hospitalReader(site));
      const signal = new AbortController().signal;
      await refreshSurroundings({ site, around, run: 'look', tally, signal });
      return { tally, asked: reads(hospital, before) };
    },
  };
}

/** What was read by id since then, e.g. `Patient/fern`. */
export function reads(hospital: Sandbox, since = 0): string[] {
  return hospital.requests
    .slice(since)
    .filter(({ method }) => method === 'GET')
    .map(({ path }) => path.replace('/fhir/', ''))
    .filter((path) => /^[A-Z]\w+\/[^?]+$/.test(path));
}
