import { expect } from 'chai';
import type { Command, HospitalChange } from '../../src/core/commands.ts';
import { decide } from '../../src/core/decide.ts';
import { decideChange } from '../../src/core/decide-change.ts';
import { applyAll, type Episode } from '../../src/core/episode.ts';
import { visitTime } from '../../src/core/session.ts';
import { carryOut, givenAt, instant, requested, someCare } from './episodes.ts';

const visit = { start: instant(60), end: instant(90) };
const outcome = { scores: [], techniques: [] };

function booked(): { episode: Episode; session: string } {
  const episode = carryOut(requested(), [{ type: 'accept' }, { type: 'plan', ...visit }]);
  return { episode, session: episode.sessions[0]?.id ?? '' };
}

function started(): { episode: Episode; session: string } {
  const { episode, session } = booked();
  return { episode: carryOut(episode, [{ type: 'start', session, at: instant(10) }], 10), session };
}

function refusal(episode: Episode, command: Command, at = 20, busy = givenAt(0).busy) {
  const decision = decide(episode, command, givenAt(at, { busy }));
  if ('decided' in decision) throw new Error(`${command.type} was not refused`);
  return decision.refused;
}

function follow(episode: Episode, change: HospitalChange, at = 20) {
  const decided = decideChange(episode, change, givenAt(at));
  return { ...decided, episode: applyAll(episode, decided.events) };
}

describe('a refusal', () => {
  it('says what is not possible and what is', () => {
    const refused = refusal(requested(), { type: 'complete' });
    expect(refused.code).to.equal('not-possible-now');
    expect(refused.says).to.match(/requested/);
    expect(refused.possible).to.have.members(['accept', 'decline', 'hold']);
  });

  it('names the visit that a new one would overlap, for the same patient or the same therapist', () => {
    const { episode } = booked();
    const busy = [{ session: 's-other', patient: 'Patient/p-2', therapist: 'ana', ...visit }];
    const plan = { type: 'plan', start: instant(75), end: instant(95) } as const;
    expect(refusal(episode, { ...plan, therapist: 'ana' }, 20, busy)).to.include({
      code: 'overlap',
    });
    expect(refusal(episode, { ...plan, therapist: 'ana' }, 20, busy).says).to.contain('s-other');
    expect(decide(episode, { ...plan, therapist: 'ben' }, givenAt(20, { busy }))).to.have.property(
      'decided',
    );
    const backToBack = {
      type: 'plan',
      start: visit.end,
      end: instant(120),
      therapist: 'ana',
    } as const;
    expect(decide(episode, backToBack, givenAt(20, { busy }))).to.have.property('decided');
  });

  it('keeps times in order: not in the future, not before what was recorded last, not ending before it starts', () => {
    const { episode, session } = started();
    expect(
      refusal(episode, { type: 'pause', session, by: 'family', at: instant(5) }).code,
    ).to.equal('bad-request');
    expect(
      refusal(episode, { type: 'finish', session, at: instant(26), ...outcome }).code,
    ).to.equal('bad-request');
    const accepted = carryOut(requested(), [{ type: 'accept' }]);
    expect(refusal(accepted, { type: 'plan', start: visit.end, end: visit.start }).code).to.equal(
      'bad-request',
    );
    expect(refusal(accepted, { type: 'plan', start: 'tomorrow', end: visit.end }).code).to.equal(
      'bad-request',
    );
  });

  it('meets a completion without a single visit: a completed Task needs an output', () => {
    const { episode } = booked();
    expect(refusal(episode, { type: 'complete' }).code).to.equal('not-possible-now');
  });

  it('meets a second visit started while one is under way', () => {
    const { episode } = started();
    const two = carryOut(episode, [{ type: 'plan', start: instant(200), end: instant(230) }], 21);
    const other = two.sessions[1]?.id ?? '';
    expect(refusal(two, { type: 'start', session: other }, 22).says).to.match(/already under way/);
  });
});

