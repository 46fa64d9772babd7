import { expect } from 'chai';
import { inOrder } from '../../../src/fhir/invariants/moments.ts';

describe('invariants: the order of moments', () => {
  for (const [earlier, later, expected, why] of [
    ['2020', '2021', true, 'years'],
    ['2021', '2020', false, 'years'],
    ['2020-02', '2020', true, 'no order within the year'],
    ['2020', '2020-02', true, 'no order within the year'],
    ['2021-01', '2020', false, 'the years differ'],
    ['2020-01-15', '2020-01-15', true, 'the same'],
    ['2020-01-15T10:00:00Z', '2020-01-15', true, 'on the day'],
    ['2020-01-16', '2020-01-15T10:00:00Z', false, 'the day after'],
    ['2020-01-15T10:00:00Z', '2020-01-15T09:59:59Z', false, 'one zone'],
    ['2020-01-15T10:00:00Z', '2020-01-15T10:30:00+01:00', false, 'two zones'],
    ['2020-01-15T10:30:00+01:00', '2020-01-15T10:00:00Z', true, 'two zones'],
    ['2020-01-15T10:00:00.5Z', '2020-01-15T10:00:00Z', false, 'a fraction'],
    ['2020-01-15T10:00:00.999999Z', '2020-01-15T10:00:01.000001Z', true, 'six digits'],
    ['2020-01-15T10:00:00.25Z', '2020-01-15T10:00:00.3Z', true, 'fractions, not numbers'],
    ['2020-01-15T23:59:60Z', '2020-01-16T00:00:00Z', true, 'a leap second'],
    [
      '2020-01-16',
      '2020-01-16T00:30:00+05:00',
      true,
      'on the day as written, the day before in UTC',
    ],
    [
      '2020-01-15T23:30:00-05:00',
      '2020-01-15',
      true,
      'on the day as written, the day after in UTC',
    ],
    ['2020-01-17', '2020-01-16T00:30:00+05:00', false, 'the day after however read'],
  ] as const)
    it(`${earlier} to ${later}: ${expected} (${why})`, () => {
      expect(inOrder(earlier, later)).to.equal(expected);
    });

  it('has no answer for what is no moment, rather than a second error', () => {
    expect(inOrder('b', 'a')).to.equal(undefined);
    expect(inOrder('2020-01-16T10:00', '2020-01-15T10:00')).to.equal(undefined);
    expect(inOrder(2021, '2020')).to.equal(undefined);
  });
});
