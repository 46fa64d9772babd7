/**
 * The parts of a record → Observations partOf the Procedure: R4 Procedure has no place for scores, hands-on minutes,
 * pauses, techniques and pressure (clinical §4). One function for each kind of part says what is its own; what all
 * of them share stands in the table.
 */
import type { ObservationPart } from '../src/core/intentions.ts';
import {
  minutes,
  moments,
  type Score,
  type SessionRecord,
  type Technique,
  visitTime,
} from '../src/core/session.ts';
import { defined } from '../src/mapping/defined.ts';
import { fieldTable, map } from '../src/mapping/field-table.ts';
import type { Mapped } from '../src/mapping/finding.ts';
import { toBodySite } from './body-site.ts';
import { ourCoding } from './code-systems.ts';
import { codesFor, withOurs } from './code-tables.ts';
import { toReference, unitsOfMeasure } from './concepts.ts';
import { toInstant } from './instants.ts';
import type { SessionSource } from './session-to-appointment.ts';
import type { ResultGiven } from './session-to-procedure.ts';

export interface PartSource extends SessionSource {
  readonly part: ObservationPart;
}

export interface PartGiven extends ResultGiven {
  /** `Procedure/…` of the session. */
  readonly procedure: string;
}

type Written = Pick<
  fhir4.Observation,
  | 'identifier'
  | 'basedOn'
  | 'partOf'
  | 'status'
  | 'category'
  | 'code'
  | 'subject'
  | 'encounter'
  | 'effectiveDateTime'
  | 'effectivePeriod'
  | 'performer'
  | 'valueQuantity'
  | 'valueCodeableConcept'
  | 'dataAbsentReason'
  | 'component'
>;

export const recordToObservations = fieldTable<PartSource, PartGiven, Written>(
  'record-to-observations',
  {
    identifier: {
      from: '%identifier',
      read: (_, { identifier: { system, value } }) => [defined({ system, value })],
    },
    basedOn: {
      from: 'referral.care.order.reference',
      read: ({ referral }) => [{ reference: referral.care.order.reference }],
    },
    partOf: { from: '%procedure', read: (_, { procedure }) => [{ reference: procedure }] },
    status: { from: "'final'", read: () => 'final' },
    category: {
      from: 'part',
      read: ({ part }) => categoriesOf(part),
      kept: true,
    },
    code: {
      from: 'part',
      via: 'measure',
      read: (source, _, flag) => {
        const own = ownOf(source);
        if (own === undefined) flag('the record has no such part');
        return own?.code;
      },
      otherwise: {},
      kept: true,
    },
    subject: {
      from: 'referral.care.patient.reference',
      read: ({ referral }) => ({ reference: referral.care.patient.reference }),
    },
    encounter: {
      from: 'referral.care.encounter',
      read: ({ referral: { care } }) =>
        care.encounter === undefined ? undefined : { reference: care.encounter },
    },
    effectiveDateTime: {
      from: 'session.record.startedAt | session.record.endedAt',
      read: (source) => ownOf(source)?.effectiveDateTime,
      kept: true,
      why: () => 'this part lasted: see effectivePeriod',
    },
    effectivePeriod: {
      from: 'session.record.pauses | session.record.startedAt | session.record.endedAt',
      read: (source) => ownOf(source)?.effectivePeriod,
      kept: true,
      why: () => 'a score is of one moment: see effectiveDateTime',
    },
    performer: {
      from: 'session.therapist | %therapist | %organization',
      read: (_, { therapist, organization }) => {
        if (therapist !== undefined) return [toReference(therapist)];
        return organization === undefined ? undefined : [{ reference: organization }];
      },
    },
    valueQuantity: {
      from: 'session.record.scores.value | session.record.pauses',
      read: (source) => ownOf(source)?.valueQuantity,
      kept: true,
      why: () => 'this part has no number',
    },
    valueCodeableConcept: {
      from: 'session.record.pauses.by',
      via: 'interrupter',
      read: (source) => ownOf(source)?.valueCodeableConcept,
      kept: true,
      why: () => 'only a pause says by whom',
    },
    dataAbsentReason: {
      from: 'session.record.scores.missing',
      via: 'data-absent-reason',
      read: (source) => ownOf(source)?.dataAbsentReason,
      kept: true,
      why: () => 'nothing is missing',
    },
    component: {
      from: 'session.record.techniques',
      via: 'technique-out',
      read: (source) => ownOf(source)?.component,
      kept: true,
      why: () => 'only a technique has components',
    },
  },
);

