/**
 * A session → the hospital's Appointment. Where the hospital has one already, it stays the hospital's: what we do not
 * own (unknown elements, extensions, other participants) is kept as it is, also when we have no idea what it means.
 */
import type { Identifier, Named } from '../src/core/concept.ts';
import type { Referral } from '../src/core/referral.ts';
import { type Session, type SessionState, visitReasons } from '../src/core/session.ts';
import { defined } from '../src/mapping/defined.ts';
import { fieldTable, map } from '../src/mapping/field-table.ts';
import type { Rewritten } from '../src/mapping/finding.ts';
import { isObject } from '../src/mapping/shape.ts';
import { ourCoding } from './code-systems.ts';
import { withOurs } from './code-tables.ts';
import { literalOf, sameReference, toReference, typeOf } from './concepts.ts';
import { sameMoment, toInstant } from './instants.ts';
import { appointment } from './shapes.ts';

export interface SessionSource {
  readonly session: Session;
  readonly referral: Referral;
}

export interface AppointmentGiven {
  /** What marks the Appointment as ours: `<our system>|<uuid of the intention>`; none on one that the hospital made. */
  readonly identifier?: Identifier | undefined;
  /** The therapist as this hospital knows them. */
  readonly therapist?: Named | undefined;
  /** The hospital's current version, when there is one. */
  readonly previous?: fhir4.Appointment | undefined;
}

/** The elements that we own; everything else of a hospital's Appointment is kept. */
type Written = Pick<
  fhir4.Appointment,
  | 'identifier'
  | 'status'
  | 'cancelationReason'
  | 'serviceType'
  | 'description'
  | 'start'
  | 'end'
  | 'minutesDuration'
  | 'comment'
  | 'basedOn'
  | 'participant'
>;

const statuses = {
  planned: 'booked',
  booked: 'booked',
  arrived: 'arrived',
  'in-progress': 'arrived',
  paused: 'arrived',
  finished: 'fulfilled',
  stopped: 'fulfilled',
  'not-done': 'cancelled',
  cancelled: 'cancelled',
  'no-show': 'noshow',
} as const satisfies Record<SessionState, fhir4.Appointment['status']>;

const asTheirs = {
  participant: 'any',
  identifier: 'any',
  basedOn: 'any',
  serviceType: 'any',
} as const;

export const sessionToAppointment = fieldTable<SessionSource, AppointmentGiven, Written>(
  'session-to-appointment',
  {
    identifier: {
      from: '%identifier',
      read: (_, { identifier, previous }) =>
        identifier === undefined
          ? previous?.identifier
          : withIdentifier(previous?.identifier, identifier),
    },
    status: { from: 'session.state', read: statusOf, kept: true },
    cancelationReason: {
      from: 'session.reason',
      via: 'cancelation-reason',
      // app-4 as published knows no reason on a no-show: there it goes to the comment
      read: ({ session }, { previous }) =>
        statuses[session.state] === 'cancelled'
          ? (reasonConcept(session) ?? previous?.cancelationReason)
          : undefined,
      kept: true,
      why: ({ session }) => `a session that is ${session.state} has no cancelationReason`,
    },
    serviceType: {
      from: 'referral.care.service',
      read: (_, { previous }) => previous?.serviceType ?? [massageTherapy],
    },
    description: {
      from: '%previous.description',
      read: (_, { previous }) => previous?.description ?? 'Massage therapy',
    },
    start: {
      from: 'session.start',
      read: ({ session }, { previous }, flag) => timeOf(session.start, previous?.start, flag),
      kept: true,
    },
    end: {
      from: 'session.end',
      read: ({ session }, { previous }, flag) => timeOf(session.end, previous?.end, flag),
      kept: true,
    },
    minutesDuration: {
      from: '%previous.minutesDuration',
      // theirs, unless the visit was moved: then it would contradict start and end
      read: ({ session }, { previous }) =>
        sameMoment(session.start, previous?.start) && sameMoment(session.end, previous?.end)
          ? previous?.minutesDuration
          : undefined,
      why: () => 'start and end say it',
    },
    comment: {
      from: 'session.reason.text',
      read: ({ session }, { previous }) =>
        session.state === 'no-show'
          ? withLine(previous?.comment, session.reason?.text ?? visitReasons['no-show'])
          : previous?.comment,
      why: ({ session }) => `a session that is ${session.state} needs no comment`,
    },
    basedOn: {
      from: 'referral.care.order.reference',
      read: ({ referral }, { previous }) =>
        withReference(previous?.basedOn, referral.care.order.reference),
      kept: true,
    },
    participant: {
      from: 'referral.care.patient.reference | session.therapist | session.place',
      read: participants,
      kept: true,
    },
  },
  {
    // lists of theirs are looked at by hand, so that nothing in them is dropped, however odd it is
    given: { previous: { ...appointment, ...asTheirs } },
  },
);

/**
 * The Appointment of a session, on top of the hospital's current version where there is one. One that has
 * ended there otherwise than here comes back as it was, with the reason in the flags: a person has to look (I9).
 */
