/** Facts beside each other: what has changed, how old they are, and when they are read again. */
import { expect } from 'chai';
import fc from 'fast-check';
import { applyAll, type Episode } from '../../src/core/episode.ts';
import type { EpisodeEvent } from '../../src/core/events.ts';
import { factChanges } from '../../src/core/fact-changes.ts';
import { whyDue } from '../../src/core/fact-due.ts';
import { factLines, factsInShort } from '../../src/core/fact-lines.ts';
import {
  type FactReading,
  type FactSheet,
  type FactSource,
  type FiledFact,
  factSources,
  readAgain,
} from '../../src/core/facts.ts';
import { instant, requested } from './episodes.ts';

const loinc = 'http://loinc.org';
const platelets = { coding: [{ system: loinc, code: '777-3' }] };

function reading(type: FactSource, more: Partial<FactReading> = {}): FactReading {
  const at = instant(0);
  const empty = { gaps: [], onFile: [], notUnderstood: [], offTopic: 0, leftOut: {} };
  return { type, askedAt: at, asOf: at, ...empty, ...more };
}

function sheet(...readings: readonly FactReading[]): FactSheet {
  return {
    hospital: 'general',
    patient: 'Patient/p-1',
    readings: factSources.map((type) => readings.find((one) => one.type === type) ?? reading(type)),
  };
}

const refused = { code: 'not-allowed', says: 'the hospital does not allow it (403)' } as const;
const fact = (more: Partial<FiledFact> = {}): FiledFact => ({
  topic: 'clots-and-bleeding',
  what: { text: 'Deep venous thrombosis' },
  notes: [],
  source: 'Condition/1',
  ...more,
});

describe('facts: lines', () => {
  const anyReading = (type: FactSource) =>
    fc
      .record({
        facts: fc.nat(3),
        strange: fc.nat(3),
        unread: fc.boolean(),
        ever: fc.boolean(),
        gaps: fc.nat(2),
      })
      .map(({ facts, strange, unread, ever, gaps }) =>
        reading(type, {
          asOf: ever || !unread ? instant(0) : undefined,
          notReadable: unread ? { ...refused, passing: false } : undefined,
          onFile: Array.from({ length: ever ? facts : 0 }, (_, n) =>
            fact({ source: `${type}/${n}` }),
          ),
          notUnderstood: Array.from({ length: ever ? strange : 0 }, (_, n) => ({
            ...fact({ topic: undefined, source: `${type}/s${n}` }),
            count: n + 1,
            sources: [`${type}/s${n}`],
          })),
          gaps: Array.from({ length: gaps }, (_, n) => `gap ${n}`),
        }),
      );

  it('pass over no type in silence, and lose no fact', () => {
    fc.assert(
      fc.property(fc.tuple(...factSources.map(anyReading)), (readings) => {
        const lines = factLines(sheet(...readings));
        for (const { type, onFile, notUnderstood } of readings) {
          const own = lines.filter(
            ({ source }) => source.startsWith(`${type}/`) || source.startsWith(`${type}?`),
          );
          expect(own, type).to.have.length.of.at.least(1);
          const present = own.filter(({ kind }) => kind === 'on-file' || kind === 'not-understood');
          expect(present).to.have.length(onFile.length + notUnderstood.length);
        }
      }),
    );
  });

  it('never say that something is safe', () => {
    const all = [
      undefined,
      sheet(),
      sheet(reading('Flag', { asOf: undefined, notReadable: { ...refused, passing: false } })),
    ];
    for (const one of all) {
      expect(JSON.stringify(factLines(one))).not.to.match(/\bsafe\b/i);
      expect(factsInShort(one)).not.to.match(/\bsafe\b|\bno (facts|risk|precaution)/i);
    }
    expect(factsInShort(undefined)).to.contain('does not mean that there is nothing');
  });

  it('say in short which answers are not whole', () => {
    const says = factsInShort(sheet(reading('Observation', { gaps: ['the first 500 were read'] })));
    expect(says).to.contain('not whole: Observation');
  });

  it('tell what stands behind an empty answer', () => {
    const lines = factLines(sheet(reading('Condition', { offTopic: 2, leftOut: { resolved: 3 } })));
    expect(lines[0]?.what.text).to.equal(
      'Condition: none on file of these topics (2 of no topic here, 3 left out: resolved)',
    );
  });
});

