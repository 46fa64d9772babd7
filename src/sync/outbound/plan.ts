/**
 * What an intention comes to, seen from the record as it is now: one create, one update of a resource that is read first,
 * or nothing, because it is already so. Mapped at the moment of sending, so that a late sender never writes an old state.
 */

import { answerCancellation } from '../../../mappings/answer-cancellation.ts';
import { writeObservation } from '../../../mappings/record-to-observations.ts';
import { sameTask, writeTask } from '../../../mappings/referral-to-task.ts';
import { writeAppointment } from '../../../mappings/session-to-appointment.ts';
import { writeProcedure } from '../../../mappings/session-to-procedure.ts';
import { taskHasEnded } from '../../../mappings/task-progress.ts';
import { type Named, ourIdentifierSystem } from '../../core/concept.ts';
import type { Episode } from '../../core/episode.ts';
import { AdapterError } from '../../core/errors.ts';
import type { ObservationPart } from '../../core/intentions.ts';
import { hasEnded } from '../../core/referral.ts';
import { type Session, sessionHasEnded, wasDelivered } from '../../core/session.ts';
import { canonicalHash } from '../../fhir/canonical-hash.ts';
import type { LinkRow } from '../../store/links.ts';
import type { IntentionRow } from '../../store/outbox.ts';
import { localDate } from '../local-time.ts';
import { nowOf, type Site } from '../site.ts';

export type Written = fhir4.Appointment | fhir4.Procedure | fhir4.Observation | fhir4.Task;
export type LinkRole = 'appointment' | 'procedure' | 'observation' | 'task' | 'cancel-task';

export type Plan =
  | { readonly act: 'create'; readonly role: LinkRole; readonly resource: Written }
  | {
      readonly act: 'update';
      readonly role: LinkRole;
      readonly link: LinkRow;
      /** What it becomes, from what the hospital has; undefined when that is already so. */
      readonly build: (previous: Written) => Written | undefined;
    }
  | { readonly act: 'none'; readonly says: string }
  | { readonly act: 'refuse'; readonly says: string };

export function planFor(
  site: Site,
  intention: IntentionRow,
  episode: Episode,
  links: readonly LinkRow[],
): Plan {
  switch (intention.kind) {
    case 'write-appointment':
      return appointmentPlan(site, intention, episode, links);
    case 'write-procedure':
      return procedurePlan(site, intention, episode, links);
    case 'write-observation':
      return observationPlan(site, intention, episode, links);
    case 'report-progress':
      return taskPlan(site, intention, episode, links);
    case 'answer-cancellation':
      return answerPlan(site, episode, links);
    default:
      throw new AdapterError('internal', `Unknown kind of intention: ${intention.kind}.`);
  }
}

function appointmentPlan(
  site: Site,
  intention: IntentionRow,
  episode: Episode,
  links: readonly LinkRow[],
): Plan {
  const session = sessionOf(episode, intention);
  const link = linkOf(links, 'appointment', session.id);
  const source = { session, referral: episode.referral };
  const parties = partiesOf(site, session);
  if (link !== undefined)
    return {
      act: 'update',
      role: 'appointment',
      link,
      build: (previous) => {
        const before = expectType(previous, 'Appointment');
        const { value, leftAsIs } = writeAppointment(source, {
          ...(link.intention === null ? {} : markOf(link.intention)),
          ...parties,
          previous: before,
        });
        if (canonicalHash(before) !== canonicalHash(value)) return value;
        // It ended otherwise there, and stays as it is: after a visit that took place a person has to know.
        if (leftAsIs === undefined || !wasDelivered(session.state)) return undefined;
        throw new AdapterError(
          'hospital-refused',
          `${leftAsIs.path} ${leftAsIs.says}; the visit took place.`,
          {
            about: link.reference,
          },
        );
      },
    };
  if (sessionHasEnded(session.state) && !wasDelivered(session.state))
    return { act: 'none', says: 'the hospital never had an Appointment for this visit' };
  return {
    act: 'create',
    role: 'appointment',
    resource: writeAppointment(source, { ...markOf(intention.id), ...parties }).value,
  };
}

function procedurePlan(
  site: Site,
  intention: IntentionRow,
  episode: Episode,
  links: readonly LinkRow[],
): Plan {
  const session = sessionOf(episode, intention);
  if (linkOf(links, 'procedure', session.id))
    return { act: 'none', says: 'the hospital has this Procedure' };
  return {
    act: 'create',
    role: 'procedure',
    resource: writeProcedure(
      { session, referral: episode.referral },
      { ...markOf(intention.id), ...partiesOf(site, session) },
    ).value,
  };
}

