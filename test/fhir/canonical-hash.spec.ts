/** The hash decides whether a hospital's version is news: it must see every change of content and nothing else. */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalHash, canonicalJson } from '../../src/fhir/canonical-hash.ts';

const json = fc.dictionary(fc.string(), fc.jsonValue());

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, shuffled(inner)]),
  );
}

describe('canonical hash', () => {
  it('is SHA-256 in hex over JSON with sorted keys', () => {
    const hash = createHash('sha256').update('{"a":[2,{"b":"é","c":null}],"z":1.5}').digest('hex');
    expect(canonicalHash({ z: 1.5, a: [2, { c: null, b: 'é' }] })).to.equal(hash);
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalHash(shuffled(value) as object)).to.equal(canonicalHash(value));
      }),
    );
  });

  it('differs for different content and writes what JSON.parse reads back', () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        const same = JSON.stringify(shuffled(one)) === JSON.stringify(shuffled(other));
        if (!same && canonicalJson(one) === canonicalJson(other))
          expect(JSON.parse(JSON.stringify(one))).to.deep.equal(JSON.parse(JSON.stringify(other)));
        expect(JSON.parse(canonicalJson(one))).to.deep.equal(JSON.parse(JSON.stringify(one)));
      }),
    );
  });

  it('writes what is nested as what is flat, whatever the keys: two ways to write are one text', () => {
    const key = fc.oneof(
      fc.string(),
      fc.constantFrom('10', '9', '007', '__proto__', 'toJSON', 'é', 'a'),
    );
    const anything = fc.anything({
      key,
      withNullPrototype: false,
      values: [fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined)],
    });
    const levels = 120;
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(key, anything), anything), (value) => {
        let deep: unknown = value;
        for (let level = 0; level < levels; level += 1) deep = [deep];
        const json = canonicalJson(deep);
        expect(json.slice(levels, json.length - levels)).to.equal(canonicalJson(value));
      }),
      { numRuns: 500 },
    );
  });

  it('leaves out meta and text of the resource, but not of what it contains', () => {
    const base = { resourceType: 'Task', status: 'requested' };
    const shown = { ...base, meta: { versionId: '7' }, text: { status: 'generated' } };
    expect(canonicalHash(shown)).to.equal(canonicalHash(base));
    const inner = (text: string) => ({ ...base, code: { text } });
    expect(canonicalHash(inner('one'))).not.to.equal(canonicalHash(inner('other')));
  });

  it('sees the order of a list', () => {
    expect(canonicalHash({ a: [1, 2] })).not.to.equal(canonicalHash({ a: [2, 1] }));
  });

  it('takes a property that is undefined for one that is absent', () => {
    expect(canonicalHash({ a: 1, b: undefined })).to.equal(canonicalHash({ a: 1 }));
  });

  it('survives a body that is nested deeper than the stack', () => {
    let deep: unknown = 0;
    for (let level = 0; level < 200_000; level++) deep = level % 2 ? [deep] : { a: deep };
    expect(canonicalHash({ deep })).to.have.length(64);
  });
});
