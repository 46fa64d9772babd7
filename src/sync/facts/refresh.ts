/**
 * Keeps the facts on file fresh enough for the people who decide on them: read when a referral is new, again while it
 * waits and when a visit is near. A hospital that fails here fails only here; the sync goes on and the report says so.
 */
import type { Episode } from '../../core/episode.ts';
import { AdapterError } from '../../core/errors.ts';
import { whyDue } from '../../core/fact-due.ts';
import type { FactReading, FactSheet } from '../../core/facts.ts';
import { openEpisodes } from '../../store/episodes.ts';
import { latestFacts, saveFacts } from '../../store/facts.ts';
import { noteProblem, type Tally } from '../report.ts';
import { nowOf, type Site } from '../site.ts';
import { readFacts } from './read-facts.ts';

/** Patients of one round, so that a run ends in time when a thousand orders come at once; the next look goes on. */
const mostPatients = 200;

const urgency = ['visit', 'new', 'unanswered'] as const;
type Urgency = (typeof urgency)[number];

/** Reads what is due now. */
export async function refreshFacts(site: Site, tally: Tally, signal: AbortSignal): Promise<void> {
  const { hospital, store, settings } = site;
  if (!settings.facts.read) return;
  const due = await patientsDue(site);
  const read: FactSheet[] = [];
  let changed = 0;
  for (const { patient, episodes } of due.slice(0, mostPatients)) {
    // Asked again: another process may have read them meanwhile.
    const before = (await latestFacts(store.read, settings.id, [patient])).get(patient);
    if (urgencyOf(site, episodes, before) === undefined) continue;
    const sheet = await readFacts(site, patient, before);
    // What was broken off by our own end says nothing about the hospital.
    if (signal.aborted) break;
    read.push(sheet);
    if (await store.transaction((tx) => saveFacts(tx, sheet, nowOf(site)))) changed += 1;
    if (sheet.readings.every(({ notReadable }) => notReadable?.passing)) break;
  }
  if (read.length === 0) return;
  const refused = notReadable(read);
  for (const { problem } of refused) noteProblem(tally, problem);
  const missing = refused.reduce((sum, { count }) => sum + count, 0);
  tally.facts.patients += read.length;
  tally.facts.notReadable += missing;
  site.emit('facts:read', {
    hospital: hospital.id,
    patients: read.length,
    changed,
    notReadable: missing,
  });
}

/** Patients whose facts are due, the most urgent first. */
async function patientsDue(
  site: Site,
): Promise<{ readonly patient: string; readonly episodes: readonly Episode[] }[]> {
  const { read } = site.store;
  const open = await openEpisodes(read, site.settings.id);
  const byPatient = Map.groupBy(open, ({ referral }) => referral.care.patient.reference);
  const sheets = await latestFacts(read, site.settings.id, [...byPatient.keys()]);
  return [...byPatient]
    .flatMap(([patient, episodes]) => {
      const why = urgencyOf(site, episodes, sheets.get(patient));
      return why === undefined ? [] : [{ patient, episodes, rank: urgency.indexOf(why) }];
    })
    .toSorted((a, b) => a.rank - b.rank);
}

function urgencyOf(
  site: Site,
  episodes: readonly Episode[],
  sheet: FactSheet | undefined,
): Urgency | undefined {
  const now = nowOf(site);
  const whys = episodes.map((one) => whyDue(one, sheet, site.settings.facts, now));
  return urgency.find((one) => whys.includes(one));
}

/** What was not readable, counted over the patients: one problem for each type and reason, naming no patient. */
function notReadable(sheets: readonly FactSheet[]): { problem: AdapterError; count: number }[] {
  const refused = sheets
    .flatMap(({ readings }) => readings)
    .filter((one): one is Refused => one.notReadable !== undefined);
  const alike = Map.groupBy(refused, (one) => `${one.type}: ${one.notReadable.says}`);
  return [...alike].flatMap(([says, [first, ...others]]) => {
    if (first === undefined) return [];
    const problem = new AdapterError(first.notReadable.code, `facts on file: ${says}.`, {
      fix: 'Ask the hospital for the right to read it; until then the referrals say that it is not readable.',
    });
    return [{ problem, count: others.length + 1 }];
  });
}

type Refused = FactReading & { readonly notReadable: NonNullable<FactReading['notReadable']> };
