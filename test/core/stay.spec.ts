import { expect } from 'chai';
import { actCode, isOver, kindOfStay, type Stay, whyStayEnds } from '../../src/core/stay.ts';

const now = '2026-03-10T11:59:00Z';

const stay = (code: string | undefined, more: Partial<Stay> = {}): Stay => ({
  reference: 'Encounter/one',
  status: 'in-progress',
  class: code === undefined ? undefined : { system: actCode, code },
  ...more,
});
const over = (code: string | undefined): Stay => stay(code, { status: 'finished', ended: true });

describe('whether a stay is over', () => {
  const cases: readonly [string, Pick<Stay, 'status' | 'end'>, boolean][] = [
    ['in progress', { status: 'in-progress' }, false],
    ['on leave', { status: 'onleave' }, false],
    ['planned', { status: 'planned' }, false],
    ['a status that is not of R4', { status: 'discharged-soon' }, false],
    ['finished', { status: 'finished' }, true],
    ['cancelled', { status: 'cancelled' }, true],
    ['entered in error', { status: 'entered-in-error' }, true],
    [
      'in progress, with an end ahead',
      { status: 'in-progress', end: '2026-03-10T12:00:01Z' },
      false,
    ],
    [
      'in progress, with an end behind',
      { status: 'in-progress', end: '2026-03-10T06:59:00-05:00' },
      true,
    ],
    ['an end today', { status: 'in-progress', end: '2026-03-10' }, false],
    [
      'an end yesterday, where it is still yesterday in the west',
      { status: 'unknown', end: '2026-03-09' },
      false,
    ],
    ['an end the day before', { status: 'unknown', end: '2026-03-08' }, true],
    ['an end without a day', { status: 'in-progress', end: '2025' }, false],
    ['an end that is none', { status: 'in-progress', end: '2026-03-09Tlater' }, false],
  ];
  for (const [name, of, expected] of cases)
    it(`${name}: ${expected ? 'over' : 'not over'}`, () => {
      expect(isOver(of, now)).to.equal(expected);
    });
});

describe('the end of a stay', () => {
  const beds = ['IMP', 'ACUTE', 'NONAC', 'OBSENC', 'EMER', 'SS'];
  const contacts = ['AMB', 'VR'];
  const others = ['HH', 'FLD', 'toString', '13', undefined];

  for (const code of beds)
    it(`freezes an order of class ${code}, whether it was seen open before or not`, () => {
      expect(whyStayEnds(undefined, over(code))).to.match(/discharged/);
      expect(whyStayEnds(stay(code), over(code))).to.match(/discharged/);
    });
  for (const code of contacts)
    it(`freezes no order of class ${code}`, () => {
      expect(whyStayEnds(undefined, over(code))).to.equal(undefined);
      expect(whyStayEnds(stay(code), over(code))).to.equal(undefined);
    });
  for (const code of others)
    it(`freezes an order of class ${code} only where it was seen open before`, () => {
      expect(whyStayEnds(undefined, over(code))).to.equal(undefined);
      expect(whyStayEnds(stay(code), over(code))).to.match(/discharged/);
    });

  it('is news once', () => {
    expect(whyStayEnds(over('IMP'), over('IMP'))).to.equal(undefined);
    expect(whyStayEnds(stay('IMP'), stay('IMP'))).to.equal(undefined);
  });

  it('of another stay than before is judged by itself', () => {
    const before = { ...over('IMP'), reference: 'Encounter/earlier' };
    expect(whyStayEnds(before, over('IMP'))).to.match(/discharged/);
    expect(whyStayEnds({ ...stay('HH'), reference: 'Encounter/earlier' }, over('HH'))).to.equal(
      undefined,
    );
  });

  it('says which of the ways it ended', () => {
    const ended = (status: string, end?: string) =>
      whyStayEnds(stay('IMP'), stay('IMP', { status, end, ended: true }));
    expect(ended('cancelled')).to.match(/cancelled/);
    expect(ended('entered-in-error')).to.match(/in error/);
    expect(ended('in-progress', '2026-03-09T00:00:00Z')).to.match(/end has passed/);
  });

  it('reads classes of v3-ActCode only, also where the system was left out', () => {
    expect(kindOfStay({ class: { code: 'IMP' } })).to.equal('bed');
    expect(kindOfStay({ class: { system: 'urn:oid:1.2.3', code: 'IMP' } })).to.equal('other');
    expect(kindOfStay({})).to.equal('other');
  });
});
