/** The formats of primitive types, dates above all: what exists is accepted, everything else is not. */
import { expect } from 'chai';
import fc from 'fast-check';
import { primitiveChecks } from '../../../src/fhir/validation/primitives.ts';
import { theValidator } from './verdicts.ts';

function isFine(type: string, value: unknown): boolean {
  return primitiveChecks[type]?.(value) === undefined;
}

function sort(type: string, values: readonly unknown[]): { fine: unknown[]; wrong: unknown[] } {
  return {
    fine: values.filter((value) => isFine(type, value)),
    wrong: values.filter((value) => !isFine(type, value)),
  };
}

/** All days that exist, told by the calendar of the language. */
const days = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const times = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.constantFrom('', '.1', '.123', '.999999999'))
  .map(([hour, minute, second, rest]) => `${two(hour)}:${two(minute)}:${two(second)}${rest}`);
const zones = fc.constantFrom('Z', '+00:00', '-00:00', '+14:00', '-12:00', '+05:45');

function two(value: number): string {
  return String(value).padStart(2, '0');
}

describe('validation: primitives', () => {
  describe('dates and times', () => {
    it('take every day that exists, to the year, month or day', () => {
      fc.assert(
        fc.property(days, (day) => {
          for (const length of [4, 7, 10]) {
            expect(isFine('date', day.slice(0, length)), day).to.equal(true);
            expect(isFine('dateTime', day.slice(0, length)), day).to.equal(true);
          }
        }),
      );
    });

    it('take every time of it with a zone', () => {
      fc.assert(
        fc.property(days, times, zones, (day, time, zone) => {
          expect(isFine('dateTime', `${day}T${time}${zone}`)).to.equal(true);
          expect(isFine('instant', `${day}T${time}${zone}`)).to.equal(true);
          expect(isFine('time', time)).to.equal(true);
          expect(isFine('dateTime', `${day}T${time}`)).to.equal(false);
          expect(isFine('instant', `${day}T${time}`)).to.equal(false);
          expect(isFine('date', `${day}T${time}${zone}`)).to.equal(false);
        }),
      );
    });

    it('refuse every day that does not exist', () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 9999 }),
          fc.nat(99),
          fc.nat(99),
          (year, month, day) => {
            const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
            const date = new Date(`${text}T00:00:00Z`);
            const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
            expect(isFine('date', text), text).to.equal(exists);
          },
        ),
        { numRuns: 2000 },
      );
    });

    it('refuse any other text', () => {
      fc.assert(
        fc.property(fc.string(), (text) => {
          fc.pre(!/^\d{4}(-\d{2}(-\d{2})?)?$/.test(text));
          expect(isFine('date', text)).to.equal(false);
          expect(isFine('instant', text)).to.equal(false);
        }),
      );
    });

    it('know leap years', () => {
      expect(
        sort('date', ['2024-02-29', '2000-02-29', '1900-02-29', '2023-02-29', '0004-02-29']),
      ).to.deep.equal({
        fine: ['2024-02-29', '2000-02-29', '0004-02-29'],
        wrong: ['1900-02-29', '2023-02-29'],
      });
    });

    it('know leap seconds, and no 24:00', () => {
      expect(
        sort('time', ['23:59:60', '23:59:61', '24:00:00', '00:00:00', '1:00:00', '10:00']),
      ).to.deep.equal({
        fine: ['23:59:60', '00:00:00'],
        wrong: ['23:59:61', '24:00:00', '1:00:00', '10:00'],
      });
    });

    it('refuse what almost is one', () => {
      const almost = [
        '2024-3-05',
        '2024/03/05',
        '20240305',
        ' 2024-03-05',
        '2024-03-05 ',
        '2024-03-05T10:00Z',
        '2024-03-05 10:00:00Z',
        '2024-03-05T10:00:00+15:00',
        '2024-03-05T10:00:00.Z',
        '2024-03-05t10:00:00z',
        '0000',
        '２０２４',
      ];
      expect(sort('dateTime', almost).fine).to.deep.equal([]);
    });
  });

  it('keep whole numbers in their ranges', () => {
    const numbers = [-2147483649, -2147483648, -1, 0, 1, 1.5, 2147483647, 2147483648, '1'];
    expect(sort('integer', numbers).fine).to.deep.equal([-2147483648, -1, 0, 1, 2147483647]);
    expect(sort('unsignedInt', numbers).fine).to.deep.equal([0, 1, 2147483647]);
    expect(sort('positiveInt', numbers).fine).to.deep.equal([1, 2147483647]);
  });

  it('take every finite number as a decimal, and no text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(isFine('decimal', number)).to.equal(true);
        expect(isFine('decimal', String(number))).to.equal(false);
      }),
    );
  });

  it('have no white space in codes but single blanks inside', () => {
    const codes = [
      'final',
      'in progress',
      'ö',
      ' final',
      'final ',
      'a  b',
      'a\tb',
      'a\nb',
      'a\u00a0b',
      '',
    ];
    expect(sort('code', codes).fine).to.deep.equal(['final', 'in progress', 'ö']);
  });

  it('have 1 to 64 letters, digits, - and . in ids', () => {
    const ids = ['a', 'A-1.b', 'x'.repeat(64), 'x'.repeat(65), '', 'a_b', 'a b', 'é', 'a/b'];
    expect(sort('id', ids).fine).to.deep.equal(['a', 'A-1.b', 'x'.repeat(64)]);
  });

  it('have no control characters in ids and references, whatever letter they resemble', () => {
    const controls = Array.from({ length: 32 }, (_, code) => `a${String.fromCharCode(code)}`);
    expect(sort('id', controls).fine).to.deep.equal([]);
    for (const id of controls)
      expect(
        theValidator().validate({
          resourceType: 'Observation',
          status: 'final',
          code: { text: 'x' },
          subject: { reference: `Patient/${id}` },
        }).valid,
      ).to.equal(false);
  });

  it('have URIs without white space, and URNs in the form of their scheme', () => {
    const uris = [
      'https://a.example/x?y#z',
      'urn:oid:1.2.3',
      'urn:uuid:c757873d-ec9a-4326-a141-556f43239520',
      'mailto:a@b.example',
      'relative/one',
      '',
      'has blank',
      'urn:oid:1.02',
      'urn:oid:3.1',
      'urn:uuid:1',
      'urn:uuid:C757873D-EC9A-4326-A141-556F43239520',
      'oid:1.2.3',
      'uuid:c757873d-ec9a-4326-a141-556f43239520',
    ];
    expect(sort('uri', uris).fine).to.deep.equal(uris.slice(0, 5));
  });

  it('have canonicals that are absolute, or name what is contained', () => {
    const canonicals = [
      'https://a.example/x|1.0',
      'urn:oid:1.2',
      '#inside',
      'urn:uuid:c757873d-ec9a-4326-a141-556f43239520|2',
      'Questionnaire/x',
      'x|1',
      'urn:uuid:x|2',
      'https://a.example/x|a version',
    ];
    expect(sort('canonical', canonicals).fine).to.deep.equal(canonicals.slice(0, 4));
  });

  it('have padding only at the end of base64', () => {
    const texts = ['YWJj', 'YQ==', 'YWI=', 'YWJj\nYWJj', 'a', 'abc', 'ab=c', '====', '%%%%', ''];
    expect(sort('base64Binary', texts).fine).to.deep.equal(texts.slice(0, 4));
  });

  it('take base64 of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        expect(isFine('base64Binary', Buffer.from(bytes).toString('base64'))).to.equal(true);
      }),
    );
  });

  it('take any text that is Unicode and not empty', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        expect(isFine('string', text)).to.equal(true);
        expect(isFine('string', `${text}\ud800`)).to.equal(false);
      }),
    );
  });
});
