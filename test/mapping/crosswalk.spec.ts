/** A site's crosswalk as spreadsheets write it: what it says, and everything that is wrong with it, with the line. */
import { expect } from 'chai';
import fc from 'fast-check';
import { ourCodesWith, servicesOf } from '../../mappings/our-codes.ts';
import { massageServices } from '../../src/core/selection.ts';
import {
  type CrosswalkGiven,
  clashes,
  readCrosswalk,
  withoutRow,
  withRow,
} from '../../src/mapping/crosswalk.ts';
import { problemSentence } from '../../src/mapping/problems.ts';

const massage = 'http://snomed.info/sct|387854002';
const given: CrosswalkGiven = {
  file: 'orders.csv',
  ours: ourCodesWith(servicesOf(massageServices)),
  hospitals: ['general', 'north'],
  isTable: false,
};
const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string, more: Partial<CrosswalkGiven> = {}) =>
  readCrosswalk(bytes(text), { ...given, ...more });
const said = (text: string, more: Partial<CrosswalkGiven> = {}) => {
  const { rows, problems } = read(text, more);
  return [...problems, ...clashes(rows)].map(problemSentence);
};
const meanings = (text: string) =>
  read(text).rows.map(({ system, code, ours }) => [system, code, ours?.code]);

const header = 'their system,their code,our code';
const two = [
  ['http://h/o', 'MT30', '387854002'],
  ['http://h/o', 'PT1', undefined],
];

