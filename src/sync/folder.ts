/**
 * Rung A7: a folder, file, Bundle or NDJSON instead of a server. Every file ends in the inbox in a visible state with a
 * reason, also one that is no JSON; nothing is asked of the hospital and nothing is sent.
 */
import { canonicalHash } from '../fhir/canonical-hash.ts';
import { receive, rowsWithHash } from '../store/inbox.ts';
import { inboxRow } from './arrivals.ts';
import type { ExchangeLog } from './exchange-log.ts';
import { applyPending } from './inbound/inbound.ts';
import type { FileOutcome, RunReport, Tally } from './report.ts';
import { recorded } from './run.ts';
import type { Site } from './site.ts';
import { surroundings } from './surroundings.ts';

export interface SourceFile {
  readonly name: string;
  readonly read: () => Promise<string>;
}

const page = 50;

/** Takes in every file of a source; orders are judged like those of a server, references are looked up in the source. */
export function runFolder(
  site: Site,
  log: ExchangeLog,
  files: readonly SourceFile[],
  signal: AbortSignal,
): Promise<RunReport> {
  return recorded(site, log, 'folder', async (run, tally) => {
    const index = new Map<string, fhir4.FhirResource>();
    const taken: Taken[] = [];
    for (const file of files) {
      if (signal.aborted) return 'partial';
      for (const bodies of pages(parts(file.name, await file.read())))
        taken.push(...(await take(site, run, file.name, bodies, tally, index)));
    }
    const around = surroundings(site.hospital.base, async (reference) => index.get(reference));
    await applyPending(site, tally, around, run, signal);
    tally.files = await outcomes(site, taken);
    return signal.aborted ? 'partial' : 'complete';
  });
}

type Part = { readonly body: unknown } | { readonly broken: string };

/** What a file holds: the entries of a Bundle, the lines of NDJSON, or the one thing that it is. */
function parts(name: string, text: string): Part[] {
  if (/\.ndjson$/i.test(name))
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(parsed);
  const whole = parsed(text);
  return 'body' in whole ? contentsOf(whole.body).map((body) => ({ body })) : [whole];
}

function parsed(text: string): Part {
  try {
    return { body: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return { broken: text };
    throw thrown;
  }
}

/** A Bundle stands for what it carries; one without entries, or of another shape, stands for itself. */
export function contentsOf(body: unknown): unknown[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [body];
  const { resourceType, entry } = body as { resourceType?: unknown; entry?: unknown };
  if (resourceType !== 'Bundle' || !Array.isArray(entry)) return [body];
  const resources = entry.flatMap((one: unknown) =>
    typeof one === 'object' && one !== null && 'resource' in one ? [one.resource] : [],
  );
  return resources.length === 0 ? [body] : resources;
}

function* pages(all: readonly Part[]): Generator<readonly Part[]> {
  for (let from = 0; from < all.length; from += page) yield all.slice(from, from + page);
}

interface Taken {
  readonly file: string;
  readonly hash: string;
}

async function take(
  site: Site,
  run: string,
  origin: string,
  all: readonly Part[],
  tally: Tally,
  index: Map<string, fhir4.FhirResource>,
): Promise<Taken[]> {
  const arrival = { via: 'folder', run, origin };
  const rows = all.map((part) => {
    if ('body' in part) return inboxRow(site, arrival, part.body);
    // Kept by its hash only: what is no JSON has no place to look for a patient in, and none to hide one.
    return { ...inboxRow(site, arrival, null), hash: canonicalHash({ text: part.broken }) };
  });
  for (const part of all) {
    const resource = 'body' in part ? (part.body as fhir4.FhirResource | null) : null;
    if (typeof resource === 'object' && resource?.resourceType && 'id' in resource && resource.id)
      index.set(`${resource.resourceType}/${resource.id}`, resource);
  }
  const { fresh } = await site.store.transaction((tx) => receive(tx, rows));
  tally.read += rows.length;
  tally.fresh += fresh.length;
  return rows.map(({ hash }) => ({ file: origin, hash }));
}

/** How each thing in each file ended; one that another file held too ended there. */
async function outcomes(site: Site, taken: readonly Taken[]): Promise<FileOutcome[]> {
  const rows = await rowsWithHash(site.store.read, site.settings.id, [
    ...new Set(taken.map(({ hash }) => hash)),
  ]);
  const byHash = new Map(rows.map((row) => [row.hash, row]));
  return taken.map(({ file, hash }) => {
    const row = byHash.get(hash);
    const resource =
      row?.type && row.resource_id ? `${row.type}/${row.resource_id}` : (row?.type ?? undefined);
    return {
      file,
      ...(resource === undefined ? {} : { resource }),
      state: row?.state ?? 'received',
      rule: row?.rule ?? '',
      says: row?.says ?? '',
    };
  });
}
