/** Facts in the store: the latest of each patient, what stood there at a moment, and no row for nothing new. */
import { expect } from 'chai';
import { applyAll } from '../../src/core/episode.ts';
import type { FactSheet } from '../../src/core/facts.ts';
import { episodeOf, saveEpisode } from '../../src/store/episodes.ts';
import { factFileOf, factFiles, latestFacts, saveFacts } from '../../src/store/facts.ts';
import type { Store } from '../../src/store/store.ts';
import { instant } from '../core/episodes.ts';
import { addReferral, engines, onFresh } from './engines.ts';

function sheet(minutes: number, sources: readonly string[], patient = 'Patient/p-1'): FactSheet {
  const at = instant(minutes);
  return {
    hospital: 'general',
    patient,
    readings: [
      {
        type: 'Condition',
        askedAt: at,
        asOf: at,
        gaps: [],
        onFile: sources.map((source) => ({ what: { text: source }, notes: [], source })),
        notUnderstood: [],
        offTopic: 0,
        leftOut: {},
      },
    ],
  };
}

const keep = (store: Store, minutes: number, sources: readonly string[], patient?: string) =>
  store.transaction((tx) => saveFacts(tx, sheet(minutes, sources, patient), instant(minutes)));

async function accept(store: Store, id: string, minutes: number): Promise<void> {
  const episode = await episodeOf(store.read, id);
  const event = { type: 'accepted', at: instant(minutes), by: 'ana' } as const;
  await store.transaction((tx) => saveEpisode(tx, applyAll(episode, [event]), [event]));
}

for (const engine of engines)
  describe(`facts (${engine.name})`, () => {
    it('come back as they were, the latest of each patient', () =>
      onFresh(engine, async (store) => {
        expect(await keep(store, 0, ['Condition/1'])).to.equal(true);
        expect(await keep(store, 9, ['Condition/2'])).to.equal(true);
        await keep(store, 5, ['Condition/3'], 'Patient/p-2');
        const found = await latestFacts(store.read, 'general', [
          'Patient/p-1',
          'Patient/p-2',
          'Patient/p-3',
        ]);
        expect(Object.fromEntries(found)).to.deep.equal({
          'Patient/p-1': sheet(9, ['Condition/2']),
          'Patient/p-2': sheet(5, ['Condition/3'], 'Patient/p-2'),
        });
        expect((await latestFacts(store.read, 'elsewhere', ['Patient/p-1'])).size).to.equal(0);
      }));

    it('that say the same take no new row, but are as of later', () =>
      onFresh(engine, async (store) => {
        await keep(store, 0, ['Condition/1']);
        expect(await keep(store, 60, ['Condition/1'])).to.equal(false);
        const rows = await store.read.selectFrom('fact_sheet').selectAll().execute();
        expect(rows.map(({ since, asked_at }) => [since, asked_at])).to.deep.equal([
          [instant(0), instant(60)],
        ]);
      }));

    it('are put beside what stood there when the referral was accepted', () =>
      onFresh(engine, async (store) => {
        const { referral } = await addReferral(store, 'r');
        await keep(store, 0, ['Condition/1']);
        expect(await factFileOf(store.read, referral)).to.deep.equal({
          sheet: sheet(0, ['Condition/1']),
        });
        await accept(store, 'r', 10);
        await keep(store, 20, ['Condition/1', 'Condition/2']);
        const { seen, sheet: now } = await factFileOf(store.read, referral);
        expect(seen).to.deep.equal({ at: instant(10), sheet: sheet(0, ['Condition/1']) });
        expect(now).to.deep.equal(sheet(20, ['Condition/1', 'Condition/2']));
      }));

    it('say when nothing had been read by then', () =>
      onFresh(engine, async (store) => {
        const { referral } = await addReferral(store, 'r');
        await accept(store, 'r', 10);
        expect((await factFileOf(store.read, referral)).seen).to.deep.equal({
          at: instant(10),
          sheet: undefined,
        });
        await keep(store, 20, ['Condition/1']);
        expect((await factFileOf(store.read, referral)).seen).to.deep.equal({
          at: instant(10),
          sheet: undefined,
        });
      }));

    it('belong to the patient: every referral of theirs shows them', () =>
      onFresh(engine, async (store) => {
        const one = await addReferral(store, 'r');
        const two = await addReferral(store, 's');
        await keep(store, 0, ['Condition/1']);
        const files = await factFiles(store.read, [one.referral, two.referral]);
        expect([...files.values()]).to.deep.equal([
          { sheet: sheet(0, ['Condition/1']) },
          { sheet: sheet(0, ['Condition/1']) },
        ]);
      }));
  });