describe('facts: changes', () => {
  it('are none against itself, however often it was asked', () => {
    const old = sheet(reading('Condition', { onFile: [fact()] }));
    const now = {
      ...old,
      readings: old.readings.map((one) => ({ ...one, askedAt: instant(60), asOf: instant(60) })),
    };
    expect(factChanges(old, now)).to.deep.equal([]);
  });

  it('are what is new, gone, or has another value', () => {
    const measured = (source: string, value: string) =>
      reading('Observation', { onFile: [fact({ what: platelets, source, value, date: value })] });
    const before = sheet(
      reading('Condition', { onFile: [fact()] }),
      measured('Observation/1', '200'),
    );
    const now = sheet(
      reading('Condition', { onFile: [fact({ source: 'Condition/2' })] }),
      measured('Observation/2', '20'),
    );
    const changes = factChanges(before, now);
    expect(changes.map(({ change, fact: { source } }) => [change, source])).to.have.deep.members([
      ['new', 'Condition/2'],
      ['gone', 'Condition/1'],
      ['changed', 'Observation/2'],
    ]);
    const changed = changes.find(({ change }) => change === 'changed');
    expect([changed?.before?.value, changed?.fact.value]).to.deep.equal(['200', '20']);
  });

  it('include a type that cannot be read any more', () => {
    const gone = reading('Flag', { notReadable: { ...refused, passing: false } });
    const [change, ...others] = factChanges(sheet(), sheet(gone));
    expect(others).to.deep.equal([]);
    expect(change).to.deep.include({ change: 'new' });
    expect(change?.fact.kind).to.equal('not-readable');
  });
});

describe('facts: an answer that did not come', () => {
  const now = reading('Condition', {
    askedAt: instant(60),
    asOf: undefined,
    notReadable: { ...refused, passing: true },
  });

  it('leaves what was known, as of then', () => {
    const before = reading('Condition', { onFile: [fact()] });
    const kept = readAgain(now, before);
    expect(kept).to.deep.include({ onFile: [fact()], asOf: instant(0), askedAt: instant(60) });
    expect(kept.notReadable).to.deep.equal(now.notReadable);
  });

  it('leaves nothing where nothing was known', () => {
    expect(readAgain(now, undefined)).to.deep.equal(now);
    expect(readAgain(now, { ...now, askedAt: instant(0) })).to.deep.equal(now);
  });
});

describe('facts: when they are due', () => {
  const times = { everyMs: 6 * 3_600_000, aheadMs: 24 * 3_600_000, beforeMs: 3_600_000 };
  const read = (minutes: number, passing = false) =>
    sheet(
      ...factSources.map((type) =>
        reading(type, {
          askedAt: instant(minutes),
          notReadable: passing ? { ...refused, passing } : undefined,
        }),
      ),
    );
  const having = (...events: readonly EpisodeEvent[]): Episode => applyAll(requested(), events);
  const stamp = { at: instant(1), by: 'ana' };
  const accepted = { type: 'accepted', ...stamp } as const;
  const planned = (start: number) =>
    ({
      type: 'planned',
      session: 's',
      start: instant(start),
      end: instant(start + 30),
      bookedBy: 'service',
      ...stamp,
    }) as const;

  it('at once for a new referral, and never for one that has ended', () => {
    expect(whyDue(requested(), undefined, times, instant(0))).to.equal('new');
    const declined = having({ type: 'declined', reason: 'no', ...stamp });
    expect(whyDue(declined, undefined, times, instant(0))).to.equal(undefined);
  });

  it('after the interval while nobody has answered', () => {
    expect(whyDue(requested(), read(0), times, instant(359))).to.equal(undefined);
    expect(whyDue(requested(), read(0), times, instant(360))).to.equal('unanswered');
  });

  it('not for one that is accepted and has no visit ahead', () => {
    expect(whyDue(having(accepted), read(0), times, instant(5_000))).to.equal(undefined);
  });

  it('on the day before a visit, and once more just before it', () => {
    const episode = having(accepted, planned(3_000));
    expect(whyDue(episode, read(0), times, instant(3_000 - 1_441))).to.equal(undefined);
    expect(whyDue(episode, read(0), times, instant(3_000 - 1_440))).to.equal('visit');
    expect(whyDue(episode, read(2_935), times, instant(2_940))).to.equal('visit');
    expect(whyDue(episode, read(2_940), times, instant(2_950))).to.equal(undefined);
  });

  it('not for a visit that was long ago', () => {
    expect(whyDue(having(accepted, planned(10)), read(20), times, instant(9_000))).to.equal(
      undefined,
    );
  });

  it('sooner where the hospital failed in passing, but not with each look', () => {
    expect(whyDue(requested(), read(0, true), times, instant(14))).to.equal(undefined);
    expect(whyDue(requested(), read(0, true), times, instant(15))).to.equal('unanswered');
  });

  it('within the last hour before a visit, as long as somebody looks once an hour', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_500, max: 6_000 }),
        fc.integer({ min: 1, max: 60 }),
        (start, step) => {
          const episode = having(accepted, planned(start));
          let last = 0;
          for (let now = 0; now < start; now += step)
            if (whyDue(episode, read(last), times, instant(now)) !== undefined) last = now;
          expect(start - last).to.be.at.most(60);
        },
      ),
    );
  });
});
