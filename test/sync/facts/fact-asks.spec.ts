/** What is asked for by itself where a hospital has more than we read. */
import { expect } from 'chai';
import { factAsks } from '../../../src/sync/facts/fact-asks.ts';

const pulse = 'http://loinc.org|8867-4';
const value = { atLeast: 120, unit: '/min', withinMs: 1 };
const asking = (codes: readonly string[]) =>
  factAsks({
    signedBy: 'Dr. Example',
    date: '2026-03-02',
    rules: [{ name: 'one', advises: 'Look.', on: { codes }, value }],
  })
    .find(({ type }) => type === 'Observation')
    ?.narrower.map(({ value: codesAsked }) => codesAsked);

describe('what is asked for by itself', () => {
  it('has the values that rules of the site measure, and each value once', () => {
    expect(asking([pulse, 'http://loinc.org|777-3'])).to.include(pulse);
    expect(asking(['http://loinc.org|777-3'])).to.have.length(2);
  });
});
