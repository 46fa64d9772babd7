/**
 * All ways to do a thing, best first for each function (DESIGN decision 12; hospital-servers.md §6), with what each needs of
 * a server’s statement. `ships`: this product can do it, and a test server behaves so; the others are named in reports
 * and never used. Which one is used is decided in `survey/choose.ts`.
 */
import type { Need } from './needs.ts';

export const rungFunctions = ['discovery', 'booking', 'result', 'once', 'update'] as const;
export type RungFunction = (typeof rungFunctions)[number];

/** What the settings provide for rungs beyond the server. */
export interface SurveyGiven {
  /** `Organization/…`: us, as Task.owner. */
  readonly organization?: string | undefined;
  /** `Location/…` of our rooms. */
  readonly locations: readonly string[];
  /** `Practitioner/…` of our people. */
  readonly practitioners: readonly string[];
  /** A list or Group of patients is kept. */
  readonly roster: boolean;
  /** A folder is looked at by each run. */
  readonly folder: boolean;
  /** The FHIR push-in route listens. */
  readonly push: boolean;
}

export interface Rung {
  readonly function: RungFunction;
  readonly rung: string;
  /** What is done, as an infinitive. */
  readonly says: string;
  readonly needs: readonly Need[];
  /** One of these must be given by the settings. */
  readonly given?: readonly (keyof SurveyGiven)[];
  /** No statement can tell: it counts only where a vendor’s record knows it. */
  readonly known?: true;
  /** A question to the server can show it. */
  readonly probed?: true;
  readonly ships: boolean;
}

/** What we create, and may not create twice. */
const ours = ['Appointment', 'Procedure', 'Observation', 'Task'] as const;
/** What we change, and the hospital changes too. */
const shared = ['Task', 'Appointment', 'Procedure', 'Observation'] as const;

