/** How often and how many: said in words, and counted only where the order says exactly one number. */
import { expect } from 'chai';
import { frequencyOf, visitsOf } from '../../mappings/timing.ts';

type Order = Partial<fhir4.ServiceRequest>;

const order = (more: Order): fhir4.ServiceRequest => ({
  resourceType: 'ServiceRequest',
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/1' },
  ...more,
});

const repeat = (more: fhir4.TimingRepeat): Order => ({ occurrenceTiming: { repeat: more } });
const weekly = { frequency: 2, period: 1, periodUnit: 'wk' } as const;
const weeks = (value: number) => ({ boundsDuration: { value, code: 'wk' } });

function visits(more: Order): [number | undefined, string[]] {
  const flags: string[] = [];
  const count = visitsOf(order(more), (says) => flags.push(says));
  return [count, flags];
}

describe('frequency in words', () => {
  const rows: readonly (readonly [Order, string | undefined])[] = [
    [repeat({ ...weekly, ...weeks(4) }), '2 times a week for 4 weeks'],
    [{ ...repeat(weekly), asNeededBoolean: true }, '2 times a week (as needed)'],
    [repeat({ frequency: 1, period: 6, periodUnit: 'h' }), 'once every 6 hours'],
    [repeat({ period: 1, periodUnit: 'h' }), 'once an hour'],
    [repeat({ ...weekly, frequencyMax: 3 }), '2 to 3 times a week'],
    [repeat({ frequency: 1, period: 2, periodMax: 3, periodUnit: 'd' }), 'once every 2 to 3 days'],
    [repeat({ ...weekly, dayOfWeek: ['mon', 'thu'] }), '2 times a week on mon, thu'],
    [
      repeat({ ...weekly, boundsPeriod: { start: '2026-03-02', end: '2026-03-30' } }),
      '2 times a week from 2026-03-02 to 2026-03-30',
    ],
    [
      repeat({ ...weekly, boundsRange: { low: { value: 2 }, high: { value: 4, unit: 'weeks' } } }),
      '2 times a week for 2 to 4 weeks',
    ],
    [
      repeat({ ...weekly, boundsDuration: { value: 1, unit: 'Month' } }),
      '2 times a week for 1 month',
    ],
    [{ occurrenceTiming: { code: { text: 'BID' } } }, 'BID'],
    [{ occurrenceTiming: { event: ['2026-03-04', '2026-03-06'] } }, 'on 2026-03-04, 2026-03-06'],
    [{ occurrenceDateTime: '2026-03-04' }, 'on 2026-03-04'],
    [{ occurrencePeriod: { start: '2026-03-04' } }, 'from 2026-03-04'],
    [{ asNeededCodeableConcept: { text: 'pain' } }, 'as needed: pain'],
    [{ asNeededBoolean: false }, undefined],
    [{}, undefined],
  ];
  for (const [more, text] of rows)
    it(`is ${text ?? 'nothing'}`, () => expect(frequencyOf(order(more))?.text).to.equal(text));

  it('keeps the numbers beside the words', () => {
    expect(frequencyOf(order(repeat({ ...weekly, ...weeks(4) })))).to.deep.equal({
      text: '2 times a week for 4 weeks',
      times: 2,
      period: 1,
      unit: 'wk',
      bounds: '4 weeks',
    });
  });
});

describe('number of visits', () => {
  const rows: readonly (readonly [string, Order, number | undefined])[] = [
    ['a count', repeat({ ...weekly, ...weeks(4), count: 6 }), 6],
    ['twice a week for 4 weeks', repeat({ ...weekly, ...weeks(4) }), 8],
    ['daily for 2 weeks', repeat({ frequency: 1, period: 1, periodUnit: 'd', ...weeks(2) }), 14],
    [
      'monthly for a year',
      repeat({
        frequency: 1,
        period: 1,
        periodUnit: 'mo',
        boundsDuration: { value: 1, code: 'a' },
      }),
      12,
    ],
    [
      'weekly for 2 months, which are no fixed number of weeks',
      repeat({ ...weekly, boundsDuration: { value: 2, code: 'mo' } }),
      undefined,
    ],
    [
      'every 2 weeks for 3 weeks, which does not come out even',
      repeat({ frequency: 1, period: 2, periodUnit: 'wk', ...weeks(3) }),
      undefined,
    ],
    ['2 to 3 times a week', repeat({ ...weekly, frequencyMax: 3, ...weeks(4) }), undefined],
    ['as needed', { ...repeat({ ...weekly, ...weeks(4) }), asNeededBoolean: true }, undefined],
    [
      'at most 4 weeks',
      repeat({ ...weekly, boundsDuration: { value: 4, code: 'wk', comparator: '<=' } }),
      undefined,
    ],
    ['8 visits', { quantityQuantity: { value: 8, code: '{visits}' } }, 8],
    ['8 of nothing said', { quantityQuantity: { value: 8 } }, 8],
    ['nothing', {}, undefined],
  ];
  for (const [name, more, count] of rows)
    it(`${name}: ${count ?? 'not known'}`, () => expect(visits(more)).to.deep.equal([count, []]));

  it('says why a quantity does not count', () => {
    const flagged: readonly (readonly [fhir4.Quantity, string])[] = [
      [{ value: 45, unit: 'min' }, 'the quantity does not count visits'],
      [{ value: 7.5, unit: 'visits' }, 'the quantity is not a whole number of visits'],
      [{ value: 8, comparator: '<' }, 'the quantity is a limit, not a number of visits'],
    ];
    for (const [quantityQuantity, says] of flagged)
      expect(visits({ quantityQuantity })).to.deep.equal([undefined, [says]]);
  });
});
