/** A place in the words of who walks there: "Ward 5, Room 12, Bed 3", from the Location up to its ward. */
import { compileShape } from '../src/mapping/shape.ts';
import { location as shape } from './shapes.ts';

const check = compileShape<fhir4.Location>(shape, 'Location');

/** As its readers may trust it: what is wrong with it is its hospital's to find. */
export function soundLocation(location: fhir4.Location): Partial<fhir4.Location> {
  return (check(location, () => {}) ?? {}) as Partial<fhir4.Location>;
}

/** Of location-physical-type, what stands in a ward and what a ward stands in. */
const belowWard = ['bd', 'ro', 'area', 'ca', 've', 'co'];
const aboveWard = ['lvl', 'wi', 'bu', 'si', 'jdn', 'rd', 'ho'];

/** Names of a chain whose Locations do not say what they are. */
const mostUntyped = 3;

function typesOf(location: fhir4.Location): string[] {
  return soundLocation(location).physicalType?.coding?.flatMap(({ code }) => code ?? []) ?? [];
}

/** Whether the Location that this one is part of has to be known to say where it is. */
export function needsMore(chain: readonly fhir4.Location[]): boolean {
  const last = chain.at(-1);
  if (last === undefined) return false;
  const types = typesOf(last);
  if (types.length === 0) return chain.length < mostUntyped;
  return types.some((type) => belowWard.includes(type));
}

/** `chain` begins with the place itself. Undefined where none of them has a name. */
export function placeInWords(chain: readonly fhir4.Location[]): string | undefined {
  const inside = chain.filter(
    (one, index) => index === 0 || !typesOf(one).some((type) => aboveWard.includes(type)),
  );
  const names = inside.flatMap((one) => {
    const { name, alias } = soundLocation(one);
    return name ?? alias?.[0] ?? [];
  });
  // Many beds are named with their room and ward: said once.
  const said = names.filter(
    (name, index) => !names.slice(0, index).some((nearer) => nearer.includes(name)),
  );
  return said.length === 0 ? undefined : said.toReversed().join(', ');
}