export const rungs = [
  {
    function: 'discovery',
    rung: 'A1',
    says: 'search ServiceRequest by the time of its last change',
    needs: [
      {
        type: 'ServiceRequest',
        interactions: ['read', 'search-type'],
        searchParams: ['_lastUpdated'],
        openBy: ['_lastUpdated'],
      },
    ],
    probed: true,
    ships: true,
  },
  {
    function: 'discovery',
    rung: 'A2',
    says: 'subscribe to changes, as a hint to look',
    needs: [{ type: 'Subscription', interactions: ['create'] }],
    ships: false,
  },
  {
    function: 'discovery',
    rung: 'A3',
    says: 'search the Tasks that are addressed to us or to nobody yet',
    needs: [
      {
        type: 'Task',
        interactions: ['search-type'],
        searchParams: ['owner', 'status', '_lastUpdated'],
        openBy: ['owner'],
      },
      { type: 'ServiceRequest', interactions: ['read'] },
    ],
    given: ['organization'],
    ships: true,
  },
  {
    function: 'discovery',
    rung: 'A4',
    says: 'export an agreed Group of patients in bulk',
    needs: [
      { type: 'Group', operations: ['group-export'] },
      { type: 'ServiceRequest', interactions: ['search-type'] },
    ],
    ships: false,
  },
  {
    function: 'discovery',
    rung: 'A5',
    says: 'search the Appointments of our rooms or people, then the orders of those patients',
    needs: [
      {
        type: 'Appointment',
        interactions: ['search-type'],
        searchParams: ['date'],
        anySearchParam: ['location', 'practitioner'],
        openBy: ['location', 'practitioner'],
      },
      { type: 'ServiceRequest', interactions: ['search-type'], searchParams: ['patient'] },
    ],
    given: ['locations', 'practitioners'],
    probed: true,
    ships: true,
  },
  {
    function: 'discovery',
    rung: 'A6',
    says: 'search the orders of each patient of a roster, and of those with open referrals',
    needs: [{ type: 'ServiceRequest', interactions: ['search-type'], searchParams: ['patient'] }],
    ships: true,
  },
  {
    function: 'discovery',
    rung: 'A7',
    says: 'read what is put into a folder',
    needs: [],
    given: ['folder'],
    ships: true,
  },
  {
    function: 'discovery',
    rung: 'push',
    says: 'take what the hospital pushes to us',
    needs: [],
    given: ['push'],
    ships: true,
  },
  {
    function: 'booking',
    rung: 'B1',
    says: 'create the Appointment with the Slot that it takes',
    needs: [
      { type: 'Appointment', interactions: ['create'] },
      { type: 'Slot', interactions: ['search-type'] },
    ],
    ships: false,
  },
  {
    function: 'booking',
    rung: 'B2',
    says: 'create a proposed Appointment and wait for the hospital’s scheduler',
    needs: [{ type: 'Appointment', interactions: ['create'] }],
    ships: false,
  },
  {
    function: 'booking',
    rung: 'B3',
    says: 'create and update the Appointment',
    needs: [{ type: 'Appointment', interactions: ['create', 'update'] }],
    ships: true,
  },
  {
    function: 'booking',
    rung: 'B4',
    says: 'book by the operations $find and $book',
    needs: [],
    known: true,
    ships: false,
  },
  {
    function: 'booking',
    rung: 'B5',
    says: 'let the hospital book, and follow its Appointments',
    needs: [
      {
        type: 'Appointment',
        interactions: ['search-type'],
        anySearchParam: ['based-on', 'patient', 'location', 'practitioner'],
        openBy: ['based-on', 'patient', 'location', 'practitioner'],
      },
    ],
    ships: true,
  },
  {
    function: 'booking',
    rung: 'B6',
    says: 'book here, and give a person the visit to enter there',
    needs: [],
    ships: true,
  },
  {
    function: 'result',
    rung: 'C1',
    says: 'create the Procedure and its Observations',
    needs: [
      { type: 'Procedure', interactions: ['create'] },
      { type: 'Observation', interactions: ['create'], wished: true },
    ],
    ships: true,
  },
  {
    function: 'result',
    rung: 'C2',
    says: 'create a DocumentReference with a note that people read',
    needs: [{ type: 'DocumentReference', interactions: ['create'] }],
    ships: false,
  },
  {
    function: 'result',
    rung: 'C3',
    says: 'create Observations of what was measured, nothing else',
    needs: [{ type: 'Observation', interactions: ['create'] }],
    ships: false,
  },
  {
    function: 'result',
    rung: 'C4',
    says: 'create a Communication as a summary',
    needs: [{ type: 'Communication', interactions: ['create'] }],
    ships: false,
  },
  {
    function: 'result',
    rung: 'C5',
    says: 'report by the status of the Task alone',
    needs: [{ type: 'Task', interactions: ['update'] }],
    ships: false,
  },
  {
    function: 'result',
    rung: 'C6',
    says: 'keep the record here, and give a person the note to enter there',
    needs: [],
    ships: true,
  },
  {
    function: 'once',
    rung: 'D1',
    says: 'create with If-None-Exist by our identifier',
    needs: ours.map((type) => ({ type, conditionalCreate: true, where: 'create' }) as const),
    ships: true,
  },
  {
    function: 'once',
    rung: 'D2',
    says: 'create by PUT with an id of ours',
    needs: ours.map((type) => ({ type, updateCreate: true, where: 'create' }) as const),
    ships: false,
  },
  {
    function: 'once',
    rung: 'D3',
    says: 'create with an idempotency key of the server’s own',
    needs: [],
    known: true,
    ships: false,
  },
  {
    function: 'once',
    rung: 'D4',
    says: 'search by our identifier before each create',
    needs: ours.map(
      (type) =>
        ({
          type,
          interactions: ['search-type'],
          searchParams: ['identifier'],
          where: 'create',
        }) as const,
    ),
    ships: true,
  },
  {
    function: 'once',
    rung: 'D5',
    says: 'search by patient, code and time before each create',
    needs: [
      {
        type: 'Procedure',
        interactions: ['search-type'],
        searchParams: ['patient', 'date'],
        where: 'create',
      },
    ],
    ships: false,
  },
  {
    function: 'update',
    rung: 'E1',
    says: 'update with If-Match and the ETag as it was received',
    needs: shared.map((type) => ({ type, versions: true, where: 'update' }) as const),
    ships: true,
  },
  {
    function: 'update',
    rung: 'E2',
    says: 'read, compare the content with what was last seen, then update',
    needs: shared.map((type) => ({ type, interactions: ['read'], where: 'update' }) as const),
    ships: true,
  },
] as const satisfies readonly Rung[];

export type RungCode = (typeof rungs)[number]['rung'];

/** The rungs of a function that this product can use: what settings may name. */
export function shippedRungs(of: RungFunction): readonly RungCode[] {
  return rungs.flatMap((one) => (one.function === of && one.ships ? [one.rung] : []));
}
