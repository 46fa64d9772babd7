/** The product’s codes in the words of the people who read the pages. */
import { type Concept, type Identifier, loinc, snomed } from '../core/concept.ts';
import type { EpisodeEvent } from '../core/events.ts';
import type { FactTopic } from '../core/facts.ts';
import type { IntentionKind } from '../core/intentions.ts';
import type { Insurance, Priority, ReferralState } from '../core/referral.ts';
import type { Score, SessionState } from '../core/session.ts';
import type { Stay } from '../core/stay.ts';
import { dateInWords } from './time.ts';

/** In the order of the list: what needs an answer first, what has ended last. */
export const stateWords: Readonly<Record<ReferralState, { name: string; means: string }>> = {
  requested: { name: 'Requested', means: 'Waiting for an answer of the massage service.' },
  'cancellation-requested': {
    name: 'Cancellation requested',
    means: 'The hospital asks to end it; the service answers.',
  },
  accepted: { name: 'Accepted', means: 'To be scheduled.' },
  scheduled: { name: 'Scheduled', means: 'A visit is planned, none has begun.' },
  'in-series': { name: 'In series', means: 'Visits are under way.' },
  'on-hold': { name: 'On hold', means: 'Nothing happens until it is resumed.' },
  completed: { name: 'Completed', means: 'Carried out and reported.' },
  declined: { name: 'Declined', means: 'Not taken on.' },
  failed: { name: 'Given up', means: 'Taken on and not carried through.' },
  cancelled: { name: 'Cancelled', means: 'Ended by the hospital.' },
  'closed-by-hospital': {
    name: 'Closed by the hospital',
    means: 'The hospital completed the order.',
  },
  superseded: { name: 'Superseded', means: 'Replaced by another order.' },
};

export const sessionWords: Readonly<Record<SessionState, string>> = {
  planned: 'Planned, not yet confirmed by the hospital',
  booked: 'Booked',
  arrived: 'Patient arrived',
  'in-progress': 'In progress',
  paused: 'Paused',
  finished: 'Finished',
  stopped: 'Stopped early',
  'not-done': 'Not done',
  'no-show': 'Patient did not attend',
  cancelled: 'Cancelled',
};

export const priorityWords: Readonly<Record<Priority, string>> = {
  stat: 'Stat: at once',
  asap: 'As soon as possible',
  urgent: 'Urgent',
  routine: 'Routine',
};

export const topicWords: Readonly<Record<FactTopic, string>> = {
  'clots-and-bleeding': 'Clots and bleeding',
  skin: 'Skin',
  bone: 'Bone',
  'lines-and-devices': 'Lines and devices',
  infection: 'Infection',
  allergy: 'Allergy',
  sensation: 'Sensation',
  consent: 'Consent',
  other: 'Other precautions',
};

export const intentionWords: Readonly<Record<IntentionKind, string>> = {
  'write-appointment': 'Appointment',
  'write-procedure': 'Procedure',
  'write-observation': 'Observation',
  'report-progress': 'Progress on the Task',
  'answer-cancellation': 'Answer to the wish to cancel',
};

const eventWords: Readonly<Record<EpisodeEvent['type'], string>> = {
  requested: 'Requested by the hospital',
  revised: 'Order changed by the hospital',
  'stay-changed': 'Stay changed at the hospital',
  accepted: 'Accepted',
  scheduled: 'Scheduled',
  unscheduled: 'No visit is planned any more',
  started: 'Visit started',
  completed: 'Completed',
  declined: 'Declined',
  'given-up': 'Given up',
  cancelled: 'Cancelled',
  'closed-there': 'Closed by the hospital',
  held: 'Put on hold',
  resumed: 'Resumed',
  'cancel-asked': 'The hospital asks to cancel',
  'cancel-refused': 'Goes on: not cancelled',
  superseded: 'Replaced by another order',
  planned: 'Visit planned',
  booked: 'Visit confirmed by the hospital',
  arrived: 'Patient arrived',
  'no-show': 'Patient did not attend',
  moved: 'Visit moved',
  'place-moved': 'Patient moved: the visit is elsewhere',
  paused: 'Visit paused',
  finished: 'Visit finished',
  stopped: 'Visit stopped early',
  'not-done': 'Visit not done',
};

export function eventInWords(event: EpisodeEvent): string {
  if (event.type === 'started') return 'session' in event ? 'Visit started' : 'Series started';
  if (event.type === 'cancelled' && 'session' in event) return 'Visit cancelled';
  if (event.type === 'resumed' && 'session' in event) return 'Visit goes on';
  if (event.type === 'paused') return `Visit paused: ${event.interrupter.replace('-', ' ')}`;
  return eventWords[event.type];
}

/** The stay in one line: what it is, how it stands, from when to when as the hospital says it. */
export function stayInWords({ class: act, status, start, end, place }: Stay): string {
  const what = act?.display ?? act?.code ?? 'Stay';
  const when = [start && `from ${dateInWords(start)}`, end && `to ${dateInWords(end)}`];
  return [`${what}, ${status.replaceAll('-', ' ')}`, ...when.filter(Boolean), place?.display]
    .filter(Boolean)
    .join(', ');
}

export function insuranceInWords({ text, reference, status, unread }: Insurance): string {
  const name = text ?? reference ?? 'Coverage';
  return [name, status, unread].filter(Boolean).join(', ');
}

/** Why, where an event has a reason. */
export function reasonOf(event: EpisodeEvent): string | undefined {
  if (!('reason' in event)) return undefined;
  return typeof event.reason === 'string' ? event.reason : event.reason.text;
}

/** The text of a concept, else a display, else the code itself: something always stands there. */
export function conceptInWords({ text, coding = [] }: Concept): string {
  const shown = text ?? coding.find((one) => one.display !== undefined)?.display;
  if (shown !== undefined) return shown;
  const [first] = coding;
  return first === undefined
    ? 'Not named'
    : `Code ${first.code ?? '?'} of ${systemName(first.system)}`;
}

function systemName(system = 'no system'): string {
  return system === snomed ? 'SNOMED CT' : system === loinc ? 'LOINC' : system;
}

export function identifierInWords({ type, system, value }: Identifier): string {
  const label = type ?? system?.split(/[/:]/).findLast((part) => part !== '') ?? 'Number';
  return `${label} ${value ?? 'without value'}`;
}

export function scoreInWords(score: Score): string {
  const value = 'value' in score ? `${score.value} of 10` : score.missing.replace('-', ' ');
  return `${score.measure} ${score.when}: ${value}`;
}
