/** Settings of the way to one hospital: certificates, proxy, and how much is asked. */
import Type from 'typebox';
import { closed, count, secret } from './setting-kinds.ts';

function pemFile(what: string, description: string) {
  const expects = `the path of a PEM file with ${what}`;
  return Type.Optional(Type.String({ minLength: 1, expects, description }));
}

function most(most: number, description: string) {
  const expects = `a whole number from 1 to ${most}`;
  return Type.Optional(Type.Integer({ minimum: 1, maximum: most, expects, description }));
}

export const tls = Type.Object(
  {
    ca: pemFile(
      'certificates of authorities',
      'Certificates of authorities that are trusted beside those that Node.js trusts, for the hospital, its token endpoint and its proxy.',
    ),
    cert: pemFile(
      'our client certificate',
      'Our client certificate, where the hospital wants one. A renewed file counts at once.',
    ),
    key: pemFile('the private key of cert', 'The private key of cert.'),
    passphrase: Type.Optional(secret('Passphrase of key, where it has one.')),
  },
  {
    ...closed,
    default: {},
    description:
      'Certificates, as PEM files; paths are relative to the working directory. TLS is always 1.2 or newer.',
  },
);

export const proxy = Type.Object(
  {
    url: Type.Optional(
      Type.String({
        check: 'proxy',
        expects: 'the http(s) address of a proxy, such as http://proxy.hospital.example:3128',
        description: 'Address of the proxy. An https base is reached by a tunnel through it.',
      }),
    ),
    user: Type.Optional(
      Type.String({ minLength: 1, expects: 'a user name', description: 'User name at the proxy.' }),
    ),
    password: Type.Optional(secret('Password of this user.')),
  },
  { ...closed, default: {}, description: 'The HTTP proxy by which this hospital is reached.' },
);

export const limits = Type.Object(
  {
    connections: count(4, 64, 'Requests to this hospital at the same time.'),
    perMinute: most(60_000, 'Requests in any minute at most; the others wait, spread over it.'),
    perDay: most(
      10_000_000,
      'Requests in a day of the hospital at most; the others wait for the next day. The last tenth of them is kept for writing: reading ends before it.',
    ),
    answer: count(64, 1024, 'Megabytes of one answer at most, once decoded.'),
  },
  { ...closed, default: {}, description: 'How much we ask of this hospital at most.' },
);
