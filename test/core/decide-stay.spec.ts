import { expect } from 'chai';
import type { Command } from '../../src/core/commands.ts';
import { decideChange } from '../../src/core/decide-change.ts';
import { apply, applyAll, type Decided, type Episode } from '../../src/core/episode.ts';
import { type SessionState, sessionStates } from '../../src/core/session.ts';
import { actCode, type Stay } from '../../src/core/stay.ts';
import { carryOut, givenAt, instant, requested } from './episodes.ts';

const bed = (number: number) => ({
  reference: `Location/bed-${number}`,
  display: `Ward 5, Room 12, Bed ${number}`,
});
const stay = (more: Partial<Stay> = {}): Stay => ({
  reference: 'Encounter/one',
  status: 'in-progress',
  class: { system: actCode, code: 'IMP' },
  place: bed(3),
  ...more,
});
const discharged = stay({ status: 'finished', ended: true, place: undefined });

/** A referral of an inpatient in bed 3. */
function inBed(): Episode {
  const episode = requested();
  const care = {
    ...episode.referral.care,
    stay: stay(),
    place: bed(3).display,
    location: bed(3).reference,
  };
  return { ...episode, referral: { ...episode.referral, care } };
}

const plan = { type: 'plan', start: instant(60), end: instant(90) } as const;
const outcome = { scores: [], techniques: [] };

/** How a visit comes into each state, from planned on. */
const ways: Record<SessionState, (session: string) => readonly Command[]> = {
  planned: () => [],
  booked: () => [],
  arrived: (session) => [{ type: 'arrive', session }],
  'in-progress': (session) => [{ type: 'start', session }],
  paused: (session) => [
    { type: 'start', session },
    { type: 'pause', session, by: 'patient' },
  ],
  finished: (session) => [
    { type: 'start', session },
    { type: 'finish', session, ...outcome },
  ],
  stopped: (session) => [
    { type: 'start', session },
    { type: 'stop', session, reason: 'tired', ...outcome },
  ],
  'not-done': (session) => [{ type: 'not-done', session, reason: 'asleep' }],
  'no-show': (session) => [{ type: 'no-show', session }],
  cancelled: (session) => [{ type: 'cancel', session, reason: 'asked for' }],
};

function withVisit(state: SessionState, more: { readonly place?: string } = {}): Episode {
  const planned = carryOut(inBed(), [{ type: 'accept' }, { ...plan, ...more }]);
  const session = planned.sessions[0]?.id ?? '';
  const booked =
    state === 'planned'
      ? planned
      : applyAll(
          planned,
          decideChange(planned, { type: 'visit-confirmed', session }, givenAt(5)).events,
        );
  return carryOut(booked, ways[state](session), 10);
}

const see = (episode: Episode, now: Stay): { decided: Decided; after: Episode } => {
  const decided = decideChange(episode, { type: 'stay-seen', stay: now }, givenAt(200));
  return { decided, after: decided.events.reduce(apply, episode) };
};
const kinds = ({ events }: Decided) => events.map((event) => event.type);

