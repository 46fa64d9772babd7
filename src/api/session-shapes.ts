/** What the API shows of sessions and takes for their commands (the record: clinical charting of one visit). */
import Type from 'typebox';
import {
  interrupters,
  measures,
  missingReasons,
  moments,
  type Score,
  sessionStates,
  techniques,
  visitReasons,
} from '../core/session.ts';
import { FactsInShort } from './fact-shapes.ts';
import { choice, closed, Id, Instant } from './shapes.ts';

const measure = choice(measures, 'What was rated.');
const moment = choice(moments, 'Before or after the massage.');
const eitherOr = 'a score has either value or missing';

const ScoreShape = Type.Unsafe<Score>(
  Type.Object(
    {
      measure,
      when: moment,
      value: Type.Optional(Type.Integer({ minimum: 0, maximum: 10 })),
      missing: Type.Optional(choice(missingReasons, 'Why there is none.')),
    },
    {
      title: 'Score',
      description: eitherOr,
      oneOf: [{ required: ['value'] }, { required: ['missing'] }],
      ...closed,
    },
  ),
);

const AppliedTechnique = Type.Object(
  {
    technique: choice(techniques, 'Our code of the technique.'),
    site: Type.String({ minLength: 1, maxLength: 200, description: 'Where, in words.' }),
    pressure: Type.Integer({ minimum: 1, maximum: 5, description: 'Walton scale.' }),
  },
  { title: 'AppliedTechnique', ...closed },
);

const Pause = Type.Object(
  {
    by: choice(interrupters, 'Who interrupted.'),
    from: Type.String(),
    to: Type.Optional(Type.String({ description: 'Absent while it lasts.' })),
  },
  { title: 'Pause', ...closed },
);

export const SessionView = Type.Object(
  {
    id: Id,
    referral: Id,
    hospital: Id,
    state: choice(sessionStates, 'Where it stands.'),
    version: Type.Integer({ minimum: 1, description: 'The ETag.' }),
    start: Type.String(),
    end: Type.String(),
    therapist: Type.Optional(Type.String({ description: 'An id from the settings.' })),
    place: Type.Optional(Type.String()),
    location: Type.Optional(Type.String({ description: 'Location/… of the place.' })),
    bookedBy: choice(['service', 'hospital'], 'Who put it into the calendar.'),
    reason: Type.Optional(
      Type.Object(
        {
          code: Type.Optional(
            choice(Object.keys(visitReasons) as (keyof typeof visitReasons)[], 'Our code.'),
          ),
          text: Type.String(),
        },
        { description: 'Why it was cancelled, not done or stopped.', ...closed },
      ),
    ),
    record: Type.Object(
      {
        startedAt: Type.Optional(Type.String()),
        endedAt: Type.Optional(Type.String()),
        pauses: Type.Array(Pause),
        techniques: Type.Array(AppliedTechnique),
        scores: Type.Array(ScoreShape),
        response: Type.Optional(Type.String()),
        note: Type.Optional(Type.String()),
      },
      closed,
    ),
    minutes: Type.Object(
      { total: Type.Number(), paused: Type.Number(), handsOn: Type.Number() },
      { description: 'One decimal; up to now while the visit lasts.', ...closed },
    ),
    facts: Type.Optional(FactsInShort),
    possible: Type.Array(Type.String(), { description: 'Commands that its state allows now.' }),
  },
  { title: 'Session', ...closed },
);

export const SessionList = Type.Object(
  {
    items: Type.Array(SessionView),
    next: Type.Optional(
      Type.String({
        description:
          'There are more: send it as `from`. Sessions that start at that moment may come twice.',
      }),
    ),
  },
  { title: 'SessionList', ...closed },
);

export const SessionsQuery = Type.Object(
  {
    from: Type.Optional(Instant('Only those that start then or later.')),
    to: Type.Optional(Instant('Only those that start before.')),
    therapist: Type.Optional(Type.String({ description: 'Only those of this therapist.' })),
    limit: Type.Integer({
      minimum: 1,
      maximum: 1_000,
      default: 200,
      description: 'Rows of a page.',
    }),
  },
  closed,
);

export const MoveBody = Type.Object(
  { start: Instant('When it starts.'), end: Instant('When it ends.') },
  { title: 'Move', ...closed },
);

const at = Type.Optional(Instant('When it happened; now by default.'));

export const AtBody = Type.Object({ at }, { title: 'At', ...closed });

export const PauseBody = Type.Object(
  { by: choice(interrupters, 'Who interrupts.'), at },
  { title: 'PauseCommand', ...closed },
);

const outcome = {
  at,
  scores: Type.Array(ScoreShape, { maxItems: 6, description: 'At most one of each kind.' }),
  techniques: Type.Array(AppliedTechnique, { maxItems: 50 }),
  response: Type.Optional(Type.String({ maxLength: 10_000 })),
  note: Type.Optional(Type.String({ maxLength: 10_000 })),
};

export const FinishBody = Type.Object(outcome, { title: 'Finish', ...closed });

export const StopBody = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 2_000, pattern: '\\S' }), ...outcome },
  { title: 'Stop', ...closed },
);
