/** One pass over a hospital in search of what is new: what every way of looking is given, and what it comes to. */
import { AdapterError } from '../../core/errors.ts';
import { canonicalHash } from '../../fhir/canonical-hash.ts';
import type { Found } from '../../hospital/discovery/found.ts';
import type { Survey } from '../../hospital/survey.ts';
import { type Reconsider, storeArrivals } from '../arrivals.ts';
import { note, noteProblem, type Tally } from '../report.ts';
import type { Site } from '../site.ts';

export interface Pass {
  readonly site: Site;
  readonly run: string;
  /** `full`: everything, whatever was read before. */
  readonly mode: 'poll' | 'full';
  readonly tally: Tally;
  readonly signal: AbortSignal;
  /** What this server can do, and how it wants to be asked. */
  readonly survey: Survey;
  /** Whether something that was put aside before is to be looked at again. */
  readonly reconsider: Reconsider;
}

/**
 * A way of finding orders; `look` answers whether everything was seen to its end, or undefined where there was nothing to
 * look for. Throws what ends this way alone.
 */
export interface Way {
  readonly rung: string;
  /** What cannot be missed where the hospital has no such resources. */
  readonly type: 'ServiceRequest' | 'Task' | 'Appointment';
  readonly look: (pass: Pass) => Promise<boolean | undefined>;
}

/** Stores one page and tells of it; answers whether the page may lack something. */
export async function takePage(
  { site, run, mode, tally, reconsider }: Pass,
  rung: string,
  page: Found<fhir4.FhirResource>,
): Promise<boolean> {
  const arrival = { via: page.rung, run, isSweep: mode === 'full' };
  const fresh = await storeArrivals(site, arrival, page.resources, tally, reconsider);
  site.emit('run:page', {
    hospital: site.settings.id,
    run,
    rung,
    read: page.resources.length,
    fresh: fresh.length,
  });
  for (const says of page.notes) note(tally, `${rung}: ${says}`);
  if (page.left.notOurs > 0)
    note(
      tally,
      `${rung}: the hospital shows things that do not name what was asked for: left out.`,
    );
  return page.partial;
}

/** Fingerprint of the rules by which orders are selected. */
export function rulesOf({ settings }: Pick<Site, 'settings'>): string {
  return canonicalHash(settings.select);
}

/** A fault of the hospital or of the way to it ends one way of looking; one of ours ends the run. */
export function isHospitals({ code }: AdapterError): boolean {
  return code !== 'internal' && code !== 'store-unusable';
}

/** The same error with the way on which it happened before its words. */
export function wayError(rung: string, error: AdapterError): AdapterError {
  return new AdapterError(error.code, `${rung}: ${error.message}`, {
    ...error.details,
    fix: error.fix,
  });
}

export function noteIncomplete(tally: Tally, rung: string): void {
  noteProblem(
    tally,
    new AdapterError(
      'hospital-fault',
      `${rung}: the hospital says that its answer is incomplete.`,
      { fix: 'Ask the hospital what it left out; the same window is read again.' },
    ),
  );
}
