/**
 * The composition root: from settings to a working adapter. Clock, ids, randomness, network and listeners come together
 * here and nowhere else; what runs by itself (polling, the nightly sweep, the outbox) is started by `serve`.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import cron from 'node-cron';
import type { InboundTables } from '../mappings/inbound-tables.ts';
import { isService, ourCodesWith, servicesOf } from '../mappings/our-codes.ts';
import { openOverlays } from '../mappings/overlays.ts';
import { openOurKeys } from './access/our-keys.ts';
import { sourceFiles } from './cli/source-files.ts';
import { token } from './core/concept.ts';
import { AdapterError, asAdapterError } from './core/errors.ts';
import type { SignedRules } from './core/fact-rules.ts';
import { type Emit, type Listener, signalBus } from './core/signals.ts';
import { type Desk, openDesk } from './desk/desk.ts';
import { type Definitions, openDefinitions } from './fhir/definitions/definitions.ts';
import { DefinitionsMissing } from './fhir/definitions/r4.ts';
import { openValidator, type Validator } from './fhir/validation/validator.ts';
import type { Environment } from './hospital/connection.ts';
import { connectHospital } from './hospital/hospital.ts';
import { openFactRules } from './settings/fact-rules.ts';
import { readPatientList } from './settings/patient-list.ts';
import { siteFile } from './settings/site-file.ts';
import { type HospitalSettings, milliseconds, type Settings, wrongSettings } from './settings.ts';
import { connectionOf, siteSettings } from './site-settings.ts';
import { countExchanges } from './store/exchanges.ts';
import { forgetAnswersBefore } from './store/idempotency.ts';
import { lastRun } from './store/runs.ts';
import { openStore, type Store } from './store/store.ts';
import { type KnownCodes, openKnownCodes } from './sync/codes/known-codes.ts';
import { type ExchangeLog, exchangeLog } from './sync/exchange-log.ts';
import { refreshFacts } from './sync/facts/refresh.ts';
import { openJudge } from './sync/judging.ts';
import { drain } from './sync/outbound/worker.ts';
import { emptyTally, type RunReport } from './sync/report.ts';
import { runSync } from './sync/run.ts';
import { whatIsDue } from './sync/schedule.ts';
import type { Site } from './sync/site.ts';
import { keptSurvey } from './sync/survey.ts';

/** The settings and what belongs to them. */
export interface SettingsGiven {
  readonly settings: Settings;
  /** Folder of the settings file, from which the files that it names are found; the working directory by default. */
  readonly folder?: string | undefined;
  /** Where a setting comes from: `massage-fhir.yaml:12`. */
  readonly origin?: ((path: string) => string) | undefined;
}

