/** ConceptMap/$translate as R4 says it: equivalence, unmapped rules, reverse, and when `result` is true. */
import { expect } from 'chai';
import fc from 'fast-check';
import { holds, translate } from '../../src/fhir/translate.ts';

type Target = fhir4.ConceptMapGroupElementTarget;
type Unmapped = NonNullable<fhir4.ConceptMapGroup['unmapped']>;

const url = 'https://example.org/ConceptMap/one';

function mapOf(
  elements: Readonly<Record<string, readonly Target[]>>,
  unmapped?: Unmapped,
  more: Partial<fhir4.ConceptMap> = {},
): fhir4.ConceptMap {
  return {
    resourceType: 'ConceptMap',
    url,
    status: 'active',
    group: [
      {
        source: 'urn:from',
        target: 'urn:to',
        element: Object.entries(elements).map(([code, target]) => ({ code, target: [...target] })),
        ...(unmapped && { unmapped }),
      },
    ],
    ...more,
  };
}

const ask = (code: string, system = 'urn:from') => ({ codings: [{ system, code }] });

describe('translate', () => {
  it('gives each target with its equivalence and the map that says so', () => {
    const map = mapOf({
      a: [
        { code: 'x', display: 'Ex', equivalence: 'equivalent' },
        { code: 'y', equivalence: 'wider' },
      ],
    });
    expect(translate(map, ask('a'))).to.deep.equal({
      result: true,
      match: [
        {
          equivalence: 'equivalent',
          concept: { system: 'urn:to', code: 'x', display: 'Ex' },
          source: url,
        },
        { equivalence: 'wider', concept: { system: 'urn:to', code: 'y' }, source: url },
      ],
    });
  });

  for (const equivalence of ['unmatched', 'disjoint'] as const) {
    it(`is no result when all that was found is ${equivalence}`, () => {
      const map = mapOf({ a: [{ code: 'x', equivalence }] }, { mode: 'fixed', code: 'other' });
      const { result, match, message } = translate(map, ask('a'));
      expect(result).to.equal(false);
      expect(match.map((one) => one.equivalence)).to.deep.equal([equivalence]);
      expect(match.some(holds)).to.equal(false);
      expect(message).to.equal('No translation was found.');
    });
  }

  it('says that there is no match without a code for it', () => {
    const { match } = translate(mapOf({ a: [{ equivalence: 'unmatched' }] }), ask('a'));
    expect(match).to.deep.equal([{ equivalence: 'unmatched', source: url }]);
  });

  it('finds nothing for another system, however its codes are called', () => {
    const map = mapOf({ a: [{ code: 'x', equivalence: 'equal' }] }, { mode: 'fixed', code: 'o' });
    expect(translate(map, ask('a', 'urn:elsewhere')).match).to.deep.equal([]);
  });

  it('does not translate a code without a system', () => {
    const { result, message } = translate(mapOf({ a: [] }), { codings: [{ code: 'a' }] });
    expect(result).to.equal(false);
    expect(message).to.contain('without its system');
  });

  describe('what is not mapped', () => {
    const listed = { a: [{ code: 'x', equivalence: 'equal' as const }] };
    it('is nothing without a rule', () => {
      expect(translate(mapOf(listed), ask('b'))).to.include({ result: false });
    });
    it('is the code itself by `provided`', () => {
      const { result, match } = translate(mapOf(listed, { mode: 'provided' }), ask('b'));
      expect(result).to.equal(true);
      expect(match[0]?.concept).to.deep.equal({ system: 'urn:from', code: 'b' });
      const elsewhere = { ...ask('b'), targetSystem: 'urn:to' };
      expect(translate(mapOf(listed, { mode: 'provided' }), elsewhere).match).to.deep.equal([]);
    });
    it('is one code for all by `fixed`', () => {
      const rule = { mode: 'fixed', code: 'other', display: 'Other' } as const;
      const { match } = translate(mapOf(listed, rule), ask('b'));
      expect(match[0]).to.deep.include({
        equivalence: 'relatedto',
        concept: { system: 'urn:to', code: 'other', display: 'Other' },
      });
    });
    it('is looked up in the other map by `other-map`', () => {
      const second = mapOf(
        { b: [{ code: 'z', equivalence: 'narrower' }] },
        { mode: 'other-map', url },
        { url: 'urn:second' },
      );
      const first = mapOf(listed, { mode: 'other-map', url: 'urn:second' });
      const find = (wanted: string) => [first, second].find((map) => map.url === wanted);
      expect(translate(first, ask('b'), find).match).to.deep.equal([
        {
          equivalence: 'narrower',
          concept: { system: 'urn:to', code: 'z' },
          source: 'urn:second',
        },
      ]);
      // neither of the two knows c, and each sends to the other
      expect(translate(first, ask('c'), find).message).to.contain(`${url} is not available`);
      expect(translate(first, ask('b')).message).to.contain('urn:second is not available');
    });
    it('is asked only for codes that are not listed', () => {
      const map = mapOf(listed, { mode: 'fixed', code: 'other' });
      expect(translate(map, { ...ask('a'), targetSystem: 'urn:third' }).match).to.deep.equal([]);
    });
  });

  it('notes a dependency instead of guessing it, and hands products on', () => {
    const map = mapOf({
      a: [
        {
          code: 'x',
          equivalence: 'equal',
          dependsOn: [{ property: 'urn:side', value: 'left' }],
          product: [{ property: 'urn:site', system: 'urn:sites', value: 'arm' }],
        },
      ],
    });
    const { match, message } = translate(map, ask('a'));
    expect(message).to.contain('depends on urn:side');
    expect(match[0]?.product).to.deep.equal([
      { element: 'urn:site', concept: { system: 'urn:sites', code: 'arm' } },
    ]);
  });

  it('translates every coding of a concept', () => {
    const map = mapOf({ a: [{ code: 'x', equivalence: 'equal' }], b: [] });
    const codings = ['b', 'a'].map((code) => ({ system: 'urn:from', code }));
    expect(translate(map, { codings }).match.map(({ concept }) => concept?.code)).to.deep.equal([
      'x',
    ]);
  });

  describe('laws', () => {
    const code = fc.constantFrom('a', 'b', 'c', 'd');
    const equivalence = fc.constantFrom<Target['equivalence']>(
      ...(['relatedto', 'equivalent', 'equal', 'wider', 'subsumes'] as const),
      ...(['narrower', 'specializes', 'inexact', 'unmatched', 'disjoint'] as const),
    );
    const maps = fc
      .dictionary(code, fc.array(fc.record({ code, equivalence }), { maxLength: 3 }))
      .map((elements) => mapOf(elements));
    const turned: Record<string, string> = {
      wider: 'narrower',
      narrower: 'wider',
      subsumes: 'specializes',
      specializes: 'subsumes',
    };

    it('result is true exactly when a match is neither unmatched nor disjoint', () => {
      fc.assert(
        fc.property(maps, code, (map, asked) => {
          const { result, match } = translate(map, ask(asked));
          expect(result).to.equal(match.some(holds));
        }),
      );
    });

    it('what goes there comes back, with the equivalence turned round', () => {
      fc.assert(
        fc.property(maps, code, (map, asked) => {
          for (const { equivalence: way, concept } of translate(map, ask(asked)).match) {
            const back = translate(map, { codings: [concept ?? {}], reverse: true }).match;
            expect(
              back.map((one) => [one.concept?.system, one.concept?.code, one.equivalence]),
            ).to.deep.include(['urn:from', asked, turned[way] ?? way]);
          }
        }),
      );
    });
  });
});
