/**
 * A version of a Patient. Name and identifiers of open referrals follow it; a record that is gone (deceased, merged into
 * another, no longer in use) freezes the visits until a person decides, for nobody may be sent to a bedside in error.
 */

import { goneOf, patientOf } from '../../../mappings/patient.ts';
import { sameCare } from '../../core/episode.ts';
import { type OrderedCare, patientGone } from '../../core/referral.ts';
import { episodeOf } from '../../store/episodes.ts';
import type { InboxRow } from '../../store/inbox.ts';
import { linksTo, putLink } from '../../store/links.ts';
import type { Site } from '../site.ts';
import type { Inbound } from './applying.ts';
import { changesAround, openReferralsOf } from './around.ts';
import { announce, didSomething, dismissRow, followChange, seen, settleRow } from './effects.ts';
import { isOlder } from './newer.ts';

export async function applyPatient(
  site: Site,
  inbound: Inbound,
  row: InboxRow,
  patient: fhir4.Patient,
): Promise<void> {
  const reference = `Patient/${patient.id}`;
  const theirs = await openReferralsOf(site, reference);
  if (theirs.length === 0)
    return dismissRow(site, inbound.tally, row, {
      state: 'ignored',
      rule: 'not-ours',
      says: 'no open referral of this patient',
    });
  // Read with its orders perhaps, and then no row of the inbox knows how new that was (I3).
  const links = await linksTo(site.store.read, row.hospital, reference);
  if (links.some((link) => link.role === 'patient' && isOlder(row, link)))
    return dismissRow(site, inbound.tally, row, {
      state: 'outdated',
      rule: 'older',
      says: 'a newer version was read before',
    });
  const gone = goneOf(patient);
  const saved = await site.store.transaction(async (tx) => {
    const results = [];
    for (const { referral: before } of theirs) {
      // As it is now: another process may have read its stay meanwhile.
      const { referral } = await episodeOf(tx, before.id);
      const { reference: at, ordered } = referral.care.patient;
      const care: OrderedCare = { ...referral.care, patient: patientOf(patient, at, ordered) };
      const changes = changesAround(referral.care, care);
      if (!sameCare(care, referral.care))
        results.push(await followChange(site, tx, referral.id, { type: 'order-revised', care }));
      for (const change of changes)
        results.push(await followChange(site, tx, referral.id, change, { inbox: row.id }));
      await putLink(tx, seen(row, reference, 'patient', referral.id));
    }
    const says =
      gone === undefined
        ? results.some(didSomething)
          ? 'the patient’s record changed'
          : 'nothing that concerns us changed'
        : patientGone[gone];
    const rule = gone === undefined ? 'followed' : 'patient-gone';
    await settleRow(site, tx, row, { state: 'applied', rule, says });
    return results;
  });
  if (saved.some(didSomething)) inbound.tally.changed += 1;
  for (const one of saved) announce(site, one, 'hospital');
}
