/**
 * The composition root: from settings to a working adapter. Clock, ids, randomness, network and listeners come together
 * here and nowhere else; what runs by itself (polling, the nightly sweep, the outbox) is started by `serve`.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import cron from 'node-cron';
import { asAdapterError } from './core/errors.ts';
import { type Emit, type Listener, signalBus } from './core/signals.ts';
import { type Desk, openDesk } from './desk/desk.ts';
import type { Environment } from './hospital/connection.ts';
import { connectHospital } from './hospital/hospital.ts';
import { type HospitalSettings, milliseconds, type Settings } from './settings.ts';
import { forgetAnswersBefore } from './store/idempotency.ts';
import { lastRun } from './store/runs.ts';
import { openStore, type Store } from './store/store.ts';
import { type ExchangeLog, exchangeLog } from './sync/exchange-log.ts';
import { drain } from './sync/outbound/worker.ts';
import { emptyTally, type RunReport } from './sync/report.ts';
import { runSync } from './sync/run.ts';
import { whatIsDue } from './sync/schedule.ts';
import type { Site, SiteSettings } from './sync/site.ts';

export interface AdapterGiven {
  readonly settings: Settings;
  readonly env: Environment;
  readonly listeners: readonly Listener[];
  readonly clock?: () => Date;
  /** Asked to stop (Ctrl-C): requests under way are given up, and what is unclear is looked at by the next run. */
  readonly stop?: AbortSignal;
}

/** One hospital and the log of what is asked of it. */
export interface Connected {
  readonly site: Site;
  readonly log: ExchangeLog;
}

export interface Adapter {
  readonly store: Store;
  readonly desk: Desk;
  readonly sites: ReadonlyMap<string, Connected>;
  readonly emit: Emit;
  readonly clock: () => Date;
  /** One run of a hospital now. */
  sync(hospital: string, mode: 'poll' | 'full', signal: AbortSignal): Promise<RunReport>;
  /** Begins a run without waiting for its end; says why when none could begin. */
  begin(
    hospital: string,
    mode: 'poll' | 'full',
  ): Promise<{ readonly started: boolean; readonly says?: string }>;
  /** Starts what runs by itself; returns how to end it. */
  keepRunning(): () => Promise<void>;
  close(): Promise<void>;
}

/** A repeated request is answered from memory for this long (decision of the API, not of a hospital). */
const rememberAnswersMs = 48 * 3_600_000;

