/** What the API shows of the facts on file: the lines, what stands behind them, advisories, and what has changed. */
import Type from 'typebox';
import { factKinds } from '../core/fact-lines.ts';
import { factDates, factSources, factTopics } from '../core/facts.ts';
import { Coding, Concept, choice, closed } from './shapes.ts';

const optionalText = (description: string) => Type.Optional(Type.String({ description }));

const Measured = Type.Object(
  {
    value: Type.Optional(Type.Number()),
    comparator: Type.Optional(Type.String()),
    unit: Type.Optional(Type.String()),
    system: Type.Optional(Type.String()),
    code: Type.Optional(Type.String()),
  },
  { title: 'Measured', description: 'As the hospital sent it.', ...closed },
);

export const Fact = Type.Object(
  {
    kind: choice(
      factKinds,
      'Understood; present with a code that is unknown here; not shown to us, or not whole; asked for and not there.',
    ),
    topic: Type.Optional(
      choice(factTopics, 'What it is about; absent where nobody here can tell.'),
    ),
    what: Concept,
    also: Type.Optional(
      Type.Array(Coding, {
        description: 'Codes beside those: a coded value, what a drug is made of, a category.',
      }),
    ),
    value: optionalText('What was measured or found.'),
    measured: Type.Optional(Measured),
    site: optionalText('Where on the body.'),
    notes: Type.Optional(
      Type.Array(Type.String(), { description: 'What qualifies it: history of, provisional …' }),
    ),
    date: optionalText('As the hospital wrote it, also partial.'),
    dated: Type.Optional(choice([...factDates, 'asked'], 'What the date is the date of.')),
    source: Type.String({
      description: 'FHIR reference of the resource, or the search that was asked.',
    }),
    count: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Of what is not understood: how many.' }),
    ),
    sources: Type.Optional(
      Type.Array(Type.String(), { description: 'Of these, the newest, to be looked up.' }),
    ),
  },
  { title: 'Fact', ...closed },
);

const Reading = Type.Object(
  {
    type: choice(factSources, 'Type of resource.'),
    outcome: choice(['read', 'none-on-file', 'not-readable'], 'How the last question ended.'),
    askedAt: Type.String({ description: 'When the hospital was asked last.' }),
    asOf: optionalText('When it last answered; absent: it never did.'),
    says: optionalText('Why it is not readable.'),
    gaps: Type.Array(Type.String(), { description: 'What the answer lacks.' }),
    onFile: Type.Integer({ minimum: 0 }),
    notUnderstood: Type.Integer({ minimum: 0, description: 'Present, code not understood.' }),
    offTopic: Type.Integer({ minimum: 0, description: 'Understood, and of none of the topics.' }),
    leftOut: Type.Record(Type.String(), Type.Integer(), {
      description: 'How many were left out, by the rule: resolved, entered-in-error …',
    }),
  },
  { title: 'FactReading', ...closed },
);

const Advisory = Type.Object(
  {
    rule: Type.String({ description: 'Name of the site’s rule.' }),
    verdict: choice(['applies', 'unknown'], 'unknown: it could not be judged.'),
    says: Type.String(),
    because: Type.Optional(
      Type.Object(
        {
          what: Concept,
          value: optionalText('What was measured or found.'),
          notes: Type.Optional(
            Type.Array(Type.String(), {
              description: 'What qualifies it: history of, provisional …',
            }),
          ),
          date: optionalText('As the hospital wrote it, also partial.'),
          source: Type.String(),
        },
        closed,
      ),
    ),
    signedBy: Type.String({ description: 'Who answers for the rule.' }),
    signedOn: Type.String(),
  },
  { title: 'Advisory', ...closed },
);

const Changes = Type.Object(
  {
    since: Type.String({ description: 'When it was accepted, or its last visit started.' }),
    changes: Type.Array(
      Type.Object(
        {
          change: choice(['new', 'gone', 'changed'], 'Against what stood there then.'),
          fact: Fact,
          before: Type.Optional(Fact),
        },
        closed,
      ),
    ),
  },
  { title: 'FactChanges', ...closed },
);

export const FactsRead = Type.Object(
  {
    says: Type.String({ description: 'In one sentence: as of when, and how much.' }),
    asOf: optionalText('Age of the oldest answer; absent: nothing was read.'),
    readings: Type.Array(Reading, { description: 'One for each type of resource.' }),
    advisories: Type.Array(Advisory, {
      description: 'From the file that the site’s clinical owner signed; none without one.',
    }),
    changed: Type.Optional(Changes),
  },
  {
    title: 'FactsRead',
    description: 'What stands behind the facts. Nothing here means that something is safe.',
    ...closed,
  },
);

export const FactsInShort = Type.Object(
  {
    says: Type.String({ description: 'In one sentence: as of when, and how much.' }),
    asOf: optionalText('Age of the oldest answer; absent: nothing was read.'),
    changed: Type.Integer({
      minimum: 0,
      description: 'Changes since the referral was accepted or its last visit started.',
    }),
  },
  { title: 'FactsInShort', ...closed },
);
