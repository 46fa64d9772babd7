import { expect } from 'chai';
import fc from 'fast-check';
import { applyAll, type Episode, openEpisode } from '../../src/core/episode.ts';
import { AdapterError } from '../../src/core/errors.ts';
import type { EpisodeEvent } from '../../src/core/events.ts';
import {
  busyAround,
  episodeOf,
  episodeOfSession,
  episodesOfOrder,
  eventsOf,
  listSessions,
  loadEpisode,
  openEpisodes,
  saveEpisode,
} from '../../src/store/episodes.ts';
import type { Store } from '../../src/store/store.ts';
import { instant, steps, take } from '../core/episodes.ts';
import { addReferral, engines, newEpisode, onFresh } from './engines.ts';

/** JSON has no `undefined`: a key without a value is a key that is not there. */
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** Folds events into an episode and saves both. */
async function happen(
  store: Store,
  episode: Episode,
  events: EpisodeEvent[],
  expected?: number,
): Promise<Episode> {
  const next = applyAll(episode, events);
  await store.transaction((tx) => saveEpisode(tx, next, events, expected));
  return next;
}

const stamp = { at: instant(1), by: 'ana' };

const planned = (
  session: string,
  from: number,
  to: number,
  more: { therapist?: string; place?: string } = {},
) =>
  ({
    type: 'planned',
    session,
    start: instant(from),
    end: instant(to),
    bookedBy: 'service',
    ...more,
    ...stamp,
  }) as const;

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (thrown) => (thrown instanceof AdapterError ? thrown.code : `not ours: ${thrown}`),
  );
}

