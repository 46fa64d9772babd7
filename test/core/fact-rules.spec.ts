/** Advisories: they fire, they do not, or they say that it is unknown; there is no fourth way. */
import { expect } from 'chai';
import fc from 'fast-check';
import { advisories, type FactRule, type Threshold } from '../../src/core/fact-rules.ts';
import { knownUnits, valueIn } from '../../src/core/fact-units.ts';
import {
  type FactReading,
  type FactSheet,
  type FiledFact,
  factSources,
  type Measured,
} from '../../src/core/facts.ts';
import { instant } from './episodes.ts';

const loinc = 'http://loinc.org';
const ucum = 'http://unitsofmeasure.org';
const what = { coding: [{ system: loinc, code: '777-3' }] };
const low: Threshold = { below: 50, unit: '10*9/L', withinMs: 72 * 3_600_000 };

function sheetWith(facts: readonly FiledFact[], more: Partial<FactReading> = {}): FactSheet {
  return {
    hospital: 'general',
    patient: 'Patient/1',
    readings: factSources.map((type) => ({
      type,
      askedAt: instant(0),
      asOf: instant(0),
      gaps: [],
      onFile: type === 'Observation' ? facts : [],
      notUnderstood: [],
      offTopic: 0,
      leftOut: {},
      ...(type === 'Observation' ? more : {}),
    })),
  };
}

const platelets = (measured: Measured | undefined, date: string | undefined = instant(0)) =>
  sheetWith([
    { topic: 'clots-and-bleeding', what, measured, notes: [], date, source: 'Observation/1' },
  ]);

const rule = (value: Threshold | undefined, more: Partial<FactRule> = {}): FactRule => ({
  name: 'low-platelets',
  advises: 'Light pressure only.',
  on: { codes: [`${loinc}|777-3`] },
  value,
  ...more,
});

function verdict(sheet: FactSheet | undefined, wanted: FactRule = rule(low), minutes = 60): string {
  const signed = { signedBy: 'Dr. Example', date: '2026-03-01', rules: [wanted] };
  return advisories(signed, sheet, instant(minutes))
    .map((one) => (one.verdict === 'applies' ? 'applies' : one.says))
    .join(' | ');
}

const quantity = (value: number, code?: string, comparator?: string): Measured => ({
  value,
  ...(code === undefined ? {} : { system: ucum, code }),
  ...(comparator === undefined ? {} : { comparator }),
});