describe('a visit', () => {
  it('counts hands-on time without its pauses, also when it is finished while paused', () => {
    const { episode, session } = started();
    const done = carryOut(
      carryOut(episode, [{ type: 'pause', session, by: 'care-team', at: instant(15) }], 15),
      [{ type: 'resume', session, at: instant(20) }],
      20,
    );
    const paused = carryOut(done, [{ type: 'pause', session, by: 'family', at: instant(30) }], 30);
    const finished = carryOut(
      paused,
      [{ type: 'finish', session, at: instant(40), ...outcome }],
      40,
    );
    const record = finished.sessions[0]?.record;
    expect(record && visitTime(record, instant(99))).to.deep.equal({
      totalMs: 30 * 60_000,
      pausedMs: 15 * 60_000,
      handsOnMs: 15 * 60_000,
    });
  });

  it('can be started before the hospital has confirmed it', () => {
    const { episode, session } = started();
    expect(episode.sessions.find((one) => one.id === session)?.state).to.equal('in-progress');
    expect(episode.referral.state).to.equal('in-series');
  });

  it('sends the result in the order Procedure, Observations, Appointment, Task', () => {
    const { episode, session } = started();
    const decision = decide(
      episode,
      {
        type: 'finish',
        session,
        scores: [
          { measure: 'pain', when: 'before', value: 6 },
          { measure: 'pain', when: 'after', missing: 'asleep' },
        ],
        techniques: [{ technique: 'swedish', site: 'back', pressure: 2 }],
      },
      givenAt(40),
    );
    const intentions = 'decided' in decision ? decision.decided.intentions : [];
    expect(intentions.map(({ kind, part }) => part ?? kind)).to.deep.equal([
      'write-procedure',
      'score:pain:before',
      'score:pain:after',
      'hands-on',
      'technique:0',
      'write-appointment',
      'report-progress',
    ]);
  });

  it('that falls away leaves the referral to be scheduled again when no other is ahead', () => {
    const { episode, session } = booked();
    expect(
      carryOut(episode, [{ type: 'not-done', session, reason: 'asleep' }]).referral.state,
    ).to.equal('accepted');
    const two = carryOut(episode, [{ type: 'plan', start: instant(200), end: instant(230) }]);
    expect(
      carryOut(two, [{ type: 'cancel', session, reason: 'off-unit' }]).referral.state,
    ).to.equal('scheduled');
  });

  it('keeps one of our reasons as a code and any other as words', () => {
    const { episode, session } = booked();
    const [asleep] = carryOut(episode, [{ type: 'not-done', session, reason: 'asleep' }]).sessions;
    expect(asleep?.reason).to.deep.equal({ code: 'asleep', text: 'Patient asleep' });
    const [other] = carryOut(episode, [
      { type: 'not-done', session, reason: 'fire drill' },
    ]).sessions;
    expect(other?.reason).to.deep.equal({ text: 'fire drill' });
  });
});