export interface AdapterGiven extends SettingsGiven {
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

/** What stays in force when a file of the site gets broken while we run. */
const brokenFile = {
  where: 'codes of the site',
  code: 'settings-wrong',
  fix: 'Correct the file; until then the rows that were known before count.',
} as const;

/** A repeated request is answered from memory for this long (decision of the API, not of a hospital). */
const rememberAnswersMs = 48 * 3_600_000;

export async function openAdapter(given: AdapterGiven): Promise<Adapter> {
  const { settings, env } = given;
  const clock = given.clock ?? (() => new Date());
  const emit = signalBus(given.listeners, (thrown) => {
    // A listener that fails has nobody left to tell but the process itself.
    process.emitWarning(asAdapterError(thrown).message, { code: 'LISTENER_FAILED' });
  });
  const own = await openSiteOwn(given, (sentences) => {
    for (const says of sentences) emit('fault', { ...brokenFile, says });
  });
  const judge = openJudge(validatorOfThisProcess());
  const store = await openStore(settings.store, { now: () => clock().toISOString() });
  const instance = `${hostname()}:${process.pid}:${randomUUID()}`;
  const ourKeys = openOurKeys(settings.keys);
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
        spentSince: (id, since) => countExchanges(store.read, id, since),
        onCircuit: ({ open, ...trouble }) =>
          emit(open ? 'hospital:failing' : 'hospital:back', trouble),
        signingKeys: () => ourKeys.live(),
      }),
      codes: own.codes,
      judge,
      tables: own.tablesOf(hospital.id),
      factRules: own.factRulesOf(hospital.id),
      patientList: patientListOf(hospital, given.folder),
      dropFiles: dropFilesOf(hospital, given.folder),
      store,
      clock,
      newId: randomUUID,
      emit,
      instance,
      leaseMs: milliseconds(settings.lease),
    };
    // What earlier runs found out counts for whatever comes before the next one: the outbox, a push, facts on file.
    const kept = await keptSurvey(site);
    if (kept?.sameSettings) site.hospital.heed(kept.survey);
    sites.set(hospital.id, { site, log });
  }
  const background = new Set<Promise<unknown>>();
  const sending = new Map<string, { again: boolean }>();
  const looking = new Set<string>();

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

  /** Facts of what was pushed, or of a visit that came near since the last poll: a person may decide before the next. */
  function lookSoon(hospital: string): void {
    if (looking.has(hospital)) return;
    looking.add(hospital);
    const { site, log } = connected(hospital);
    void inBackground(`facts on file of ${hospital}`, async () => {
      try {
        await refreshFacts(site, emptyTally(), stopping.signal);
        await log.flush(store);
      } finally {
        looking.delete(hospital);
      }
    });
  }

  async function tick(): Promise<void> {
    for (const { site, log } of sites.values()) {
      if (stopping.signal.aborted) return;
      const due = await whatIsDue(store.read, site.settings, clock());
      if (due === undefined) {
        sendSoon(site.settings.id);
        lookSoon(site.settings.id);
      } else
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

/** What a site has of its own beside the settings. */
export interface SiteOwn {
  /** What its codes mean. */
  readonly codes: KnownCodes;
  /** The inbound mappings as a hospital has them. */
  tablesOf(hospital: string | undefined): InboundTables;
  /** What its clinical owner wants said beside the facts on file. */
  factRulesOf(hospital: string): SignedRules | undefined;
}

/** Opens and checks it; throws `settings-wrong` with every mistake. `onBroken` hears of files that get broken later. */
export async function openSiteOwn(
  { settings, folder = '.', origin = (path) => path }: SettingsGiven,
  onBroken: (sentences: readonly string[]) => void,
): Promise<SiteOwn> {
  const hospitals = settings.hospitals.map(({ id }) => id);
  const codes = openKnownCodes({
    table: siteFile(folder, settings.codes.table),
    crosswalks: settings.codes.crosswalks.map((name) => siteFile(folder, name)),
    ours: ourCodesWith(servicesOf(settings.hospitals.flatMap(({ select }) => select.codes))),
    hospitals,
    takes: (hospital, ours) =>
      !isService(ours) ||
      settings.hospitals.some(
        ({ id, select }) => id === hospital && select.codes.includes(token(ours)),
      ),
    onBroken,
  });
  const factRules = await openFactRules(settings.hospitals, (name) => siteFile(folder, name));
  const overlays = await openOverlays(settings.mapping.overlays, {
    hospitals,
    // Opened for overlays only: a site without them starts without waiting for definitions.
    definitions: (name) => definitionsOfThisProcess().type(name),
    where: (at, key) => origin(`mapping.overlays[${at}].${key}`),
  });
  const problems = [...codes.problems, ...factRules.problems, ...overlays.problems];
  if (problems.length > 0) throw wrongSettings(problems);
  return { codes, tablesOf: overlays.tablesOf, factRulesOf: factRules.of };
}

let definitions: Definitions | undefined;
let validator: Validator | undefined;

/** One for the whole process: definitions do not change while it runs. */
function definitionsOfThisProcess(): Definitions {
  try {
    definitions ??= openDefinitions();
  } catch (cause) {
    if (cause instanceof DefinitionsMissing)
      throw new AdapterError('definitions-missing', cause.message, { cause });
    throw cause;
  }
  return definitions;
}

/** One for the whole process too: each compiled type is used by all. */
function validatorOfThisProcess(): Validator {
  validator ??= openValidator(definitionsOfThisProcess());
  return validator;
}

/** Read anew each time: the list is somebody’s to keep. */
function patientListOf({ discover: { patients } }: HospitalSettings, folder = '.') {
  const file = patients === undefined ? undefined : siteFile(folder, patients);
  return () => (file === undefined ? undefined : readPatientList(file));
}

function dropFilesOf({ discover }: HospitalSettings, folder = '.') {
  const drop = discover.folder;
  return async () => (drop === undefined ? [] : sourceFiles(resolve(folder, drop)));
}
