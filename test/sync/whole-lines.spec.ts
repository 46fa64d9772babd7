import { expect } from 'chai';
import fc from 'fast-check';
import { eachLine, tooLong, wholeLines } from '../../src/sync/whole-lines.ts';
import { textSource } from './source.ts';

async function linesOf(text: string, chunk: number, longest = 1_000): Promise<[number, string][]> {
  const found: [number, string][] = [];
  let next = 1;
  for await (const lines of wholeLines(textSource('f.ndjson', text, { chunk }).chunks(), longest))
    if (lines === tooLong) {
      found.push([next, 'too long']);
      next += 1;
    } else
      next = eachLine(lines, next, (from, to, number) => {
        found.push([number, lines.toString('utf8', from, to)]);
      });
  return found;
}

describe('whole lines of a file', () => {
  it('are those of the text, with their numbers, wherever the chunks tear it apart', async () => {
    const line = fc.constantFrom(
      '{"a":"é"}',
      '  {"b":1}\r',
      '',
      ' \t',
      '{"long":"xxxxxxxxxxxxxxxxxxxx"}',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        async (all, chunk) => {
          const expected = all.flatMap((one, index) =>
            one.trim() === '' ? [] : [[index + 1, one.trim()]],
          );
          expect(await linesOf(all.join('\n'), chunk)).to.deep.equal(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('begin after a byte order mark, and the last one may lack its end', async () => {
    expect(await linesOf('\uFEFF{"a":1}\n{"b":2}', 4)).to.deep.equal([
      [1, '{"a":1}'],
      [2, '{"b":2}'],
    ]);
  });

  it('are given out in pieces where a chunk has many', async () => {
    const all = Array.from(
      { length: 5_000 },
      (_, index) => `{"number":${index},"text":"${'x'.repeat(40)}"}`,
    );
    const found = await linesOf(`${all.join('\n')}\n`, 1 << 20);
    expect(found).to.deep.equal(all.map((text, index) => [index + 1, text]));
  });

  it('of which one is too long is told by its number, and the next ones are read', async () => {
    const text = `{"a":1}\n{"b":"${'x'.repeat(2_000)}"}\n{"c":3}\n`;
    for (const chunk of [7, 100, 1_500])
      expect(await linesOf(text, chunk)).to.deep.equal([
        [1, '{"a":1}'],
        [2, 'too long'],
        [3, '{"c":3}'],
      ]);
  });
});
