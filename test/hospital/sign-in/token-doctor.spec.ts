/** The token doctor: for each fault that is known from hospitals, the right suspicion comes first. */
import { expect } from 'chai';
import {
  type ClientShown,
  suspicions,
  type TokenRefusal,
  tokenRefused,
} from '../../../src/hospital/sign-in/token-doctor.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const asserted: ClientShown = {
  type: 'smart-backend',
  clientId: 'massage-service',
  kid: 'kid-1',
  algorithm: 'ES384',
  keyAgeMs: 30 * day,
};
const secret: ClientShown = { type: 'client-secret', clientId: 'massage-service', auth: 'basic' };
const endpoint = {
  url: 'https://auth.hospital.example/token?secret=1',
  from: 'discovery',
} as const;
const plain: TokenRefusal = {
  status: 400,
  error: 'invalid_client',
  endpoint,
  client: asserted,
  scopes: ['system/Patient.rs', 'system/Task.crus'],
};
const smart = { odd: [] };

const rows: readonly (readonly [string, Partial<TokenRefusal>, says: string, fix: string])[] = [
  ['the clock is far off', { clockAheadMs: 12 * minute }, '12 minutes ahead of', 'NTP'],
  ['the clock is far behind', { clockAheadMs: -400_000 }, '7 minutes behind', 'NTP'],
  [
    'the clock is a little off, and the key known',
    { clockAheadMs: 90_000 },
    '90 seconds ahead of',
    'NTP',
  ],
  ['the clock is right', { clockAheadMs: 20_000 }, 'may not have our key kid-1', 'jwks.json'],
  [
    'the key is new, and the clock a little off',
    { clockAheadMs: 90_000, client: { ...asserted, keyAgeMs: 5 * minute } },
    'less than an hour old',
    'fetch our key set',
  ],
  [
    'the algorithm is not listed',
    { configuration: { ...smart, algorithms: ['RS384'] } },
    'We sign with ES384, but the server lists RS384',
    'keys new --alg',
  ],
  [
    'the way to prove who we are is not listed',
    { configuration: { ...smart, authMethods: ['client_secret_basic'] } },
    'private_key_jwt, but the server lists client_secret_basic',
    'Backend Services',
  ],
  [
    'the secret is shown in the wrong way',
    { client: secret, configuration: { ...smart, authMethods: ['client_secret_post'] } },
    'client_secret_basic, but the server lists client_secret_post',
    'auth in signIn',
  ],
  [
    'the token URL of the settings is not that of the server',
    {
      endpoint: {
        ...endpoint,
        from: 'settings',
        otherwise: 'https://auth.hospital.example/v2/token',
      },
    },
    'but the server names https://auth.hospital.example/v2/token',
    'tokenUrl: https://auth.hospital.example/v2/token',
  ],
  [
    'nothing answers at the token URL, and the server names another',
    {
      status: 404,
      error: undefined,
      endpoint: { ...endpoint, otherwise: 'https://a.example/token' },
    },
    'but the server names https://a.example/token',
    'tokenUrl: https://a.example/token',
  ],
  [
    'nothing answers at the token URL',
    { status: 404, error: undefined },
    'Nothing that gives tokens',
    'tokenUrl',
  ],
  [
    'the grant is not listed',
    { error: 'unauthorized_client', configuration: { ...smart, grants: ['authorization_code'] } },
    'does not list the grant client_credentials',
    'switch on',
  ],
  [
    'the grant is refused',
    { error: 'unsupported_grant_type' },
    'does not take the grant',
    'another token endpoint',
  ],
  [
    'the client may not',
    { error: 'unauthorized_client' },
    'massage-service is known, but may not',
    'activate',
  ],
  [
    'a scope is not listed',
    {
      error: 'invalid_scope',
      configuration: { ...smart, scopes: ['system/Patient.read', 'openid'] },
    },
    'not among those that the server lists: system/Task.crus',
    'scopes: [system/Patient.rs]',
  ],
  [
    'a scope is refused, and a wildcard is listed',
    { error: 'invalid_scope', configuration: { ...smart, scopes: ['system/*.read'] } },
    'One of the scopes',
    'Ask the hospital to grant',
  ],
  [
    'the secret is refused',
    { client: secret },
    'secret does not belong to the client massage-service',
    'signIn.secret',
  ],
  [
    'the status alone says that we are not known',
    { status: 401, error: undefined },
    'may not have our key',
    'jwks',
  ],
  [
    'the assertion is called an invalid grant',
    { error: 'invalid_grant' },
    'may not have our key',
    'jwks',
  ],
  [
    'a clock does not matter for a secret',
    { client: secret, clockAheadMs: 12 * minute },
    'secret',
    'secret',
  ],
];

describe('token doctor: the first suspicion', () => {
  for (const [name, fault, says, fix] of rows)
    it(`when ${name}`, () => {
      const refusal = { ...plain, ...fault };
      const [first] = suspicions(refusal);
      expect(first?.says).to.contain(says);
      expect(first?.fix).to.contain(fix);
      expect(tokenRefused(refusal).fix).to.equal(first?.fix);
    });
});

describe('token doctor: what it says', () => {
  it('is never nothing, never more than five, and never the query of an address', () => {
    for (const error of [
      'invalid_request',
      'invalid_client',
      'invalid_grant',
      'unauthorized_client',
      'unsupported_grant_type',
      'invalid_scope',
      undefined,
    ])
      for (const client of [asserted, secret]) {
        for (const status of [400, 401, 403]) {
          const told = tokenRefused({ ...plain, client, status, error });
          expect(told.details.problems, `${client.type} ${status} ${error}`)
            .to.be.an('array')
            .with.length.within(1, 5);
          expect(JSON.stringify([told.message, told.details])).to.not.contain('secret=1');
        }
      }
  });

  it('shows nothing of the server that moves a cursor or begins a line of its own', () => {
    const told = tokenRefused({
      ...plain,
      endpoint: { ...endpoint, otherwise: 'https://a.example/\u001b[2Jto\nken' },
      configuration: {
        ...smart,
        authMethods: ['a\u001b[31mb\nc'],
        algorithms: ['\u202eRS384'],
      },
    });
    expect([told.message, told.fix, ...(told.details.problems ?? [])].join('')).to.match(
      /^[\x20-\x7e…’]+$/,
    );
    expect(told.message).to.contain('the server lists a…[31mb…c');
  });

  it('repeats the code of the server only when it is one', () => {
    expect(tokenRefused(plain).message).to.contain('400 invalid_client. Most likely: The');
    expect(tokenRefused({ ...plain, error: 'refused ey123' }).message).to.contain('with 400. ');
  });

  it('names what certain evidence speaks for before what is only likely', () => {
    const told = suspicions({
      ...plain,
      clockAheadMs: 10 * minute,
      configuration: { ...smart, algorithms: ['RS384'] },
    });
    expect(told.map(({ says }) => says.split(' ')[0])).to.deep.equal([
      'The',
      'We',
      'The',
      'The',
      'The',
    ]);
    expect(told[2]?.says).to.contain('kid-1');
    expect(told[3]?.says).to.contain('massage-service');
    expect(told[4]?.says).to.contain('audience');
  });
});
