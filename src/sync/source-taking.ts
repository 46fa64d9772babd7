/** What is taken in of a source: stored in the inbox, kept at hand for what refers to it, and told how it ended. */
import { canonicalHash } from '../fhir/canonical-hash.ts';
import { type FoundRow, receive, rowsWithHash, settle } from '../store/inbox.ts';
import { inboxRow } from './arrivals.ts';
import type { FileOutcome, Tally } from './report.ts';
import { nowOf, type Site } from './site.ts';
import type { Part } from './source-parts.ts';
import type { ReadReference } from './surroundings.ts';

export interface SourceTaking {
  /** Stores what was found in a file, a page in a transaction. */
  take(file: string, parts: readonly Part[]): Promise<void>;
  /** Finds a resource among those that were taken in. */
  readonly read: ReadReference;
  /** How each thing in each file ended, once all are applied; one that another file held too ended there. */
  outcomes(): Promise<FileOutcome[]>;
}

const page = 100;

/** `asText`: what is kept at hand is kept as text, which takes less room than what it is parsed to. */
export function openTaking(
  site: Site,
  run: string,
  tally: Tally,
  { asText = false }: { readonly asText?: boolean } = {},
): SourceTaking {
  const atHand = new Map<string, fhir4.FhirResource | string>();
  const taken: { readonly file: string; readonly hash: string }[] = [];

  async function takePage(origin: string, parts: readonly Part[]): Promise<void> {
    const arrival = { via: 'folder', run, origin };
    const at = nowOf(site);
    const rows = parts.map((part) => {
      if ('body' in part) return inboxRow(site, arrival, part.body, at);
      // Kept by its hash only: what is no JSON has no place to look for a patient in, and none to hide one.
      const hash = canonicalHash(
        'broken' in part ? { broken: part.broken } : { tooLarge: part.at },
      );
      return { ...inboxRow(site, arrival, null, at), hash };
    });
    const { fresh } = await site.store.transaction(async (tx) => {
      const received = await receive(tx, rows);
      const isFresh = new Set(received.fresh);
      for (const [index, part] of parts.entries()) {
        const row = rows[index];
        if (!('tooLarge' in part) || row === undefined || !isFresh.has(row.newId)) continue;
        const says = part.tooLarge;
        await settle(tx, row.newId, {
          state: 'unusable',
          rule: 'too-large',
          says,
          keepBody: false,
          at,
        });
      }
      return received;
    });
    for (const [index, part] of parts.entries()) keep(part, rows[index]);
    tally.read += rows.length;
    tally.fresh += fresh.length;
    tally.unusable += parts.filter((part) => 'tooLarge' in part).length;
    for (const { hash } of rows) taken.push({ file: origin, hash });
  }

  function keep(part: Part, row: FoundRow | undefined): void {
    if (!('body' in part) || row?.type === undefined || row.id === undefined) return;
    const resource = part.body as fhir4.FhirResource;
    atHand.set(`${row.type}/${row.id}`, asText ? row.body : resource);
  }

  return {
    async take(file, parts) {
      for (let from = 0; from < parts.length; from += page)
        await takePage(file, parts.slice(from, from + page));
    },
    read: async (reference) => {
      const found = atHand.get(reference);
      return typeof found === 'string' ? (JSON.parse(found) as fhir4.FhirResource) : found;
    },
    async outcomes() {
      const hashes = [...new Set(taken.map(({ hash }) => hash))];
      const rows = await rowsWithHash(site.store.read, site.settings.id, hashes);
      const byHash = new Map(rows.map((row) => [row.hash, row]));
      return taken.map(({ file, hash }) => {
        const row = byHash.get(hash);
        const resource =
          row?.type && row.resource_id
            ? `${row.type}/${row.resource_id}`
            : (row?.type ?? undefined);
        return {
          file,
          ...(resource === undefined ? {} : { resource }),
          state: row?.state ?? 'received',
          rule: row?.rule ?? '',
          says: row?.says ?? '',
        };
      });
    },
  };
}
