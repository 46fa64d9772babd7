/**
 * `massage-fhir map FILE…`: what our mappings make of resources, field by field. For analysts who ask why a field is empty
 * or which code table was used; it needs no store and no hospital, and settings only for what a site has of its own.
 */
import { styleText } from 'node:util';
import type { InboundTables } from '../../mappings/inbound-tables.ts';
import {
  type AnyGiven,
  type MappedResource,
  mapAnything,
  mapOutline,
  readTypes,
} from '../../mappings/mappings.ts';
import { AdapterError } from '../core/errors.ts';
import type { SiteCodes } from '../core/site-codes.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { isGroup, type ResourceFiles, readResources } from './resource-files.ts';
import { settingsIfAny } from './settings-of.ts';

interface Placed extends MappedResource {
  readonly where: string;
}

/** Exit code 1 when nothing was mapped, something is no JSON, or a mapping noticed a fault. */
export async function run(args: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  const files = readResources(args, io.cwd);
  const own = await siteOwnOf(options, io);
  const mapped: Placed[] = [];
  const others = new Map<string, number>();
  for (const { where, resource } of files.resources) {
    if (io.signal.aborted) break;
    const given = { ...givenFor(resource, files), codes: own?.codes };
    const made = await mapAnything(resource, given, own?.tables);
    const outline = own && (await mapOutline(resource, own.tables));
    if (outline !== undefined) mapped.push({ where, ...outline });
    if (made !== undefined) mapped.push({ where, ...made });
    else count(others, isGroup(resource) ? String(resource.resourceType ?? 'no type') : 'no type');
  }
  const withExplain = options.explain === true;
  if (options.json) {
    const shown = mapped.map(({ explain, ...rest }) => (withExplain ? { ...rest, explain } : rest));
    const body = { mapped: shown, notMapped: Object.fromEntries(others), broken: files.broken };
    io.stdout.write(`${JSON.stringify(body, undefined, 2)}\n`);
  } else {
    for (const one of mapped) io.stdout.write(told(one, withExplain, io.color));
    for (const [type, number] of others)
      io.stdout.write(`Not mapped: ${number} × ${type} (mappings read ${readTypes.join(', ')})\n`);
    for (const where of files.broken) io.stdout.write(`${where}: this is not JSON\n`);
  }
  const faults = files.broken.length > 0 || mapped.some(({ flags }) => flags.length > 0);
  return faults || mapped.length === 0 ? 1 : 0;
}

interface HospitalOwn {
  readonly codes: SiteCodes;
  readonly tables: InboundTables;
}

/** The codes and overlays of the hospital that was named, or of the only one; undefined without settings. */
async function siteOwnOf(options: Options, io: Io): Promise<HospitalOwn | undefined> {
  const loaded = settingsIfAny(options, io);
  const named = typeof options.hospital === 'string' ? options.hospital : undefined;
  const hospitals = loaded?.settings.hospitals.map(({ id }) => id) ?? [];
  if (named !== undefined && !hospitals.includes(named))
    throw new AdapterError('arguments-wrong', `There is no hospital ${named} in the settings.`, {
      fix:
        hospitals.length === 0 ? 'Name a settings file.' : `Use one of: ${hospitals.join(', ')}.`,
    });
  if (loaded === undefined) return undefined;
  const { openSiteOwn } = await import('../main.ts');
  const { codes, tablesOf } = await openSiteOwn(loaded, () => undefined);
  if (named === undefined && hospitals.length > 1)
    io.stderr.write(
      'massage-fhir: what the site has for single hospitals is left out; say which with --hospital.\n',
    );
  const hospital = named ?? (hospitals.length === 1 ? hospitals[0] : undefined);
  return { codes: codes.of(hospital ?? ''), tables: tablesOf(hospital) };
}

/** What stands around a resource, as far as the files hold it. */
function givenFor(resource: unknown, files: ResourceFiles): AnyGiven {
  if (!isGroup(resource)) return {};
  const patient = files.find(referenceIn(resource.subject));
  const requester = files.find(referenceIn(resource.requester));
  const locations = Array.isArray(resource.locationReference) ? resource.locationReference : [];
  const location = files.find(referenceIn(locations[0]));
  const own = `${resource.resourceType}/${resource.id}`;
  const parts = files.resources.map((one) => one.resource).filter((one) => isPartOf(one, own));
  // The field tables check the shape of what they are given, so a wrong resource is flagged and not believed.
  return {
    ...(patient !== undefined && { patient: patient as unknown as fhir4.Patient }),
    ...(requester !== undefined && { requester }),
    ...(location !== undefined && { location: location as unknown as fhir4.Location }),
    ...(parts.length > 0 && { observations: parts as fhir4.Observation[] }),
  };
}

function referenceIn(value: unknown): unknown {
  return isGroup(value) ? value.reference : undefined;
}

function isPartOf(resource: unknown, whole: string): boolean {
  if (!isGroup(resource) || resource.resourceType !== 'Observation') return false;
  const parts = Array.isArray(resource.partOf) ? resource.partOf : [];
  return parts.some((part) => referenceIn(part) === whole);
}

function told(one: Placed, withExplain: boolean, color: boolean): string {
  const strong = (text: string) =>
    color ? styleText('bold', text, { validateStream: false }) : text;
  const faint = (text: string) =>
    color ? styleText('gray', text, { validateStream: false }) : text;
  const lines = [strong(`${one.where}: ${one.mapping}`)];
  for (const { field, value, from, found, via, site, note } of one.explain) {
    if (value === undefined && !withExplain) continue;
    lines.push(`  ${field}: ${value === undefined ? '(empty)' : valueText(value)}`);
    if (!withExplain) continue;
    lines.push(faint(`      from   ${from}`));
    if (site !== undefined)
      lines.push(
        faint(`      site   the site’s, over ${site.over}${site.note ? ` (${site.note})` : ''}`),
      );
    lines.push(
      faint(`      found  ${found.length === 0 ? 'nothing' : found.map(valueText).join(', ')}`),
    );
    if (via !== undefined) lines.push(faint(`      via    code table ${via}`));
    if (note !== undefined) lines.push(faint(`      note   ${note}`));
  }
  for (const { path, says } of one.flags) lines.push(`  noticed: ${path} ${says}`);
  return `${lines.join('\n')}\n`;
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