for (const engine of engines) {
  describe(`episodes (${engine.name})`, () => {
    it('come back as they were, and are what their events make of them', async () => {
      let sessions = 0;
      await fc.assert(
        fc.asyncProperty(steps, fc.nat(4), (walk, lump) =>
          onFresh(engine, async (store) => {
            let episode = await addReferral(store, 'r');
            let saved = episode;
            let waiting: EpisodeEvent[] = [];
            let now = 0;
            for (const [index, step] of walk.entries()) {
              now += step.minutes;
              const { events } = take(episode, step, now);
              episode = applyAll(episode, events);
              waiting.push(...events);
              // several decisions may be saved in one go
              if (index % (lump + 1) !== 0 || waiting.length === 0) continue;
              const [batch, before] = [waiting, saved.referral.version];
              await store.transaction((tx) => saveEpisode(tx, episode, batch, before));
              [saved, waiting] = [episode, []];
            }
            sessions += saved.sessions.length;
            expect(await loadEpisode(store.read, 'r')).to.deep.equal(stored(saved));
            const [first, ...rest] = (await eventsOf(store.read, 'r')).map(({ event }) => event);
            if (first?.type !== 'requested') throw new Error('the first event is the request');
            const replayed = applyAll(openEpisode('r', 'general', first), rest);
            expect(stored(replayed)).to.deep.equal(stored(saved));
          }),
        ),
        { numRuns: 60 },
      );
      expect(sessions, 'sessions in the walks').to.be.greaterThan(30);
    });

    it('number their events by the version that each led to', () =>
      onFresh(engine, async (store) => {
        const episode = await addReferral(store, 'r');
        await happen(store, episode, [
          { type: 'accepted', ...stamp },
          planned('s', 10, 40),
          { type: 'scheduled', ...stamp },
        ]);
        const events = await eventsOf(store.read, 'r');
        expect(events.map(({ version, event }) => [version, event.type])).to.deep.equal([
          [1, 'requested'],
          [2, 'accepted'],
          [3, 'planned'],
          [4, 'scheduled'],
        ]);
        expect((await episodeOf(store.read, 'r')).referral.version).to.equal(4);
      }));

    it('are not saved over what somebody else saved meanwhile', () =>
      onFresh(engine, async (store) => {
        const seen = await addReferral(store, 'r');
        const accepted: EpisodeEvent = { type: 'accepted', ...stamp };
        const declined: EpisodeEvent = { type: 'declined', reason: 'no', ...stamp };
        await happen(store, seen, [accepted], 1);
        expect(await codeOf(happen(store, seen, [declined], 1))).to.equal('stale-version');
        expect(await codeOf(happen(store, seen, [declined]))).to.equal('stale-version');
        const now = await episodeOf(store.read, 'r');
        expect(await codeOf(happen(store, now, [declined], 1))).to.equal('stale-version');
        expect(now.referral.state).to.equal('accepted');
        expect((await eventsOf(store.read, 'r')).length).to.equal(2);
        expect(await codeOf(addReferral(store, 'r'))).to.equal('stale-version');
      }));

    it('let exactly one of many win that decide at once', () =>
      onFresh(engine, async (store) => {
        const seen = await addReferral(store, 'r');
        const codes = await Promise.all(
          ['a', 'b', 'c', 'd'].map((by) =>
            codeOf(happen(store, seen, [{ type: 'accepted', at: instant(1), by }], 1)),
          ),
        );
        expect(codes.toSorted()).to.deep.equal([
          'none',
          'stale-version',
          'stale-version',
          'stale-version',
        ]);
        expect((await eventsOf(store.read, 'r')).length).to.equal(2);
      }));

    it('that were never saved cannot be continued', () =>
      onFresh(engine, async (store) => {
        const { episode } = newEpisode('r');
        expect(await codeOf(happen(store, episode, [planned('s', 1, 2)]))).to.equal(
          'stale-version',
        );
        expect(await episodeOfSession(store.read, 's')).to.equal(undefined);
      }));

    it('of one order are one at a time, however it is found', () =>
      onFresh(engine, async (store) => {
        await addReferral(store, 'r1', { order: 'ServiceRequest/1' });
        expect(await codeOf(addReferral(store, 'r2', { order: 'ServiceRequest/1' }))).to.contain(
          'not ours',
        );
        expect(await loadEpisode(store.read, 'r2')).to.equal(undefined);
        await addReferral(store, 'r3', { order: 'ServiceRequest/1', episode: 2 });
        await addReferral(store, 'r4', { order: 'ServiceRequest/1', hospital: 'other' });
        const episodes = await episodesOfOrder(store.read, 'general', 'ServiceRequest/1');
        expect(episodes.map(({ referral }) => referral.id)).to.deep.equal(['r1', 'r3']);
      }));

    it('are found by a session, and say when they are not there', () =>
      onFresh(engine, async (store) => {
        await happen(store, await addReferral(store, 'r'), [
          { type: 'accepted', ...stamp },
          planned('s', 10, 40),
        ]);
        expect((await episodeOfSession(store.read, 's'))?.referral.id).to.equal('r');
        expect(await episodeOfSession(store.read, 'none')).to.equal(undefined);
        expect(await loadEpisode(store.read, 'none')).to.equal(undefined);
        expect(await codeOf(episodeOf(store.read, 'none'))).to.equal('not-ours');
      }));

    it('that are open are listed with the oldest first', () =>
      onFresh(engine, async (store) => {
        await addReferral(store, 'late', { minutes: 5 });
        const early = await addReferral(store, 'early', { minutes: 1 });
        await addReferral(store, 'elsewhere', { hospital: 'other' });
        const ended = await addReferral(store, 'ended', { minutes: 2 });
        await happen(store, ended, [{ type: 'declined', reason: 'no', ...stamp }]);
        await happen(store, early, [{ type: 'accepted', ...stamp }]);
        const open = await openEpisodes(store.read, 'general');
        expect(open.map(({ referral }) => referral.id)).to.deep.equal(['early', 'late']);
      }));
  });

  describe(`visits (${engine.name})`, () => {
    async function week(store: Store): Promise<void> {
      const of = (reference: string) => ({ patient: { reference, identifier: [] } });
      const one = await addReferral(store, 'one', { care: of('Patient/1') });
      await happen(store, one, [
        { type: 'accepted', ...stamp },
        planned('one-a', 100, 130, { therapist: 'ana' }),
        planned('one-b', 200, 230),
      ]);
      const two = await addReferral(store, 'two', { care: of('Patient/2') });
      await happen(store, two, [
        { type: 'accepted', ...stamp },
        planned('two-a', 150, 180, { therapist: 'ana' }),
      ]);
      const there = await addReferral(store, 'there', { care: of('Patient/1'), hospital: 'other' });
      await happen(store, there, [
        { type: 'accepted', ...stamp },
        planned('there-a', 100, 130, { therapist: 'ben' }),
      ]);
    }

    const busy = async (store: Store, start: number, end: number, therapist?: string) => {
      const wanted = {
        hospital: 'general',
        patient: 'Patient/1',
        therapist,
        start: instant(start),
        end: instant(end),
      };
      return (await busyAround(store.read, wanted)).map(({ session }) => session).toSorted();
    };

    it('that touch a time are those of this patient here and of this therapist anywhere', () =>
      onFresh(engine, async (store) => {
        await week(store);
        expect(await busy(store, 90, 110)).to.deep.equal(['one-a']);
        expect(await busy(store, 90, 300)).to.deep.equal(['one-a', 'one-b']);
        expect(await busy(store, 90, 300, 'ana')).to.deep.equal(['one-a', 'one-b', 'two-a']);
        expect(await busy(store, 90, 110, 'ben')).to.deep.equal(['one-a', 'there-a']);
      }));

    it('that only meet at their ends do not touch', () =>
      onFresh(engine, async (store) => {
        await week(store);
        expect(await busy(store, 130, 150, 'ana')).to.deep.equal([]);
        expect(await busy(store, 129, 151, 'ana')).to.deep.equal(['one-a', 'two-a']);
      }));

    it('that have ended are not in the way', () =>
      onFresh(engine, async (store) => {
        await week(store);
        const one = await episodeOf(store.read, 'one');
        await happen(store, one, [
          { type: 'cancelled', session: 'one-a', reason: { text: 'why' }, ...stamp },
        ]);
        expect(await busy(store, 90, 140)).to.deep.equal([]);
      }));

    it('given in another zone are compared by the moment, and keep their spelling', () =>
      onFresh(engine, async (store) => {
        const start = '2026-03-02T11:00:00+01:00';
        const end = '2026-03-02T11:30:00+01:00';
        const episode = await addReferral(store, 'r', {
          care: { patient: { reference: 'Patient/1', identifier: [] } },
        });
        await happen(store, episode, [{ ...planned('s', 0, 1), start, end }]);
        expect(await busy(store, 60, 61)).to.deep.equal(['s']);
        const wanted = { from: '2026-03-02T05:00:00-05:00', to: '2026-03-02T10:01:00Z', limit: 9 };
        expect(
          (await listSessions(store.read, wanted)).map((session) => session.start),
        ).to.deep.equal([start]);
      }));

    it('are listed by their start, of a time and a therapist', () =>
      onFresh(engine, async (store) => {
        await week(store);
        const list = async (wanted: Partial<Parameters<typeof listSessions>[1]>) =>
          (await listSessions(store.read, { limit: 9, ...wanted })).map(({ id }) => id);
        expect(await list({})).to.deep.equal(['one-a', 'there-a', 'two-a', 'one-b']);
        expect(await list({ limit: 2 })).to.deep.equal(['one-a', 'there-a']);
        expect(await list({ from: instant(100), to: instant(150) })).to.deep.equal([
          'one-a',
          'there-a',
        ]);
        expect(await list({ from: instant(101) })).to.deep.equal(['two-a', 'one-b']);
        expect(await list({ therapist: 'ana' })).to.deep.equal(['one-a', 'two-a']);
      }));

    it('follow the order when it names another patient', () =>
      onFresh(engine, async (store) => {
        await week(store);
        const one = await episodeOf(store.read, 'one');
        const care = {
          ...one.referral.care,
          patient: { reference: 'Patient/merged', identifier: [] },
        };
        await happen(store, one, [{ type: 'revised', care, ...stamp }]);
        expect(await busy(store, 90, 300)).to.deep.equal([]);
        expect((await loadEpisode(store.read, 'one'))?.sessions.map(({ id }) => id)).to.deep.equal([
          'one-a',
          'one-b',
        ]);
      }));
  });
}