describe('crosswalk', () => {
  for (const [as, text] of [
    ['with commas', `${header}\nhttp://h/o,MT30,${massage}\nhttp://h/o,PT1,not ours\n`],
    [
      'with semicolons, a byte order mark and CRLF, as European spreadsheets save it',
      `\uFEFFTheir System;Their_Code;OUR CODE;;\r\nhttp://h/o;MT30;${massage};;\r\nhttp://h/o;PT1;Not ours;;\r\n;;;;\r\n`,
    ],
    [
      'with tabs',
      `${header}\nhttp://h/o,MT30,387854002\nhttp://h/o,PT1,not ours`.replaceAll(',', '\t'),
    ],
    [
      'with a first line that says how it separates',
      `sep=;\r\n${header.replaceAll(',', ';')}\r\nhttp://h/o;MT30;387854002\r\nhttp://h/o;PT1;not ours`,
    ],
    [
      'with columns in another order, others of its own, quotes, comments and blank lines',
      `# from the lab\nour code,ward,"their system",their code\n\n${massage},"a, b",http://h/o,"MT30"\nnot ours,,http://h/o, PT1 \n`,
    ],
  ] as const)
    it(`is read ${as}`, () => {
      expect(said(text)).to.deep.equal([]);
      expect(meanings(text)).to.deep.equal(two);
    });

  it('finds our codes as people write them: whole, alone, or by the name of our system', () => {
    const codes = ['swedish', 'massage-technique|swedish', 'lower-back', 'no-show', '97124'];
    const text = `${header}\n${codes.map((code, at) => `s,${at},${code}`).join('\n')}`;
    expect(said(text)).to.deep.equal([]);
    expect(meanings(text).map(([, , code]) => code)).to.deep.equal([
      'swedish',
      'swedish',
      'lower-back',
      'no-show',
      '97124',
    ]);
  });

  for (const [what, text, sentences] of [
    [
      'unknown codes of ours, with what was meant',
      `${header}\ns,a,38785402\ns,b,Scar tissue masage\ns,c,zzzzzzzzzzzz\ns,d,`,
      [
        `orders.csv:2: our code is "38785402", expected a massage service of select.codes, another code of ours, or “not ours”. Did you mean ${massage}?`,
        'orders.csv:3: our code is "Scar tissue masage", expected a massage service of select.codes, another code of ours, or “not ours”. Did you mean http://snomed.info/sct|229506003?',
        'orders.csv:4: our code is "zzzzzzzzzzzz", expected a massage service of select.codes, another code of ours, or “not ours”.',
        'orders.csv:5: our code is missing, expected a code of ours, or “not ours”.',
      ],
    ],
    [
      'duplicate and contradicting rows',
      `${header}\ns,a,swedish\ns,a,swedish\ns,a,friction\n`,
      [
        'orders.csv:3: the row for "s|a" is the same as line 2, expected one row for one code.',
        'orders.csv:4: the row for "s|a" is https://massage-fhir.org/fhir/CodeSystem/massage-technique|friction, but orders.csv:2 says https://massage-fhir.org/fhir/CodeSystem/massage-technique|swedish, expected one meaning for one code.',
      ],
    ],
    [
      'missing and misspelt columns',
      'their sytem,their code,display\ns,a,b',
      [
        'orders.csv:1: the column “their system” is missing, expected a first line that names their system, their code, our code (there is a column “their sytem”).',
        'orders.csv:1: the column “our code” is missing, expected a first line that names their system, their code, our code.',
      ],
    ],
    [
      'a column that is there twice',
      `${header},their code\ns,a,swedish,b`,
      ['orders.csv:1: the column “their code” is there twice, expected one of each.'],
    ],
    [
      'bad quoting, and goes on behind it',
      `${header}\ns,"a"b,swedish\ns,c,nothing of ours at all\n`,
      [
        'orders.csv:2: the line is quoted wrongly: something follows a closing quote, expected fields as RFC 4180 has them.',
        'orders.csv:3: our code is "nothing of ours at all", expected a massage service of select.codes, another code of ours, or “not ours”.',
      ],
    ],
    [
      'lines that are too short or too long',
      `${header}\ns,a\ns,a,swedish,more\n`,
      [
        'orders.csv:2: the line is 2 fields long, expected 3, as the first line names them.',
        'orders.csv:3: the line is 4 fields long, expected 3, as the first line names them.',
      ],
    ],
    [
      'codes that no order can carry',
      `${header}\na b,c  d,swedish\ns,,swedish`,
      [
        'orders.csv:2: their system is "a b", expected the system as their orders have it, without spaces and |.',
        'orders.csv:2: their code is "c  d", expected the code as their orders have it.',
        'orders.csv:3: their code is missing, expected the code as their orders have it.',
      ],
    ],
    [
      'a hospital that is not configured',
      `hospital,${header}\nnorht,s,a,swedish\n,s,b,swedish`,
      [
        'orders.csv:2: hospital is "norht", expected one of general, north, or nothing for all. Did you mean north?',
      ],
    ],
    [
      'what only looks like massage, by name',
      `${header},display\nhttp://snomed.info/sct,83099006,387854002,\ns,x,387854002,Carotid sinus massage\ns,y,http://snomed.info/sct|395127001,`,
      [
        'orders.csv:2: their code is external cardiac massage, not massage therapy, expected “not ours” for "http://snomed.info/sct|83099006".',
        'orders.csv:3: their code is cardiac or carotid massage, not massage therapy, expected “not ours” for "s|x".',
        'orders.csv:4: our code is "http://snomed.info/sct|395127001", expected a massage service of select.codes, another code of ours, or “not ours”. Did you mean http://snomed.info/sct|387854002?',
      ],
    ],
    ['an empty file', '', 3],
  ] as const)
    it(`says ${what}`, () => {
      const found = said(text);
      if (typeof sentences === 'number') expect(found).to.have.length(sentences);
      else if (what.startsWith('what only'))
        expect(found.map(withoutMeant)).to.deep.equal(sentences.map(withoutMeant));
      else expect(found).to.deep.equal(sentences);
    });

  for (const [encoding, content, sentence] of [
    [
      'UTF-16',
      Buffer.from(`\uFEFF${header}\ns,a,swedish`, 'utf16le'),
      'orders.csv:1: the text is UTF-16, expected UTF-8. Save it again as “CSV UTF-8”.',
    ],
    [
      'UTF-16 without its mark',
      Buffer.from(`${header}\ns,a,swedish`, 'utf16le'),
      'orders.csv:1: the text is UTF-16, expected UTF-8. Save it again as “CSV UTF-8”.',
    ],
    [
      'Windows-1252',
      Buffer.from(`${header},display\ns,a,swedish,ok\ns,b,swedish,R\u00fccken\n`, 'latin1'),
      'orders.csv:3: the text is in another encoding, expected UTF-8. Save it again as “CSV UTF-8”.',
    ],
  ] as const)
    it(`says that a file is ${encoding}`, () => {
      const { rows, problems } = readCrosswalk(content, given);
      expect([rows, problems.map(problemSentence)]).to.deep.equal([[], [sentence]]);
    });

  it('refuses for one hospital a service that only another one takes', () => {
    const takes = (hospital: string) => hospital === 'north';
    const text = `hospital,${header}\nnorth,s,a,${massage}\ngeneral,s,b,${massage}\n,s,c,${massage}`;
    expect(said(text, { takes })).to.deep.equal([
      `orders.csv:3: our code is "${massage}", expected a massage service of select.codes of general.`,
    ]);
  });

  it('is read in a moment, also when it says the same thing fifty thousand times', () => {
    const begun = performance.now();
    const found = said(`${header}\n${'s,a,swedish\n'.repeat(50_000)}`);
    expect(found).to.have.length(49_999);
    expect(performance.now() - begun).to.be.below(5_000);
  });

  it('is total: whatever the bytes are, it answers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (content, isTable) => {
        const { rows, problems } = readCrosswalk(content, { ...given, isTable });
        for (const problem of [...problems, ...clashes(rows)])
          expect(problemSentence(problem)).to.match(/^orders\.csv:\d+: /);
      }),
    );
  });
});

