/** Settings of how orders are found: which are ours, where they are looked for, and by which ways. */
import Type from 'typebox';
import { massageServices } from '../core/selection.ts';
import { type RungCode, type RungFunction, shippedRungs } from '../hospital/rungs.ts';
import type { CheckName } from './checks.ts';
import { choice, closed, count, duration, texts } from './setting-kinds.ts';

const systemAndCode = {
  check: 'token',
  expects: 'system|code, such as http://snomed.info/sct|387854002',
} as const;

export const select = Type.Object(
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

const references = (description: string, check: CheckName, such: string) =>
  texts([], { check, expects: `a reference such as ${such}` }, description);

export const discover = Type.Object(
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

export const rungs = Type.Object(
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
