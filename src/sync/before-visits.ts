/**
 * Before their day: the patient's record and the stay of a referral are read again when a visit is near, and with each full
 * sweep. Death and discharge freeze visits, a transfer moves them; what is not shown any more is said, and nothing else.
 */
import { isBesideDue } from '../core/beside-due.ts';
import { isSameStay } from '../core/decide-stay.ts';
import type { Episode } from '../core/episode.ts';
import { AdapterError, type ErrorCode, errorCodes } from '../core/errors.ts';
import type { Patient } from '../core/referral.ts';
import { isOver, type Stay } from '../core/stay.ts';
import { canonicalHash } from '../fhir/canonical-hash.ts';
import { localReference } from '../fhir/reference.ts';
import { openEpisodes } from '../store/episodes.ts';
import { type LinkRow, linksOf, putLink } from '../store/links.ts';
import { wasAsked } from '../store/work.ts';
import { storeArrivals } from './arrivals.ts';
import { announce, didSomething, followChange } from './inbound/effects.ts';
import { applyPending, ourFault } from './inbound/inbound.ts';
import { noteProblem, type Tally } from './report.ts';
import { nowOf, type Site } from './site.ts';
import type { Seen, Surroundings } from './surroundings.ts';

interface Pass {
  readonly site: Site;
  readonly around: Surroundings;
  readonly run: string;
  readonly tally: Tally;
  readonly signal: AbortSignal;
}

/**
 * Reads what is due: all of it with `all`, else that of referrals with a visit near. False when something could not be read
 * for another reason than absence.
 */
export async function refreshSurroundings(pass: Pass, { all = false } = {}): Promise<boolean> {
  const { site, around, tally, signal } = pass;
  const { read } = site.store;
  let whole = true;
  let some = false;
  for (const episode of await openEpisodes(read, site.settings.id)) {
    if (signal.aborted) return false;
    if (!all && !(await isDue(site, episode))) continue;
    some = true;
    for (const beside of besideOf(site, episode))
      whole = (await readAgain(pass, episode, beside)) && whole;
  }
  for (const problem of around.refused()) noteProblem(tally, problem);
  if (some) await applyPending(site, tally, around, pass.run, signal);
  for (const episode of await openEpisodes(read, site.settings.id)) {
    if (signal.aborted) return false;
    await followStay(pass, episode);
  }
  return whole;
}

async function isDue(site: Site, episode: Episode): Promise<boolean> {
  const now = nowOf(site);
  // Most referrals have no visit near, whenever they were asked for.
  if (!isBesideDue(episode, undefined, now)) return false;
  const links = await linksOf(site.store.read, episode.referral.id);
  return isBesideDue(episode, askedAt(besideOf(site, episode), links), now);
}

type Beside = Pick<Seen, 'role' | 'reference'>;

function besideOf(site: Site, { referral: { care } }: Episode): Beside[] {
  const { base } = site.hospital;
  const patient = localReference(care.patient.reference, base);
  const encounter = localReference(care.encounter, base);
  return [
    ...(patient === undefined ? [] : [{ role: 'patient' as const, reference: patient }]),
    ...(encounter === undefined ? [] : [{ role: 'encounter' as const, reference: encounter }]),
  ];
}

/** When all of them had been asked for; undefined while one never was. */
function askedAt(besides: readonly Beside[], links: readonly LinkRow[]): string | undefined {
  const times = besides.map(
    ({ role, reference }) =>
      links.find((link) => link.role === role && link.reference === reference)?.at,
  );
  return times.includes(undefined) ? undefined : times.toSorted()[0];
}

async function readAgain(
  { site, around, run, tally }: Pass,
  { referral }: Episode,
  { role, reference }: Beside,
): Promise<boolean> {
  const resource = await around.read(reference);
  const code = around.unreadable.get(reference);
  // What we may not read is said once for all of them, by its type.
  if (code !== undefined && !isAbsence(code) && code !== 'not-allowed')
    noteProblem(tally, new AdapterError(code, `${reference} could not be read again (${code}).`));
  if (code !== undefined && errorCodes[code].kind === 'transient') return false;
  if (resource !== undefined)
    await storeArrivals(
      site,
      { via: 'read', run },
      [resource],
      tally,
      (latest) => latest.rule === ourFault,
    );
  // What a version says stands in the link already, or will when its row is applied: this only says when we asked.
  const asked = { hospital: site.settings.id, reference, role, referral: referral.id };
  await site.store.transaction((tx) => putLink(tx, { ...asked, at: nowOf(site) }));
  if (resource !== undefined) return true;
  const isAbsent = code === undefined || isAbsence(code);
  if (isAbsent && role === 'encounter') noteProblem(tally, stayNotShown(reference, referral.id));
  if (isAbsent && role === 'patient') await patientNotShown(site, tally, referral);
  // A run without stays is whole where the hospital shows none: it could never be otherwise.
  return isAbsent || (role === 'encounter' && code === 'not-allowed');
}

function isAbsence(code: ErrorCode): boolean {
  return code === 'not-found' || code === 'gone';
}

/** No discharge: hospitals hide, move and archive Encounters. */
function stayNotShown(reference: string, referral: string): AdapterError {
  return new AdapterError(
    'not-found' satisfies ErrorCode,
    `The hospital no longer shows ${reference}, the stay of referral ${referral}.`,
    { fix: 'Ask whether the patient is still there; the visits stand as they were.' },
  );
}

/** A record that could never be read is not gone. Asked once: what a person has decided is not undone every night. */
async function patientNotShown(
  site: Site,
  tally: Tally,
  { id, care }: { readonly id: string; readonly care: { readonly patient: Patient } },
): Promise<void> {
  const { name, identifier } = care.patient;
  if (name === undefined && identifier.length === 0) return;
  const saved = await site.store.transaction(async (tx) =>
    (await wasAsked(tx, { kind: 'patient-gone', referral: id }))
      ? undefined
      : followChange(site, tx, id, {
          type: 'patient-gone',
          reason: 'The hospital no longer has the patient’s record.',
        }),
  );
  if (saved !== undefined && didSomething(saved)) tally.changed += 1;
  announce(site, saved, 'hospital');
}

/**
 * What no new version of the Encounter tells: its end has passed, or its place can be read by now. Only where what was
 * read is the latest that is known of it (I3).
 */
async function followStay({ site, around, tally }: Pass, { referral }: Episode): Promise<void> {
  const { id, care } = referral;
  const { stay: known } = care;
  if (known === undefined) return;
  const stay = (await readNow(site, around, id, known)) ?? overByNow(known, nowOf(site));
  if (stay === undefined || isSameStay(known, stay)) return;
  const saved = await site.store.transaction((tx) =>
    followChange(site, tx, id, { type: 'stay-seen', stay }),
  );
  if (didSomething(saved)) tally.changed += 1;
  announce(site, saved, 'hospital');
}

/** The stay as this run has read it; nothing is asked for. */
async function readNow(
  site: Site,
  around: Surroundings,
  id: string,
  { reference }: Stay,
): Promise<Stay | undefined> {
  const encounter = around.wasRead(reference) ? await around.read(reference) : undefined;
  if (encounter?.resourceType !== 'Encounter') return undefined;
  const link = (await linksOf(site.store.read, id)).findLast(
    (one) => one.role === 'encounter' && one.reference === reference,
  );
  const isLatest = link?.hash === canonicalHash(encounter);
  return isLatest ? around.stay(encounter, reference, nowOf(site)) : undefined;
}

function overByNow(known: Stay, now: string): Stay | undefined {
  return known.ended === undefined && isOver(known, now) ? { ...known, ended: true } : undefined;
}