/** The Observation of one part of a record; `part` as `observationParts` of the core names it. */
export function writeObservation(source: PartSource, given: PartGiven): Mapped<fhir4.Observation> {
  const { value, flags } = map(recordToObservations, source, given);
  return { value: { resourceType: 'Observation', ...value }, flags };
}

type Own = Pick<
  Written,
  | 'code'
  | 'effectiveDateTime'
  | 'effectivePeriod'
  | 'valueQuantity'
  | 'valueCodeableConcept'
  | 'dataAbsentReason'
  | 'component'
>;

/** What is particular to a part; undefined when the record has no such part. */
function ownOf({ session: { record }, referral, part }: PartSource): Own | undefined {
  const [kind, first, second] = part.split(':');
  if (kind === 'hands-on') return handsOn(record);
  if (kind === 'score') {
    const score = record.scores.find(({ measure, when }) => measure === first && when === second);
    return score && scoreOf(score, record);
  }
  if (kind === 'pause') {
    const pause = record.pauses[Number(first)];
    if (pause === undefined) return undefined;
    const by = ourCoding('interrupter', pause.by);
    return {
      code: { coding: [ourCoding('session-observation', 'pause')] },
      effectivePeriod: defined({ start: toInstant(pause.from), end: toInstant(pause.to) }),
      valueCodeableConcept: { coding: withOurs('interrupter', by), text: by.display },
    };
  }
  const applied = record.techniques[Number(first)];
  if (applied === undefined) return undefined;
  const component = (code: 'technique' | 'body-site' | 'pressure') => ({
    code: { coding: [ourCoding('session-observation', code)] },
  });
  return {
    code: { coding: [ourCoding('session-observation', 'technique-applied')] },
    ...duringVisit(record),
    component: [
      { ...component('technique'), valueCodeableConcept: techniqueConcept(applied.technique) },
      {
        ...component('body-site'),
        valueCodeableConcept: toBodySite(applied.site, referral.care.bodySites),
      },
      { ...component('pressure'), valueInteger: applied.pressure },
    ],
  };
}

function scoreOf(score: Score, { startedAt, endedAt }: SessionRecord): Own {
  const measure = ourCoding('session-observation', score.measure);
  const when = toInstant(score.when === 'before' ? startedAt : endedAt);
  const own: Own = {
    code: { coding: codesFor('measure', measure), text: measure.display },
    effectiveDateTime: when,
  };
  if ('missing' in score) {
    const missing = ourCoding('missing-reason', score.missing);
    const coding = withOurs('data-absent-reason', missing);
    return { ...own, dataAbsentReason: { coding, text: missing.display } };
  }
  const unit = { unit: '{score}', system: unitsOfMeasure, code: '{score}' };
  return { ...own, valueQuantity: { value: score.value, ...unit } };
}

function handsOn(record: SessionRecord): Own {
  const { startedAt, endedAt } = record;
  const code = { coding: [ourCoding('session-observation', 'hands-on')] };
  if (startedAt === undefined || endedAt === undefined)
    return { code, dataAbsentReason: { text: 'The visit has not both begun and ended.' } };
  const value = minutes(visitTime(record, endedAt).handsOnMs);
  return {
    code,
    ...duringVisit(record),
    valueQuantity: { value, unit: 'min', system: unitsOfMeasure, code: 'min' },
  };
}

function duringVisit({ startedAt, endedAt }: SessionRecord): Pick<Own, 'effectivePeriod'> {
  const [start, end] = [toInstant(startedAt), toInstant(endedAt)];
  return start === undefined && end === undefined
    ? {}
    : { effectivePeriod: defined({ start, end }) };
}

function techniqueConcept(technique: Technique): fhir4.CodeableConcept {
  const ours = ourCoding('massage-technique', technique);
  return { coding: withOurs('technique-out', ours), text: ours.display };
}

const categories = { survey: 'Survey', therapy: 'Therapy' } as const;

/** A score also says whether it is of before or after: a server may round the times that would tell. */
function categoriesOf(part: ObservationPart): fhir4.CodeableConcept[] {
  const [kind, , when] = part.split(':');
  const code = kind === 'score' ? 'survey' : 'therapy';
  const system = 'http://terminology.hl7.org/CodeSystem/observation-category';
  const general = { coding: [{ system, code, display: categories[code] }] };
  const moment = moments.find((one) => one === when);
  if (kind !== 'score' || moment === undefined) return [general];
  return [general, { coding: [ourCoding('moment', moment)] }];
}