function withoutMeant(sentence: string): string {
  return sentence.replace(/ Did you mean .*$/, '');
}

describe('the site’s own table', () => {
  const tableGiven = { ...given, file: 'massage-fhir.codes.csv', isTable: true };
  const tableOf = (text: string) => readCrosswalk(bytes(text), tableGiven);
  const swedish = given.ours.find('swedish');
  const word = fc.stringMatching(/^[^\s|]{1,8}$/);
  const newRow = fc.record({
    hospital: fc.constantFrom('general', 'north'),
    system: fc.oneof(fc.constant(''), word),
    code: word,
    display: fc.option(fc.string({ maxLength: 12 }), { nil: undefined }),
    ours: fc.constantFrom(swedish, undefined),
    by: fc.string({ maxLength: 5 }),
    date: fc.constant('2026-03-02'),
  });
  const text = fc.constantFrom(
    undefined,
    '',
    '# only words\n',
    '# ours\r\nhospital;their system;their code;our code;by;date;ward\r\n# until spring\r\ngeneral;s;OLD;swedish;"a;b";2026-01-01;x\r\n\r\n# end',
    '\uFEFFhospital,their system,their code,our code,display,by,date\n',
  );

  it('has a row more afterwards that reads as it was meant, and all else as it was', () => {
    fc.assert(
      fc.property(text, newRow, (before, row) => {
        const file = before === undefined ? readCrosswalk(undefined, tableGiven) : tableOf(before);
        expect(file.problems).to.deep.equal([]);
        const after = withRow(file, row);
        expect(after.startsWith((before ?? '').trimEnd())).to.equal(true);
        const read = tableOf(after);
        expect(read.problems).to.deep.equal([]);
        expect(read.rows).to.have.length(file.rows.length + 1);
        const added = read.rows.at(-1);
        expect(added).to.include({ hospital: row.hospital, system: row.system, code: row.code });
        expect(added?.ours).to.deep.equal(row.ours);
        expect(added?.by ?? '').to.equal(row.by.trim());
      }),
    );
  });

  it('is as it was when the row is taken out again', () => {
    fc.assert(
      fc.property(text, newRow, (before = '', row) => {
        const first = withRow(tableOf(before), { ...row, code: 'KEPT' });
        const second = withRow(tableOf(first), row);
        const read = tableOf(second);
        const last = read.rows.at(-1);
        if (last === undefined) throw new Error('no row');
        expect(withoutRow(read, last)).to.equal(first);
      }),
    );
  });

  it('has to say for whom, by whom and when', () => {
    const sentences = tableOf(`${header}\ns,a,swedish`).problems.map(problemSentence);
    expect(sentences).to.have.length(3);
    expect(sentences.join()).to.contain('“hospital”').and.contain('“by”').and.contain('“date”');
  });
});
