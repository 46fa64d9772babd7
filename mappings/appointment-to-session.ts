/**
 * Appointment → what the hospital's calendar says to us about a visit. An Appointment is administrative: `fulfilled`
 * says that somebody closed the slot, not that anybody was treated (closed-loop §9).
 */
import type { Identifier, Instant } from '../src/core/concept.ts';
import { type VisitReason, visitReasons } from '../src/core/session.ts';
import type { SiteCodes } from '../src/core/site-codes.ts';
import { fieldTable, map } from '../src/mapping/field-table.ts';
import type { Mapped } from '../src/mapping/finding.ts';
import { atMostOne, several, text } from '../src/mapping/site-reading.ts';
import { ourCode } from './code-systems.ts';
import { codeBehind } from './code-tables.ts';
import { identifiersFrom, typeOf, wordsOf } from './concepts.ts';
import { toInstant } from './instants.ts';
import { siteCodeIn } from './our-codes.ts';
import { type Therapists, therapistOf } from './people.ts';
import { isPlaceInWords } from './session-to-appointment.ts';
import { appointment } from './shapes.ts';
import { aMoment, referenceTo } from './site-readings.ts';

/** What a status says to us. `moved-or-same` is a booked visit that we know already; `unclear` is no R4 status. */
export const visitSays = [
  'proposed',
  'booked',
  'moved-or-same',
  'arrived',
  'fulfilled',
  'cancelled',
  'no-show',
  'withdrawn',
  'unclear',
] as const;
export type VisitSays = (typeof visitSays)[number];

export interface VisitNews {
  /** `Appointment/…` */
  readonly reference: string;
  readonly identifier: readonly Identifier[];
  readonly says: VisitSays;
  readonly start?: Instant | undefined;
  readonly end?: Instant | undefined;
  /** Why it is cancelled or missed. */
  readonly reason?: VisitReason | undefined;
  /** Therapist's id in the settings, when one of the practitioners is known there. */
  readonly therapist?: string | undefined;
  /** Practitioner and PractitionerRole references. */
  readonly practitioners: readonly string[];
  readonly place?: string | undefined;
  /** ServiceRequest references. */
  readonly orders: readonly string[];
  readonly patient?: string | undefined;
}

export interface VisitGiven {
  readonly therapists?: Therapists | undefined;
  /** We have a session for this Appointment. */
  readonly known?: boolean | undefined;
  /** What this hospital means by its own codes. */
  readonly codes?: SiteCodes | undefined;
}

const says: Readonly<Record<fhir4.Appointment['status'], VisitSays>> = {
  proposed: 'proposed',
  pending: 'proposed',
  waitlist: 'proposed',
  booked: 'booked',
  arrived: 'arrived',
  'checked-in': 'arrived',
  fulfilled: 'fulfilled',
  cancelled: 'cancelled',
  noshow: 'no-show',
  'entered-in-error': 'withdrawn',
};

