/** An order read with everything that stands around it. */
import { readOrder, soundOrder } from '../../../mappings/order-to-referral.ts';
import type { OrderedCare } from '../../core/referral.ts';
import type { Mapped } from '../../mapping/finding.ts';
import { noteProblem } from '../report.ts';
import { nowOf, type Site } from '../site.ts';
import type { Seen } from '../surroundings.ts';
import type { Inbound } from './applying.ts';

export interface CareRead extends Mapped<OrderedCare> {
  readonly seen: readonly Seen[];
}

/** What the order asks for, as this hospital means it; what is beside it and could not be read is among the flags. */
export async function careOf(
  site: Site,
  { around, tally }: Inbound,
  order: fhir4.ServiceRequest,
): Promise<CareRead> {
  const { given, findings, seen: beside } = await around.of(order, nowOf(site));
  for (const problem of around.refused()) noteProblem(tally, problem);
  const codes = site.codes.of(site.settings.id);
  const { value, flags } = readOrder(order, { ...given, codes }, site.tables['order-to-referral']);
  return { value, flags: [...flags, ...findings], seen: beside };
}

/** By a reference, or by an identifier that leads to a record here. */
export async function namesPatient(
  { around }: Inbound,
  order: fhir4.ServiceRequest,
): Promise<boolean> {
  if (order.subject?.reference !== undefined) return true;
  const { subject } = soundOrder(order);
  return (await around.resolve(subject, ['Patient'], { container: order })).at !== undefined;
}