describe('a stay and the visits of its order', () => {
  for (const state of sessionStates) {
    const moves = state === 'planned' || state === 'booked';

    it(`a transfer ${moves ? 'moves' : 'leaves alone'} a visit that is ${state}`, () => {
      const episode = withVisit(state);
      const { decided, after } = see(episode, stay({ place: bed(7) }));
      expect(kinds(decided)).to.deep.equal(
        moves ? ['stay-changed', 'place-moved'] : ['stay-changed'],
      );
      const [before, now] = [episode.sessions[0], after.sessions[0]];
      expect(now?.state).to.equal(before?.state);
      expect([now?.place, now?.location]).to.deep.equal(
        moves ? [bed(7).display, bed(7).reference] : [before?.place, before?.location],
      );
      expect(decided.intentions).to.deep.equal(
        moves ? [{ kind: 'write-appointment', session: now?.id }] : [],
      );
      expect(decided.work).to.deep.equal([]);
      expect([after.referral.care.place, after.referral.care.location]).to.deep.equal([
        bed(7).display,
        bed(7).reference,
      ]);
    });

    it(`a discharge freezes the referral and asks a person; a visit that is ${state} stays so`, () => {
      const episode = withVisit(state);
      const { decided, after } = see(episode, discharged);
      expect(kinds(decided)).to.deep.equal(['stay-changed', 'held']);
      expect(decided.work.map(({ kind }) => kind)).to.deep.equal(['stay-ended']);
      expect(after.referral.state).to.equal('on-hold');
      expect(after.referral.reason).to.match(/discharged/);
      expect(after.sessions[0]).to.deep.equal(episode.sessions[0]);
    });
  }

  it('a frozen visit cannot be started, and one that is under way can be finished', () => {
    const frozen = see(withVisit('booked'), discharged).after;
    const session = frozen.sessions[0]?.id ?? '';
    expect(() => carryOut(frozen, [{ type: 'start', session }], 300)).to.throw(/on-hold/);
    const running = see(withVisit('in-progress'), discharged).after;
    const done = carryOut(running, [{ type: 'finish', session, ...outcome }], 300);
    expect(done.sessions[0]?.state).to.equal('finished');
  });

  it('is asked about once: a person who resumes is not overruled by the next reading', () => {
    const frozen = see(withVisit('booked'), discharged).after;
    const resumed = carryOut(frozen, [{ type: 'resume' }], 300);
    expect(resumed.referral.state).to.equal('scheduled');
    expect(see(resumed, discharged).decided.events).to.deep.equal([]);
  });

  it('an outpatient contact that is over changes nothing but what is known of it', () => {
    const contact = { system: actCode, code: 'AMB' };
    const seen = see(withVisit('booked'), { ...discharged, class: contact });
    expect(kinds(seen.decided)).to.deep.equal(['stay-changed']);
    expect(seen.after.referral.state).to.equal('scheduled');
  });

  it('a visit in a place that somebody chose stays there', () => {
    const { decided, after } = see(
      withVisit('booked', { place: 'Massage room' }),
      stay({ place: bed(7) }),
    );
    expect(kinds(decided)).to.deep.equal(['stay-changed']);
    expect(after.sessions[0]?.place).to.equal('Massage room');
  });

  it('an order for a place of its own keeps it', () => {
    const episode = inBed();
    const care = { ...episode.referral.care, place: 'Infusion suite', location: 'Location/suite' };
    const elsewhere = { ...episode, referral: { ...episode.referral, care } };
    const { after } = see(elsewhere, stay({ place: bed(7) }));
    expect(after.referral.care.place).to.equal('Infusion suite');
    expect(after.referral.care.stay?.place).to.deep.equal(bed(7));
  });

  it('a place that cannot be read this time keeps its words', () => {
    const { decided } = see(withVisit('booked'), stay({ place: { reference: 'Location/bed-3' } }));
    expect(decided.events).to.deep.equal([]);
  });

  it('a bed without a name is still another bed', () => {
    const { after } = see(withVisit('booked'), stay({ place: { reference: 'Location/bed-9' } }));
    expect(after.sessions[0]?.place).to.equal('Location/bed-9');
  });

  it('what the calendar still says of the old bed does not move the visit back', () => {
    const moved = see(withVisit('booked'), stay({ place: bed(7) })).after;
    const [session] = moved.sessions;
    if (session === undefined) throw new Error('no session');
    const { id, start, end } = session;
    const news = (place: string) =>
      decideChange(
        moved,
        { type: 'visit-moved', session: id, start, end, place },
        givenAt(210),
      ).events.map(({ type }) => type);
    expect(news(bed(3).display)).to.deep.equal([]);
    expect(news('Ward 9, bed 1')).to.deep.equal(['moved']);
  });

  it('of a referral that has ended is no news', () => {
    const given = carryOut(withVisit('booked'), [{ type: 'give-up', reason: 'enough' }], 100);
    expect(see(given, discharged).decided.events).to.deep.equal([]);
  });
});
