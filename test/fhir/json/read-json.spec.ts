import { expect } from 'chai';
import fc from 'fast-check';
import { type JsonLimits, type JsonRead, readJson } from '../../../src/fhir/json/read-json.ts';
import { aSecond } from '../../support/second.ts';

function read(text: string, limits?: JsonLimits): JsonRead {
  const result = readJson(text, limits);
  if (!result.ok) throw new Error(`refused: ${result.fault.message}`);
  return result.read;
}

function refusal(text: string, limits?: JsonLimits): string {
  const result = readJson(text, limits);
  if (result.ok) throw new Error('not refused');
  const { message, line, column } = result.fault;
  return `${line}:${column} ${message}`;
}

describe('reading JSON: the value', () => {
  it('is what JSON.parse makes of the text', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(read(text).value).to.deep.equal(JSON.parse(text));
      }),
    );
  });

  it('takes __proto__ as a key like any other', () => {
    const { value, duplicates } = read('{"__proto__": {"polluted": 1}, "constructor": {}}');
    expect(Object.keys(value as object)).to.deep.equal(['__proto__', 'constructor']);
    expect(Reflect.get({}, 'polluted')).to.equal(undefined);
    expect(duplicates).to.deep.equal([]);
  });

  it('reads past a byte order mark and says so', () => {
    const { value, notes } = read('\uFEFF{"resourceType":"Patient"}');
    expect(value).to.deep.equal({ resourceType: 'Patient' });
    expect(notes.map(({ severity, path }) => `${severity} ${path}`)).to.deep.equal([
      'warning Patient',
    ]);
  });
});

describe('reading JSON: keys that occur twice', () => {
  it('names object, key, line and column, and lets the last one stand', () => {
    const text = `{
  "resourceType": "Patient",
  "contact": [{"gender": "male"}, {"gender": "male",
    "gender": "female"}]
}`;
    const { value, duplicates } = read(text);
    expect(value).to.have.nested.property('contact[1].gender', 'female');
    expect(duplicates).to.deep.equal([
      { path: 'Patient.contact[1]', key: 'gender', line: 4, column: 5 },
    ]);
  });

  it('knows a key again when it is written with escapes', () => {
    expect(read('{"id":"a","\\u0069d":"b"}').duplicates).to.have.length(1);
    expect(read('{"a\\"":1,"a\\\\":2,"a":3}').duplicates).to.deep.equal([]);
  });

  it('knows long keys apart', () => {
    const long = 'k'.repeat(100);
    expect(read(`{"${long}":1,"${long}a":2,"${long}":3}`).duplicates).to.have.length(1);
    expect(read(`{"${long}":1,"\\u006b${long.slice(1)}":2}`).duplicates).to.have.length(1);
  });

  it('knows a key again in an object of many keys, and not one of another object', () => {
    const keys = Array.from({ length: 40 }, (_, at) => `"k${at}":{"k${at}":0}`).join(',');
    expect(read(`{${keys}}`).duplicates).to.deep.equal([]);
    expect(read(`{${keys},"k3":0,"k39":0}`).duplicates.map(({ key }) => key)).to.deep.equal([
      'k3',
      'k39',
    ]);
  });

  it('finds as many as there are, whatever the object', () => {
    const member = fc.tuple(fc.constantFrom('a', 'b', '__proto__', 'é', '"', '\\'), fc.nat(2));
    fc.assert(
      fc.property(fc.array(member, { maxLength: 30 }), (members) => {
        const text = members.map(([key, value]) => `${JSON.stringify(key)}:[{"x":${value}}]`);
        const different = new Set(members.map(([key]) => key)).size;
        expect(read(`[{${text.join(',')}}]`).duplicates).to.have.length(members.length - different);
      }),
    );
  });
});

