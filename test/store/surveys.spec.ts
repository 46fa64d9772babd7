/** Surveys in the store: the latest of each hospital, and no row for nothing new. */
import { expect } from 'chai';
import type { Store } from '../../src/store/store.ts';
import { keepSurvey, latestSurvey } from '../../src/store/surveys.ts';
import { instant } from '../core/episodes.ts';
import { engines, onFresh } from './engines.ts';

const keep = (store: Store, minutes: number, digest: string, more: object = {}) =>
  store.transaction((tx) =>
    keepSurvey(tx, {
      hospital: 'general',
      at: instant(minutes),
      asked: 'settings',
      digest,
      survey: JSON.stringify({ minutes, digest }),
      ...more,
    }),
  );

for (const engine of engines)
  describe(`surveys (${engine.name})`, () => {
    it('come back as the latest that was kept, of each hospital', () =>
      onFresh(engine, async (store) => {
        expect(await latestSurvey(store.read, 'general')).to.equal(undefined);
        expect(await keep(store, 0, 'one')).to.equal(true);
        expect(await keep(store, 9, 'two')).to.equal(true);
        await keep(store, 20, 'other', { hospital: 'elsewhere' });
        expect(await latestSurvey(store.read, 'general')).to.deep.equal({
          since: instant(9),
          askedAt: instant(9),
          asked: 'settings',
          survey: '{"minutes":9,"digest":"two"}',
        });
      }));

    it('that say the same are one row, with the time of the last look', () =>
      onFresh(engine, async (store) => {
        await keep(store, 0, 'one');
        expect(await keep(store, 9, 'one')).to.equal(false);
        expect(await latestSurvey(store.read, 'general')).to.include({
          since: instant(0),
          askedAt: instant(9),
        });
        expect(await store.read.selectFrom('survey').selectAll().execute()).to.have.length(1);
      }));

    it('made under other settings are kept apart', () =>
      onFresh(engine, async (store) => {
        await keep(store, 0, 'one');
        expect(await keep(store, 9, 'one', { asked: 'others' })).to.equal(true);
        expect(await store.read.selectFrom('survey').selectAll().execute()).to.have.length(2);
      }));
  });
