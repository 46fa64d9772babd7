/**
 * One run, from start to report: read what is new, take it to its end, read the visits of what is open, and send what is
 * due. What an interrupted run has left is taken up by the next.
 */
import { refreshSurroundings } from './before-visits.ts';
import { discover } from './discover.ts';
import { discoverVisits } from './discovery/visits.ts';
import type { ExchangeLog } from './exchange-log.ts';
import { refreshFacts } from './facts/refresh.ts';
import { applyPending } from './inbound/inbound.ts';
import { readMissingPatients, rereadKnown } from './known.ts';
import { drain } from './outbound/worker.ts';
import { recorded } from './recorded-run.ts';
import { note, type RunReport } from './report.ts';
import type { Site } from './site.ts';
import { hospitalReader, surroundings } from './surroundings.ts';
import { isSilent, surveyFor } from './survey.ts';

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
    const survey = await surveyFor(site, mode, tally);
    const pass = { site, run, mode, tally, signal, survey };
    const found = await discover(pass);
    await applyPending(site, tally, around, run, signal);
    const known = mode === 'full' ? await rereadKnown(site, run, tally, signal, around) : true;
    await readMissingPatients(site, run, tally);
    const near = await refreshSurroundings({ site, around, run, tally, signal });
    const visits = await discoverVisits({ ...pass, reconsider: () => false });
    await applyPending(site, tally, around, run, signal);
    await drain(site, log, tally, signal);
    await refreshFacts(site, tally, signal);
    const missing = site.hospital.client.missingScopes();
    if (missing.length > 0)
      note(tally, `The hospital did not grant us all that we asked for: ${missing.join(' ')}.`);
    if (!found.some) return 'failed';
    const whole = found.complete && visits && known && near;
    return whole && !isSilent(survey) && !signal.aborted ? 'complete' : 'partial';
  });
}
