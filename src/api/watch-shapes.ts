/** What the API shows of the machine itself: runs, readiness, and the story of one referral. */
import Type from 'typebox';
import { keyAlgorithms } from '../access/our-keys.ts';
import { inboxStates, linkRoles, outboxStates, runStates } from '../store/tables.ts';
import { ReferralView } from './referral-shapes.ts';
import { choice, closed, Id } from './shapes.ts';

const text = Type.String();
const optionalText = Type.Optional(Type.String());

export const HospitalQuery = Type.Object(
  { hospital: Type.Optional(Type.String({ description: 'Id of one hospital.' })) },
  closed,
);

export const RunList = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          id: Id,
          hospital: Id,
          mode: text,
          state: choice(runStates, 'How it ended, or running.'),
          startedAt: text,
          endedAt: optionalText,
          says: optionalText,
          report: Type.Optional(
            Type.Object({}, { additionalProperties: true, description: 'Counts and problems.' }),
          ),
        },
        { title: 'Run', ...closed },
      ),
    ),
  },
  { title: 'RunList', ...closed },
);

export const RunsQuery = Type.Object(
  {
    limit: Type.Integer({
      minimum: 1,
      maximum: 200,
      default: 20,
      description: 'The newest first.',
    }),
  },
  closed,
);

export const SyncBody = Type.Object(
  {
    hospital: Type.Optional(Type.String({ description: 'Id of one hospital; all by default.' })),
    full: Type.Optional(Type.Boolean({ description: 'Everything, as in the night.' })),
  },
  { title: 'Sync', ...closed },
);

export const SyncStarted = Type.Object(
  {
    hospitals: Type.Array(
      Type.Object(
        {
          hospital: Id,
          started: Type.Boolean(),
          run: optionalText,
          says: Type.Optional(Type.String({ description: 'Why none was started.' })),
        },
        closed,
      ),
    ),
  },
  { title: 'SyncStarted', ...closed },
);

export const Alive = Type.Object(
  { status: Type.Literal('alive'), version: text },
  { title: 'Alive', ...closed },
);

const endedStates = runStates.filter((state) => state !== 'running');

export const Ready = Type.Object(
  {
    ready: Type.Boolean(),
    hospitals: Type.Array(
      Type.Object(
        {
          hospital: Id,
          reachable: Type.Boolean(),
          lastRun: Type.Optional(
            choice(endedStates, 'How the last run that has ended went; absent before the first.'),
          ),
          lastRunAt: Type.Optional(Type.String({ description: 'When it ended.' })),
          lastCompleteRun: Type.Optional(Type.String({ description: 'When it ended.' })),
          ageSeconds: Type.Optional(Type.Number({ description: 'Since then.' })),
        },
        closed,
      ),
    ),
  },
  { title: 'Ready', ...closed },
);

export const KeySet = Type.Object(
  {
    keys: Type.Array(
      Type.Object(
        {
          kty: text,
          kid: Type.String({ description: 'RFC 7638 thumbprint.' }),
          use: Type.Literal('sig'),
          alg: choice(keyAlgorithms, 'How it signs.'),
          crv: optionalText,
          x: optionalText,
          y: optionalText,
          n: optionalText,
          e: optionalText,
        },
        { title: 'PublicKey', ...closed },
      ),
    ),
  },
  { title: 'KeySet', ...closed },
);

export const StoryView = Type.Object(
  {
    referral: ReferralView,
    events: Type.Array(
      Type.Object(
        {
          version: Type.Integer(),
          type: text,
          at: text,
          by: text,
          session: optionalText,
          data: Type.Object({}, { additionalProperties: true }),
        },
        closed,
      ),
    ),
    intentions: Type.Array(
      Type.Object(
        {
          id: Id,
          kind: text,
          session: optionalText,
          part: optionalText,
          state: choice(outboxStates, 'Where it stands.'),
          attempts: Type.Integer(),
          createdAt: text,
          nextAt: optionalText,
          sentAt: optionalText,
          resource: optionalText,
          errorCode: optionalText,
          says: optionalText,
          request: Type.Optional(Type.Unknown({ description: 'What is, or would be, sent.' })),
        },
        closed,
      ),
    ),
    exchanges: Type.Array(
      Type.Object(
        {
          id: Id,
          method: text,
          path: text,
          status: Type.Optional(Type.Integer()),
          ms: Type.Number(),
          errorCode: optionalText,
          at: text,
          intention: optionalText,
          run: optionalText,
        },
        closed,
      ),
    ),
    links: Type.Array(
      Type.Object(
        {
          reference: text,
          role: choice(linkRoles, 'What it is to the referral.'),
          session: optionalText,
          part: optionalText,
          versionId: optionalText,
        },
        closed,
      ),
    ),
    sides: Type.Array(
      Type.Object(
        {
          what: text,
          here: text,
          there: optionalText,
          agrees: Type.Optional(Type.Boolean()),
          readAt: text,
          error: optionalText,
        },
        { description: 'One resource as it stands here and at the hospital now.', ...closed },
      ),
    ),
    disagreements: Type.Array(text),
    inbox: Type.Array(
      Type.Object(
        {
          id: Id,
          resource: optionalText,
          versionId: optionalText,
          via: text,
          state: choice(inboxStates, 'How it ended.'),
          rule: optionalText,
          says: optionalText,
          findings: Type.Array(Type.Object({ path: text, says: text }, closed), {
            description: 'What was not as FHIR has it, or could not be used.',
          }),
          receivedAt: text,
        },
        closed,
      ),
    ),
  },
  { title: 'Story', ...closed },
);
