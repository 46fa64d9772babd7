/** The frame of every run: at most one of a hospital at a time, and a record and a report of each. */
import { AdapterError, asAdapterError } from '../core/errors.ts';
import { beginRun, endRun, renewRun } from '../store/runs.ts';
import type { ExchangeLog } from './exchange-log.ts';
import { localDate } from './local-time.ts';
import {
  emptyTally,
  noteProblem,
  type RunMode,
  type RunReport,
  type RunState,
  reportLine,
  type Tally,
} from './report.ts';
import { leaseUntil, nowOf, type Site } from './site.ts';

/** Runs `work` under a lease, and ends the run whatever happens. */
export async function recorded(
  site: Site,
  log: ExchangeLog,
  mode: RunMode,
  work: (run: string, tally: Tally) => Promise<RunState>,
): Promise<RunReport> {
  const { store, settings } = site;
  const started = site.clock().getTime();
  const requests = log.requests();
  const run = await store.transaction((tx) =>
    beginRun(tx, {
      id: site.newId(),
      hospital: settings.id,
      mode,
      localDate: localDate(site.clock(), settings.timezone),
      owner: site.instance,
      leaseUntil: leaseUntil(site),
      startedAt: nowOf(site),
    }),
  );
  if (run === undefined)
    throw new AdapterError(
      'run-in-progress',
      `A run of hospital ${settings.id} is under way; if its process has died, the next run takes over when its lease ends.`,
      {
        about: settings.id,
      },
    );
  site.emit('run:started', { hospital: settings.id, run, mode });
  const tally = emptyTally();
  let lost: unknown;
  const renew = async () => {
    const held = await store.transaction((tx) => renewRun(tx, run, leaseUntil(site)));
    if (!held)
      lost = new AdapterError('run-in-progress', 'Another process took this run over.', {
        about: run,
      });
  };
  const renewing = setInterval(
    () => {
      renew().catch((thrown: unknown) => {
        lost = thrown;
      });
    },
    Math.max(site.leaseMs / 3, 100),
  );
  let state: RunState = 'failed';
  try {
    state = await log.within({ run }, () => work(run, tally));
    if (lost !== undefined) throw lost;
  } catch (thrown) {
    const error = asAdapterError(thrown);
    state = 'failed';
    noteProblem(tally, error);
    site.emit('run:failed', {
      hospital: settings.id,
      run,
      code: error.code,
      says: error.message,
      fix: error.fix,
    });
  } finally {
    clearInterval(renewing);
  }
  await log.flush(store);
  const report: RunReport = {
    run,
    hospital: settings.id,
    mode,
    state,
    ...tally,
    requests: log.requests() - requests,
    seconds: (site.clock().getTime() - started) / 1_000,
  };
  await store.transaction((tx) =>
    endRun(tx, run, {
      state,
      says: reportLine(report),
      report: JSON.stringify(report),
      endedAt: nowOf(site),
    }),
  );
  const { seconds, read, selected, sent, waiting, failed } = report;
  site.emit('run:ended', {
    hospital: settings.id,
    run,
    state,
    seconds,
    read,
    selected,
    sent,
    waiting,
    failed,
  });
  return report;
}
