/**
 * The expressions that a site lays over our inbound mappings: checked together at the start, then put into the tables of
 * each hospital. What we write is made from our own record and takes none: its identifiers are how we know our resources
 * again, and its content is what we answer for.
 */
import { map } from '../src/mapping/field-table.ts';
import type { Finding } from '../src/mapping/finding.ts';
import { nearest } from '../src/mapping/nearest.ts';
import { checkOverlay, type Overlay, overlaid } from '../src/mapping/overlay.ts';
import type { TypeDefinitions } from '../src/mapping/path-types.ts';
import { type Problem, shown } from '../src/mapping/problems.ts';
import { isObject } from '../src/mapping/shape.ts';
import { type InboundName, type InboundTables, inboundTables } from './inbound-tables.ts';
import { mappings } from './mappings.ts';

export interface OverlaysGiven {
  readonly hospitals: readonly string[];
  readonly definitions: TypeDefinitions;
  /** Where a part of an overlay stands, e.g. `massage-fhir.yaml:12`. */
  readonly where: (overlay: number, key: string) => string;
}

export interface Overlays {
  readonly problems: readonly Problem[];
  tablesOf(hospital: string | undefined): InboundTables;
}

/** Checks the overlays; with problems, the tables are ours as they are. Without overlays nothing is loaded for them. */
export async function openOverlays(
  overlays: readonly Overlay[],
  given: OverlaysGiven,
): Promise<Overlays> {
  if (overlays.length === 0) return { problems: [], tablesOf: () => inboundTables };
  const problems: Problem[] = [];
  for (const [at, overlay] of overlays.entries())
    problems.push(...(await problemsOf(overlays, at, overlay, given)));
  if (problems.length > 0) return { problems, tablesOf: () => inboundTables };
  const everywhere = await laid(overlays.filter((one) => one.hospital === undefined));
  const tables = new Map<string, InboundTables>();
  for (const hospital of given.hospitals)
    tables.set(
      hospital,
      await laid(overlays.filter((one) => (one.hospital ?? hospital) === hospital)),
    );
  return { problems, tablesOf: (hospital) => tables.get(hospital ?? '') ?? everywhere };
}

async function problemsOf(
  all: readonly Overlay[],
  at: number,
  overlay: Overlay,
  { hospitals, definitions, where }: OverlaysGiven,
): Promise<Problem[]> {
  const problem = (key: keyof Overlay, rest: Omit<Problem, 'where' | 'path'>): Problem => ({
    where: where(at, key),
    path: `mapping.overlays[${at}].${key}`,
    ...rest,
  });
  const { hospital, mapping, field } = overlay;
  const found: Problem[] = [];
  if (hospital !== undefined && !hospitals.includes(hospital))
    found.push(
      problem('hospital', {
        found: shown(hospital),
        expected: `one of ${hospitals.join(', ')}`,
        meant: nearest(hospital, hospitals),
      }),
    );
  const twin = all.findIndex(
    (one) =>
      one.mapping === mapping &&
      one.field === field &&
      (one.hospital === undefined || hospital === undefined || one.hospital === hospital),
  );
  if (twin < at)
    found.push(
      problem('field', {
        found: `${shown(field)}, over which mapping.overlays[${twin}] lies`,
        expected: 'one expression for a field',
      }),
    );
  if (!isInbound(mapping)) return [...found, problem('mapping', wrongMapping(mapping))];
  const wrong = await checkOverlay(inboundTables[mapping], overlay, definitions);
  return [...found, ...wrong.map(({ key, ...rest }) => problem(key, rest))];
}

function isInbound(name: string): name is InboundName {
  return Object.hasOwn(inboundTables, name);
}

function wrongMapping(name: string): Omit<Problem, 'where' | 'path'> {
  const inbound = Object.keys(inboundTables);
  const expected = `one of ${inbound.join(', ')}`;
  if (mappings.some((one) => one.name === name))
    return {
      found: shown(name),
      expected,
      because:
        name === 'procedure-to-session'
          ? 'it reads back what we have written ourselves'
          : 'it makes what we write, whose identifiers and content are ours to answer for',
    };
  return { found: shown(name), expected, meant: nearest(name, inbound) };
}

async function laid(overlays: readonly Overlay[]): Promise<InboundTables> {
  const over = (name: InboundName) => overlays.filter(({ mapping }) => mapping === name);
  return {
    'order-outline': await overlaid(inboundTables['order-outline'], over('order-outline')),
    'order-to-referral': await overlaid(
      inboundTables['order-to-referral'],
      over('order-to-referral'),
    ),
    'task-to-request': await overlaid(inboundTables['task-to-request'], over('task-to-request')),
    'appointment-to-session': await overlaid(
      inboundTables['appointment-to-session'],
      over('appointment-to-session'),
    ),
  };
}

/**
 * What did not fit of the site's expressions where the mapping itself has nobody to tell: those that only judge or follow.
 * Nothing is looked at where the site has none.
 */
export function misfits(tables: InboundTables, resource: object): readonly Finding[] {
  const type = isObject(resource) ? resource.resourceType : undefined;
  if (type === 'ServiceRequest') return misfitsOf('order-outline', { taskedToUs: false });
  if (type === 'Task') return misfitsOf('task-to-request', {});
  return type === 'Appointment' ? misfitsOf('appointment-to-session', {}) : [];

  function misfitsOf(name: InboundName, given: object): readonly Finding[] {
    const table = tables[name];
    if (table === inboundTables[name]) return [];
    const expressions = table.rows.flatMap(({ overlay, from }) => (overlay ? [from] : []));
    // the table checks the shape of its source itself
    const { flags } = map(table as AnyInbound, resource, given);
    return flags.filter(({ path }) => expressions.includes(path));
  }
}

type AnyInbound = Parameters<typeof map<object, object, unknown>>[0];
