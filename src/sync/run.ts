/**
 * One run, from start to report: read what is new, take it to its end, read the visits of what is open, and send what is
 * due. At most one run of a hospital at a time; a run that was interrupted is taken up by the next.
 */
import { AdapterError, asAdapterError } from '../core/errors.ts';
import { beginRun, endRun, renewRun } from '../store/runs.ts';
import { refreshSurroundings } from './before-visits.ts';
import { discover } from './discover.ts';
import { discoverVisits } from './discovery/visits.ts';
import type { ExchangeLog } from './exchange-log.ts';
import { refreshFacts } from './facts/refresh.ts';
import { applyPending } from './inbound/inbound.ts';
import { readMissingPatients, rereadKnown } from './known.ts';
import { localDate } from './local-time.ts';
import { drain } from './outbound/worker.ts';
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
import { hospitalReader, surroundings } from './surroundings.ts';
import { surveyFor } from './survey.ts';

export interface RunOptions {
  readonly mode: 'poll' | 'full';
  readonly signal: AbortSignal;
}

/** Runs one sync of this hospital now; throws `run-in-progress` while another one is under way. */
export function runSync(
  site: Site,
  log: ExchangeLog,
  { mode, signal }: RunOptions,
): Promise<RunReport> {
  return recorded(site, log, mode, async (run, tally) => {
    const around = surroundings(site.hospital.base, hospitalReader(site));
    // What an earlier run stored and did not finish comes first: newer versions must find it applied.
    await applyPending(site, tally, around, run, signal);
    const pass = { site, run, mode, tally, signal, survey: await surveyFor(site, mode, tally) };
    const found = await discover(pass);
    await applyPending(site, tally, around, run, signal);
    const known = mode === 'full' ? await rereadKnown(site, run, tally, signal, around) : true;
    await readMissingPatients(site, run, tally);
    const near = await refreshSurroundings({ site, around, run, tally, signal });
    const visits = await discoverVisits({ ...pass, reconsider: () => false });
    await applyPending(site, tally, around, run, signal);
    await drain(site, log, tally, signal);
    await refreshFacts(site, tally, signal);
    if (!found.some) return 'failed';
    return found.complete && visits && known && near && !signal.aborted ? 'complete' : 'partial';
  });
}

/** The frame of every run: its lease, its record, its report, and its end whatever happens. */
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
