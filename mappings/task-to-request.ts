/**
 * Task → what it says to us: it asks for an order to be carried out, or asks to stop (code `abort`, closed-loop §5),
 * and where it stands.
 */
import type { Identifier, Named } from '../src/core/concept.ts';
import { type Priority, priorities } from '../src/core/referral.ts';
import { fieldTable, map } from '../src/mapping/field-table.ts';
import type { Mapped } from '../src/mapping/finding.ts';
import { atMostOne, oneOf, text } from '../src/mapping/site-reading.ts';
import { systemUrl } from './code-systems.ts';
import { identifiersFrom, namedFrom, typeOf, wordsOf } from './concepts.ts';
import { taskCodes } from './referral-to-task.ts';
import { task } from './shapes.ts';
import { referenceTo } from './site-readings.ts';
import { taskHasEnded } from './task-progress.ts';

export interface TaskNews {
  /** `Task/…` */
  readonly reference: string;
  readonly identifier: readonly Identifier[];
  readonly status: string;
  readonly intent: string;
  /** `fulfil`: carry an order out; `cancel`: stop; `other`: something that we do not do. */
  readonly asks: 'fulfil' | 'cancel' | 'other';
  /** No further change is expected of it. */
  readonly ended: boolean;
  readonly owner?: string | undefined;
  readonly requester?: Named | undefined;
  /** The ServiceRequest that it is about, by focus, else by basedOn. */
  readonly order?: string | undefined;
  /** The Task that it wants stopped. */
  readonly stops?: string | undefined;
  readonly patient?: string | undefined;
  readonly encounter?: string | undefined;
  readonly priority?: Priority | undefined;
  /** Why, in the hospital's words. */
  readonly reason?: string | undefined;
  /** References of the results that it lists. */
  readonly outputs: readonly string[];
  /** Sessions carried out of those ordered, when it counts them. */
  readonly progress?: { readonly done: number; readonly of: number } | undefined;
}

export const taskToRequest = fieldTable<fhir4.Task, object, TaskNews>(
  'task-to-request',
  {
    reference: { from: 'Task.id', read: ({ id }) => id && `Task/${id}`, otherwise: '' },
    identifier: { from: 'Task.identifier', read: (one) => identifiersFrom(one.identifier) },
    status: { from: 'Task.status', read: ({ status }) => status, otherwise: '', kept: true },
    intent: { from: 'Task.intent', read: ({ intent }) => intent, otherwise: '' },
    asks: { from: 'Task.code | Task.focus.reference', read: asks, kept: true },
    ended: { from: 'Task.status', read: ({ status }) => taskHasEnded(status) },
    owner: { from: 'Task.owner.reference', read: ({ owner }) => owner?.reference },
    requester: {
      from: 'Task.requester',
      read: ({ requester }) => namedFrom(requester),
      kept: true,
    },
    order: {
      from: 'Task.focus.reference | Task.basedOn.reference',
      read: ({ focus, basedOn }) => ofType('ServiceRequest', [focus, ...(basedOn ?? [])]),
      site: atMostOne(referenceTo('ServiceRequest')),
      kept: true,
      why: () => 'neither focus nor basedOn is a ServiceRequest',
    },
    stops: {
      from: 'Task.focus.reference',
      read: (one) => (asks(one) === 'cancel' ? ofType('Task', [one.focus]) : undefined),
      why: (one) =>
        asks(one) === 'cancel' ? 'focus is not a Task' : 'it asks for nothing to stop',
    },
    patient: { from: 'Task.for.reference', read: (one) => one.for?.reference, kept: true },
    encounter: {
      from: 'Task.encounter.reference',
      read: ({ encounter }) => encounter?.reference,
      kept: true,
      site: atMostOne(referenceTo('Encounter')),
    },
    priority: {
      from: 'Task.priority',
      read: ({ priority }) => priority,
      kept: true,
      site: atMostOne(oneOf(priorities)),
    },
    reason: {
      from: 'Task.statusReason | Task.reasonCode | Task.description | Task.note.text',
      read: ({ statusReason, reasonCode, description, note }) =>
        wordsOf(statusReason) ?? wordsOf(reasonCode) ?? description ?? note?.[0]?.text,
      site: atMostOne(text),
    },
    outputs: {
      from: 'Task.output.value.reference',
      read: ({ output }) => (output ?? []).flatMap((one) => one.valueReference?.reference ?? []),
      kept: true,
    },
    progress: {
      from: "Task.output.where(type.coding.code = 'sessions-progress').value",
      read: progressOf,
      kept: true,
    },
  },
  { resourceType: 'Task', shape: task },
);

/** What a Task says. Total: what is wrong with it stands in the flags. */
export function readTask(
  task: fhir4.Task,
  table: typeof taskToRequest = taskToRequest,
): Mapped<TaskNews> {
  return map(table, task, {});
}

/** A Task without a code that is about an order asks for it: R4 examples and several servers leave the code out. */
function asks({ code, focus, basedOn }: fhir4.Task): TaskNews['asks'] {
  const codes = (code?.coding ?? []).filter(({ system }) => system === taskCodes);
  if (codes.some((one) => one.code === 'abort')) return 'cancel';
  if (codes.some((one) => one.code === 'fulfill')) return 'fulfil';
  if (codes.length > 0) return 'other';
  return ofType('ServiceRequest', [focus, ...(basedOn ?? [])]) === undefined ? 'other' : 'fulfil';
}

function ofType(
  type: string,
  references: readonly (fhir4.Reference | undefined)[],
): string | undefined {
  return references.find((one) => typeOf(one?.reference) === type)?.reference;
}

function progressOf({ output }: fhir4.Task): TaskNews['progress'] {
  const ours = output?.find((one) =>
    one.type?.coding?.some(
      ({ system, code }) => system === systemUrl('task-output') && code === 'sessions-progress',
    ),
  );
  const { numerator, denominator } = ours?.valueRatio ?? {};
  if (numerator?.value === undefined || denominator?.value === undefined) return undefined;
  return { done: numerator.value, of: denominator.value };
}