describe('advisories', () => {
  it('are none without a signed file', () => {
    expect(advisories(undefined, platelets(quantity(1, '10*9/L')), instant(0))).to.deep.equal([]);
  });

  it('name the rule, who signed it and when, and what they stand on', () => {
    const signed = { signedBy: 'Dr. Example', date: '2026-03-01', rules: [rule(low)] };
    expect(advisories(signed, platelets(quantity(30, '10*3/uL')), instant(0))).to.deep.equal([
      {
        rule: 'low-platelets',
        verdict: 'applies',
        says: 'Light pressure only.',
        because: { what, date: instant(0), source: 'Observation/1' },
        signedBy: 'Dr. Example',
        signedOn: '2026-03-01',
      },
    ]);
  });

  for (const [unit, value] of [
    ['10*3/uL', 30],
    ['10*9/L', 30],
    ['/uL', 30_000],
    ['10*3/mm3', 30],
    ['/mm3', 30_000],
    ['{platelets}/uL', 30_000],
  ] as const)
    it(`compare platelets in ${unit}`, () => {
      expect(verdict(platelets(quantity(value, unit)))).to.equal('applies');
      expect(verdict(platelets(quantity(value * 10, unit)))).to.equal('');
    });

  it('have the bound on the side that they say', () => {
    expect(verdict(platelets(quantity(50, '10*9/L')))).to.equal('');
    expect(verdict(platelets(quantity(49.9, '10*9/L')))).to.equal('applies');
    const high = rule({ atLeast: 50, unit: '10*9/L', withinMs: low.withinMs });
    expect(verdict(platelets(quantity(50, '10*9/L')), high)).to.equal('applies');
    expect(verdict(platelets(quantity(49.9, '10*9/L')), high)).to.equal('');
    // 20000 /uL are 20 and not a little less
    const band = rule({ atLeast: 20, below: 50, unit: '10*9/L', withinMs: low.withinMs });
    expect(verdict(platelets(quantity(20_000, '/uL')), band)).to.equal('applies');
  });

  const unknown: readonly (readonly [string, FactSheet | undefined, RegExp])[] = [
    ['an unknown unit', platelets(quantity(245, 'mil/mm³')), /unit that is not known here/],
    ['no unit', platelets(quantity(245)), /unit that is not known here/],
    ['a unit of another kind', platelets(quantity(245, 'g/dL')), /unit that is not known here/],
    [
      'a unit of another system',
      platelets({ value: 3, system: 'urn:local', code: '10*9/L' }),
      /unit/,
    ],
    ['no number', platelets(undefined), /no number/],
    ['no date', platelets(quantity(30, '10*9/L'), ''), /no date/],
    ['a partial date', platelets(quantity(30, '10*9/L'), '2026'), /no date/],
    ['an old value', platelets(quantity(30, '10*9/L'), '2026-02-20'), /is of 2026-02-20/],
    ['no value', sheetWith([]), /no value is on file/],
    ['no value in a part', sheetWith([], { gaps: ['the first 500'] }), /read, which is not all/],
    ['nothing read', undefined, /nothing was read/],
    [
      'a date that has not come yet',
      platelets(quantity(200, '10*9/L'), '2062-03-02'),
      /2062-03-02, which has not come yet/,
    ],
    ['a bound that does not tell', platelets(quantity(80, '10*9/L', '<')), /does not tell/],
    [
      'a refusal',
      sheetWith([], {
        notReadable: { code: 'not-allowed', says: 'not allowed (403)', passing: false },
      }),
      /not allowed \(403\)/,
    ],
  ];
  for (const [name, sheet, says] of unknown)
    it(`say that it is unknown for ${name}`, () => {
      expect(verdict(sheet)).to.match(says);
      expect(verdict(sheet)).to.match(/^Unknown .*: confirm with RN\.$/);
    });

  it('say that it is unknown where a newer value may be on file that cannot be read any more', () => {
    const notReadable = { code: 'not-allowed', says: 'not allowed (403)', passing: false } as const;
    const value = (number: number) =>
      sheetWith(platelets(quantity(number, '10*9/L')).readings[3]?.onFile ?? [], { notReadable });
    expect(verdict(value(200))).to.match(/^Unknown \(not allowed \(403\)/);
    expect(verdict(value(30))).to.equal('applies');
  });

  it('say that it is unknown where the values read need not be the newest', () => {
    const shown = platelets(quantity(200, '10*9/L')).readings[3]?.onFile ?? [];
    expect(verdict(sheetWith(shown, { isUnsorted: true }))).to.match(/need not be the newest/);
  });

  it('judge a value that is only a bound where it can be judged', () => {
    expect(verdict(platelets(quantity(20, '10*9/L', '<')))).to.equal('applies');
    expect(verdict(platelets(quantity(50, '10*9/L', '>=')))).to.equal('');
  });

  it('take the newest value', () => {
    const fact = (value: number, date: string): FiledFact => ({
      what,
      measured: quantity(value, '10*9/L'),
      notes: [],
      date,
      source: `Observation/${value}`,
    });
    const sheet = sheetWith([fact(30, instant(0)), fact(90, instant(30))]);
    expect(verdict(sheet)).to.equal('');
  });

  it('say that what they stand on is of the past', () => {
    const past = {
      topic: 'clots-and-bleeding',
      what,
      notes: ['history of'],
      source: 'Condition/1',
    } as const;
    const signed = {
      signedBy: 'Dr. Example',
      date: '2026-03-01',
      rules: [rule(undefined, { on: { topic: 'clots-and-bleeding' } })],
    };
    const [advisory] = advisories(signed, sheetWith([past]), instant(0));
    expect(advisory?.because?.notes).to.deep.equal(['history of']);
  });

  it('over a topic fire for each fact, and not for another topic', () => {
    const bleeding = rule(undefined, { on: { topic: 'clots-and-bleeding' } });
    expect(verdict(platelets(undefined), bleeding)).to.equal('applies');
    expect(verdict(platelets(undefined), rule(undefined, { on: { topic: 'bone' } }))).to.equal('');
  });

  it('over a code see what nobody here understands', () => {
    const heparin = { coding: [{ system: 'urn:rx', code: '1' }] };
    const strange = {
      what: heparin,
      notes: [],
      source: 'MedicationRequest/1',
      count: 1,
      sources: [],
    };
    const sheet = sheetWith([], { notUnderstood: [strange] });
    expect(verdict(sheet, rule(undefined, { on: { codes: ['urn:rx|1'] } }))).to.equal('applies');
  });

  const icd = 'http://hl7.org/fhir/sid/icd-10-cm';
  for (const [written, code] of [
    ['I82.4*', 'I82.401'],
    ['I82.4*', 'I82401'],
    ['D69.6', 'D696'],
    ['d696', 'D69.6'],
  ] as const)
    it(`over ${written} of ICD-10-CM see ${code}`, () => {
      const thrombosis = {
        what: { coding: [{ system: icd, code }] },
        notes: [],
        source: 'Condition/1',
      };
      const of = (one: string) => rule(undefined, { on: { codes: [`${icd}|${one}`] } });
      expect(verdict(sheetWith([thrombosis]), of(written))).to.equal('applies');
      expect(verdict(sheetWith([thrombosis]), of('I82.5*'))).to.equal('');
    });

  it('over a code see the value of an Observation and what a drug is made of', () => {
    const pregnant = { system: 'http://snomed.info/sct', code: '77386006' };
    const fact = { what, also: [pregnant], notes: [], source: 'Observation/1' };
    const wanted = rule(undefined, { on: { codes: ['http://snomed.info/sct|77386006'] } });
    expect(verdict(sheetWith([fact]), wanted)).to.equal('applies');
  });

  it('over a code see what is of no topic here', () => {
    const pulse = { system: loinc, code: '8867-4' };
    const fact = {
      what: { coding: [pulse] },
      measured: quantity(130, '/min'),
      notes: [],
      date: instant(0),
      source: 'Observation/1',
    };
    const sheet = sheetWith([], { offTopic: 1, ofNoTopic: [fact] });
    const on = { codes: [`${loinc}|8867-4`] };
    expect(verdict(sheet, rule(undefined, { on }))).to.equal('applies');
    const fast = { atLeast: 120, unit: '/min', withinMs: low.withinMs };
    expect(verdict(sheet, rule(fast, { on }))).to.equal('applies');
  });

  it('over a topic are unknown where something is present that nobody here understands', () => {
    const strange = { what: { text: 'heparin' }, notes: [], source: 'MedicationRequest/1' };
    const sheet = (topic?: 'allergy') =>
      sheetWith([], { notUnderstood: [{ ...strange, topic, count: 2, sources: [] }] });
    const blood = rule(undefined, { on: { topic: 'clots-and-bleeding' } });
    expect(verdict(sheet(), blood)).to.match(/^Unknown \(2 present, code not understood\)/);
    expect(verdict(sheet('allergy'), blood), 'which is of another topic').to.equal('');
  });

  it('are unknown where nothing was found and not everything could be read', () => {
    const cut = sheetWith([], { gaps: ['the first 500 were read; there are more'] });
    expect(verdict(cut, rule(undefined))).to.match(/not everything was readable: Observation/);
  });
});

describe('units of facts', () => {
  it('go round without loss between units of a kind', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...knownUnits),
        fc.constantFrom(...knownUnits),
        fc.double({ min: 0.001, max: 1e6, noNaN: true }),
        (from, to, value) => {
          const there = valueIn(quantity(value, from), to);
          if (there === undefined) return;
          const back = valueIn(quantity(there, to), from) ?? Number.NaN;
          expect(back).to.be.closeTo(value, 1e-6 * Math.max(1, Math.abs(value)));
        },
      ),
    );
  });

  for (const [value, from, to, expected] of [
    [100.4, '[degF]', 'Cel', 38],
    [311.15, 'K', 'Cel', 38],
    [8, 'g/dL', 'g/L', 80],
    [24, 'kPa', 'mm[Hg]', 180.014803848],
    [2.5, '{INR}', '1', 2.5],
  ] as const)
    it(`${value} ${from} is ${expected} ${to}`, () =>
      expect(valueIn(quantity(value, from), to)).to.equal(expected));

  it('a bare number counts only where a bare number is wanted', () => {
    expect(valueIn({ value: 3 }, '1')).to.equal(3);
    expect(valueIn({ value: 3 }, '10*9/L')).to.equal(undefined);
  });
});
