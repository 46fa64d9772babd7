/**
 * Cheap questions that show whether a search really works here: read only, one resource each, three requests at most. They
 * decide where statement and record leave a doubt, and confirm what is about to be used, since a refusal at run time counts
 * more than any statement (hospital-servers.md §6).
 */

import type { Instant } from '../core/concept.ts';
import { AdapterError, asAdapterError } from '../core/errors.ts';
import { localReference } from '../fhir/reference.ts';
import type { ResourceType } from './answer.ts';
import type { Capabilities } from './capabilities.ts';
import type { HospitalClient, SearchParams } from './client.ts';
import { meaningsOf, senseOf } from './issue-meanings.ts';
import { type Issue, isOutcome, isSerious, issuesOf } from './outcome.ts';
import { selfParams } from './paging.ts';
import { type RungCode, rungs, type SurveyGiven } from './rungs.ts';
import { standingOf } from './survey/standing.ts';
import type { ProbeResult, SurveyOverride } from './survey.ts';
import type { IssueMeaning, SearchHabits, Vendor } from './vendors/vendor.ts';
import { isInWindow, windowParams } from './windows.ts';

export interface Probing {
  readonly client: HospitalClient;
  readonly capabilities: Capabilities;
  readonly vendor: Vendor;
  readonly searches: Partial<Readonly<Record<ResourceType, SearchHabits>>>;
  readonly override: SurveyOverride;
  readonly given: SurveyGiven;
  readonly now: Instant;
}

const hour = 3_600_000;

/** Asks what is in doubt, or about to be used; what an operator has decided is not asked. Throws only what is ours. */
export async function probe(probing: Probing): Promise<readonly ProbeResult[]> {
  if ((probing.override.rungs.discovery ?? []).length > 0) return [];
  const results: ProbeResult[] = [];
  if (isWorthAsking(probing, 'A1')) results.push(await probeChanges(probing));
  // What A1 finds need not be found in two other ways.
  if (isUsable(probing, 'A1', results) || !isWorthAsking(probing, 'A5')) return results;
  const [location] = probing.given.locations;
  const [practitioner] = probing.given.practitioners;
  for (const [param, whose] of Object.entries({ location, practitioner }))
    if (whose !== undefined && lists(probing, param))
      results.push(await probeCalendar(probing, param, whose));
  return results;
}

function standing(
  { capabilities, vendor, given }: Probing,
  code: RungCode,
  probes: readonly ProbeResult[],
) {
  const rung = rungs.find((one) => one.rung === code);
  if (rung === undefined) throw new AdapterError('internal', `There is no rung ${code}.`);
  return standingOf(rung, code, { capabilities, vendor, given, probes });
}

function isWorthAsking(probing: Probing, code: RungCode): boolean {
  return standing(probing, code, []).holds !== 'no';
}

function isUsable(probing: Probing, code: RungCode, results: readonly ProbeResult[]): boolean {
  return standing(probing, code, results).holds === 'yes';
}

function lists({ capabilities }: Probing, param: string): boolean {
  const listed = capabilities.declared && capabilities.types.get('Appointment')?.searchParams;
  return !listed || listed.size === 0 || listed.has(param);
}

/** A1: what changed in the last hour. */
function probeChanges(probing: Probing): Promise<ProbeResult> {
  const habits = probing.searches.ServiceRequest ?? {};
  const window = {
    from: secondsOf(Date.parse(probing.now) - hour),
    to: secondsOf(Date.parse(probing.now)),
  };
  return ask(probing, {
    rung: 'A1',
    type: 'ServiceRequest',
    params: [...(habits.always ?? []), ...windowParams(window, habits.window)],
    heeded: ['_lastUpdated'],
    // A window of whole days shows more than the hour.
    isAnswer: (one) =>
      habits.window === 'days' || (isInWindow(window, one.meta?.lastUpdated) ?? true),
    what: 'ServiceRequest by _lastUpdated',
  });
}