export async function openAdapter(given: AdapterGiven): Promise<Adapter> {
  const { settings, env } = given;
  const clock = given.clock ?? (() => new Date());
  const emit = signalBus(given.listeners, (thrown) => {
    // A listener that fails has nobody left to tell but the process itself.
    process.emitWarning(asAdapterError(thrown).message, { code: 'LISTENER_FAILED' });
  });
  const store = await openStore(settings.store, { now: () => clock().toISOString() });
  const instance = `${hostname()}:${process.pid}:${randomUUID()}`;
  const stopping = new AbortController();
  given.stop?.addEventListener('abort', () => stopping.abort());
  const sites = new Map<string, Connected>();
  for (const hospital of settings.hospitals) {
    const log = exchangeLog(emit, clock);
    const site: Site = {
      settings: siteSettings(hospital),
      hospital: connectHospital(connectionOf(hospital), {
        ids: randomUUID,
        clock: () => clock().toISOString(),
        env,
        onExchange: log.onExchange,
        stop: stopping.signal,
      }),
      store,
      clock,
      newId: randomUUID,
      emit,
      instance,
      leaseMs: milliseconds(settings.lease),
    };
    sites.set(hospital.id, { site, log });
  }
  const background = new Set<Promise<unknown>>();
  const sending = new Map<string, { again: boolean }>();

  const adapter: Adapter = {
    store,
    sites,
    emit,
    clock,
    desk: openDesk({
      store,
      clock,
      newId: randomUUID,
      emit,
      onIntended: (hospital) => sendSoon(hospital),
      therapists: new Set(settings.hospitals.flatMap((one) => one.therapists.map(({ id }) => id))),
    }),
    sync(hospital, mode, signal) {
      const { site, log } = connected(hospital);
      return runSync(site, log, { mode, signal });
    },
    async begin(hospital, mode) {
      const { site, log } = connected(hospital);
      const last = await lastRun(store.read, hospital, { state: 'running' });
      if (last !== undefined && last.lease_until > clock().toISOString())
        return { started: false, says: `Run ${last.id} is under way.` };
      void inBackground(`sync of ${hospital}`, () =>
        runSync(site, log, { mode, signal: stopping.signal }),
      );
      return { started: true };
    },
    keepRunning() {
      sends = true;
      // A store that fails for a minute is said and asked again: thrown from here it would end the process.
      const look = () => inBackground('what is due', tick);
      const task = cron.schedule('* * * * *', look, { noOverlap: true });
      void look();
      return async () => {
        sends = false;
        await task.stop();
      };
    },
    async close() {
      stopping.abort();
      // What is being ended may still begin something: a look at what is due begins runs.
      while (background.size > 0) await Promise.allSettled(background);
      for (const { site } of sites.values()) await site.hospital.close();
      await store.close();
    },
  };
  let sends = false;
  return adapter;

  function connected(hospital: string): Connected {
    const found = sites.get(hospital);
    if (found === undefined) throw new Error(`No hospital ${hospital} is configured.`);
    return found;
  }

  /** What was decided goes out at once while we are serving; a command line that ends leaves it to the next run. */
  function sendSoon(hospital: string): void {
    if (!sends || stopping.signal.aborted) return;
    const busy = sending.get(hospital);
    if (busy !== undefined) {
      busy.again = true;
      return;
    }
    const state = { again: false };
    sending.set(hospital, state);
    const { site, log } = connected(hospital);
    void inBackground(`outbox of ${hospital}`, async () => {
      try {
        do {
          state.again = false;
          await drain(site, log, emptyTally(), stopping.signal);
        } while (state.again && !stopping.signal.aborted);
      } finally {
        sending.delete(hospital);
      }
    });
  }

  async function tick(): Promise<void> {
    for (const { site, log } of sites.values()) {
      if (stopping.signal.aborted) return;
      const due = await whatIsDue(store.read, site.settings, clock());
      if (due === undefined) sendSoon(site.settings.id);
      else
        void inBackground(`sync of ${site.settings.id}`, async () => {
          await runSync(site, log, { mode: due, signal: stopping.signal }).catch(
            (thrown: unknown) => {
              const error = asAdapterError(thrown);
              if (error.code !== 'run-in-progress') throw error;
              emit('run:skipped', { hospital: site.settings.id, why: error.message });
            },
          );
        });
    }
    const before = new Date(clock().getTime() - rememberAnswersMs).toISOString();
    await store.transaction((tx) => forgetAnswersBefore(tx, before));
  }

  function inBackground(where: string, work: () => Promise<unknown>): Promise<void> {
    const running: Promise<void> = work()
      .then(() => undefined)
      .catch((thrown: unknown) => {
        const { code, message, fix } = asAdapterError(thrown);
        emit('fault', { where, code, says: message, fix });
      })
      .finally(() => background.delete(running));
    background.add(running);
    return running;
  }
}

function connectionOf(hospital: HospitalSettings) {
  const timeout = milliseconds(hospital.timeout);
  return {
    id: hospital.id,
    base: hospital.base,
    signIn: hospital.signIn,
    timeouts: { connectMs: Math.min(timeout, 10_000), headersMs: timeout, bodyMs: timeout },
    maxPages: hospital.maxPages,
    pageSize: hospital.pageSize,
    ...(hospital.organization === undefined ? {} : { organization: hospital.organization }),
  };
}

export function siteSettings(hospital: HospitalSettings): SiteSettings {
  const { id, timezone, organization, therapists, select, dialect, tasks, nightly, write } =
    hospital;
  return {
    id,
    timezone,
    organization,
    therapists,
    select: { ...select, organization },
    dialect,
    tasks,
    nightly,
    write,
    pollMs: milliseconds(hospital.poll),
    lagMs: milliseconds(hospital.lag),
    overlapMs: milliseconds(hospital.overlap),
  };
}
