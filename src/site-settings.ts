/** From the settings of a hospital to what the wire and the sync want of them: durations in milliseconds, names resolved. */
import { overrideOf } from './hospital/survey.ts';
import { vendors } from './hospital/vendors/vendors.ts';
import { type HospitalSettings, milliseconds } from './settings.ts';
import type { SiteSettings } from './sync/site.ts';

export function connectionOf(hospital: HospitalSettings) {
  const timeout = milliseconds(hospital.timeout);
  return {
    id: hospital.id,
    base: hospital.base,
    signIn: hospital.signIn,
    timeouts: { connectMs: Math.min(timeout, 10_000), headersMs: timeout, bodyMs: timeout },
    ...wayOf(hospital),
    timezone: hospital.timezone,
    ...(hospital.vendor !== 'auto' && { vendor: vendors[hospital.vendor] }),
    maxPages: hospital.maxPages,
    pageSize: hospital.pageSize,
    ...(hospital.organization === undefined ? {} : { organization: hospital.organization }),
  };
}

function wayOf({ tls, proxy, limits, pagingHost }: HospitalSettings) {
  const { url, ...credentials } = proxy;
  const { answer, ...rest } = limits;
  return {
    tls,
    proxy: url === undefined ? undefined : { url, ...credentials },
    limits: { ...rest, maxBytes: answer * 1024 * 1024 },
    pagingHost,
  };
}

export function siteSettings(hospital: HospitalSettings): SiteSettings {
  const { id, timezone, organization, therapists, select, dialect, tasks, nightly, write, facts } =
    hospital;
  const { locations, practitioners, group, patients, folder, perRun, ...spans } = hospital.discover;
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
    facts: {
      read: facts.read === 'on',
      pages: facts.pages,
      everyMs: milliseconds(facts.every),
      aheadMs: milliseconds(facts.ahead),
      beforeMs: milliseconds(facts.before),
    },
    override: overrideOf(hospital.vendor, hospital.rungs),
    discover: {
      locations,
      practitioners,
      group,
      hasList: patients !== undefined,
      hasFolder: folder !== undefined,
      perRun,
      backMs: milliseconds(spans.back),
      aheadMs: milliseconds(spans.ahead),
      everyMs: milliseconds(spans.every),
    },
  };
}
