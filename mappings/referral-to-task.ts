/**
 * An episode → the Task that tells the hospital where its order stands. On a Task of the hospital only status, its
 * reason, businessStatus, output, lastModified and, when nobody owns it, owner change (invariant I4; closed-loop
 * §2.3, §8.3 e): the property test of this file proves that everything else stays as it was.
 */
import type { Identifier, Instant, Named } from '../src/core/concept.ts';
import type { Episode } from '../src/core/episode.ts';
import { wasDelivered } from '../src/core/session.ts';
import { type DialectName, type TaskDialect, taskDialects } from '../src/core/task-dialects.ts';
import { canonicalHash } from '../src/fhir/canonical-hash.ts';
import { some } from '../src/mapping/defined.ts';
import { fieldTable, map } from '../src/mapping/field-table.ts';
import type { Finding, Rewritten } from '../src/mapping/finding.ts';
import { ourCode, ourCoding, systemUrl } from './code-systems.ts';
import { withOurs } from './code-tables.ts';
import { literalOf, sameReference, toReference, unitsOfMeasure } from './concepts.ts';
import { task as taskShape } from './shapes.ts';
import { businessStatus, needsReason, taskHasEnded, taskStatus } from './task-progress.ts';

export interface TaskSource {
  readonly episode: Episode;
  readonly dialect: TaskDialect;
}

export interface TaskGiven {
  /** The hospital's current version; without it the Task is our own. */
  readonly previous?: fhir4.Task | undefined;
  /** Marks a Task of our own. */
  readonly identifier?: Identifier | undefined;
  /** Us, as this hospital knows us: `Organization/…` */
  readonly organization: string;
  /** The Procedures that were written, each with its day as display. */
  readonly outputs: readonly Named[];
  readonly lastModified: Instant;
}

/** What the fulfiller may change on a Task that is not its own. */
type Changing = Pick<
  fhir4.Task,
  'status' | 'statusReason' | 'businessStatus' | 'output' | 'lastModified' | 'owner'
>;
/** What only the creator of a Task writes. */
type Own = Pick<
  fhir4.Task,
  | 'identifier'
  | 'intent'
  | 'code'
  | 'focus'
  | 'for'
  | 'encounter'
  | 'requester'
  | 'priority'
  | 'authoredOn'
>;

const asTheirs = {
  statusReason: 'any',
  businessStatus: 'any',
  output: 'any',
  owner: 'any',
} as const;

const changing = {
  status: {
    from: 'episode.referral.state | episode.referral.started | dialect',
    read: statusOf,
    kept: true,
  },
  statusReason: {
    from: 'episode.referral.reason',
    read: reasonOf,
    kept: true,
    why: () => 'this status needs no reason; an old one is cleared',
  },
  businessStatus: {
    from: 'episode.referral.state | episode.sessions.state',
    via: 'business-status',
    read: businessStatusOf,
    why: ({ dialect }: TaskSource) =>
      dialect.businessStatus
        ? 'this state has none; an old one is cleared'
        : 'this dialect leaves businessStatus to the requester',
  },
  output: {
    from: '%outputs | episode.sessions.state | episode.referral.care.visits',
    read: outputsOf,
    kept: true,
    why: () => 'no visit was carried out yet',
  },
  lastModified: {
    from: '%lastModified',
    // inv-1: clocks differ, and a Task is never modified before it was authored
    read: ({ episode }: TaskSource, { previous, lastModified }: TaskGiven) =>
      later(
        lastModified,
        previous === undefined ? episode.referral.requestedAt : previous.authoredOn,
      ),
  },
  owner: {
    from: '%previous.owner | %organization',
    read: (_: TaskSource, { previous, organization }: TaskGiven) =>
      previous?.owner ?? { reference: organization },
  },
} as const;

export const referralToTask = fieldTable<TaskSource, TaskGiven, Changing & Own>(
  'referral-to-task',
  {
    ...changing,
    identifier: {
      from: '%identifier',
      read: (_, { identifier }) =>
        identifier && [{ system: identifier.system, value: identifier.value }],
      why: () => 'none was given',
    },
    intent: { from: "'order'", read: () => 'order' },
    code: {
      from: "'fulfill'",
      read: () => ({
        coding: [{ system: taskCodes, code: 'fulfill', display: 'Fulfill the focal request' }],
      }),
    },
    focus: {
      from: 'episode.referral.care.order.reference',
      read: ({ episode }) => ({ reference: episode.referral.care.order.reference }),
      kept: true,
    },
    for: {
      from: 'episode.referral.care.patient.reference',
      read: ({ episode }) => ({ reference: episode.referral.care.patient.reference }),
      kept: true,
    },
    encounter: {
      from: 'episode.referral.care.encounter',
      read: ({ episode }) => {
        const { encounter } = episode.referral.care;
        return encounter === undefined ? undefined : { reference: encounter };
      },
      kept: true,
    },
    requester: {
      from: 'episode.referral.care.order.requester',
      read: ({ episode }) => {
        const { requester } = episode.referral.care.order;
        return requester && toReference(requester);
      },
      kept: true,
    },
    priority: {
      from: 'episode.referral.care.priority',
      read: ({ episode }) => episode.referral.care.priority,
      kept: true,
    },
    authoredOn: {
      from: 'episode.referral.requestedAt',
      read: ({ episode }) => episode.referral.requestedAt,
    },
  },
  // what may stay as theirs is looked at by hand, so that nothing of it is dropped, however odd it is
  { given: { previous: { ...taskShape, ...asTheirs } } },
);

/** Systems of HL7 that a Task speaks. */
export const taskCodes = 'http://hl7.org/fhir/CodeSystem/task-code';

