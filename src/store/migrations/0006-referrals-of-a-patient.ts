/** Migration 6: each version of a patient or a stay asks for the referrals of the patient. */
import { sql } from 'kysely';
import type { Tx } from '../tables.ts';

export async function referralsOfAPatient(tx: Tx): Promise<void> {
  await sql.raw('create index referral_of_patient on referral (hospital, patient)').execute(tx);
}
