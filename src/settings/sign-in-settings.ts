/** Settings of the sign-in to a hospital: its kinds, each with what it needs. Secrets are named, never written. */
import Type, { type Static } from 'typebox';
import { signingAlgorithms } from '../hospital/sign-in/assertion.ts';
import { choice, closed, secret } from './setting-kinds.ts';

/** What every sign-in by a token endpoint has. */
const client = {
  clientId: Type.String({
    minLength: 1,
    expects: 'the id that the hospital gave to our client',
    description: 'Our client, as this hospital registered it.',
  }),
  tokenUrl: Type.Optional(
    Type.String({
      check: 'tokenUrl',
      expects: 'an https address',
      description:
        'Address of the token endpoint, where the server does not say it; needed also when that is another server than base. An origin alone lets the server say the rest.',
    }),
  ),
  scopes: Type.Optional(
    Type.Array(Type.String({ check: 'scope', expects: 'a scope such as system/Task.rus' }), {
      uniqueItems: true,
      expects: 'a list of scopes such as system/Task.rus',
      description: 'Scopes to ask for, in place of the built-in ones (docs/sign-in.md).',
    }),
  ),
};

const signIns = [
  Type.Object({ type: Type.Literal('none') }, closed),
  Type.Object(
    {
      type: Type.Literal('basic'),
      user: Type.String({ minLength: 1, expects: 'a user name', description: 'User name.' }),
      password: secret('Password of this user.'),
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('bearer'),
      token: secret('Token that is sent as it is with each request.'),
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('client-secret'),
      ...client,
      secret: secret('Client secret; read for each token.'),
      auth: Type.Optional(
        choice(['basic', 'post'], {
          description: 'How the secret is shown to the token endpoint; as it lists when left out.',
        }),
      ),
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('smart-backend'),
      ...client,
      algorithm: Type.Optional(
        choice(signingAlgorithms, {
          description: 'How we sign; what the server lists and our keys allow when left out.',
        }),
      ),
      key: Type.Optional(
        Type.String({
          minLength: 1,
          expects: 'the id of a key, as massage-fhir keys list shows it',
          description: 'The key that we sign with; the newest live one when left out.',
        }),
      ),
    },
    closed,
  ),
];

/** A union that is told apart by `type`, so that a mistake is reported against the branch that was meant. */
export const signIn = Type.Unsafe<Static<(typeof signIns)[number]>>({
  type: 'object',
  discriminator: { propertyName: 'type' },
  oneOf: signIns,
  default: { type: 'none' },
  expects:
    '{ type: none }, or basic with user and password, bearer with token, client-secret with clientId and secret, smart-backend with clientId',
  description: 'How we sign in to this hospital. Secrets are named here, never written here.',
});