describe('the hospital’s change', () => {
  it('revokes a referral before start and cancels its visits', () => {
    const { episode } = booked();
    const after = follow(episode, {
      type: 'order-revoked',
      reason: 'Order revoked.',
      care: someCare({ status: 'revoked' }),
    });
    expect(after.episode.referral.state).to.equal('cancelled');
    expect(after.episode.sessions[0]?.state).to.equal('cancelled');
    expect(after.intentions.map((one) => one.kind)).to.deep.equal([
      'write-appointment',
      'report-progress',
    ]);
  });

  it('waits for the visit that is under way, and loses none of it', () => {
    const { episode, session } = started();
    const asked = follow(episode, {
      type: 'order-revoked',
      reason: 'Order revoked.',
      care: someCare({ status: 'revoked' }),
    });
    expect(asked.episode.referral.state).to.equal('cancellation-requested');
    expect(asked.work).to.have.length(1);
    expect(refusal(asked.episode, { type: 'resume' }).says).to.match(/ended at the hospital/);
    const over = carryOut(asked.episode, [{ type: 'finish', session, ...outcome }], 40);
    expect(over.referral.state).to.equal('cancelled');
    expect(over.sessions[0]?.state).to.equal('finished');
  });

  it('that only asks to cancel is answered by a person: agreed by give-up, refused by resume', () => {
    const { episode, session } = started();
    const finished = carryOut(episode, [{ type: 'finish', session, ...outcome }], 30);
    const asked = follow(
      finished,
      { type: 'cancel-asked', reason: 'Patient moves away.' },
      40,
    ).episode;
    expect(asked.referral.state).to.equal('cancellation-requested');
    expect(carryOut(asked, [{ type: 'give-up', reason: 'agreed' }]).referral.state).to.equal(
      'cancelled',
    );
    expect(carryOut(asked, [{ type: 'resume' }]).referral.state).to.equal('in-series');
  });

  it('holds and resumes; a hold of the hospital is not ours to lift', () => {
    const { episode } = booked();
    const held = follow(episode, {
      type: 'order-held',
      reason: 'On hold.',
      care: someCare({ status: 'on-hold' }),
    }).episode;
    expect(held.referral.state).to.equal('on-hold');
    expect(refusal(held, { type: 'resume' }).says).to.match(/only the hospital/);
    expect(refusal(held, { type: 'start', session: held.sessions[0]?.id ?? '' }).says).to.match(
      /on-hold/,
    );
    expect(
      follow(held, { type: 'order-active', care: someCare() }).episode.referral.state,
    ).to.equal('scheduled');
  });

  it('freezes visits when the patient’s record is gone, until a person resumes', () => {
    const { episode } = booked();
    const frozen = follow(episode, { type: 'patient-gone', reason: 'Patient deceased.' });
    expect(frozen.episode.referral.state).to.equal('on-hold');
    expect(frozen.work.map((one) => one.kind)).to.deep.equal(['patient-gone']);
    expect(carryOut(frozen.episode, [{ type: 'resume' }]).referral.state).to.equal('scheduled');
  });

  it('that moves a visit changes that visit and makes no other', () => {
    const { episode, session } = booked();
    const moved = follow(carryOut(episode, []), {
      type: 'visit-moved',
      session,
      start: instant(300),
      end: instant(330),
    });
    expect(moved.episode.sessions).to.have.length(1);
    // not confirmed yet here, so the move is a conflict for a person rather than a guess
    expect(moved.work.map((one) => one.kind)).to.deep.equal(['conflict']);
    const confirmed = applyAll(
      episode,
      decideChange(episode, { type: 'visit-confirmed', session }, givenAt(20)).events,
    );
    const again = follow(confirmed, {
      type: 'visit-moved',
      session,
      start: instant(300),
      end: instant(330),
    });
    expect(again.episode.sessions.map((one) => [one.state, one.start])).to.deep.equal([
      ['booked', instant(300)],
    ]);
  });

  it('that contradicts a visit under way becomes work, never a guess', () => {
    const { episode, session } = started();
    const after = follow(episode, {
      type: 'visit-cancelled',
      session,
      reason: { text: 'by the hospital' },
    });
    expect(after.events).to.deep.equal([]);
    expect(after.work).to.have.length(1);
  });

  it('repeated, changes nothing more', () => {
    const { episode } = booked();
    const care = someCare({ status: 'revoked' });
    const once = follow(episode, { type: 'order-revoked', reason: 'Order revoked.', care }).episode;
    expect(
      follow(once, { type: 'order-revoked', reason: 'Order revoked.', care }).events,
    ).to.deep.equal([]);
    const same = follow(episode, { type: 'order-active', care: someCare() });
    expect([same.events, same.intentions]).to.deep.equal([[], []]);
  });
});
