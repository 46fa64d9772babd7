/**
 * A session → the Procedure that is the hospital's record of it (clinical §4). The Procedure says that it happened,
 * when, by whom and with what response; minutes, pauses, techniques and scores are Observations partOf it.
 */
import {
  type Coding,
  type Concept,
  type Identifier,
  type Named,
  snomed,
} from '../src/core/concept.ts';
import type { Session, SessionState } from '../src/core/session.ts';
import { defined, some } from '../src/mapping/defined.ts';
import { fieldTable, map } from '../src/mapping/field-table.ts';
import type { Mapped } from '../src/mapping/finding.ts';
import { toBodySite } from './body-site.ts';
import { ourCoding } from './code-systems.ts';
import { withOurs } from './code-tables.ts';
import { toCodeableConcept, toReference, typeOf } from './concepts.ts';
import { toInstant } from './instants.ts';
import type { SessionSource } from './session-to-appointment.ts';

export interface ResultGiven {
  /** What marks the resource as ours: `<our system>|<uuid of the intention>`. */
  readonly identifier: Identifier;
  /** The therapist as this hospital knows them. */
  readonly therapist?: Named | undefined;
  /** Us, as this hospital knows us: `Organization/…` */
  readonly organization?: string | undefined;
}

type Written = Pick<
  fhir4.Procedure,
  | 'identifier'
  | 'basedOn'
  | 'status'
  | 'statusReason'
  | 'category'
  | 'code'
  | 'subject'
  | 'encounter'
  | 'performedPeriod'
  | 'performer'
  | 'reasonCode'
  | 'reasonReference'
  | 'bodySite'
  | 'outcome'
  | 'note'
>;

/** Only a visit that has ended has a result; the others are not written, and are `unknown` if somebody asks. */
const statuses: Partial<Record<SessionState, fhir4.Procedure['status']>> = {
  finished: 'completed',
  stopped: 'stopped',
  'not-done': 'not-done',
};

const massageTherapy = {
  system: snomed,
  code: '387854002',
  display: 'Massage physiotherapy (regime/therapy)',
} as const;

export const sessionToProcedure = fieldTable<SessionSource, ResultGiven, Written>(
  'session-to-procedure',
  {
    identifier: {
      from: '%identifier',
      read: (_, { identifier: { system, value } }) => [defined({ system, value })],
    },
    basedOn: {
      from: 'referral.care.order.reference',
      read: ({ referral }) => [{ reference: referral.care.order.reference }],
      kept: true,
    },
    status: {
      from: 'session.state',
      read: ({ session }, _, flag) => {
        const status = statuses[session.state];
        if (status === undefined) flag(`a session that is ${session.state} has no result`);
        return status ?? 'unknown';
      },
      kept: true,
    },
    statusReason: {
      from: 'session.reason',
      via: 'status-reason',
      read: ({ session }) => (session.state === 'finished' ? undefined : reasonConcept(session)),
      kept: true,
      why: ({ session }) =>
        session.state === 'finished' ? 'a finished session needs no reason' : 'no reason was given',
    },
    category: { from: "'Therapy'", read: () => ({ text: 'Therapy' }) },
    code: {
      from: 'referral.care.service',
      read: ({ referral }) => serviceConcept(referral.care.service),
    },
    subject: {
      from: 'referral.care.patient.reference',
      read: ({ referral }) => ({ reference: referral.care.patient.reference }),
      kept: true,
    },
    encounter: {
      from: 'referral.care.encounter',
      read: ({ referral: { care } }) =>
        care.encounter === undefined ? undefined : { reference: care.encounter },
    },
    performedPeriod: {
      from: 'session.record.startedAt | session.record.endedAt',
      read: ({ session }, _, flag) => {
        if (session.state === 'not-done') return undefined;
        const start = toInstant(session.record.startedAt, flag);
        const end = toInstant(session.record.endedAt, flag);
        if (start === undefined) flag('is missing: a visit that took place has begun (us-core-7)');
        return start === undefined && end === undefined ? undefined : defined({ start, end });
      },
      kept: true,
      why: () => 'the visit did not take place',
    },
    performer: {
      from: 'session.therapist | %therapist | %organization',
      read: (_, given) => performersOf(given),
      kept: true,
      why: () => 'neither therapist nor organization is known to this hospital',
    },
    reasonCode: {
      from: 'referral.care.reasons',
      read: ({ referral }) =>
        some(referral.care.reasons.filter((one) => !isReason(one)).map(toCodeableConcept)),
    },
    reasonReference: {
      from: 'referral.care.reasons.text',
      read: ({ referral }) =>
        some(
          referral.care.reasons
            .filter(isReason)
            .map(({ text }) => toReference({ reference: text })),
        ),
      why: () => 'no reason is a reference',
    },
    bodySite: {
      from: 'session.record.techniques.site',
      via: 'body-site',
      read: ({ session, referral }) =>
        some(
          [...new Set(session.record.techniques.map(({ site }) => site))].map((site) =>
            toBodySite(site, referral.care.bodySites),
          ),
        ),
    },
    outcome: {
      from: 'session.record.response',
      read: ({ session: { record } }) =>
        record.response === undefined ? undefined : { text: record.response },
      kept: true,
    },
    note: {
      from: 'session.record.note',
      read: ({ session: { record } }) =>
        record.note === undefined ? undefined : [{ text: record.note }],
      kept: true,
    },
  },
);

/** The Procedure of a session that has ended: finished, stopped or not done. */
export function writeProcedure(source: SessionSource, given: ResultGiven): Mapped<fhir4.Procedure> {
  const { value, flags } = map(sessionToProcedure, source, given);
  return { value: { resourceType: 'Procedure', ...value }, flags };
}

function reasonConcept({ reason }: Session): fhir4.CodeableConcept | undefined {
  if (reason === undefined) return undefined;
  const { code, text } = reason;
  const coding = code && withOurs('status-reason', ourCoding('visit-reason', code));
  return defined({ text, coding });
}

/** What was ordered, and that it was massage therapy: a local code alone tells nobody else what was done. */
function serviceConcept(service: Concept): fhir4.CodeableConcept {
  const codings: readonly Coding[] = service.coding ?? [];
  const said = codings.some(
    ({ system, code }) => system === snomed && code === massageTherapy.code,
  );
  return toCodeableConcept({ ...service, coding: said ? codings : [...codings, massageTherapy] });
}

function performersOf({
  therapist,
  organization,
}: ResultGiven): fhir4.ProcedurePerformer[] | undefined {
  const us = organization === undefined ? undefined : { reference: organization };
  if (therapist !== undefined)
    return [{ actor: toReference(therapist), ...(us && { onBehalfOf: us }) }];
  return us && [{ actor: us }];
}

const reasonTypes = [
  'Condition',
  'Observation',
  'Procedure',
  'DiagnosticReport',
  'DocumentReference',
];

/** A reason that the order gave by reference alone: it goes out as a reference again. */
function isReason({ text, coding }: Concept): boolean {
  return coding === undefined && reasonTypes.includes(typeOf(text) ?? '');
}
