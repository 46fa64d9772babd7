/** Which rungs hold on which server: the expectations of hospital-servers.md §9. */
import { expect } from 'chai';
import type { RungCode } from '../../src/hospital/rungs.ts';
import type { ProbeResult } from '../../src/hospital/survey.ts';
import { served } from './statements.ts';
import { against, survey, unproven, used } from './surveyed.ts';

interface Expected {
  /** What is used. */
  readonly discovery: readonly RungCode[];
  readonly booking: readonly RungCode[];
  readonly result: readonly RungCode[];
  readonly once: readonly RungCode[];
  /** What holds and is not built. */
  readonly couldBe: readonly RungCode[];
  readonly toProbe: readonly RungCode[];
}

const expected: Readonly<Record<keyof typeof served, Expected>> = {
  epic: {
    discovery: ['A6'],
    booking: ['B5'],
    result: ['C1'],
    once: [],
    couldBe: ['A4', 'C2', 'C3', 'C4', 'C5', 'D5'],
    toProbe: ['A5', 'B4'],
  },
  oracle: {
    discovery: ['A5', 'A6'],
    booking: ['B5'],
    result: ['C1'],
    once: [],
    couldBe: ['B1', 'B2', 'C2', 'C3', 'C4', 'D5'],
    toProbe: [],
  },
  oracleOpen: {
    discovery: ['A5', 'A6'],
    booking: ['B5'],
    result: ['C6'],
    once: [],
    couldBe: [],
    toProbe: [],
  },
  meditech: {
    discovery: ['A6'],
    booking: ['B5'],
    result: ['C6'],
    once: [],
    couldBe: ['A4', 'C4'],
    toProbe: ['A1', 'A5'],
  },
  athenahealth: {
    discovery: ['A6'],
    booking: ['B6'],
    result: ['C6'],
    once: [],
    couldBe: ['A4'],
    toProbe: [],
  },
  veradigm: {
    discovery: ['A6'],
    booking: ['B6'],
    result: ['C6'],
    once: [],
    couldBe: ['C2', 'C3'],
    toProbe: ['A1'],
  },
  nextgen: {
    discovery: ['A6'],
    booking: ['B6'],
    result: ['C6'],
    once: [],
    couldBe: [],
    toProbe: ['A1'],
  },
  aidbox: {
    discovery: ['A1', 'A3'],
    booking: ['B3'],
    result: ['C1'],
    once: ['D1'],
    couldBe: ['A2', 'B1', 'B2', 'C2', 'C3', 'C4', 'C5', 'D2', 'D5'],
    toProbe: [],
  },
  azureCut: {
    discovery: [],
    booking: ['B6'],
    result: ['C6'],
    once: [],
    couldBe: [],
    toProbe: [],
  },
};

describe('rungs: will this server work?', () => {
  for (const [name, wanted] of Object.entries(expected)) {
    const { base, statement } = served[name as keyof typeof served];

    it(`${name}: uses ${[...wanted.discovery, ...wanted.booking, ...wanted.result].join(' ')}`, () => {
      const one = survey({ base, statement: statement() });
      for (const part of ['discovery', 'booking', 'result', 'once'] as const)
        expect(used(one, part), part).to.deep.equal(wanted[part]);
    });

    it(`${name}: names what would work and is not built, and what has to be probed`, () => {
      const one = survey({ base, statement: statement() });
      const couldBe = one.passed
        .filter(({ by }) => by === 'not-built')
        .map(({ rung }) => rung)
        .sort();
      expect(couldBe).to.deep.equal(wanted.couldBe);
      expect(unproven(one).sort()).to.deep.equal([...wanted.toProbe].sort());
    });
  }

  it('Epic: what is listed without documentation is used once the server has shown it', () => {
    const { base, statement } = served.epic;
    const probes: ProbeResult[] = [
      { rung: 'A5', outcome: 'fails', says: 'Appointment by location: refused', param: 'location' },
      { rung: 'A5', outcome: 'holds', says: 'it answered', param: 'practitioner' },
    ];
    const one = survey({ base, statement: statement(), probes });
    expect(used(one, 'discovery')).to.deep.equal(['A5', 'A6']);
    expect(one.discovery[0]).to.include({ by: 'probe' });
    expect(one.discovery[0]?.params).to.deep.equal(['practitioner']);
    expect(against(one, 'A1')).to.contain('Epic wants a patient in a search for ServiceRequest');
    expect(against(one, 'A3')).to.contain('documented for community resources');
  });

  it('Oracle: the bulk export leaves orders out, and identifiers are not kept', () => {
    const one = survey({ base: served.oracle.base, statement: served.oracle.statement() });
    expect(against(one, 'A4')).to.contain('leave ServiceRequest out');
    expect(against(one, 'D4')).to.contain('keeps no identifier');
    expect(against(one, 'B3')).to.contain('exactly one Slot');
    expect(against(one, 'A1')).to.contain(
      'a search for ServiceRequest must carry _id or patient or subject',
    );
    expect(one.result[0]?.why).to.contain('eight elements');
  });

  it('says where a create could be repeated without anybody knowing', () => {
    const noted = (name: keyof typeof served) =>
      survey({ base: served[name].base, statement: served[name].statement() }).notes.filter(
        (says) => says.startsWith('Nothing shows whether a create'),
      );
    expect(noted('oracle')).to.have.length(1);
    expect(noted('aidbox')).to.deep.equal([]);
    expect(noted('meditech')).to.deep.equal([]);
  });

  it('Veradigm keeps no versions: what was read is compared before it is changed', () => {
    const one = survey({ base: served.veradigm.base, statement: served.veradigm.statement() });
    expect(used(one, 'update')).to.deep.equal(['E2']);
  });

  it('Azure, cut short: nothing is found by itself, and why', () => {
    const one = survey({ base: served.azureCut.base, statement: served.azureCut.statement() });
    expect(one.silent).to.match(/^Nothing is found by itself/);
    for (const code of ['A1', 'A5', 'A6'] as const)
      expect(against(one, code)).to.contain('ServiceRequest is not declared');
  });
});
