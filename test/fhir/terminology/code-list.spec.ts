/** The lists that value sets are put together from: what holds for every one of them. */
import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Codes,
  codeList,
  enumerated,
  intersection,
  type Membership,
  nothing,
  open,
  union,
  unionOrIntersection,
  unknownList,
  without,
} from '../../../src/fhir/terminology/code-list.ts';

const systems = ['urn:a', 'urn:b'];
const letters = ['x', 'X', 'y', 'z'];
const system = fc.constantFrom(...systems, 'urn:other');
const code = fc.constantFrom(...letters, 'w');
const someCodes = fc.uniqueArray(fc.constantFrom(...letters)).map((codes) => new Set(codes));

const { list } = fc.letrec<{ list: Codes; leaf: Codes }>((tie) => ({
  leaf: fc.oneof(
    fc.constant(nothing),
    fc.constant(unknownList('it is not here')),
    fc
      .tuple(
        fc.constantFrom(...systems),
        someCodes,
        fc.constantFrom('sensitive', 'insensitive', 'unknown'),
      )
      .map((given) => enumerated(...given)),
    fc
      .tuple(fc.constantFrom(...systems), someCodes)
      .map(([url, codes]) =>
        open(url, `${url} is not here`, (one) => (one === 'w' ? 'out' : 'unknown'), codes),
      ),
  ),
  list: fc.oneof(
    { maxDepth: 3 },
    tie('leaf'),
    fc.array(tie('list'), { maxLength: 3 }).map(union),
    fc.array(tie('list'), { minLength: 1, maxLength: 3 }).map(intersection),
    fc.tuple(tie('list'), tie('list')).map(([base, excluded]) => without(base, excluded)),
    fc
      .array(tie('list'), { minLength: 2, maxLength: 3 })
      .map((parts) => unionOrIntersection(parts, 'it is not settled')),
  ),
}));

function holdsFor(...given: Parameters<typeof fc.property<[Codes, string, string]>>): void {
  fc.assert(fc.property(...given), { numRuns: 2000 });
}

describe('lists of codes', () => {
  it('never call a code out that they list', () => {
    holdsFor(list, system, code, (codes, _, one) => {
      const made = codeList('urn:list', undefined, codes);
      if (made.codes.has(one)) expect(made.has(undefined, one)).to.equal('in');
    });
  });

  it('say that a code is in without its system exactly where it is in with one', () => {
    holdsFor(list, system, code, (codes, _, one) => {
      const made = codeList('urn:list', undefined, codes);
      const answers = [...systems, 'urn:other'].map((url) => made.has(url, one));
      if (answers.includes('in')) expect(made.has(undefined, one)).to.equal('in');
      else if (answers.includes('unknown')) expect(made.has(undefined, one)).to.equal('unknown');
      else expect(made.has(undefined, one)).to.equal('out');
    });
  });

  it('name the systems that they can hold', () => {
    holdsFor(list, system, code, (codes, url, one) => {
      if (codes.systems && !codes.systems.has(url)) expect(codes.has(url, one)).to.equal('out');
    });
  });

  it('do not know everything where they have a gap, and say which', () => {
    holdsFor(list, system, code, (codes, url, one) => {
      const made = codeList('urn:list', undefined, codes);
      expect(made.complete).to.equal(made.gap === undefined);
      // Where it is complete, only the letters of a code can leave a doubt
      if (made.complete && made.has(url, one) === 'unknown') expect(['x', 'X']).to.include(one);
    });
  });

  it('agree with the tables of three-valued logic', () => {
    const of = (answer: Membership): Codes => ({
      systems: new Set(systems),
      gaps: [],
      listed: [],
      has: () => answer,
    });
    const answer = ({ has }: Codes): Membership => has('urn:a', 'x');
    const table: [Membership, Membership, or: Membership, and: Membership, not: Membership][] = [
      ['in', 'in', 'in', 'in', 'out'],
      ['in', 'out', 'in', 'out', 'in'],
      ['in', 'unknown', 'in', 'unknown', 'unknown'],
      ['out', 'in', 'in', 'out', 'out'],
      ['out', 'out', 'out', 'out', 'out'],
      ['out', 'unknown', 'unknown', 'out', 'out'],
      ['unknown', 'in', 'in', 'unknown', 'out'],
      ['unknown', 'out', 'unknown', 'out', 'unknown'],
      ['unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
    ];
    for (const [one, other, or, and, not] of table) {
      const parts = [of(one), of(other)];
      expect(answer(union(parts)), `${one} or ${other}`).to.equal(or);
      expect(answer(intersection(parts)), `${one} and ${other}`).to.equal(and);
      expect(answer(without(of(one), of(other))), `${one} and not ${other}`).to.equal(not);
      expect(answer(unionOrIntersection(parts, '')), `${one} with ${other}`).to.equal(
        or === and ? or : 'unknown',
      );
    }
  });

  it('have nothing without a code', () => {
    expect(codeList('urn:list', undefined, unknownList('')).has('urn:a', undefined)).to.equal(
      'out',
    );
    expect(codeList('urn:list', undefined, unknownList('')).has(undefined, undefined)).to.equal(
      'out',
    );
  });

  it('follow the letters of the system', () => {
    const has = (rule: Parameters<typeof enumerated>[2]) =>
      enumerated('urn:a', new Set(['Ab']), rule).has('urn:a', 'aB');
    expect(has('sensitive')).to.equal('out');
    expect(has('insensitive')).to.equal('in');
    expect(has('unknown')).to.equal('unknown');
  });
});
