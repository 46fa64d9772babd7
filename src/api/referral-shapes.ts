/** What the API shows of referrals and takes for their commands. */
import Type from 'typebox';
import { type PatientGone, patientGone, priorities, referralStates } from '../core/referral.ts';
import { Fact, FactsRead } from './fact-shapes.ts';
import { SessionView } from './session-shapes.ts';
import { Coding, Concept, choice, closed, Id, Identifier, Instant, Named } from './shapes.ts';

const Order = Type.Object(
  {
    reference: Type.String({ description: 'As the hospital names it: ServiceRequest/…' }),
    identifier: Type.Array(Identifier),
    authoredOn: Type.Optional(Type.String({ description: 'As the order says it, also partial.' })),
    requester: Type.Optional(Named),
  },
  { title: 'Order', ...closed },
);

const Patient = Type.Object(
  {
    reference: Type.String({ description: 'The record that stands.' }),
    ordered: Type.Optional(
      Type.String({ description: 'As the order names it, where that is another.' }),
    ),
    gone: Type.Optional(
      choice(Object.keys(patientGone) as PatientGone[], 'What is wrong with the record.'),
    ),
    name: Type.Optional(Type.String()),
    birthDate: Type.Optional(Type.String()),
    identifier: Type.Array(Identifier),
  },
  { title: 'Patient', ...closed },
);

const Frequency = Type.Object(
  {
    text: Type.String(),
    times: Type.Optional(Type.Number()),
    period: Type.Optional(Type.Number()),
    unit: Type.Optional(Type.String()),
    bounds: Type.Optional(Type.String()),
    asNeeded: Type.Optional(Type.Boolean()),
  },
  { title: 'Frequency', ...closed },
);

const Stay = Type.Object(
  {
    reference: Type.String({ description: 'Encounter/…' }),
    status: Type.String({ description: 'As the hospital says it.' }),
    class: Type.Optional(Coding),
    start: Type.Optional(Type.String()),
    end: Type.Optional(Type.String()),
    place: Type.Optional(Named),
    ended: Type.Optional(Type.Literal(true, { description: 'It is over.' })),
  },
  { title: 'Stay', description: 'The Encounter of the order, as it was last read.', ...closed },
);

const Insurance = Type.Object(
  {
    reference: Type.Optional(Type.String()),
    text: Type.Optional(Type.String()),
    status: Type.Optional(Type.String()),
    unread: Type.Optional(Type.String({ description: 'Why no more is known of it.' })),
  },
  { title: 'Insurance', ...closed },
);

export const ReferralView = Type.Object(
  {
    id: Id,
    hospital: Id,
    episode: Type.Integer({
      minimum: 1,
      description: 'An order that is opened again starts the next.',
    }),
    state: choice(referralStates, 'Where it stands.'),
    reason: Type.Optional(Type.String({ description: 'Why it is declined, on hold, cancelled …' })),
    version: Type.Integer({ minimum: 1, description: 'The ETag.' }),
    order: Order,
    patient: Patient,
    service: Concept,
    reasons: Type.Array(Concept),
    direction: Type.Optional(
      Type.String({ description: 'The physician’s direction on the type of massage.' }),
    ),
    techniques: Type.Array(Concept),
    bodySites: Type.Array(Concept),
    priority: choice(priorities, 'As ordered.'),
    frequency: Type.Optional(Frequency),
    visits: Type.Object(
      {
        planned: Type.Optional(
          Type.Number({ description: 'How many the order asks for, where it says so.' }),
        ),
        done: Type.Integer({ minimum: 0, description: 'Visits that delivered something.' }),
      },
      closed,
    ),
    place: Type.Optional(Type.String()),
    location: Type.Optional(Type.String({ description: 'Location/… of the place.' })),
    stay: Type.Optional(Stay),
    insurance: Type.Optional(Type.Array(Insurance)),
    sessions: Type.Array(SessionView),
    facts: Type.Array(Fact, {
      description: 'What the hospital has on file, and what is not known; each type has a line.',
    }),
    factsRead: FactsRead,
    possible: Type.Array(Type.String(), {
      description: 'Commands that its state allows now; `plan` is POST …/sessions.',
    }),
  },
  { title: 'Referral', ...closed },
);

export const ReferralList = Type.Object(
  {
    items: Type.Array(ReferralView),
    next: Type.Optional(Type.String({ description: 'Send it as `after` for the next page.' })),
  },
  { title: 'ReferralList', ...closed },
);

export const ReferralsQuery = Type.Object(
  {
    state: Type.Optional(choice(referralStates, 'Only those in this state.')),
    hospital: Type.Optional(Type.String({ description: 'Only those of this hospital.' })),
    q: Type.Optional(
      Type.String({
        maxLength: 200,
        description: 'Words that all occur in name, numbers, references or ids.',
      }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'Rows of a page.' }),
    after: Type.Optional(Type.String({ description: 'The `next` of the page before.' })),
  },
  closed,
);

export const PlanBody = Type.Object(
  {
    start: Instant('When it starts.'),
    end: Instant('When it ends; at most eight hours later.'),
    therapist: Type.Optional(
      Type.String({ minLength: 1, description: 'An id from the settings.' }),
    ),
    place: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'The place of the order by default.',
      }),
    ),
  },
  { title: 'Plan', ...closed },
);
