/** One order of the ward: how a row of the order tables becomes a ServiceRequest, and what the row is for. */
import { concept, identifierSystems, massage, massageCategory, sct } from './ward-codes.ts';
import {
  encounterId,
  hoursBefore,
  patientDisplay,
  patientId,
  placeOfPatient,
} from './ward-people.ts';

/** What a massage service should make of an order. */
export type WardOrderKind =
  /** Work for the service. */
  | 'order'
  /** Filed under massage, but with a code that only this hospital knows: for a person to decide. */
  | 'local-code'
  /** No code at all, only words: for a person to decide. */
  | 'text-only'
  /** Has to do with the word massage, not with massage therapy. */
  | 'look-alike'
  /** An earlier or another stage of a massage order, not (or no longer) to be acted upon. */
  | 'draft'
  | 'plan'
  | 'proposal'
  | 'revoked'
  | 'on-hold'
  | 'completed'
  | 'entered-in-error'
  | 'do-not-perform'
  /** The order that was placed, and the one that was made of it: one piece of work, not two. */
  | 'parent'
  | 'child'
  /** Work of somebody else. */
  | 'other-department';

export type WardOrder = {
  readonly id: string;
  readonly is: WardOrderKind;
  readonly about: string;
  /** The Task that asks for it: addressed to the massage service, or free for whoever claims it. */
  readonly task?: 'addressed' | 'claimable';
};

type Content = Partial<Omit<fhir4.ServiceRequest, 'resourceType' | 'id' | 'subject'>>;

export type OrderRow = WardOrder & {
  /** Which patient of the ward, 1 to 30. */
  readonly patient: number;
  readonly hoursAgo: number;
  /** `requester`; a nurse if not given. */
  readonly by?: string;
  /** What differs from a plain massage order. */
  readonly content?: Content;
};

export function serviceRequest(now: Date, row: OrderRow): fhir4.ServiceRequest {
  const authoredOn = hoursBefore(now, row.hoursAgo);
  return {
    resourceType: 'ServiceRequest',
    id: row.id,
    meta: { lastUpdated: authoredOn },
    identifier: [{ system: identifierSystems.order, value: `ON-${row.id}` }],
    status: 'active',
    intent: 'order',
    category: [concept(massageCategory, sct('3457005', 'Patient referral (procedure)'))],
    priority: 'routine',
    code: massage,
    subject: {
      reference: `Patient/${patientId(row.patient)}`,
      display: patientDisplay(row.patient),
    },
    encounter: { reference: `Encounter/${encounterId(row.patient)}` },
    authoredOn,
    requester: { reference: `Practitioner/${row.by ?? 'nurse-wren'}` },
    performer: [{ reference: 'Organization/massage' }],
    locationReference: [{ reference: `Location/${placeOfPatient(row.patient)}` }],
    ...row.content,
  };
}