/** A5: who is booked with us today. */
function probeCalendar(probing: Probing, param: string, whose: string): Promise<ProbeResult> {
  const habits = probing.searches.Appointment ?? {};
  const { base } = probing.client;
  const day = 24 * hour;
  const from = Math.floor(Date.parse(probing.now) / day) * day;
  const window = { from: secondsOf(from), to: secondsOf(from + day) };
  return ask(probing, {
    rung: 'A5',
    param,
    type: 'Appointment',
    params: [
      [param, whose],
      ...(habits.always ?? []),
      ...windowParams(window, habits.window, 'date'),
    ],
    heeded: [param, 'date'],
    isAnswer: (one) =>
      one.resourceType === 'Appointment' &&
      [one.participant ?? []]
        .flat()
        .some(
          (other) => localReference(other?.actor, base.href) === localReference(whose, base.href),
        ),
    what: `Appointment by ${param} and date`,
  });
}

interface Question {
  readonly rung: ProbeResult['rung'];
  readonly param?: string;
  readonly type: ResourceType;
  readonly params: SearchParams;
  /** Parameters that the self link must still have. */
  readonly heeded: readonly string[];
  readonly isAnswer: (resource: fhir4.FhirResource) => boolean;
  readonly what: string;
}

async function ask({ client, vendor }: Probing, question: Question): Promise<ProbeResult> {
  const { rung, param, type, params, heeded, isAnswer, what } = question;
  const result = (outcome: ProbeResult['outcome'], says: string): ProbeResult => ({
    rung,
    outcome,
    says,
    ...(param !== undefined && { param }),
  });
  try {
    const { resource } = await client.search(type, [...params, [vendor.countParam ?? '_count', 1]]);
    const shown = (resource.entry ?? []).flatMap((entry) => entry.resource ?? []);
    const issues = shown.flatMap((one) => (isOutcome(one) ? issuesOf(one) : [])).filter(isSerious);
    const self = selfParams(resource.link?.find(({ relation }) => relation === 'self')?.url);
    const dropped = self && heeded.find((name) => !self.has(name));
    if (dropped !== undefined) return result('fails', `${what}: the server ignores ${dropped}`);
    const found = shown.filter((one) => one.resourceType === type);
    if (!found.every(isAnswer))
      return result('fails', `${what}: the server shows what was not asked for`);
    const meanings = issues.flatMap((issue) => meaningOf(vendor, issue) ?? []);
    const bad = meanings.find((meaning) => !harmless.includes(meaning));
    // What is held back from everybody does not make another search better.
    if (bad === 'suppressed') return result('unclear', `${what}: ${senseOf(bad).says}`);
    if (bad !== undefined) return result('fails', `${what}: ${senseOf(bad).says}`);
    const unknown = issues.find((issue) => meaningOf(vendor, issue) === undefined);
    if (unknown !== undefined)
      return result('unclear', `${what}: the server warns of something (${codesOf(unknown)})`);
    return result('holds', `${what}: the server answered it`);
  } catch (thrown) {
    const error = asAdapterError(thrown);
    if (error.code === 'internal') throw thrown;
    const { status } = error.details;
    const said = status === undefined ? error.code : `${error.code}, ${status}`;
    // Whether we may come in at all, or reach it, says nothing of this search.
    const isOfSearch = error.kind === 'permanent' && refusals.includes(error.code);
    return isOfSearch
      ? result('fails', `${what}: it was refused (${said})`)
      : result('unclear', `${what}: no answer could be had (${said})`);
  }
}

const refusals: readonly AdapterError['code'][] = [
  'not-allowed',
  'hospital-refused',
  'not-found',
  'search-not-honoured',
];

/** That nothing was found, or that there is more, does not make a search useless for finding things. */
const harmless: readonly IssueMeaning[] = ['nothing-found', 'capped', 'deleted', 'merged'];

/** By the product’s own codes, else by FHIR’s issue types. */
function meaningOf({ issueCodes }: Vendor, issue: Issue): IssueMeaning | undefined {
  const [own] = meaningsOf([issue], (code) => issueCodes?.[code]);
  return own ?? byType[issue.code];
}

const byType: Readonly<Record<string, IssueMeaning>> = {
  suppressed: 'suppressed',
  'not-found': 'nothing-found',
};

function codesOf({ code, details }: Issue): string {
  return [code, ...details].join(' ');
}

function secondsOf(ms: number): Instant {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}
