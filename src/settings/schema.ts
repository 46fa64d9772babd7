/**
 * The one schema of the settings: names, types, defaults, descriptions and rules. Checking, defaults, environment
 * variables, `settings show` and docs/settings.md are all made from it, so a setting is added here and nowhere else.
 */
import Type, { type Static } from 'typebox';
import { massageServices } from '../core/selection.ts';
import { type DialectName, taskDialects } from '../core/task-dialects.ts';
import { type RungCode, type RungFunction, shippedRungs } from '../hospital/rungs.ts';
import { signingAlgorithms } from '../hospital/sign-in/assertion.ts';
import { vendorNames } from '../hospital/vendors/vendor.ts';
import type { CheckName } from './checks.ts';
import { choice, closed, count, duration, secret, texts } from './setting-kinds.ts';
import { limits, proxy, tls } from './wire-settings.ts';

const name = (description: string) =>
  Type.String({
    check: 'name',
    expects: 'a short name of a-z, 0-9 and hyphens, such as general',
    description,
  });

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
const signIn = Type.Unsafe<Static<(typeof signIns)[number]>>({
  type: 'object',
  discriminator: { propertyName: 'type' },
  oneOf: signIns,
  default: { type: 'none' },
  expects:
    '{ type: none }, or basic with user and password, bearer with token, client-secret with clientId and secret, smart-backend with clientId',
  description: 'How we sign in to this hospital. Secrets are named here, never written here.',
});

const therapist = Type.Object(
  {
    id: name('Name under which the API and the pages know this therapist.'),
    name: Type.String({ minLength: 1, expects: 'a name', description: 'Name as people read it.' }),
    practitioner: Type.String({
      check: 'practitioner',
      expects: 'a reference such as Practitioner/ana',
      description: 'The therapist as this hospital knows them.',
    }),
  },
  closed,
);

const systemAndCode = {
  check: 'token',
  expects: 'system|code, such as http://snomed.info/sct|387854002',
} as const;

const select = Type.Object(
  {
    codes: texts(
      massageServices,
      systemAndCode,
      'Codes of the orders that are ours. A list here replaces the built-in one.',
    ),
    categories: texts(
      [],
      systemAndCode,
      'An order of such a category with an unknown code waits for a person.',
    ),
    performers: texts(
      [],
      { check: 'reference', expects: 'a reference such as Organization/massage' },
      'An order for such a performer with an unknown code waits for a person.',
    ),
    intents: texts(
      ['order'],
      { check: 'intent', expects: 'a FHIR request intent, such as order' },
      'Intents of the orders that are ours; a plan or proposal asks for nothing yet.',
    ),
  },
  { ...closed, default: {}, description: 'Which orders are ours.' },
);

const facts = Type.Object(
  {
    read: choice(['on', 'off'], {
      default: 'on',
      description:
        'on: what is on file about the patients of our referrals is read. off: the referrals say that nothing was.',
    }),
    every: duration(
      '6h',
      '5m',
      'While a referral waits for an answer or a visit is ahead, facts are read at most this often.',
    ),
    ahead: duration('24h', '0s', 'From this long before a visit on, facts are kept fresh.'),
    before: duration('1h', '0s', 'Facts are read once more when a visit starts within this time.'),
    pages: count(10, 1000, 'Pages of one search that are read at most; what lies behind is said.'),
    rules: Type.Optional(
      Type.String({
        minLength: 1,
        expects: 'the path of a file that the clinical owner has signed',
        description:
          'Rules of the clinical owner that add advisories to the facts; without it there are none. A path is relative to the settings file. Read at the start.',
      }),
    ),
  },
  { ...closed, default: {}, description: 'What is on file about the patients of our referrals.' },
);

const references = (description: string, check: CheckName, such: string) =>
  texts([], { check, expects: `a reference such as ${such}` }, description);

