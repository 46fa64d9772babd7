/** CSV: what is written is read again as it was, whatever it is; what is quoted wrongly is a mistake with its line. */
import { expect } from 'chai';
import fc from 'fast-check';
import { csvLine, readCsv, type Separator } from '../../src/mapping/csv.ts';

const separators: readonly Separator[] = [',', ';', '\t'];
const field = fc.oneof(
  fc.string(),
  fc.constantFrom('', '"', '""', ',', ';', '\t', '\n', '\r\n', '\r', '#', 'a"b', ' x '),
);
const table = fc.array(fc.array(field, { minLength: 1, maxLength: 5 }), { maxLength: 8 });

describe('csv', () => {
  it('reads again what was written, with any separator and end of line', () => {
    fc.assert(
      fc.property(
        table,
        fc.constantFrom(...separators),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        (rows, separator, end, closed) => {
          const lines = rows.map((row) => csvLine(row, separator)).join(end);
          const { records, mistakes } = readCsv(lines + (closed ? end : ''), separator);
          expect(mistakes).to.deep.equal([]);
          expect(records.map(({ fields }) => fields)).to.deep.equal(rows);
        },
      ),
    );
  });

  it('is total: every text is read to its end, record by record, in order', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '#') }), (text) => {
        const { records } = readCsv(text, ',');
        let end = 0;
        for (const { from, to, line } of records) {
          expect(from).to.be.at.least(end);
          expect(to).to.be.above(from).and.at.most(text.length);
          expect(line).to.equal(text.slice(0, from).split(/\r\n|\n|\r/).length);
          end = to;
        }
      }),
    );
  });

  it('passes over comments and blank lines, and keeps the lines right', () => {
    const { records } = readCsv('# a "note\n\na,b\r\n"one\ntwo",c\n# end\nd,e', ',');
    expect(records.map(({ fields, line }) => [line, ...fields])).to.deep.equal([
      [3, 'a', 'b'],
      [4, 'one\ntwo', 'c'],
      [7, 'd', 'e'],
    ]);
  });

  for (const [text, found] of [
    ['ok,1\nab"c,2\nok,3', 'quoted wrongly: a quote within a field'],
    ['ok,1\n"ab"c,2\nok,3', 'quoted wrongly: something follows a closing quote'],
    ['ok,1\n"abc,2\nok,3', 'opening a quote that is never closed'],
  ] as const)
    it(`names the line that is ${found}`, () => {
      const { records, mistakes } = readCsv(text, ',');
      expect(mistakes).to.deep.equal([{ line: 2, found }]);
      expect(records.map(({ fields }) => fields[1])).to.deep.equal(['1', '3']);
    });
});
