/** NDJSON: lines out of chunks, wherever the chunks end, and what is NDJSON at all. */
import { expect } from 'chai';
import fc from 'fast-check';
import { KindOfText, LineSplitter } from '../../../src/fhir/json/ndjson.ts';

function linesOf(chunks: readonly string[], longest = 1000): (string | undefined)[] {
  const splitter = new LineSplitter(longest);
  const lines: (string | undefined)[] = [];
  for (const chunk of chunks) {
    const bytes = Buffer.from(chunk);
    for (const line of splitter.feed(bytes)) lines[line.number - 1] = line.bytes?.toString();
    // The next chunk is read into the same place
    bytes.fill('x');
  }
  for (const line of splitter.end()) lines[line.number - 1] = line.bytes?.toString();
  return lines;
}

function kindOf(chunks: readonly Buffer[]): string {
  const kind = new KindOfText();
  for (const chunk of chunks) {
    const known = kind.look(chunk);
    if (known !== undefined) return known;
  }
  return 'document';
}

/** A text and the places at which it is cut into chunks. */
const cut = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.array(fc.nat(60), { maxLength: 6 })).map(([whole, places]) => {
    const at = [0, ...places.map((place) => Math.min(place, whole.length)), whole.length].sort(
      (a, b) => a - b,
    );
    return { whole, chunks: at.slice(1).map((end, index) => whole.slice(at[index], end)) };
  });

describe('NDJSON: lines', () => {
  it('are the same wherever the chunks end', () => {
    const text = fc.array(fc.constantFrom('a', '{}', '\n', '\r\n', 'ü', ''), { maxLength: 20 });
    fc.assert(
      fc.property(cut(text.map((parts) => parts.join(''))), ({ whole, chunks }) => {
        const expected = whole.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(linesOf(chunks)).to.deep.equal(expected);
      }),
    );
  });

  it('beyond the limit are not kept, and those after them are', () => {
    expect(linesOf(['ab\nabc', 'def\ngh', '\n'], 4)).to.deep.equal(['ab', undefined, 'gh']);
    const splitter = new LineSplitter(4);
    for (const _line of splitter.feed(Buffer.from('a\nbcdef')))
      expect(splitter.isTooLong).to.equal(false);
    expect(splitter.isTooLong).to.equal(true);
  });
});

describe('NDJSON: what is', () => {
  const rows: readonly [kind: string, text: string][] = [
    ['lines', '{"a":1}\n{"a":2}\n'],
    ['lines', '\n {"a":1} \r\n\n{'],
    ['lines', '\ufeff{}\n{}'],
    ['document', '{"a":1}'],
    ['document', '{"a":1}\n \n'],
    ['document', '{\n"a":{}\n}'],
    ['document', '{"a":{}\n,"b":1}'],
    ['document', '[{}\n{}]'],
    ['document', ''],
    ['document', ' \n'],
    ['document', 'words\n{}'],
  ];
  for (const [kind, text] of rows)
    it(`${JSON.stringify(text)}: ${kind}`, () => {
      const bytes = Buffer.from(text);
      for (let at = 0; at <= bytes.length; at += 1)
        expect(kindOf([bytes.subarray(0, at), bytes.subarray(at)])).to.equal(kind);
    });
});