const discover = Type.Object(
  {
    locations: references(
      'Our places, as this hospital knows them. Whoever is booked there is looked for: needed where a server shows orders of one patient at a time only.',
      'location',
      'Location/massage',
    ),
    practitioners: references(
      'Whose calendars are read in the same way; the therapists when there are neither locations nor practitioners here.',
      'practitioner',
      'Practitioner/ana',
    ),
    back: duration('1d', '0s', 'How far back these calendars are read.'),
    ahead: duration('14d', '1h', 'How far ahead these calendars are read.'),
    patients: Type.Optional(
      Type.String({
        minLength: 1,
        expects: 'the path of a file with one Patient/… in a line',
        description:
          'A list of patients whose orders are looked for one by one. A path is relative to the settings file; it is read anew with each run.',
      }),
    ),
    group: Type.Optional(
      Type.String({
        check: 'group',
        expects: 'a reference such as Group/massage',
        description: 'A Group of the hospital whose members are looked for one by one.',
      }),
    ),
    every: duration(
      '1h',
      '0s',
      'Each patient is looked for at most this often between the nights.',
    ),
    perRun: count(
      500,
      100_000,
      'Patients that are looked for in one run between the nights, at most.',
    ),
    folder: Type.Optional(
      Type.String({
        minLength: 1,
        expects: 'the path of a folder',
        description:
          'Files with orders (JSON, Bundle, NDJSON) that are put here are taken in with each run. A path is relative to the settings file.',
      }),
    ),
  },
  {
    ...closed,
    default: {},
    description:
      'Where orders are found on a server that does not show what changed as a whole (massage-fhir survey says which way is used).',
  },
);

const oneRung = (of: RungFunction, description: string) =>
  Type.Optional(choice(shippedRungs(of), { description }));

const rungs = Type.Object(
  {
    discovery: Type.Unsafe<readonly RungCode[]>({
      type: 'array',
      items: { type: 'string', enum: shippedRungs('discovery') },
      uniqueItems: true,
      default: [],
      expects: `a list of ${shippedRungs('discovery').join(', ')}`,
      description: 'How orders are found; an empty list leaves it to us.',
    }),
    booking: oneRung('booking', 'How visits are booked.'),
    result: oneRung('result', 'How results are written.'),
    once: oneRung('once', 'How nothing is created twice.'),
    update: oneRung('update', 'How no change of the hospital is overwritten.'),
  },
  {
    ...closed,
    default: {},
    description:
      'Ways to do things on this server that are used whatever its statement says (docs/servers.md).',
  },
);

const hospital = Type.Object(
  {
    id: name('Our name of this hospital, in the API, in reports and in logs.'),
    base: Type.String({
      check: 'base',
      expects: 'the http(s) address of a FHIR R4 endpoint, without query or user',
      description: 'Address of the FHIR R4 endpoint. Credentials are sent to its origin only.',
    }),
    timezone: Type.String({
      check: 'timezone',
      expects: 'a time zone of the IANA list, such as America/Chicago',
      description: 'Local time of the hospital, for nightly and for times that people read.',
    }),
    signIn,
    organization: Type.Optional(
      Type.String({
        check: 'organization',
        expects: 'a reference such as Organization/massage',
        description:
          'Us, as this hospital knows us: owner of our Tasks, performer of what we write.',
      }),
    ),
    therapists: Type.Array(therapist, {
      default: [],
      uniqueBy: 'id',
      expects: 'a list of { id, name, practitioner }',
      description: 'Who can be booked.',
    }),
    select,
    discover,
    vendor: choice(['auto', ...vendorNames], {
      default: 'auto',
      description:
        'The product of the hospital’s server (docs/servers.md). auto: as its address and its statement show.',
    }),
    rungs,
    dialect: choice(Object.keys(taskDialects) as DialectName[], {
      default: 'core',
      description: 'How the guide that this hospital follows uses Task.',
    }),
    tasks: choice(['create', 'follow'], {
      default: 'create',
      description:
        'create: an accepted order without a Task gets one from us. follow: only Tasks of the hospital are reported on.',
    }),
    poll: duration('5m', '5s', 'How often we look for what is new.'),
    nightly: Type.String({
      check: 'timeOfDay',
      default: '02:30',
      expects: 'a local time in quotes, such as "02:30"',
      description:
        'Local time of the full sweep; one that was missed is made up for at the next start.',
    }),
    write: choice(['on', 'off', 'dry-run'], {
      default: 'on',
      description:
        'on: what we owe the hospital is sent. off: it queues up. dry-run: the story shows the exact request.',
    }),
    lag: duration(
      '0s',
      '0s',
      'How far behind now a search ends, for changes that the server has not finished storing.',
    ),
    overlap: duration(
      '10m',
      '1s',
      'How far a search reaches back behind the one before it, for servers whose clocks drift.',
    ),
    tls,
    proxy,
    limits,
    pagingHost: choice(['rebase', 'strict'], {
      default: 'rebase',
      description:
        'rebase: a link to a next page that names another host (a server behind a proxy does that) is asked for at base, where its path fits. strict: it is not followed.',
    }),
    pageSize: count(50, 1000, 'How many resources we ask for in one page.'),
    maxPages: count(2000, 1_000_000, 'With more pages than this, a search counts as broken.'),
    timeout: duration('30s', '1s', 'How long we wait for an answer, and for silence within one.'),
    facts,
  },
  closed,
);

