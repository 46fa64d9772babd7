/**
 * Which profile of ours each thing that leaves has to meet (profiles/input/fsh), by the intention that it comes from. An
 * answer to a request to cancel is the hospital's own Task with another code: only R4 holds for it.
 */
import { canonical } from '../src/core/concept.ts';
import type { IntentionKind, ObservationPart } from '../src/core/intentions.ts';
import type { Measure } from '../src/core/session.ts';

const ofScores: Readonly<Record<Measure, string>> = {
  pain: 'massage-pain',
  anxiety: 'massage-anxiety',
  stress: 'massage-stress',
};

const ofParts: Readonly<Record<string, string>> = {
  'hands-on': 'massage-hands-on-minutes',
  pause: 'massage-pause',
  technique: 'massage-technique-applied',
};

const ofKinds: Readonly<Partial<Record<IntentionKind, string>>> = {
  'write-appointment': 'massage-appointment',
  'write-procedure': 'massage-procedure',
  'report-progress': 'massage-referral-task',
};

/** Canonical of the profile; undefined where there is none. `part` says which Observation of a session it is. */
export function profileOf(kind: IntentionKind, part?: ObservationPart): string | undefined {
  const name = kind === 'write-observation' ? profileOfPart(part ?? '') : ofKinds[kind];
  return name && profileUrl(name);
}

/** Canonical of a profile of ours by its id. */
export function profileUrl(id: string): string {
  return `${canonical}/StructureDefinition/${id}`;
}

function profileOfPart(part: string): string | undefined {
  const [kind = '', measure = ''] = part.split(':');
  return kind === 'score' ? ofScores[measure as Measure] : ofParts[kind];
}