/**
 * The Task for an episode: the hospital's own with our progress on it, or one of ours. A Task that has ended there,
 * is a draft, or belongs to somebody else comes back as it was, with the reason in the flags.
 */
export function writeTask(
  episode: Episode,
  dialect: TaskDialect | DialectName,
  given: TaskGiven,
): Rewritten<fhir4.Task> {
  const source = {
    episode,
    dialect: typeof dialect === 'string' ? taskDialects[dialect] : dialect,
  };
  const { value, flags } = map(referralToTask, source, given);
  const { previous } = given;
  if (previous === undefined) return { value: { resourceType: 'Task', ...value }, flags };
  const leftAsIs = whyNot(previous, value.status, given.organization);
  if (leftAsIs !== undefined) return { value: previous, flags: [...flags, leftAsIs], leftAsIs };
  const theirs = Object.entries(previous).filter(([name]) => !Object.hasOwn(changing, name));
  const ours = Object.entries(value).filter(([name]) => Object.hasOwn(changing, name));
  // a Task of which only the elements in Changing were replaced is still a Task
  return { value: Object.fromEntries([...theirs, ...ours]) as fhir4.Task, flags };
}

/** True when `written` would tell the hospital nothing that `current` does not say already. */
export function sameTask(current: fhir4.Task, written: fhir4.Task): boolean {
  const { lastModified: _a, ...one } = current;
  const { lastModified: _b, ...other } = written;
  return canonicalHash(one) === canonicalHash(other);
}

function whyNot(
  previous: fhir4.Task,
  status: fhir4.Task['status'],
  organization: string,
): Finding | undefined {
  const owner = literalOf(previous.owner);
  if (previous.owner !== undefined && !sameReference(owner, organization))
    return { path: 'Task.owner', says: 'is somebody else: the Task is left as it is' };
  if (previous.status === 'draft')
    return {
      path: 'Task.status',
      says: 'is draft: nothing was asked yet, the Task is left as it is',
    };
  if (taskHasEnded(previous.status) && previous.status !== status)
    return { path: 'Task.status', says: 'has ended at the hospital: the Task is left as it is' };
  return undefined;
}

function statusOf(
  { episode, dialect }: TaskSource,
  { previous, outputs }: TaskGiven,
): fhir4.Task['status'] {
  return taskStatus(episode, dialect, previous?.status, outputs.length > 0);
}

function reasonOf(source: TaskSource, given: TaskGiven): fhir4.CodeableConcept | undefined {
  const { previous } = given;
  const status = statusOf(source, given);
  if (!needsReason(status)) return undefined;
  // the hospital cancelled and said why: its words stand
  if (status === 'cancelled' && previous?.status === status && previous.statusReason?.text)
    return previous.statusReason;
  const { reason, state } = source.episode.referral;
  return { text: reason ?? `The referral is ${state}.` };
}

function businessStatusOf(
  { episode, dialect }: TaskSource,
  { previous }: TaskGiven,
): fhir4.CodeableConcept | undefined {
  if (!dialect.businessStatus) return previous?.businessStatus;
  const code = businessStatus(episode);
  if (code !== undefined) {
    const ours = ourCoding('business-status', code);
    const { guideStatuses } = dialect;
    return { coding: guideStatuses ? withOurs('business-status', ours, guideStatuses) : [ours] };
  }
  const codings = previous?.businessStatus?.coding;
  const theirs = !(
    Array.isArray(codings) && codings.some((one) => ourCode('business-status', one ?? {}))
  );
  // what the hospital wrote before anybody here has answered is not ours to clear
  return episode.referral.state === 'requested' && theirs ? previous?.businessStatus : undefined;
}

type Output = fhir4.TaskOutput;

/** Theirs in their places; each Procedure of ours once; one count of the sessions, kept up to date (§8.4). */
function outputsOf(
  { episode }: TaskSource,
  { previous, outputs }: TaskGiven,
): Output[] | undefined {
  const before: readonly Output[] = Array.isArray(previous?.output) ? previous.output : [];
  const there = before.map((one) => literalOf(one?.valueReference));
  const results = outputs
    .filter(({ reference }) => !there.some((one) => sameReference(one, reference)))
    .map((named) => ({
      type: outputType('resulting-activity'),
      valueReference: toReference(named),
    }));
  const progress = progressOf(episode);
  const isProgress = (one: Output) =>
    Array.isArray(one?.type?.coding) &&
    one.type.coding.some(
      (coding) =>
        coding?.system === systemUrl('task-output') && coding.code === 'sessions-progress',
    );
  const place = before.findIndex(isProgress);
  const kept = before.flatMap((one, index) => {
    if (!isProgress(one)) return [one];
    return index === place && progress !== undefined ? [{ ...one, ...progress }] : [];
  });
  return some([...kept, ...results, ...(place === -1 && progress ? [progress] : [])]);
}

function outputType(code: 'resulting-activity' | 'sessions-progress'): fhir4.CodeableConcept {
  return { coding: [ourCoding('task-output', code)] };
}

/** n of m; without m there is no valid Ratio (rat-1), and before the first visit there is no progress. */
function progressOf({ referral, sessions }: Episode): Output | undefined {
  const done = sessions.filter(({ state }) => wasDelivered(state)).length;
  const { visits } = referral.care;
  if (done === 0 || visits === undefined) return undefined;
  const unit = { unit: 'sessions', system: unitsOfMeasure, code: '{session}' };
  return {
    type: outputType('sessions-progress'),
    valueRatio: { numerator: { value: done, ...unit }, denominator: { value: visits, ...unit } },
  };
}

function later(one: Instant, other: string | undefined): string {
  return other !== undefined && Date.parse(other) > Date.parse(one) ? other : one;
}