const overlay = Type.Object(
  {
    hospital: Type.Optional(name('The hospital for which it counts; all of them when left out.')),
    mapping: Type.String({
      minLength: 1,
      expects: 'the name of a mapping, such as order-to-referral',
      description: 'Name of the mapping, as docs/mappings.md has it.',
    }),
    field: Type.String({
      minLength: 1,
      expects: 'the name of a field of this mapping, such as visits',
      description: 'Field of this mapping.',
    }),
    expression: Type.String({
      minLength: 1,
      expects: 'a FHIRPath expression, such as ServiceRequest.note.first().text',
      description: 'FHIRPath over the resource that the mapping reads.',
    }),
    note: Type.Optional(
      Type.String({ description: 'Why, for those who read it later; shown by --explain.' }),
    ),
  },
  closed,
);

const mapping = Type.Object(
  {
    overlays: Type.Array(overlay, {
      default: [],
      expects: 'a list of { mapping, field, expression }, each with hospital and note if wanted',
      description: 'FHIRPath expressions of the site, each laid over one field of a mapping.',
    }),
  },
  { ...closed, default: {}, description: 'Our mappings as this site wants them.' },
);

const csvFile = { minLength: 1, expects: 'the path of a CSV file' };

const codes = Type.Object(
  {
    table: Type.String({
      ...csvFile,
      default: 'massage-fhir.codes.csv',
      description:
        'What people say about unknown codes (massage-fhir codes teach). A path is relative to the settings file.',
    }),
    crosswalks: Type.Array(Type.String(csvFile), {
      default: [],
      uniqueItems: true,
      expects: 'a list of paths of CSV files',
      description:
        'CSV files with the columns their system, their code, our code. Paths are relative to the settings file.',
    }),
  },
  { ...closed, default: {}, description: 'What the codes of the hospitals mean.' },
);

export const settingsSchema = Type.Object(
  {
    store: Type.String({
      check: 'store',
      default: './data/massage-fhir.sqlite',
      expects: 'the path of a SQLite file',
      description: 'Where everything durable is kept. A path is relative to the working directory.',
    }),
    listen: Type.String({
      check: 'listen',
      default: '127.0.0.1:8300',
      expects: 'host:port, such as 127.0.0.1:8300',
      description: 'Address of API and pages. Put a TLS proxy in front before others can reach it.',
    }),
    keys: Type.String({
      minLength: 1,
      default: './data/keys',
      expects: 'the path of a folder',
      description:
        'Folder of the private keys that we sign in with (massage-fhir keys new). A path is relative to the working directory.',
    }),
    lease: duration(
      '1m',
      '5s',
      'How long an instance may hold a piece of work before another one takes it over.',
    ),
    log: Type.Object(
      {
        level: choice(['info', 'debug', 'warn'], {
          default: 'info',
          description: 'debug adds each exchange, page and answer; warn leaves only what is wrong.',
        }),
        format: choice(['auto', 'text', 'json'], {
          default: 'auto',
          description: 'auto: text on a terminal, JSON lines elsewhere.',
        }),
      },
      { ...closed, default: {}, description: 'The log, on standard error.' },
    ),
    hospitals: Type.Array(hospital, {
      minItems: 1,
      uniqueBy: 'id',
      expects: 'a list with at least one hospital: id, base and timezone',
      description: 'The hospitals that we are connected to.',
    }),
    codes,
    mapping,
  },
  closed,
);

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

/** Settings as they are in force: checked, complete with defaults, frozen. */
export type Settings = DeepReadonly<Static<typeof settingsSchema>>;
export type HospitalSettings = Settings['hospitals'][number];

/** As much of JSON Schema as this file uses, for those who walk it. */
export interface SchemaNode {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[] | undefined;
  readonly items?: SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
  readonly discriminator?: { readonly propertyName: string };
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly expects?: string;
  readonly check?: CheckName;
  readonly secret?: boolean;
}
