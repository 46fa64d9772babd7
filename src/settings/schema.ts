/**
 * The one schema of the settings: names, types, defaults, descriptions and rules. Checking, defaults, environment
 * variables, `settings show` and docs/settings.md are all made from it, so a setting is added here and nowhere else.
 */
import Type, { type Static } from 'typebox';
import { type DialectName, taskDialects } from '../core/task-dialects.ts';
import { vendorNames } from '../hospital/vendors/vendor.ts';
import type { CheckName } from './checks.ts';
import { discover, rungs, select } from './finding-settings.ts';
import { choice, closed, count, duration } from './setting-kinds.ts';
import { signIn } from './sign-in-settings.ts';
import { limits, proxy, tls } from './wire-settings.ts';

const name = (description: string) =>
  Type.String({
    check: 'name',
    expects: 'a short name of a-z, 0-9 and hyphens, such as general',
    description,
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
