/** Invented referrals, sessions and orders of every kind, for the laws of the mappings. */
import fc from 'fast-check';
import { type Concept, snomed } from '../../src/core/concept.ts';
import type { Episode } from '../../src/core/episode.ts';
import {
  type OrderedCare,
  priorities,
  type Referral,
  type ReferralState,
  referralStates,
} from '../../src/core/referral.ts';
import {
  interrupters,
  measures,
  missingReasons,
  moments,
  type Score,
  type Session,
  type SessionRecord,
  type SessionState,
  sessionStates,
  techniques,
  type VisitReason,
  type VisitReasonCode,
  visitReasons,
} from '../../src/core/session.ts';

const day = Date.parse('2026-03-02T09:00:00Z');
export const instant = (minutes: number): string => new Date(day + minutes * 60_000).toISOString();

/** Text as a person types it: never empty, never only white space. */
export const words = fc
  .string({ minLength: 1, maxLength: 20 })
  .map((text) => `w${text.replaceAll(/[\p{Cc}\p{Cs}]/gu, '')}`.trim());

const id = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

export const concept: fc.Arbitrary<Concept> = fc.oneof(
  words.map((text) => ({ text })),
  fc.record({ code: id, display: words }).map((one) => ({ coding: [{ system: snomed, ...one }] })),
);

export const care: fc.Arbitrary<OrderedCare> = fc.record({
  order: fc.record({
    reference: id.map((one) => `ServiceRequest/${one}`),
    identifier: fc.constant([]),
    status: fc.constant('active'),
    intent: fc.constant('order'),
    requester: maybe(fc.record({ reference: id.map((one) => `Practitioner/${one}`) })),
    basedOn: fc.constant([]),
    replaces: fc.constant([]),
  }),
  patient: fc.record({
    reference: id.map((one) => `Patient/${one}`),
    name: maybe(fc.constant('Nobody Known')),
    identifier: fc.constant([]),
  }),
  service: concept,
  reasons: fc.array(concept, { maxLength: 3 }),
  techniques: fc.constant([]),
  bodySites: fc.array(concept, { maxLength: 2 }),
  priority: fc.constantFrom(...priorities),
  visits: maybe(fc.integer({ min: 1, max: 20 })),
  place: maybe(words),
  encounter: maybe(id.map((one) => `Encounter/${one}`)),
  supportingInfo: fc.constant([]),
});

export const reason: fc.Arbitrary<VisitReason> = fc.oneof(
  fc
    .constantFrom(...(Object.keys(visitReasons) as VisitReasonCode[]))
    .map((code) => ({ code, text: visitReasons[code] })),
  words.map((text) => ({ text })),
);

const score = (measure: (typeof measures)[number], when: (typeof moments)[number]) =>
  fc.oneof(
    fc.integer({ min: 0, max: 10 }).map((value): Score => ({ measure, when, value })),
    fc.constantFrom(...missingReasons).map((missing): Score => ({ measure, when, missing })),
    fc.constant(undefined),
  );

/** A record whose pauses follow one another inside the visit; a visit may be of no length at all. */
export const record: fc.Arbitrary<SessionRecord> = fc
  .record({
    steps: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 9 }),
    by: fc.array(fc.constantFrom(...interrupters), { minLength: 4, maxLength: 4 }),
    scores: fc.tuple(...measures.flatMap((one) => moments.map((when) => score(one, when)))),
    techniques: fc.array(
      fc.record({
        technique: fc.constantFrom(...techniques),
        site: fc.oneof(words, fc.constantFrom('Neck', 'lower back', 'left shoulder')),
        pressure: fc.integer({ min: 1, max: 5 }),
      }),
      { maxLength: 3 },
    ),
    response: maybe(words),
    note: maybe(words),
  })
  .map(({ steps, by, scores, techniques: applied, response, note }) => {
    let at = 0;
    const times = steps.map((step) => {
      at += step;
      return instant(at);
    });
    const inner = times.slice(1, -1);
    const pauses = Array.from({ length: Math.floor(inner.length / 2) }, (_, index) => ({
      by: by[index] ?? 'device',
      from: inner[2 * index] ?? '',
      to: inner[2 * index + 1],
    }));
    return {
      startedAt: times[0],
      endedAt: times.at(-1),
      pauses,
      techniques: applied,
      scores: scores.filter((one) => one !== undefined),
      response,
      note,
    };
  });

const unwritten: SessionRecord = { pauses: [], techniques: [], scores: [] };

export const session = (states: readonly SessionState[] = sessionStates): fc.Arbitrary<Session> =>
  fc
    .record({
      state: fc.constantFrom(...states),
      start: fc.integer({ min: 0, max: 10_000 }),
      length: fc.integer({ min: 1, max: 120 }),
      place: maybe(words),
      reason,
      record,
      id,
    })
    .map((made): Session => {
      const delivered = made.state === 'finished' || made.state === 'stopped';
      const excused = ['not-done', 'cancelled', 'stopped'].includes(made.state);
      return {
        id: made.id,
        referral: 'referral-1',
        hospital: 'general',
        state: made.state,
        version: 1,
        start: instant(made.start),
        end: instant(made.start + made.length),
        therapist: 'ana',
        place: made.place,
        bookedBy: 'service',
        reason: excused ? made.reason : undefined,
        record: delivered ? made.record : unwritten,
      };
    });

export const referral = (
  states: readonly ReferralState[] = referralStates,
): fc.Arbitrary<Referral> =>
  fc
    .record({
      care,
      state: fc.constantFrom(...states),
      answered: fc.boolean(),
      started: fc.boolean(),
      from: fc.constantFrom<ReferralState>('requested', 'accepted', 'scheduled', 'in-series'),
      reason: maybe(words),
    })
    .map(
      ({ from, ...made }): Referral => ({
        ...made,
        id: 'referral-1',
        hospital: 'general',
        episode: 1,
        version: 3,
        requestedAt: instant(-60),
        held: made.state === 'on-hold' ? { from, by: 'service' } : undefined,
      }),
    );

export const episode: fc.Arbitrary<Episode> = fc.record({
  referral: referral(),
  sessions: fc.array(session(), { maxLength: 4 }),
});