export function writeAppointment(
  source: SessionSource,
  given: AppointmentGiven,
): Rewritten<fhir4.Appointment> {
  const { value, flags } = map(sessionToAppointment, source, given);
  const { previous } = given;
  if (previous !== undefined && endedStatuses.includes(previous.status)) {
    const says = 'has ended at the hospital: the Appointment is left as it is';
    const leftAsIs = { path: 'Appointment.status', says };
    if (previous.status !== value.status)
      return { value: previous, flags: [...flags, leftAsIs], leftAsIs };
  }
  const kept = Object.entries(given.previous ?? {}).filter(([name]) => !owned.has(name));
  return {
    value: { resourceType: 'Appointment', ...Object.fromEntries(kept), ...value },
    flags,
  };
}

const endedStatuses: readonly string[] = ['fulfilled', 'cancelled', 'noshow', 'entered-in-error'];
const forward: readonly string[] = ['booked', 'arrived', 'checked-in', 'fulfilled'];

/** The hospital may have seen the patient arrive before us; only a visit that was moved goes back to booked. */
function statusOf({ session }: SessionSource, { previous }: AppointmentGiven) {
  const ours = statuses[session.state];
  const ahead =
    previous !== undefined &&
    forward.includes(ours) &&
    forward.indexOf(previous.status) > forward.indexOf(ours);
  return ahead && sameMoment(session.start, previous.start) ? previous.status : ours;
}

const owned = new Set(sessionToAppointment.rows.map(({ field }) => field));

const massageTherapy: fhir4.CodeableConcept = {
  coding: [
    {
      system: 'http://terminology.hl7.org/CodeSystem/service-type',
      code: '25',
      display: 'Massage Therapy',
    },
  ],
};

/** Our reason with what the table knows for it; words alone where none of our codes fits. */
function reasonConcept({ reason }: Session): fhir4.CodeableConcept | undefined {
  if (reason === undefined) return undefined;
  const { code, text } = reason;
  return defined({
    text,
    coding: code && withOurs('cancelation-reason', ourCoding('visit-reason', code)),
  });
}

function timeOf(
  ours: string,
  theirs: string | undefined,
  flag: (says: string) => void,
): string | undefined {
  return sameMoment(ours, theirs) ? theirs : toInstant(ours, flag);
}

function withLine(text: string | undefined, line: string): string {
  if (text === undefined) return line;
  return text.includes(line) ? text : `${text}\n${line}`;
}

export function withIdentifier(
  list: readonly fhir4.Identifier[] | undefined,
  { system, value }: Identifier,
): fhir4.Identifier[] {
  const theirs = Array.isArray(list) ? list : [];
  const known = theirs.some((one) => one?.system === system && one?.value === value);
  return known ? [...theirs] : [...theirs, defined({ system, value })];
}

function withReference(
  list: readonly fhir4.Reference[] | undefined,
  reference: string,
): fhir4.Reference[] {
  const theirs = Array.isArray(list) ? list : [];
  const known = theirs.some((one) => sameReference(literalOf(one), reference));
  return known ? [...theirs] : [...theirs, { reference }];
}

type Participant = fhir4.AppointmentParticipant;

/** Theirs stay; the patient, the therapist and the place are added where they are missing. */
function participants(
  { session, referral }: SessionSource,
  { previous, therapist }: AppointmentGiven,
): Participant[] {
  const theirs: Participant[] = Array.isArray(previous?.participant) ? previous.participant : [];
  const actors = theirs.map((one) => literalOf(one?.actor));
  const has = (reference: string | undefined) =>
    actors.some((actor) => sameReference(actor, reference));
  const { patient } = referral.care;
  const added: Participant[] = [];
  if (!has(patient.reference))
    added.push({ actor: { reference: patient.reference }, status: 'accepted' });
  if (therapist !== undefined && !has(therapist.reference))
    added.push({ type: [role('PPRF')], actor: toReference(therapist), status: 'accepted' });
  const { place } = session;
  // a Location of theirs is where they put it: our words do not argue with it
  if (place === undefined || actors.some((actor) => typeOf(actor) === 'Location'))
    return [...theirs, ...added];
  const where: Participant = { type: [role('LOC')], actor: { display: place }, status: 'accepted' };
  const ours = theirs.findIndex(isPlaceInWords);
  if (ours === -1) return [...theirs, ...added, where];
  return [...theirs.with(ours, { ...theirs[ours], ...where }), ...added];
}

const roles = { PPRF: 'primary performer', LOC: 'location' } as const;
const participationTypes = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';

function role(code: keyof typeof roles): fhir4.CodeableConcept {
  return { coding: [{ system: participationTypes, code, display: roles[code] }] };
}

/** A place that is only named, as we write it. */
export function isPlaceInWords(participant: Participant): boolean {
  if (!isObject(participant) || !isObject(participant.actor)) return false;
  const { type, actor } = participant;
  const codings = Array.isArray(type) ? type.flatMap((one) => one?.coding ?? []) : [];
  return (
    actor.reference === undefined &&
    actor.display !== undefined &&
    codings.some((one) => one?.system === participationTypes && one.code === 'LOC')
  );
}
