/**
 * One configured hospital with everything that can be asked of it: the client, what its server declares (asked once), and
 * the ways to discover things, with this connection's page size and caps.
 */
import { AdapterError, asAdapterError } from '../core/errors.ts';
import type { NotReadable } from '../core/facts.ts';
import { type Capabilities, isStatementRefused } from './capabilities.ts';
import { type ClientDeps, type HospitalClient, openClient } from './client.ts';
import type { HospitalConnection } from './connection.ts';
import { claimableTasks, type FoundTasks, ownedTasks } from './discovery/addressed-tasks.ts';
import { appointmentsOf } from './discovery/appointments.ts';
import { type Calendar, type FoundVisits, visitsIn } from './discovery/booked-visits.ts';
import { changedOrders } from './discovery/changed-orders.ts';
import type { Found } from './discovery/found.ts';
import { groupMembers } from './discovery/group-members.ts';
import {
  type FoundOrders,
  ordersOfPatient,
  type PatientAsk,
} from './discovery/orders-of-patient.ts';
import { defaultPageSize, type PagingOptions } from './paging.ts';
import { type RecordAsk, type RecordPart, readRecord, readReferred } from './patient-record.ts';
import type { Survey } from './survey.ts';
import { generic } from './vendors/generic.ts';
import type { SearchHabits, Vendor } from './vendors/vendor.ts';
import type { Window } from './windows.ts';

export type HospitalDeps = Omit<ClientDeps, 'sleep' | 'random'> & Partial<ClientDeps>;

export interface Hospital {
  readonly id: string;
  readonly base: string;
  readonly organization?: string;
  readonly client: HospitalClient;
  /** Read once and kept, also that it may not be read: that speaks against nothing. A failed reading is not kept. */
  capabilities(): Promise<Capabilities>;
  /** Read again; what the server says now counts from here on. */
  freshCapabilities(): Promise<Capabilities>;
  /** What was last found out of this server; undefined until something was. */
  survey(): Survey | undefined;
  /** From here on this is what is known of the server: how it is asked, and what its own codes mean. */
  heed(survey: Survey): void;
  /** `habits` of the searches below: how this server wants to be asked. */
  changedOrders(window: Window, habits?: SearchHabits): FoundOrders;
  /** The orders of one patient. */
  ordersOf(ask: PatientAsk, habits?: SearchHabits): FoundOrders;
  /** The Appointments of one calendar. */
  visitsIn(calendar: Calendar, window: Required<Window>, habits?: SearchHabits): FoundVisits;
  /** The patients of a Group. */
  groupMembers(group: string): Promise<readonly string[]>;
  /** Throws `settings-wrong` without a configured organization. */
  ownedTasks(window: Window, habits?: SearchHabits): FoundTasks;
  claimableTasks(window: Window, habits?: SearchHabits): FoundTasks;
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
  let known: Survey | undefined;
  const vendor = (): Vendor => known?.vendor ?? connection.vendor ?? generic;
  const asked = {
    meaningOf: (code: string) => vendor().issueCodes?.[code],
    countParam: () => vendor().countParam ?? '_count',
    ...connection,
  };
  const client = openClient(asked, {
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
    declared ??= client.capabilities().catch((thrown: unknown): Capabilities => {
      if (isStatementRefused(thrown)) return { declared: false };
      declared = undefined;
      throw thrown;
    });
    return declared;
  };
  const freshCapabilities = async () => {
    const now = await client.capabilities();
    declared = Promise.resolve(now);
    return now;
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
    freshCapabilities,
    survey: () => known,
    heed(survey) {
      known = survey;
    },
    changedOrders: (window, habits) => changedOrders(client, window, paging, habits),
    ordersOf: (ask, habits) => ordersOfPatient(client, ask, paging, habits),
    visitsIn: (calendar, window, habits) => visitsIn(client, calendar, window, paging, habits),
    groupMembers: (group) => groupMembers(client, group, Date.parse(deps.clock())),
    ownedTasks(window, habits) {
      if (organization === undefined) {
        throw new AdapterError(
          'settings-wrong',
          `Hospital ${id} has no organization: its Tasks cannot be asked for.`,
        );
      }
      return ownedTasks(client, organization, window, paging, habits);
    },
    claimableTasks: (window, habits) => claimableTasks(client, window, paging, habits),
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

/** Ends early when we are asked to stop; leaves nothing behind on the signal, which outlives many pauses. */
function sleepFor(ms: number, stop: AbortSignal | undefined): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      stop?.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    stop?.addEventListener('abort', end);
    if (stop?.aborted) end();
  });
}
