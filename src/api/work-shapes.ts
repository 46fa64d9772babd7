/** What the API shows of work for people, and how an unknown code is taught. */
import Type from 'typebox';
import { suggestionReasons } from '../sync/codes/suggestions.ts';
import { Coding, choice, closed, Id } from './shapes.ts';

const text = Type.String();
const optionalText = Type.Optional(Type.String());

const Suggestion = Type.Object(
  {
    code: Coding,
    as: Type.Optional(Coding),
    because: choice(suggestionReasons, 'Why it is suggested.'),
    says: Type.String({ description: 'The reason in words.' }),
  },
  {
    title: 'Suggestion',
    description:
      'What a code of the order may stand for; without `as`, others have said that it is none of ours.',
    ...closed,
  },
);

export const WorkList = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          id: Id,
          hospital: Id,
          kind: text,
          says: text,
          openedAt: text,
          referral: optionalText,
          session: optionalText,
          inbox: optionalText,
          intention: optionalText,
          codes: Type.Optional(
            Type.Array(Coding, { description: 'Of an unknown code: the codes of the order.' }),
          ),
          suggestions: Type.Optional(
            Type.Array(Suggestion, {
              description: 'What they may stand for, the best reason first; nothing is assumed.',
            }),
          ),
        },
        { title: 'Work', description: 'Something that waits for a person.', ...closed },
      ),
    ),
  },
  { title: 'WorkList', ...closed },
);

export const TeachBody = Type.Object(
  {
    code: Type.Optional(
      Type.String({
        maxLength: 2_000,
        description: 'Which code of the order, as system|code, where it has several.',
      }),
    ),
    as: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 2_000,
        description: 'The massage service that it stands for, as system|code.',
      }),
    ),
    refuse: Type.Optional(
      Type.Literal(true, { description: 'It is none of ours; this ends the wait too.' }),
    ),
    display: Type.Optional(
      Type.String({
        maxLength: 500,
        description: 'Words of the code for the table; those of the order when left out.',
      }),
    ),
  },
  {
    title: 'Teach',
    description: 'Say what it stands for with `as`, or that it is none of ours with `refuse`.',
    oneOf: [{ required: ['as'] }, { required: ['refuse'] }],
    ...closed,
  },
);

export const Taught = Type.Object(
  {
    hospital: Id,
    code: Coding,
    as: Type.Optional(Coding),
    by: optionalText,
    date: optionalText,
    before: Type.Boolean({ description: 'It was known already.' }),
    ranAgain: Type.Integer({ description: 'How many orders waited on it and ran again.' }),
    referrals: Type.Array(Id, { description: 'Those of them that are referrals now.' }),
  },
  { title: 'Taught', ...closed },
);
