/**
 * Procedure and its Observations → the record of a session: how we read back what we wrote, and what a hospital made
 * of it. Order of the Observations does not matter, except that techniques keep the order in which they come.
 */
import type { Identifier } from '../src/core/concept.ts';
import {
  type AppliedTechnique,
  type Measure,
  type MissingReason,
  type Moment,
  measures,
  moments,
  type Pause,
  type Score,
  type SessionRecord,
  type VisitReason,
  visitReasons,
} from '../src/core/session.ts';
import { defined } from '../src/mapping/defined.ts';
import { fieldTable, map } from '../src/mapping/field-table.ts';
import type { Mapped } from '../src/mapping/finding.ts';
import { ourCode } from './code-systems.ts';
import { codeBehind, codesFor } from './code-tables.ts';
import { identifiersFrom, typeOf, wordsOf } from './concepts.ts';
import { sameMoment } from './instants.ts';
import { type Therapists, therapistOf } from './people.ts';
import { observation, procedure } from './shapes.ts';

export interface ResultNews {
  /** `Procedure/…` */
  readonly reference: string;
  readonly identifier: readonly Identifier[];
  /** What became of the session; `withdrawn` for entered-in-error, `unclear` for any other status. */
  readonly state:
    | 'finished'
    | 'stopped'
    | 'not-done'
    | 'in-progress'
    | 'paused'
    | 'withdrawn'
    | 'unclear';
  readonly reason?: VisitReason | undefined;
  readonly orders: readonly string[];
  readonly patient?: string | undefined;
  readonly therapist?: string | undefined;
  readonly record: SessionRecord;
}

export interface ResultGivenBack {
  /** The Observations that are partOf the Procedure. */
  readonly observations?: readonly fhir4.Observation[] | undefined;
  readonly therapists?: Therapists | undefined;
}

const states: Readonly<Record<string, ResultNews['state']>> = {
  completed: 'finished',
  stopped: 'stopped',
  'not-done': 'not-done',
  'in-progress': 'in-progress',
  'on-hold': 'paused',
  'entered-in-error': 'withdrawn',
};

export const procedureToSession = fieldTable<fhir4.Procedure, ResultGivenBack, ResultNews>(
  'procedure-to-session',
  {
    reference: { from: 'Procedure.id', read: ({ id }) => id && `Procedure/${id}`, otherwise: '' },
    identifier: { from: 'Procedure.identifier', read: (one) => identifiersFrom(one.identifier) },
    state: {
      from: 'Procedure.status',
      read: ({ status }, _, flag) => {
        if (status !== undefined && Object.hasOwn(states, status))
          return states[status] ?? 'unclear';
        flag('does not say what became of the visit');
        return 'unclear';
      },
      kept: true,
    },
    reason: {
      from: 'Procedure.statusReason',
      via: 'status-reason',
      read: ({ statusReason }) => reasonFrom(statusReason),
      kept: true,
    },
    orders: {
      from: 'Procedure.basedOn.reference',
      read: ({ basedOn }) =>
        (basedOn ?? []).flatMap(({ reference }) =>
          reference !== undefined && typeOf(reference) === 'ServiceRequest' ? [reference] : [],
        ),
      kept: true,
    },
    patient: {
      from: 'Procedure.subject.reference',
      read: ({ subject }) => subject?.reference,
      kept: true,
    },
    therapist: {
      from: 'Procedure.performer.actor.reference',
      read: ({ performer }, { therapists }) =>
        performer?.map(({ actor }) => therapistOf(actor?.reference, therapists)).find(Boolean),
      kept: true,
      why: () => 'no performer is a therapist of the settings',
    },
    record: {
      group: {
        startedAt: {
          from: 'Procedure.performed.start | Procedure.performed.ofType(dateTime)',
          read: ({ performedPeriod, performedDateTime }) =>
            performedPeriod?.start ?? performedDateTime,
          kept: true,
        },
        endedAt: {
          from: 'Procedure.performed.end',
          read: ({ performedPeriod }) => performedPeriod?.end,
          kept: true,
        },
        pauses: {
          from: "%observations.where(code.coding.code = 'pause')",
          via: 'interrupter',
          read: (_, { observations }) => (observations ?? []).flatMap(pauseFrom).toSorted(byStart),
          kept: true,
        },
        techniques: {
          from: "%observations.where(code.coding.code = 'technique-applied').component",
          via: 'technique-in',
          read: (_, { observations }) => (observations ?? []).flatMap(techniqueFrom),
          kept: true,
        },
        scores: {
          from: '%observations.value | %observations.dataAbsentReason',
          via: 'measure',
          read: ({ performedPeriod }, { observations }) =>
            (observations ?? [])
              .flatMap((one) => scoreFrom(one, performedPeriod ?? {}))
              .toSorted(byMeasure),
          kept: true,
        },
        response: {
          from: 'Procedure.outcome.text',
          read: ({ outcome }) => wordsOf(outcome),
          kept: true,
        },
        note: {
          from: 'Procedure.note.text',
          read: ({ note }) =>
            (note ?? []).flatMap(({ text }) => text ?? []).join('\n') || undefined,
          kept: true,
        },
      },
    },
  },
  { resourceType: 'Procedure', shape: procedure, given: { observations: [observation] } },
);