describe('reading JSON: digits of numbers', () => {
  it('keeps those that a JavaScript number loses, by object and key', () => {
    const { value, digits } = read('{"a":{"x":1.10,"y":1.1,"z":-0},"b":[1e3,1000,0.5,1E-2]}');
    const { a, b } = value as { a: object; b: object };
    expect(digits.get(a)).to.deep.equal(
      new Map([
        ['x', '1.10'],
        ['z', '-0'],
      ]),
    );
    expect(digits.get(b)).to.deep.equal(
      new Map([
        [0, '1e3'],
        [3, '1E-2'],
      ]),
    );
    expect(digits.size).to.equal(2);
  });

  it('keeps more digits than a number has', () => {
    const { value, digits } = read('{"value":3.14159265358979323846,"big":12345678901234567890}');
    expect([...(digits.get(value as object) ?? [])]).to.deep.equal([
      ['value', '3.14159265358979323846'],
      ['big', '12345678901234567890'],
    ]);
  });

  it('does not believe a number under a key that occurs again', () => {
    const { digits } = read('{"a":{"x":1.10},"a":{"x":"1.10"}}');
    expect(digits.size).to.equal(0);
  });
});

describe('reading JSON: strings that are no Unicode', () => {
  it('names the half of a surrogate pair and NUL with their places', () => {
    const { notes } = read(
      '{"resourceType":"Patient",\n"id":"\\ud83d","name":[{"text":"a\\u0000"}]}',
    );
    expect(notes.map(({ path, line, severity }) => ({ path, line, severity }))).to.deep.equal([
      { path: 'Patient.id', line: 2, severity: 'error' },
      { path: 'Patient.name[0].text', line: 2, severity: 'warning' },
    ]);
  });

  it('takes whole pairs, and backslashes before what looks like an escape', () => {
    expect(
      read('{"a":"\\ud83d\\ude00","b":"😀","c":"\\\\ud83d","d":"\\\\\\u00e9"}').notes,
    ).to.deep.equal([]);
  });

  it('finds them in text that was never UTF-8', () => {
    expect(read('{"a":"\ud83d","b":"fine"}').notes.map(({ path }) => path)).to.deep.equal([
      'Resource.a',
    ]);
  });
});

describe('reading JSON: what is no JSON', () => {
  const cases: Readonly<Record<string, [text: string, refusal: string]>> = {
    'a comma at the end': ['{"a":1,\n }', '2:2 There is a comma after the last member.'],
    'a comma at the end of a list': ['[1,]', '1:4 There is a comma after the last member.'],
    'a comment': ['{\n  // why\n}', '2:3 This looks like a comment: JSON has no comments.'],
    'a missing comma': [
      '{"a":1 "b":2}',
      '1:8 A comma or the end of the object or list is expected here.',
    ],
    'single quotes': [`{'a':1}`, '1:2 Text stands between " and not between \' in JSON.'],
    'a key without quotes': ['{a:1}', '1:2 A key between " or } is expected here.'],
    'a missing colon': ['{"a" 1}', '1:6 A colon is expected after a key.'],
    'a word that is none': [
      '[NaN]',
      '1:2 This word is no JSON: true, false, null, numbers and texts are.',
    ],
    'a number that begins with 0': [
      '[012]',
      '1:2 A number begins with 0, which JSON allows before a point only.',
    ],
    'a number without digits': ['[-]', '1:2 A number has no digits.'],
    'a point without digits': ['[1.]', '1:2 A number has no digits after its point.'],
    'an exponent without digits': ['[1e+]', '1:2 A number has no digits in its exponent.'],
    'a string over two lines': [
      '["a\nb"]',
      '1:4 A string is not closed before the end of the line.',
    ],
    'a tabulator in a string': [
      '["a\tb"]',
      '1:4 The control character U+0009 stands in a string: it has to be written as an escape.',
    ],
    'an unknown escape': ['["\\x"]', '1:3 A backslash stands before a letter that is no escape.'],
    'a short escape': ['["\\u12"]', '1:3 Four hexadecimal digits are expected after \\u.'],
    'a string that never ends': ['["a', '1:2 A string that begins here is not closed.'],
    'an end too early': ['{"a":[1', '1:8 The text ends in the middle of a list: ] is missing.'],
    'an end after a key': ['{"a"', '1:5 The text ends in the middle of an object: } is missing.'],
    'the wrong bracket': ['{"a":1]', '1:7 An object ends with } and not with ].'],
    'a second value': ['{}\n{}', '2:1 Something follows after the end of the JSON value.'],
    'no text': [' \n', '1:1 There is no text.'],
    markup: ['<Patient/>', '1:1 A value is expected here.'],
  };
  for (const [name, [text, says]] of Object.entries(cases))
    it(`says where and what: ${name}`, () => {
      expect(refusal(text)).to.equal(says);
    });

  it('is refused exactly when JSON.parse refuses it, and the place lies in the text', () => {
    const piece = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"a"',
        '"\\u00e9"',
        '"\\',
        '1',
        '-0.5e1',
        '01',
        '1.',
        ' ',
        '\n',
        'true',
        'nul',
      ],
      '\t',
      '"',
      '.',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const result = readJson(text);
        expect(result.ok).to.equal(isJson(text));
        if (!result.ok) expect(result.fault.offset).to.be.within(0, text.length);
      }),
      { numRuns: 5000 },
    );
  });

  it('never quotes the text', () => {
    expect(refusal('{"family": Secret}')).not.to.contain('Secret');
  });
});