export const appointmentToSession = fieldTable<fhir4.Appointment, VisitGiven, VisitNews>(
  'appointment-to-session',
  {
    reference: {
      from: 'Appointment.id',
      read: ({ id }) => id && `Appointment/${id}`,
      otherwise: '',
    },
    identifier: {
      from: 'Appointment.identifier',
      read: ({ identifier }) => identifiersFrom(identifier),
    },
    says: {
      from: 'Appointment.status',
      read: ({ status }, { known }, flag) => {
        if (status === undefined || !Object.hasOwn(says, status)) {
          flag('is not a status of R4');
          return 'unclear';
        }
        return status === 'booked' && known ? 'moved-or-same' : says[status];
      },
      kept: true,
    },
    start: {
      from: 'Appointment.start',
      read: ({ start }, _, flag) => toInstant(start, flag),
      kept: true,
      site: atMostOne(aMoment),
    },
    end: {
      from: 'Appointment.end | Appointment.minutesDuration',
      read: (visit, _, flag) => toInstant(visit.end, flag) ?? endByDuration(visit),
      kept: true,
      site: atMostOne(aMoment),
    },
    reason: {
      from: 'Appointment.cancelationReason | Appointment.comment',
      via: 'cancelation-reason',
      read: reasonOf,
      kept: true,
      why: ({ status }) =>
        status === 'cancelled'
          ? 'the hospital gave none'
          : 'the visit is neither cancelled nor missed',
    },
    therapist: {
      from: 'Appointment.participant.actor.reference',
      read: (visit, { therapists }) =>
        practitioners(visit)
          .map((one) => therapistOf(one, therapists))
          .find(Boolean),
      kept: true,
      why: () => 'no participant is a therapist of the settings',
    },
    practitioners: {
      from: 'Appointment.participant.actor.reference',
      read: practitioners,
    },
    place: {
      from: 'Appointment.participant.actor.display',
      read: ({ participant }) =>
        participant?.find(
          (one) => typeOf(one.actor?.reference) === 'Location' && one.actor?.display !== undefined,
        )?.actor?.display ?? participant?.find(isPlaceInWords)?.actor?.display,
      kept: true,
      why: () => 'no participant is a Location with a name',
      site: atMostOne(text),
    },
    orders: {
      from: 'Appointment.basedOn.reference',
      read: ({ basedOn }) => references(basedOn, 'ServiceRequest'),
      kept: true,
      site: several(referenceTo('ServiceRequest')),
    },
    patient: {
      from: 'Appointment.participant.actor.reference',
      read: ({ participant }) =>
        references(
          participant?.flatMap(({ actor }) => actor ?? []),
          'Patient',
        )[0],
      kept: true,
    },
  },
  { resourceType: 'Appointment', shape: appointment },
);

/** What an Appointment says. Total: what is wrong with it stands in the flags. */
export function readAppointment(
  visit: fhir4.Appointment,
  given: VisitGiven = {},
  table: typeof appointmentToSession = appointmentToSession,
): Mapped<VisitNews> {
  return map(table, visit, given);
}

function references(list: readonly fhir4.Reference[] | undefined, type: string): string[] {
  return (list ?? []).flatMap(({ reference }) =>
    reference !== undefined && typeOf(reference) === type ? [reference] : [],
  );
}

function practitioners({ participant }: fhir4.Appointment): string[] {
  const actors = (participant ?? []).flatMap(({ actor }) => actor ?? []);
  return [...references(actors, 'Practitioner'), ...references(actors, 'PractitionerRole')];
}

/** Only where the hospital left the end out; where both are there, they may contradict each other and end counts. */
function endByDuration({ start, end, minutesDuration }: fhir4.Appointment): Instant | undefined {
  const from = toInstant(start);
  if (end !== undefined || from === undefined || !minutesDuration || minutesDuration < 0)
    return undefined;
  const until = Date.parse(from) + minutesDuration * 60_000;
  return until > 8.64e15 ? undefined : new Date(until).toISOString();
}

function reasonOf(
  { status, cancelationReason, comment }: fhir4.Appointment,
  { codes }: VisitGiven,
): VisitReason | undefined {
  if (status === 'noshow')
    return {
      code: 'no-show',
      text: wordsOf(cancelationReason) ?? comment ?? visitReasons['no-show'],
    };
  if (status !== 'cancelled' || cancelationReason === undefined) return undefined;
  const { text: said, coding = [] } = cancelationReason;
  const code =
    coding.map((one) => ourCode('visit-reason', one)).find(Boolean) ??
    coding
      .map((one) => siteCodeIn('visit-reason', one, codes))
      .map((one) => one && ourCode('visit-reason', one))
      .find(Boolean) ??
    coding
      .map((one) => codeBehind('cancelation-reason', one))
      .map((one) => one && ourCode('visit-reason', one))
      .find(Boolean);
  // a code alone is no words for a person: ours are better where the code is known
  const text =
    said ??
    coding.find(({ display }) => display !== undefined)?.display ??
    (code === undefined ? wordsOf(cancelationReason) : visitReasons[code]);
  if (text === undefined) return undefined;
  return code === undefined ? { text } : { code, text };
}