function observationPlan(
  site: Site,
  intention: IntentionRow,
  episode: Episode,
  links: readonly LinkRow[],
): Plan {
  const session = sessionOf(episode, intention);
  const part = intention.part as ObservationPart;
  if (linkOf(links, 'observation', session.id, part))
    return { act: 'none', says: 'the hospital has this Observation' };
  const procedure = linkOf(links, 'procedure', session.id)?.reference;
  // What comes before it in the queue is settled, so a missing Procedure was refused, and a person has been told.
  if (procedure === undefined)
    return { act: 'refuse', says: 'The Procedure that it belongs to was not accepted.' };
  return {
    act: 'create',
    role: 'observation',
    resource: writeObservation(
      { part, session, referral: episode.referral },
      { ...markOf(intention.id), ...partiesOf(site, session), procedure },
    ).value,
  };
}

function taskPlan(
  site: Site,
  intention: IntentionRow,
  episode: Episode,
  links: readonly LinkRow[],
): Plan {
  const link = links.findLast((one) => one.role === 'task');
  const { organization, dialect, tasks } = site.settings;
  if (organization === undefined)
    return { act: 'none', says: 'organization is not set: no Task can be ours' };
  const outputs = outputsOf(site, episode, links);
  const given = { organization, outputs, lastModified: nowOf(site) };
  if (link !== undefined)
    return {
      act: 'update',
      role: 'task',
      link,
      build: (previous) => {
        const before = expectType(previous, 'Task');
        const { value, leftAsIs } = writeTask(episode, dialect, { ...given, previous: before });
        if (!sameTask(before, value)) return value;
        // Left as it is for a reason: where both sides have ended that is no loss, else a person has to know.
        if (
          leftAsIs === undefined ||
          (hasEnded(episode.referral.state) && taskHasEnded(before.status))
        )
          return undefined;
        throw new AdapterError('hospital-refused', `${leftAsIs.path} ${leftAsIs.says}.`, {
          about: link.reference,
        });
      },
    };
  if (tasks === 'follow') return { act: 'none', says: 'the hospital has no Task for this order' };
  if (!episode.referral.answered) return { act: 'none', says: 'nothing was decided yet' };
  return {
    act: 'create',
    role: 'task',
    resource: writeTask(episode, dialect, { ...given, ...markOf(intention.id) }).value,
  };
}

/** The Procedures of the visits that delivered something, each with its day at the hospital: what a Task has as output. */
export function outputsOf(
  { settings }: Pick<Site, 'settings'>,
  episode: Episode,
  links: readonly LinkRow[],
): Named[] {
  return episode.sessions
    .filter((session) => wasDelivered(session.state))
    .flatMap((session) => {
      const link = linkOf(links, 'procedure', session.id);
      if (link === undefined) return [];
      const day = localDate(new Date(session.start), settings.timezone);
      return [{ reference: link.reference, display: `Massage on ${day}` }];
    });
}

function answerPlan(site: Site, episode: Episode, links: readonly LinkRow[]): Plan {
  const link = links.findLast((one) => one.role === 'cancel-task');
  if (link === undefined) return { act: 'none', says: 'the hospital has not asked by a Task' };
  const { state } = episode.referral;
  if (!hasEnded(state) && state === 'cancellation-requested')
    return { act: 'none', says: 'it is answered when the visit under way has ended' };
  // Carried out to its end is not cancelled.
  const agreed = hasEnded(state) && state !== 'completed';
  return {
    act: 'update',
    role: 'cancel-task',
    link,
    build: (previous) => answerCancellation(expectType(previous, 'Task'), agreed, nowOf(site)),
  };
}

function sessionOf(episode: Episode, { session, id }: IntentionRow): Session {
  const found = episode.sessions.find((one) => one.id === session);
  if (found === undefined)
    throw new AdapterError('internal', `Intention ${id} is about a session that is not there.`);
  return found;
}

function linkOf(
  links: readonly LinkRow[],
  role: LinkRole,
  session: string,
  part?: string,
): LinkRow | undefined {
  return links.findLast(
    (one) =>
      one.role === role && one.session === session && (part === undefined || one.part === part),
  );
}

/** What marks a resource as ours: the intention that made it. */
function markOf(intention: string) {
  return { identifier: { system: ourIdentifierSystem, value: intention } };
}

function partiesOf({ settings }: Site, session: Session) {
  const therapist = settings.therapists.find((one) => one.id === session.therapist);
  return {
    ...(therapist && { therapist: { reference: therapist.practitioner, display: therapist.name } }),
    ...(settings.organization !== undefined && { organization: settings.organization }),
  };
}

function expectType<T extends Written['resourceType']>(
  resource: Written,
  type: T,
): Extract<Written, { resourceType: T }> {
  if (resource.resourceType === type) return resource as Extract<Written, { resourceType: T }>;
  throw new AdapterError(
    'hospital-fault',
    `The hospital answered with a ${resource.resourceType} instead of a ${type}.`,
  );
}
