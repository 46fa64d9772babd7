/** A hospital of which orders are looked for by one way, without the rest of a run. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChosenRung, Survey } from '../../../src/hospital/survey.ts';
import type { SearchHabits } from '../../../src/hospital/vendors/vendor.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts';
import { type RosterRow, rosterOf } from '../../../src/store/roster.ts';
import { type Discovery, discover } from '../../../src/sync/discover.ts';
import { applyPending } from '../../../src/sync/inbound/inbound.ts';
import { emptyTally, type Tally } from '../../../src/sync/report.ts';
import type { Site, SiteSettings } from '../../../src/sync/site.ts';
import { hospitalReader, surroundings } from '../../../src/sync/surroundings.ts';
import { adapterOn, type TestAdapter } from '../adapter.ts';
import { connected } from '../one-order.ts';

export interface Looking {
  readonly hospital: Sandbox;
  readonly adapter: TestAdapter;
  readonly site: Site;
  /** Searches that reached the hospital since the last question, `ServiceRequest?patient=Patient/a`. */
  searches(): string[];
  /** Looks once by these rungs and takes what was found to its end. */
  look(options?: LookOptions): Promise<{ readonly found: Discovery; readonly tally: Tally }>;
  list(...patients: string[]): Promise<void>;
  roster(): Promise<RosterRow[]>;
  pass(ms: number): void;
  set(discover: Partial<SiteSettings['discover']>): void;
  stop(): Promise<void>;
}

export interface LookOptions {
  readonly mode?: 'poll' | 'full';
  readonly rungs?: readonly DiscoveryRungCode[];
  readonly habits?: SearchHabits;
  readonly signal?: AbortSignal;
}

type DiscoveryRungCode = 'A1' | 'A3' | 'A5' | 'A6' | 'A7';

function chosen(rung: DiscoveryRungCode): ChosenRung {
  return { rung, says: '', by: 'operator', why: '' };
}

const roster: readonly DiscoveryRungCode[] = ['A6'];
const listName = 'patients.txt';

export async function looking(resources: readonly fhir4.FhirResource[]): Promise<Looking> {
  const folder = await mkdtemp(join(tmpdir(), 'looking-'));
  const hospital = await startSandbox({ resources });
  let ahead = 0;
  const adapter = await adapterOn({
    base: hospital.base,
    folder,
    clock: () => new Date(Date.now() + ahead),
    hospital: `    discover: { patients: ${listName}, every: 1h }\n`,
  });
  const { site } = connected(adapter);
  let seen = 0;
  return {
    hospital,
    adapter,
    site,
    searches() {
      const fresh = hospital.requests.slice(seen);
      seen = hospital.requests.length;
      return fresh
        .map(({ path }) => decodeURIComponent(path).replace(/^.*\/fhir\//, ''))
        .filter((path) => /^(ServiceRequest|Appointment)\?/.test(path))
        .map((path) => path.replace(/&_count=\d+/, ''));
    },
    async look({
      mode = 'poll',
      rungs = roster,
      habits,
      signal = new AbortController().signal,
    } = {}) {
      const tally = emptyTally();
      const run = randomUUID();
      const survey: Survey = {
        at: site.clock().toISOString(),
        vendor: { name: 'generic', product: 'any', signs: {} },
        vendorWhy: '',
        discovery: rungs.map((rung) => chosen(rung)),
        ...{ booking: [], result: [], once: [], update: [], passed: [], notes: [] },
        searches: habits === undefined ? {} : { ServiceRequest: habits },
      };
      const found = await discover({ site, run, mode, tally, signal, survey });
      const around = surroundings(hospital.base, hospitalReader(site));
      await applyPending(site, tally, around, run, signal);
      return { found, tally };
    },
    list: (...patients) => writeFile(join(folder, listName), patients.join('\n')),
    roster: () => rosterOf(adapter.store.read, 'general', new Set()),
    pass: (ms) => {
      ahead += ms;
    },
    set: (discover) => void Object.assign(site.settings.discover, discover),
    async stop() {
      await adapter.close();
      await hospital.stop();
      await rm(folder, { recursive: true });
    },
  };
}

export function patient(id: string): fhir4.Patient {
  return { resourceType: 'Patient', id, name: [{ family: 'Larkmead', given: [id] }] };
}