/** What a Procedure with its Observations says. Total: what is wrong with them stands in the flags. */
export function readProcedure(
  result: fhir4.Procedure,
  given: ResultGivenBack = {},
): Mapped<ResultNews> {
  return map(procedureToSession, result, given);
}

function reasonFrom(reason: fhir4.CodeableConcept | undefined): VisitReason | undefined {
  const codings = reason?.coding ?? [];
  const code = codings
    .flatMap((one) => [one, codeBehind('status-reason', one) ?? {}])
    .map((one) => ourCode('visit-reason', one))
    .find(Boolean);
  const text = wordsOf(reason) ?? (code && visitReasons[code]);
  return text === undefined ? undefined : defined({ code, text });
}

/** The part of ours that an Observation is, and whether it counts at all. */
function kindOf({ code, status }: fhir4.Observation) {
  if (status === 'entered-in-error' || status === 'cancelled') return undefined;
  return (code?.coding ?? [])
    .flatMap((one) => [one, codeBehind('measure', one) ?? {}])
    .map((one) => ourCode('session-observation', one))
    .find(Boolean);
}

function pauseFrom(one: fhir4.Observation): Pause[] {
  const { effectivePeriod, valueCodeableConcept } = one;
  const by = (valueCodeableConcept?.coding ?? [])
    .map((coding) => ourCode('interrupter', coding))
    .find(Boolean);
  if (kindOf(one) !== 'pause' || by === undefined || effectivePeriod?.start === undefined)
    return [];
  return [defined({ by, from: effectivePeriod.start, to: effectivePeriod.end })];
}

function techniqueFrom(one: fhir4.Observation): AppliedTechnique[] {
  if (kindOf(one) !== 'technique-applied') return [];
  const component = (wanted: 'technique' | 'body-site' | 'pressure') =>
    one.component?.find(({ code }) =>
      code?.coding?.some((coding) => ourCode('session-observation', coding) === wanted),
    );
  const technique = (component('technique')?.valueCodeableConcept?.coding ?? [])
    .flatMap((coding) => codesFor('technique-in', coding))
    .map((coding) => ourCode('massage-technique', coding))
    .find(Boolean);
  const site = wordsOf(component('body-site')?.valueCodeableConcept);
  const pressure = component('pressure')?.valueInteger;
  return technique === undefined || site === undefined || pressure === undefined
    ? []
    : [{ technique, site, pressure }];
}

/** A score whose moment is neither said nor to be told from the times of the visit is no score of ours. */
function scoreFrom(one: fhir4.Observation, visit: fhir4.Period): Score[] {
  const measure = kindOf(one);
  const when = momentOf(one, visit);
  if (!isMeasure(measure) || when === undefined) return [];
  const value = one.valueQuantity?.value ?? one.valueInteger;
  if (value !== undefined) return [{ measure, when, value }];
  const missing = missingFrom(one.dataAbsentReason);
  return missing === undefined ? [] : [{ measure, when, missing }];
}

function momentOf(
  { category, effectiveDateTime: at }: fhir4.Observation,
  visit: fhir4.Period,
): Moment | undefined {
  const said = (category ?? [])
    .flatMap(({ coding }) => coding ?? [])
    .map((one) => ourCode('moment', one))
    .find(Boolean);
  if (said !== undefined) return said;
  if (sameMoment(at, visit.start)) return 'before';
  return sameMoment(at, visit.end) ? 'after' : undefined;
}

function missingFrom(reason: fhir4.CodeableConcept | undefined): MissingReason | undefined {
  const codings = reason?.coding ?? [];
  return codings
    .flatMap((one) => [one, codeBehind('data-absent-reason', one) ?? {}])
    .map((one) => ourCode('missing-reason', one))
    .find(Boolean);
}

function isMeasure(kind: string | undefined): kind is Measure {
  return (measures as readonly (string | undefined)[]).includes(kind);
}

function byStart(a: Pause, b: Pause): number {
  return Date.parse(a.from) - Date.parse(b.from);
}

function byMeasure(a: Score, b: Score): number {
  return (
    measures.indexOf(a.measure) - measures.indexOf(b.measure) ||
    moments.indexOf(a.when) - moments.indexOf(b.when)
  );
}
