/** Which record of the patient stands now: hospitals merge records, and an order may name one that was merged away. */
import { goneOf, mergedInto } from '../../mappings/patient.ts';
import type { Note, References, Within } from './references.ts';

/** A record that took in others may have been merged again. */
const mostMerges = 5;

export interface Standing {
  readonly resource?: fhir4.Patient;
  /** `Patient/…` */
  readonly at?: string;
}

/** Merges are followed to the record that stands; where none can be found, the record that the order names stays. */
export async function standingRecord(
  { resolve }: References,
  order: fhir4.ServiceRequest,
  within: Within,
  note: Note,
): Promise<Standing> {
  const { says, ...ordered } = await resolve(order.subject, ['Patient'], within);
  note('subject', says);
  if (ordered.resource === undefined) return {};
  let now: Standing = ordered;
  const seen = new Set([ordered.at]);
  for (let hops = 0; now.resource && goneOf(now.resource) === 'merged'; hops += 1) {
    const reference = hops < mostMerges ? mergedInto(now.resource) : undefined;
    const next: Standing =
      reference === undefined ? {} : await resolve({ reference }, ['Patient'], within);
    if (next.resource === undefined || next.at === undefined || seen.has(next.at)) {
      note('subject', 'was merged into another record, which cannot be found from here');
      return ordered;
    }
    seen.add(next.at);
    now = next;
  }
  if (now.at !== ordered.at)
    note('subject', `was merged into ${now.at}: the referral is for that record`);
  return now;
}
