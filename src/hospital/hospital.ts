/**
 * One configured hospital with everything that can be asked of it: the client, what its server declares (asked once), and
 * the ways to discover things, with this connection's page size and caps.
 */
import { AdapterError, asAdapterError } from '../core/errors.ts';
import type { NotReadable } from '../core/facts.ts';
import type { Capabilities } from './capabilities.ts';
import { type ClientDeps, type HospitalClient, openClient } from './client.ts';
import type { HospitalConnection } from './connection.ts';
import { claimableTasks, type FoundTasks, ownedTasks } from './discovery/addressed-tasks.ts';
import { appointmentsOf } from './discovery/appointments.ts';
import { changedOrders } from './discovery/changed-orders.ts';
import type { Found } from './discovery/found.ts';
import { defaultPageSize, type PagingOptions } from './paging.ts';
import { type RecordAsk, type RecordPart, readRecord, readReferred } from './patient-record.ts';
import type { Window } from './windows.ts';

export type HospitalDeps = Omit<ClientDeps, 'sleep' | 'random'> & Partial<ClientDeps>;

export interface Hospital {
  readonly id: string;
  readonly base: string;
  readonly organization?: string;
  readonly client: HospitalClient;
  /** Read once and kept; a failed reading is not. */
  capabilities(): Promise<Capabilities>;
  changedOrders(window: Window): AsyncGenerator<Found<fhir4.ServiceRequest>, void, undefined>;
  /** Throws `settings-wrong` without a configured organization. */
  ownedTasks(window: Window): FoundTasks;
  claimableTasks(window: Window): FoundTasks;
  appointmentsOf(
    orders: readonly string[],
    window?: Window,
  ): AsyncGenerator<Found<fhir4.Appointment>, void, undefined>;
  /** One type of a patient’s record, at most `pages` pages of each search; what is not shown says why. */
  patientRecord(patient: string, ask: RecordAsk, pages: number): Promise<RecordPart>;
  /** What parts of a record refer to; at most `most` are read. */
  referred(
    references: readonly string[],
    most: number,
  ): Promise<ReadonlyMap<string, fhir4.FhirResource | NotReadable>>;
  close(): Promise<void>;
}

/** Connects to a hospital; nothing is sent before the first question. */
export function connectHospital(connection: HospitalConnection, deps: HospitalDeps): Hospital {
  const client = openClient(connection, {
    sleep: (ms) => sleepFor(ms, deps.stop),
    random: Math.random,
    ...deps,
  });
  const { id, organization, pageSize, maxPages } = connection;
  const paging: PagingOptions = {
    ...(pageSize !== undefined && { pageSize }),
    ...(maxPages !== undefined && { maxPages }),
  };
  let declared: Promise<Capabilities> | undefined;
  const capabilities = () => {
    declared ??= client.capabilities().catch((thrown: unknown) => {
      declared = undefined;
      throw thrown;
    });
    return declared;
  };
  /** A statement that we may not read speaks against nothing: each search then has its own answer. */
  const asFarAsDeclared = () =>
    capabilities().catch((thrown: unknown): Capabilities => {
      const { code, kind } = asAdapterError(thrown);
      if (code === 'internal' || kind !== 'permanent') throw thrown;
      return { declared: false };
    });
  return {
    id,
    base: client.base.href,
    ...(organization !== undefined && { organization }),
    client,
    capabilities,
    changedOrders: (window) => changedOrders(client, window, paging),
    ownedTasks(window) {
      if (organization === undefined) {
        throw new AdapterError(
          'settings-wrong',
          `Hospital ${id} has no organization: its Tasks cannot be asked for.`,
        );
      }
      return ownedTasks(client, organization, window, paging);
    },
    claimableTasks: (window) => claimableTasks(client, window, paging),
    appointmentsOf: (orders, window) => appointmentsOf(client, orders, window, paging),
    async patientRecord(patient, ask, pages) {
      const bounds = { pageSize: pageSize ?? defaultPageSize, pages };
      return readRecord(client, await asFarAsDeclared(), patient, ask, bounds);
    },
    referred: async (references, most) =>
      readReferred(client, await asFarAsDeclared(), references, most),
    close: () => client.close(),
  };
}

function sleepFor(ms: number, stop: AbortSignal | undefined): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    stop?.addEventListener('abort', () => {
      clearTimeout(timer);
      done();
    });
  });
}
