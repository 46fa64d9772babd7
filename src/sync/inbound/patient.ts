/**
 * A version of a Patient. Name and identifiers of open referrals follow it; a record that is gone (deceased, merged into
 * another, no longer in use) freezes the visits until a person decides, for nobody may be sent to a bedside in error.
 */

import { patientOf } from '../../../mappings/patient.ts';
import { sameCare } from '../../core/episode.ts';
import { localReference } from '../../fhir/reference.ts';
import { openEpisodes } from '../../store/episodes.ts';
import type { InboxRow } from '../../store/inbox.ts';
import type { Site } from '../site.ts';
import type { Inbound } from './applying.ts';
import { announce, didSomething, followChange, settleRow } from './effects.ts';

export async function applyPatient(
  site: Site,
  inbound: Inbound,
  row: InboxRow,
  patient: fhir4.Patient,
): Promise<void> {
  const reference = `Patient/${patient.id}`;
  const theirs = (await openEpisodes(site.store.read, row.hospital)).filter(
    (episode) =>
      localReference(episode.referral.care.patient.reference, site.hospital.base) === reference,
  );
  if (theirs.length === 0) {
    await site.store.transaction((tx) =>
      settleRow(site, tx, row, {
        state: 'ignored',
        rule: 'not-ours',
        says: 'no open referral of this patient',
      }),
    );
    inbound.tally.ignored += 1;
    return;
  }
  const gone = whyGone(patient);
  const saved = await site.store.transaction(async (tx) => {
    const results = [];
    for (const { referral } of theirs) {
      const care = {
        ...referral.care,
        patient: patientOf(patient, referral.care.patient.reference),
      };
      if (!sameCare(care, referral.care))
        results.push(await followChange(site, tx, referral.id, { type: 'order-revised', care }));
      if (gone !== undefined)
        results.push(
          await followChange(
            site,
            tx,
            referral.id,
            { type: 'patient-gone', reason: gone },
            { inbox: row.id },
          ),
        );
    }
    const says =
      gone ??
      (results.some(didSomething)
        ? 'the patient’s record changed'
        : 'nothing that concerns us changed');
    await settleRow(site, tx, row, {
      state: 'applied',
      rule: gone === undefined ? 'followed' : 'patient-gone',
      says,
    });
    return results;
  });
  if (saved.some(didSomething)) inbound.tally.changed += 1;
  for (const one of saved) announce(site, one, 'hospital');
}

function whyGone(patient: fhir4.Patient): string | undefined {
  if (patient.deceasedDateTime !== undefined || patient.deceasedBoolean === true)
    return 'The hospital records the patient as deceased.';
  // Hospitals send elements of the wrong type: one link without its list is a link all the same.
  if ([patient.link ?? []].flat().some((link) => link?.type === 'replaced-by'))
    return 'The hospital merged the patient’s record into another.';
  if (patient.active === false) return 'The hospital no longer uses the patient’s record.';
  return undefined;
}