describe('reading JSON: hostile text', () => {
  const flat = (text: string) => Buffer.from(text).toString();
  const hostile: Readonly<Record<string, () => string>> = {
    '10,000 levels': () => `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
    '1,000,000 levels': () => '{"a":'.repeat(1_000_000),
    'millions of empty objects': () => `[${'{},'.repeat(20_000_000)}{}]`,
    'a million different keys': () =>
      `{${Array.from({ length: 1_000_000 }, (_, at) => `"k${at}":1`).join(',')}}`,
    'quotes only': () => '"'.repeat(60_000_000),
    'commas only': () => ','.repeat(60_000_000),
    'more text than is read': () => ' '.repeat(65 * 1024 * 1024),
  };
  for (const [name, make] of Object.entries(hostile))
    it(`is refused within a second: ${name}`, () => {
      const text = flat(make());
      const start = process.cpuUsage();
      expect(readJson(text).ok).to.equal(false);
      expect(process.cpuUsage(start).user / 1e6).to.be.below(aSecond());
    });

  const heavy: Readonly<Record<string, () => string>> = {
    'a huge list': () => `[${'1,'.repeat(1_000_000)}1]`,
    'a million numbers with digits to keep': () => `[${'1.10,'.repeat(1_000_000)}1]`,
    'half a million halves of pairs': () => `[${'"\\ud800",'.repeat(500_000)}1]`,
    'a string of escapes': () => `"${'\\"'.repeat(5_000_000)}"`,
    'one long number': () => '1'.repeat(20_000_000),
    'duplicates deep down': () =>
      `${'{"a":'.repeat(200)}{${'"a":1,'.repeat(30_000)}"a":1}${'}'.repeat(200)}`,
  };
  for (const [name, make] of Object.entries(heavy))
    it(`is read within a second: ${name}`, () => {
      const text = flat(make());
      const start = process.cpuUsage();
      expect(readJson(text).ok).to.equal(true);
      expect(process.cpuUsage(start).user / 1e6).to.be.below(aSecond());
    });

  it('says what is too much', () => {
    expect(refusal('[[[1]]]', { maxDepth: 2 })).to.equal(
      '1:3 Objects and lists are nested deeper than 2 levels.',
    );
    expect(refusal('[1,2]', { maxLength: 4 })).to.equal(
      '1:1 The text is longer than 4 characters.',
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
