/**
 * A version of an Encounter that open referrals belong to: a discharge freezes their visits, a transfer moves them to the
 * new bed. Which end means what is said in one place (core/stay.ts).
 */
import { activeLocation, soundEncounter } from '../../../mappings/encounter.ts';
import type { Episode } from '../../core/episode.ts';
import { hasEnded } from '../../core/referral.ts';
import { endFreezes, kindOfStay, type Stay } from '../../core/stay.ts';
import { localReference } from '../../fhir/reference.ts';
import type { Finding } from '../../mapping/finding.ts';
import { episodeOf, openEpisodes } from '../../store/episodes.ts';
import type { InboxRow } from '../../store/inbox.ts';
import { linksOf, linksTo, putLink } from '../../store/links.ts';
import type { Site } from '../site.ts';
import type { Inbound } from './applying.ts';
import { openReferralsOf } from './around.ts';
import { announce, didSomething, dismissRow, followChange, seen, settleRow } from './effects.ts';
import { isOlder } from './newer.ts';

export async function applyEncounter(
  site: Site,
  inbound: Inbound,
  row: InboxRow,
  encounter: fhir4.Encounter,
): Promise<void> {
  const reference = `Encounter/${encounter.id}`;
  const theirs = (await openReferralsNear(site, encounter, reference)).filter(
    ({ referral: { care } }) => localReference(care.encounter, site.hospital.base) === reference,
  );
  if (theirs.length === 0)
    return dismissRow(site, inbound.tally, row, {
      state: 'ignored',
      rule: 'not-ours',
      says: 'no open referral belongs to this stay',
    });
  // Read with its orders perhaps, and then no row of the inbox knows how new that was (I3).
  const newest = await knownVersions(site, theirs, reference);
  if (newest.some((link) => isOlder(row, link)))
    return dismissRow(site, inbound.tally, row, {
      state: 'outdated',
      rule: 'older',
      says: 'a newer version was read before',
    });
  const stay = await inbound.around.stay(encounter, reference, row.received_at);
  const saved = await site.store.transaction(async (tx) => {
    const results = [];
    for (const { referral } of theirs) {
      const change = { type: 'stay-seen', stay } as const;
      results.push(await followChange(site, tx, referral.id, change, { inbox: row.id }));
      await putLink(tx, seen(row, reference, 'encounter', referral.id));
    }
    const says = results.some(didSomething)
      ? `the stay is ${stay.status}`
      : 'nothing that concerns us changed';
    const findings = findingsOf(encounter, stay);
    await settleRow(site, tx, row, { state: 'applied', rule: 'followed', says, findings });
    return results;
  });
  if (saved.some(didSomething)) inbound.tally.changed += 1;
  for (const one of saved) announce(site, one, 'hospital');
}

/** Those of the patient of the stay and those that were read with it before; all where neither tells. */
async function openReferralsNear(
  site: Site,
  encounter: fhir4.Encounter,
  reference: string,
): Promise<Episode[]> {
  const patient = localReference(soundEncounter(encounter).subject, site.hospital.base);
  const theirs = patient === undefined ? [] : await openReferralsOf(site, patient);
  const known = new Set(theirs.map(({ referral }) => referral.id));
  const links = await linksTo(site.store.read, site.settings.id, reference);
  if (patient === undefined && links.length === 0)
    return openEpisodes(site.store.read, site.settings.id);
  const others = new Set(links.map(({ referral }) => referral).filter((id) => !known.has(id)));
  const episodes = await Promise.all([...others].map((id) => episodeOf(site.store.read, id)));
  return [...theirs, ...episodes.filter(({ referral }) => !hasEnded(referral.state))];
}

async function knownVersions(
  { store }: Site,
  theirs: readonly { readonly referral: { readonly id: string } }[],
  reference: string,
) {
  const links = await Promise.all(theirs.map(({ referral }) => linksOf(store.read, referral.id)));
  return links.flat().filter((link) => link.role === 'encounter' && link.reference === reference);
}

/** What a person may want to know, and nothing follows from. */
function findingsOf(encounter: fhir4.Encounter, stay: Stay): Finding[] {
  const findings: Finding[] = [];
  const { status } = soundEncounter(encounter);
  if (status === 'onleave')
    findings.push({ path: 'Encounter.status', says: 'the patient is on leave from the stay' });
  if (stay.ended && endFreezes[kindOfStay(stay)] === 'never')
    findings.push({
      path: 'Encounter.status',
      says: 'is over, as a contact of this class is by nature: its orders go on',
    });
  if (activeLocation(encounter) !== undefined && stay.place?.display === undefined)
    findings.push({ path: 'Encounter.location', says: 'the place could not be read' });
  return findings;
}
