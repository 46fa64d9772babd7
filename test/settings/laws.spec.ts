/** What holds of any text and any environment: settings or problems, never a crash; and of time spans. */
import { expect } from 'chai';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { catalogue } from '../../src/settings/catalogue.ts';
import { type Duration, milliseconds } from '../../src/settings.ts';
import { hospital, load, mistakes } from './loading.ts';

/** Pieces that make YAML interesting. */
const piece = fc.oneof(
  fc.constantFrom(
    ...[
      'hospitals:',
      '  - id: a',
      '\n',
      '    ',
      '\t',
      '- ',
      ': ',
      '{',
      '}',
      '[',
      ']',
      '"',
      '*a',
      '&a ',
    ],
    ...[
      '!!binary x',
      '<<: ',
      '? ',
      '---\n',
      '...',
      '#',
      '|',
      '>',
      '__proto__: ',
      'signIn: ',
      'type: bearer',
    ],
  ),
  fc.string({ maxLength: 8 }),
);

describe('settings: laws', () => {
  it('any text gives settings or problems', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(mistakes(pieces.join(''))).to.be.an('array');
      }),
      { numRuns: 400 },
    );
  });

  it('any value in place of any setting gives settings or problems', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...catalogue), value, (entry, put) => {
        const keys = entry.keys.map((key) => (key === '[]' ? 0 : key));
        const root: Record<string, unknown> = { hospitals: [{ id: 'a' }] };
        const nested = keys.reduceRight<unknown>(
          (inner, key) => (key === 0 ? [inner] : { [key]: inner }),
          put,
        );
        expect(mistakes(stringify({ ...root, ...(nested as object) }))).to.be.an('array');
      }),
      { numRuns: 300 },
    );
  });

  it('any environment gives settings or problems', () => {
    const variable = fc
      .constantFrom(...catalogue)
      .map(({ variable }) => variable.replaceAll('<n>', '0'));
    fc.assert(
      fc.property(fc.dictionary(variable, fc.string({ maxLength: 20 }), { maxKeys: 5 }), (env) => {
        expect(mistakes(hospital(), env)).to.be.an('array');
      }),
      { numRuns: 200 },
    );
  });

  it('brackets without end are a problem', () => {
    expect(mistakes('['.repeat(5_000))).not.to.deep.equal([]);
  });

  it('a setting by variable is the same as in the file', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 5000 }), fc.constantFrom('s', 'm', 'h'), (n, unit) => {
        const span = `${n}${unit}`;
        const byFile = load(hospital(`poll: ${span}`)).settings;
        const byVariable = load(hospital(), { MASSAGE_FHIR_HOSPITALS_0_POLL: span }).settings;
        expect(byVariable).to.deep.equal(byFile);
      }),
      { numRuns: 30 },
    );
  });
});

describe('settings: time spans', () => {
  const rows: readonly (readonly [Duration, number])[] = [
    ['250ms', 250],
    ['30s', 30_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ];
  for (const [span, ms] of rows)
    it(`${span} is ${ms} ms`, () => {
      expect(milliseconds(span)).to.equal(ms);
    });
});
