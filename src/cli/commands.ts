/**
 * The table of commands. Parsing, help, suggestions and docs/commands.md are made from it. A row's file is loaded when the
 * command runs, so that help and mistakes are answered at once; import nothing heavy here.
 */
import type { CommandRow, OptionRow } from './command.ts';

export const globalOptions: readonly OptionRow[] = [
  {
    flags: '--settings <file>',
    says: 'settings file (massage-fhir.yaml in this folder when not given)',
  },
  { flags: '--json', says: 'print the result as JSON, for machines' },
];

/** Summaries of the groups: the first words of two-word commands. */
export const groups: Readonly<Record<string, string>> = {
  settings: 'the settings: are they right, and what is in force',
  migrate: 'the store: its schema and versions',
  access: 'keys for the API and the pages',
  keys: 'our keys to sign in to hospitals with',
  work: 'what waits for a person',
  codes: 'what the codes of the hospitals mean',
};

export const commands: readonly CommandRow[] = [
  {
    name: 'start',
    options: [
      {
        flags: '--hospital <base>',
        says: 'a FHIR R4 server instead of the sandbox; nothing is written to it without --write',
      },
      {
        flags: '--organization <reference>',
        says: 'us, as that server knows us, such as Organization/12',
      },
      { flags: '--write', says: 'with --hospital: let the adapter write to that server' },
      { flags: '--listen <host:port>', says: 'address of API and pages (127.0.0.1:8300)' },
      { flags: '--data <dir>', says: 'folder for what is kept (./data)' },
    ],
    summary: 'try everything without settings: a sandbox hospital, one sync, the page',
    help:
      'Starts a hospital in a box on a free port, the adapter beside it, runs one sync, says what was found, refused and ' +
      'why, and then the addresses with a key that is good for one day. A second start keeps the data.',
    examples: [
      { line: 'start', says: 'the same as npm start' },
      {
        line: 'start --hospital https://fhir.example.org/r4',
        says: 'look at any FHIR R4 server; nothing is written',
      },
    ],
    load: () => import('./start.ts'),
  },
  {
    name: 'serve',
    summary: 'run the adapter: API, pages, polling, the nightly sweep, the outbox',
    help:
      'Listens, polls every hospital as set, runs the full sweep at its local time (or later, when the hour was missed), ' +
      'sends what is due, and ends cleanly on Ctrl-C or SIGTERM. The log goes to standard error.',
    examples: [{ line: 'serve --settings /etc/massage-fhir.yaml', says: 'as a service would' }],
    load: () => import('./serve.ts'),
  },
  {
    name: 'sync',
    options: [
      {
        flags: '--full',
        says: 'read everything, not only what is new, and re-read what is open by id',
      },
      { flags: '--dry-run', says: 'send nothing; the story shows the exact requests' },
      {
        flags: '--from <path>',
        says: 'a folder or file (JSON, Bundle, NDJSON) instead of the server',
      },
      {
        flags: '--order <id>',
        says: 'only this order, by ServiceRequest/… or its id, from the server',
      },
      { flags: '--hospital <id>', says: 'only this one of the settings' },
    ],
    summary: 'one run now, and its report',
    help:
      'Reads what is new into the inbox, takes every row to a state with a reason, follows the hospital’s changes, and ' +
      'sends what is due. Prints one report for each hospital. Exit code 1 when a run was not complete or a write needs a ' +
      'person, 2 when nothing could be read.',
    examples: [
      { line: 'sync', says: 'all hospitals of the settings' },
      { line: 'sync --full --json', says: 'everything, one JSON report a line' },
      { line: 'sync --from ./orders', says: 'take in a folder; nothing is asked of the server' },
      {
        line: 'sync --order ServiceRequest/1234',
        says: 'take in one order that is not on the list',
      },
    ],
    load: () => import('./sync.ts'),
  },
  {
    name: 'why',
    arguments: [
      {
        form: '<id>',
        says: 'our id, ServiceRequest/…, its id, or one of its identifiers (system|value or value)',
      },
    ],
    options: [{ flags: '--hospital <id>', says: 'where several are configured' }],
    summary: 'what happened to one order, also one that was refused or never seen',
    help:
      'Looks among referrals and in the inbox, reads the order from the hospital, and prints the verdict of each rule of ' +
      'the selection with the setting that it reads. Exit code 1 when nobody knows such an order.',
    examples: [
      { line: 'why ServiceRequest/1234', says: 'by reference' },
      {
        line: "why 'http://hospital.example/orders|A-17'",
        says: 'by the order number of the hospital',
      },
    ],
    load: () => import('./why.ts'),
  },
  {
    name: 'survey',
    options: [{ flags: '--hospital <id>', says: 'only this one of the settings' }],
    summary: 'will this server work: which ways are used, on whose word, and why not others',
    help:
      'Reads what the server declares, asks it a few cheap questions (nothing is written), and says for finding orders, ' +
      'booking, results, and writing once which way is used and why not a better one. Every full run does the same and ' +
      'tells what changed. Exit code 1 when nothing new is found by itself there.',
    examples: [
      { line: 'survey', says: 'all hospitals of the settings' },
      { line: 'survey --json', says: 'one survey a line' },
    ],
    load: () => import('./survey.ts'),
  },
  {
    name: 'sandbox',
    options: [
      { flags: '--port <number>', says: 'port (8301; 0 takes a free one)' },
      {
        flags: '--vendor <name>',
        says: 'behave like the server of a vendor (generic)',
        choices: ['generic', 'epic', 'oracle-health', 'meditech', 'read-only'],
      },
      { flags: '--empty', says: 'without the ward' },
    ],
    summary: 'a hospital in a box: a FHIR R4 server with a ward and faults on demand',
    help:
      'An in-memory FHIR R4 server for trying the adapter, or any client. Nothing of it is kept. With --vendor it has ' +
      'the rules, gaps and oddities of such a server at its base, and beside it an address for the staff, where the ' +
      'same resources can be read and changed without them.',
    examples: [
      { line: 'sandbox --port 8400', says: 'then point base to http://127.0.0.1:8400/fhir' },
      {
        line: 'sandbox --vendor oracle-health',
        says: 'prints the base, which has a tenant in it, and the address of the staff',
      },
    ],
    load: () => import('./sandbox.ts'),
  },
  {
    name: 'access new',
    options: [
      { flags: '--role <role>', says: 'therapist, operator or viewer' },
      { flags: '--name <name>', says: 'stands in the events of what is done with it' },
      { flags: '--expires <when>', says: 'a time span such as 90d, or a date' },
    ],
    summary: 'make a key; it is shown once',
    help: 'Prints the key on standard output. Only its hash is stored: a lost key is revoked and replaced.',
    examples: [
      { line: 'access new --role therapist --name ana --expires 90d', says: 'for one person' },
    ],
    load: () => import('./access-new.ts'),
  },
  {
    name: 'access list',
    summary: 'list the keys, without the keys themselves',
    help: 'Role, name, last use, expiry and revocation of every key that was ever made.',
    examples: [{ line: 'access list', says: 'who may come in' }],
    load: () => import('./access-list.ts'),
  },
  {
    name: 'access revoke',
    arguments: [{ form: '<id>', says: 'id of the key, as access list shows it' }],
    summary: 'end a key at once',
    help: 'Ends the key and every sign-in on the pages that was made with it.',
    examples: [{ line: 'access revoke 3f0c…', says: 'from the next request on' }],
    load: () => import('./access-revoke.ts'),
  },
  {
    name: 'keys new',
    options: [{ flags: '--alg <name>', says: 'ES384 (unless given) or RS384' }],
    summary: 'make a key to sign in to hospitals with',
    help:
      'For signIn smart-backend. Writes the private key into the folder of our keys (setting keys) and prints its id. New ' +
      'tokens are signed with it at once, also by a running serve, which shows its public part at /.well-known/jwks.json. ' +
      'Refused while two keys are live.',
    examples: [
      { line: 'keys new', says: 'the first, or the next one of a rotation' },
      { line: 'keys new --alg RS384', says: 'for a server that takes no ES384' },
    ],
    load: () => import('./keys-new.ts'),
  },
  {
    name: 'keys list',
    summary: 'list our keys to sign in to hospitals with',
    help:
      'Id, algorithm, when each was made and retired. With --json also the public key set, for a hospital that wants it as ' +
      'a file. Private parts are never printed.',
    examples: [{ line: 'keys list --json', says: 'with the set to hand over' }],
    load: () => import('./keys-list.ts'),
  },
  {
    name: 'keys retire',
    arguments: [{ form: '<kid>', says: 'id of the key, as keys list shows it' }],
    options: [{ flags: '--last', says: 'also when no live key is left then' }],
    summary: 'end a key',
    help:
      'Destroys the private part. The key is no longer shown at /.well-known/jwks.json and signs nothing; tokens that ' +
      'were given for it end by themselves.',
    examples: [
      { line: 'keys retire 3fYk…', says: 'the older one, once every hospital has the new one' },
    ],
    load: () => import('./keys-retire.ts'),
  },
  {
    name: 'work list',
    options: [{ flags: '--hospital <id>', says: 'only this one' }],
    summary: 'list what waits for a person',
    help: 'Unknown codes, conflicts between both sides, and writes whose fate is unknown. Exit code 1 when something waits.',
    examples: [{ line: 'work list', says: 'the oldest first' }],
    load: () => import('./work-list.ts'),
  },
  {
    name: 'work retry',
    arguments: [{ form: '<id>', says: 'id of the note, as work list shows it' }],
    summary: 'try a write again that got stuck',
    help: 'Queues it again with what was given up because of it; the outbox looks at the hospital before it sends.',
    examples: [{ line: 'work retry 8a1d…', says: 'after the cause is gone' }],
    load: () => import('./work-retry.ts'),
  },
  {
    name: 'work settle',
    arguments: [{ form: '<id>', says: 'id of the note, as work list shows it' }],
    summary: 'say that a note is dealt with',
    help: 'Closes the note. A write whose fate was unknown is dropped and no longer holds its referral back.',
    examples: [{ line: 'work settle 8a1d…', says: 'when it was done by hand' }],
    load: () => import('./work-settle.ts'),
  },
  {
    name: 'codes list',
    options: [{ flags: '--hospital <id>', says: 'only this one' }],
    summary: 'list what was said about codes, and which codes orders wait on',
    help:
      'Every row of the site’s own table and of its crosswalks with where it stands and who said it, then each unknown code ' +
      'with the number of orders that wait on it and what it may be. Exit code 1 when orders wait.',
    examples: [{ line: 'codes list', says: 'what is known and what is not' }],
    load: () => import('./codes-list.ts'),
  },
  {
    name: 'codes teach',
    arguments: [{ form: '<code>', says: 'the code of the hospital, as system|code' }],
    options: [
      { flags: '--hospital <id>', says: 'whose code it is, where several are configured' },
      {
        flags: '--as <code>',
        says: 'the massage service that it stands for, or another code of ours',
      },
      { flags: '--refuse', says: 'it is none of ours; this ends the wait too' },
      { flags: '--display <text>', says: 'its words, for those who read the table' },
      { flags: '--by <name>', says: 'who says so (command line)' },
    ],
    summary: 'say what a code of a hospital stands for',
    help:
      'Adds a row to the site’s own table (setting codes.table); a running serve notices it. Exactly the orders of this ' +
      'hospital that waited on the code run again at once. What only looks like massage is refused by name.',
    examples: [
      {
        line: "codes teach 'http://hospital.example/orders|MT30' --as 'http://snomed.info/sct|387854002' --by ana",
        says: 'orders with this code are ours',
      },
      {
        line: "codes teach --hospital general 'http://hospital.example/orders|PT1' --refuse",
        says: 'they are not',
      },
    ],
    load: () => import('./codes-teach.ts'),
  },
  {
    name: 'codes forget',
    arguments: [{ form: '<code>', says: 'the code of the hospital, as system|code' }],
    options: [{ flags: '--hospital <id>', says: 'whose code it is, where several are configured' }],
    summary: 'take back what was said about a code',
    help:
      'Takes the row out of the site’s own table. What was decided by it stays as it is; new orders with the code wait ' +
      'for a person again.',
    examples: [
      {
        line: "codes forget 'http://hospital.example/orders|MT30'",
        says: 'before teaching it anew',
      },
    ],
    load: () => import('./codes-forget.ts'),
  },
  {
    name: 'map',
    arguments: [
      {
        form: '<file...>',
        says: 'JSON of a resource, a Bundle, or NDJSON; what they refer to is looked up in them',
      },
    ],
    options: [
      {
        flags: '--explain',
        says: 'for each field its path, what was found there, the code table, and why it is empty',
      },
      { flags: '--hospital <id>', says: 'whose codes and overlays, where several are configured' },
    ],
    summary: 'show what the mappings make of resources in files',
    help:
      'Maps every ServiceRequest, Task, Appointment and Procedure of the files and prints the fields of the result. Connects ' +
      'to nothing, and needs no settings; with them, what the site has of its own counts: its codes and its overlays, which ' +
      '--explain shows as the site’s. Exit code 1 when nothing was mapped, a file is no JSON, or a resource has a ' +
      'fault that the mapping noticed.',
    examples: [
      { line: 'map order.json', says: 'an order as the massage service will see it' },
      { line: 'map --explain bundle.json', says: 'why each field has its value, or none' },
    ],
    load: () => import('./map.ts'),
  },
  {
    name: 'validate',
    arguments: [
      {
        form: '<file...>',
        says: 'resource, Bundle or NDJSON, also as .gz; a folder with all below it; - for standard input',
      },
    ],
    options: [
      {
        flags: '--profile <url>',
        says: 'a profile that every resource has to meet; may be given several times',
        repeatable: true,
      },
      {
        flags: '--definitions <path>',
        says: 'folder, package (.tgz) or file with more profiles and value sets; may be given several times',
        repeatable: true,
      },
    ],
    summary: 'say whether resources are valid FHIR R4, and what could not be checked',
    help:
      'Checks every resource against FHIR R4 and the profiles that it claims, and prints one verdict a resource: a ' +
      'Bundle is one, each line of NDJSON is one. Of a folder it reads .json, .ndjson, .jsonl and .gz, but not ' +
      'package.json. Needs no settings and connects to nothing. With --json it prints one object a line. Exit code 1 ' +
      'when something is not valid.',
    examples: [
      { line: 'validate order.json', says: 'one resource' },
      {
        line: 'validate --json --definitions us-core.tgz export/',
        says: 'a bulk export against the profiles of a guide, for a script',
      },
    ],
    load: () => import('./validate.ts'),
  },
  {
    name: 'settings check',
    summary: 'say everything that is wrong with the settings',
    help:
      'Reads the settings file and the environment variables, and lists every mistake with its line, what was found, ' +
      'what is expected and what was probably meant. Nothing is connected to. Exit code 1 when all is right but ' +
      'something is probably not meant, or cannot work yet: a secret, a key of ours or a folder is missing.',
    examples: [
      { line: 'settings check', says: 'check massage-fhir.yaml of this folder' },
      { line: 'settings check --settings /etc/massage-fhir.yaml', says: 'check another file' },
    ],
    load: () => import('./settings-check.ts'),
  },
  {
    name: 'settings show',
    summary: 'print the settings in force and where each comes from',
    help:
      'Prints every setting with its value and its origin: a line of the file, an environment variable, or the default. ' +
      'Secrets are named by their file or variable and never printed.',
    examples: [
      { line: 'settings show', says: 'all settings of this folder' },
      { line: 'settings show --json', says: 'the same for a script' },
    ],
    load: () => import('./settings-show.ts'),
  },
  {
    name: 'migrate status',
    summary: 'say which migrations the store has run',
    help:
      'Lists the migrations of the store: those that it has run and when, and those that the next start runs by itself. ' +
      'Changes nothing. Exit code 1 when store and version are not at the same migration.',
    examples: [{ line: 'migrate status', says: 'before and after an update' }],
    load: () => import('./migrate-status.ts'),
  },
];
