import { expect } from 'chai';
import fc from 'fast-check';
import { apply, applyAll, openEpisode } from '../../src/core/episode.ts';
import { isSessionEvent, moveOf } from '../../src/core/events.ts';
import { endedReferralStates, hasEnded, referralStates } from '../../src/core/referral.ts';
import { referralEdges } from '../../src/core/referral-states.ts';
import {
  endedSessionStates,
  isRunning,
  sessionHasEnded,
  sessionStates,
  visitTime,
  wasDelivered,
} from '../../src/core/session.ts';
import { sessionEdges } from '../../src/core/session-states.ts';
import { instant, requested, someCare, steps, take } from './episodes.ts';

describe('the tables of states', () => {
  it('name each edge once, so that an event from a state has one outcome', () => {
    for (const edges of [referralEdges, sessionEdges]) {
      const keys = edges.map(([from, event]) => `${from} ${event}`);
      expect(new Set(keys).size).to.equal(keys.length);
    }
  });

  it('reach every state from the first one', () => {
    const reach = (
      first: string,
      edges: readonly (readonly [string, string, string, ...unknown[]])[],
    ) => {
      const seen = new Set([first]);
      for (let grew = true; grew; ) {
        const before = seen.size;
        for (const [from, , to] of edges) if (seen.has(from)) seen.add(to);
        grew = seen.size > before;
      }
      return [...seen].sort();
    };
    expect(reach('requested', referralEdges)).to.deep.equal([...referralStates].sort());
    expect(reach('planned', sessionEdges)).to.deep.equal([...sessionStates].sort());
  });

  it('have no way out of an ended state', () => {
    expect(
      referralEdges.filter(([from]) => (endedReferralStates as readonly string[]).includes(from)),
    ).to.deep.equal([]);
    expect(
      sessionEdges.filter(([from]) => (endedSessionStates as readonly string[]).includes(from)),
    ).to.deep.equal([]);
  });

  it('let a hospital end, hold or replace a referral from every open state', () => {
    for (const state of referralStates.filter((one) => !hasEnded(one)))
      for (const move of ['cancelled', 'closed-there', 'superseded'])
        expect(
          referralEdges.some(([from, event]) => from === state && event === move),
          `${state} ${move}`,
        ).to.equal(true);
  });
});

describe('any sequence of commands and hospital changes', () => {
  it('moves both machines only along their edges, ends each at most once, and loses no minute', () => {
    let finished = 0;
    fc.assert(
      fc.property(steps, (walk) => {
        let episode = requested();
        let now = 0;
        const ends = new Map<string, number>();
        for (const step of walk) {
          now += step.minutes;
          for (const event of take(episode, step, now).events) {
            const before = episode;
            episode = apply(episode, event);
            if (isSessionEvent(event)) {
              const from = before.sessions.find((one) => one.id === event.session)?.state;
              const to = episode.sessions.find((one) => one.id === event.session)?.state;
              if (event.type === 'planned') expect(from).to.equal(undefined);
              else
                expect(
                  sessionEdges.some(
                    (edge) => edge[0] === from && edge[1] === event.type && edge[2] === to,
                  ),
                  `session ${from} ${event.type} ${to}`,
                ).to.equal(true);
              if (to !== undefined && sessionHasEnded(to))
                ends.set(event.session, (ends.get(event.session) ?? 0) + 1);
            } else {
              const move = moveOf(event);
              const [from, to] = [before.referral.state, episode.referral.state];
              if (move === undefined) expect(to).to.equal(from);
              else
                expect(
                  referralEdges.some(
                    (edge) => edge[0] === from && edge[1] === move && edge[2] === to,
                  ),
                  `referral ${from} ${move} ${to}`,
                ).to.equal(true);
              if (move !== undefined && hasEnded(to))
                ends.set('referral', (ends.get('referral') ?? 0) + 1);
            }
          }
          // what holds between the two machines at every moment
          const running = episode.sessions.filter((one) => isRunning(one.state));
          expect(running.length).to.be.at.most(1);
          if (hasEnded(episode.referral.state))
            expect(episode.sessions.filter((one) => !sessionHasEnded(one.state))).to.deep.equal([]);
          if (episode.referral.state === 'completed')
            expect(episode.sessions.some((one) => wasDelivered(one.state))).to.equal(true);
          if (episode.referral.state === 'in-series')
            expect(episode.referral.started).to.equal(true);
          for (const session of episode.sessions) {
            const time = visitTime(session.record, instant(now));
            expect(time.handsOnMs + time.pausedMs).to.equal(time.totalMs);
            expect(Math.min(time.handsOnMs, time.pausedMs)).to.be.at.least(0);
            if (!wasDelivered(session.state)) continue;
            finished++;
            expect(session.record.pauses.every((pause) => pause.to !== undefined)).to.equal(true);
          }
        }
        for (const [what, times] of ends) expect(times, what).to.equal(1);
      }),
      { numRuns: 1500 },
    );
    expect(finished, 'walks that finish visits').to.be.greaterThan(200);
  });

  it('replays to the same episode from its events alone', () => {
    fc.assert(
      fc.property(steps, (walk) => {
        let episode = requested();
        const events = [];
        let now = 0;
        for (const step of walk) {
          now += step.minutes;
          const { events: more } = take(episode, step, now);
          events.push(...more);
          episode = applyAll(episode, more);
        }
        const first = {
          type: 'requested',
          at: instant(0),
          by: 'hospital',
          care: someCare(),
          episode: 1,
        } as const;
        expect(applyAll(openEpisode('referral-1', 'general', first), events)).to.deep.equal(
          episode,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('intends to write only about sessions that exist, and never about nothing', () => {
    fc.assert(
      fc.property(steps, (walk) => {
        let episode = requested();
        let now = 0;
        for (const step of walk) {
          now += step.minutes;
          const { events, intentions } = take(episode, step, now);
          episode = applyAll(episode, events);
          for (const { session } of intentions)
            if (session !== undefined)
              expect(episode.sessions.map((one) => one.id)).to.include(session);
        }
      }),
      { numRuns: 300 },
    );
  });
});
