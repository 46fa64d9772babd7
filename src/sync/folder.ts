/**
 * Rung A7: a folder, file, Bundle or NDJSON instead of a server. Every file ends in the inbox in a visible state with a
 * reason, also one that is no JSON; nothing is asked of the hospital and nothing is sent.
 */
import { canonicalHash } from '../fhir/canonical-hash.ts';
import { receive } from '../store/inbox.ts';
import { inboxRow, storeArrivals } from './arrivals.ts';
import type { ExchangeLog } from './exchange-log.ts';
import { applyPending } from './inbound/inbound.ts';
import type { RunReport, Tally } from './report.ts';
import { recorded } from './run.ts';
import { nowOf, type Site } from './site.ts';
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
    for (const file of files) {
      if (signal.aborted) return 'partial';
      for (const bodies of pages(parts(file.name, await file.read())))
        await take(site, run, file.name, bodies, tally, index);
    }
    const around = surroundings(site.hospital.base, async (reference) => index.get(reference));
    await applyPending(site, tally, around, run, signal);
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

async function take(
  site: Site,
  run: string,
  origin: string,
  all: readonly Part[],
  tally: Tally,
  index: Map<string, fhir4.FhirResource>,
): Promise<void> {
  const bodies = all.flatMap((part) => ('body' in part ? [part.body] : []));
  for (const body of bodies) {
    const resource = body as fhir4.FhirResource | null;
    if (typeof resource === 'object' && resource?.resourceType && 'id' in resource && resource.id)
      index.set(`${resource.resourceType}/${resource.id}`, resource);
  }
  await storeArrivals(site, { via: 'folder', run, origin }, bodies, tally);
  const broken = all.flatMap((part) => ('broken' in part ? [part.broken] : []));
  if (broken.length === 0) return;
  // Kept by its hash only: what is no JSON has no place to look for a patient in, and none to hide one.
  const rows = broken.map((text) => ({
    ...inboxRow(site, { via: 'folder', run, origin }, null),
    hash: canonicalHash({ text }),
    at: nowOf(site),
  }));
  const { fresh } = await site.store.transaction((tx) => receive(tx, rows));
  tally.read += rows.length;
  tally.fresh += fresh.length;
}
