/** Encounter → the stay that an order belongs to, and which of its Locations the patient is at now. */
import type { Instant, Named } from '../src/core/concept.ts';
import { isOver, type Stay } from '../src/core/stay.ts';
import { defined } from '../src/mapping/defined.ts';
import { compileShape } from '../src/mapping/shape.ts';
import { codingFrom } from './concepts.ts';
import { encounter as shape } from './shapes.ts';

const check = compileShape<fhir4.Encounter>(shape, 'Encounter');

/** As the readers below may trust it: what is wrong with it is its hospital's to find. */
export function soundEncounter(encounter: fhir4.Encounter): Partial<fhir4.Encounter> {
  return (check(encounter, () => {}) ?? {}) as Partial<fhir4.Encounter>;
}

/** `place` in words, since its Location may have to be read; `now` decides whether an end has passed. */
export function stayOf(
  encounter: fhir4.Encounter,
  { reference, place, now }: { reference: string; place: Named | undefined; now: Instant },
): Stay {
  const { status = 'unknown', class: act, period } = soundEncounter(encounter);
  const { start, end } = period ?? {};
  return defined({
    reference,
    status,
    class: act && codingFrom(act),
    start,
    end,
    place,
    ended: isOver(defined({ status, end }), now) ? (true as const) : undefined,
  });
}

/** Nearest first (location-physical-type): a bed says more than the ward that it stands in. */
const nearness = ['bd', 'ro', 'area', 'wa', 'lvl', 'wi', 'bu', 'si'];

/** Where the patient is now, of all Locations of an Encounter: what is active, else what nobody has ended. */
export function activeLocation(encounter: fhir4.Encounter): fhir4.Reference | undefined {
  const all = soundEncounter(encounter).location ?? [];
  const active = all.filter(({ status }) => status === 'active');
  const open = all.filter(
    ({ status, period }) => status === undefined && period?.end === undefined,
  );
  const rank = ({ physicalType }: fhir4.EncounterLocation) => {
    const codes = physicalType?.coding?.map(({ code = '' }) => nearness.indexOf(code)) ?? [];
    return codes.find((one) => one >= 0) ?? nearness.length;
  };
  // Among equals the last: hospitals append.
  return (active.length > 0 ? active : open).toReversed().toSorted((a, b) => rank(a) - rank(b))[0]
    ?.location;
}

/** The Locations that the patient has left. */
export function leftLocations(encounter: fhir4.Encounter): string[] {
  const all = soundEncounter(encounter).location ?? [];
  return all.flatMap(({ status, location }) =>
    status === 'completed' && location?.reference !== undefined ? [location.reference] : [],
  );
}
