/** Invented episodes and random walks over them, for the tests of the core. */
import fc from 'fast-check';
import type { Command, HospitalChange, OwnNews } from '../../src/core/commands.ts';
import { decide } from '../../src/core/decide.ts';
import { decideChange } from '../../src/core/decide-change.ts';
import type { Given } from '../../src/core/decide-referral.ts';
import { applyAll, type Decided, type Episode, openEpisode } from '../../src/core/episode.ts';
import type { OrderedCare } from '../../src/core/referral.ts';
import { interrupters } from '../../src/core/session.ts';
import { actCode, type Stay } from '../../src/core/stay.ts';

export const start = Date.parse('2026-03-02T09:00:00Z');
export const instant = (minutes: number): string =>
  new Date(start + minutes * 60_000).toISOString();

export function someCare(order: Partial<OrderedCare['order']> = {}): OrderedCare {
  return {
    order: {
      reference: 'ServiceRequest/order-1',
      identifier: [],
      status: 'active',
      intent: 'order',
      basedOn: [],
      replaces: [],
      ...order,
    },
    patient: { reference: 'Patient/p-1', identifier: [] },
    service: { coding: [{ system: 'http://snomed.info/sct', code: '387854002' }] },
    reasons: [],
    techniques: [],
    bodySites: [],
    priority: 'routine',
    supportingInfo: [],
  };
}

/** Different stays in different beds, now and then over. */
export function someStay(pick: number): Stay {
  const [reference, code] = pick % 2 === 0 ? ['Encounter/stay', 'IMP'] : ['Encounter/other', 'AMB'];
  return {
    reference,
    status: pick > 3 ? 'finished' : 'in-progress',
    class: { system: actCode, code },
    place: { reference: `Location/bed-${pick}`, display: `Bed ${pick}` },
    ended: pick > 3 ? true : undefined,
  };
}

export function requested(): Episode {
  return openEpisode('referral-1', 'general', {
    type: 'requested',
    at: instant(0),
    by: 'hospital',
    care: someCare(),
    episode: 1,
  });
}

export function givenAt(minutes: number, more: Partial<Given> = {}): Given {
  let next = 0;
  return {
    now: instant(minutes),
    by: 'ana',
    newId: () => `session-${minutes}-${next++}`,
    busy: [],
    ...more,
  };
}

/** Carries commands out one after the other, each a minute after the last; a refusal fails the test. */
export function carryOut(episode: Episode, commands: readonly Command[], from = 1): Episode {
  return commands.reduce((now, command, index) => {
    const decision = decide(now, command, givenAt(from + index));
    if ('refused' in decision) throw new Error(`${command.type}: ${decision.refused.says}`);
    return applyAll(now, decision.decided.events);
  }, episode);
}

/** One step of a random walk, still to be aimed at a session that exists. */
export type Step = { readonly kind: string; readonly pick: number; readonly minutes: number };

const kinds = [
  'accept',
  'decline',
  'hold',
  'resume',
  'complete',
  'give-up',
  'plan',
  'plan',
  'plan',
  'move',
  'cancel',
  'arrive',
  'start',
  'start',
  'start',
  'pause',
  'resume-visit',
  'finish',
  'finish',
  'stop',
  'not-done',
  'no-show',
  'order-revised',
  'order-revoked',
  'order-withdrawn',
  'order-held',
  'order-active',
  'order-completed',
  'order-replaced',
  'order-gone',
  'patient-gone',
  'stay-seen',
  'stay-ended',
  'cancel-asked',
  'visit-booked',
  'visit-moved',
  'visit-cancelled',
  'visit-arrived',
  'visit-missed',
  'visit-fulfilled',
  'visit-confirmed',
] as const;

export const steps = fc.array(
  fc.record({
    // the ordinary day often enough that walks get far, everything else often enough to interrupt it
    kind: fc.oneof(
      {
        weight: 12,
        arbitrary: fc.constantFrom('accept', 'plan', 'start', 'pause', 'resume-visit', 'finish'),
      },
      { weight: 2, arbitrary: fc.constantFrom(...kinds) },
    ),
    pick: fc.nat(5),
    minutes: fc.integer({ min: 0, max: 40 }),
  }),
  { maxLength: 40, size: 'max' },
);

/** What a step means for this episode: a command of the service or a change of the hospital. */
export function aim(step: Step, episode: Episode, now: number): Command | HospitalChange | OwnNews {
  const session = episode.sessions[step.pick % Math.max(1, episode.sessions.length)]?.id ?? 'none';
  const visit = { start: instant(now + 10), end: instant(now + 40) };
  const outcome = { scores: [], techniques: [] };
  const reason = 'because';
  const care = someCare;
  switch (step.kind) {
    case 'accept':
    case 'complete':
    case 'resume':
      return { type: step.kind };
    case 'decline':
    case 'hold':
    case 'give-up':
      return { type: step.kind, reason };
    case 'plan':
      return { type: 'plan', ...visit };
    case 'move':
      return { type: 'move', session, ...visit };
    case 'cancel':
    case 'not-done':
      return { type: step.kind, session, reason };
    case 'arrive':
    case 'no-show':
    case 'start':
      return { type: step.kind, session };
    case 'pause':
      return {
        type: 'pause',
        session,
        by: interrupters[step.pick % interrupters.length] ?? 'patient',
      };
    case 'resume-visit':
      return { type: 'resume', session };
    case 'finish':
      return { type: 'finish', session, ...outcome };
    case 'stop':
      return { type: 'stop', session, reason, ...outcome };
    case 'order-revised':
      return { type: 'order-revised', care: { ...care(), direction: `direction ${step.pick}` } };
    case 'order-revoked':
      return { type: 'order-revoked', reason, care: care({ status: 'revoked' }) };
    case 'order-withdrawn':
      return { type: 'order-withdrawn', reason, care: care({ status: 'entered-in-error' }) };
    case 'order-held':
      return { type: 'order-held', reason, care: care({ status: 'on-hold' }) };
    case 'order-active':
      return { type: 'order-active', care: care() };
    case 'order-completed':
      return { type: 'order-completed', care: care({ status: 'completed' }) };
    case 'order-replaced':
      return { type: 'order-replaced', supersededBy: 'ServiceRequest/order-2' };
    case 'order-gone':
    case 'patient-gone':
    case 'stay-ended':
    case 'cancel-asked':
      return { type: step.kind, reason };
    case 'stay-seen':
      return { type: 'stay-seen', stay: someStay(step.pick) };
    case 'visit-booked':
      return {
        type: 'visit-booked',
        session: `theirs-${now}-${episode.sessions.length}`,
        ...visit,
      };
    case 'visit-moved':
      return { type: 'visit-moved', session, ...visit };
    case 'visit-cancelled':
      return { type: 'visit-cancelled', session, reason: { text: reason } };
    default:
      return { type: step.kind as 'visit-arrived', session };
  }
}

const commandTypes = new Set([
  'accept',
  'decline',
  'hold',
  'resume',
  'complete',
  'give-up',
  'plan',
  'move',
  'cancel',
  'arrive',
  'start',
  'pause',
  'finish',
  'stop',
  'not-done',
  'no-show',
]);

/** Takes one step at minute `now`; nothing happens where it is refused. */
export function take(episode: Episode, step: Step, now: number): Decided {
  const act = aim(step, episode, now);
  const given = givenAt(now, { newId: () => `session-${now}-${episode.sessions.length}` });
  if (!commandTypes.has(act.type)) return decideChange(episode, act as HospitalChange, given);
  const decision = decide(episode, act as Command, given);
  return 'decided' in decision ? decision.decided : { events: [], intentions: [], work: [] };
}
