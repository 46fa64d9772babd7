/** The code tables speak only of codes that exist: ours from the core, others from the list of those verified. */
import { expect } from 'chai';
import { codeSystems, ourCode, ourCoding, systemUrl } from '../../mappings/code-systems.ts';
import {
  type CodeTable,
  codeBehind,
  codesFor,
  codeTables,
  translateBy,
  withOurs,
} from '../../mappings/code-tables.ts';
import { mappings } from '../../mappings/mappings.ts';
import { snomed } from '../../src/core/concept.ts';
import { interrupters, measures, missingReasons, techniques } from '../../src/core/session.ts';
import { verified } from '../profiles/verified-codes.ts';

const serviceType = 'http://terminology.hl7.org/CodeSystem/service-type';
const cancelation = 'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason';
const cow = 'http://hl7.org/fhir/uv/cow/CodeSystem/temp';
const bser = 'http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS';

const ours: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(codeSystems).map(([name, codes]) => [
    systemUrl(name as keyof typeof codeSystems),
    Object.keys(codes),
  ]),
);

describe('code systems', () => {
  it('have the codes of the core and no others', () => {
    const names = (name: keyof typeof codeSystems) => Object.keys(codeSystems[name]);
    expect(names('massage-technique')).to.have.members([...techniques]);
    expect(names('interrupter')).to.have.members([...interrupters]);
    expect(names('missing-reason')).to.have.members([...missingReasons]);
    expect(names('session-observation')).to.include.members([...measures]);
    expect(names('walton-pressure')).to.deep.equal(['1', '2', '3', '4', '5']);
  });

  it('recognise only their own codes', () => {
    expect(ourCode('interrupter', ourCoding('interrupter', 'device'))).to.equal('device');
    expect(ourCode('interrupter', { system: systemUrl('moment'), code: 'device' })).to.equal(
      undefined,
    );
    const inherited = { system: systemUrl('interrupter'), code: 'toString' };
    expect(ourCode('interrupter', inherited)).to.equal(undefined);
  });
});

describe('code tables', () => {
  it('are found under the name that their address ends with', () => {
    for (const [name, { url, id, status }] of Object.entries(codeTables)) {
      expect(url).to.equal(`https://massage-fhir.org/fhir/ConceptMap/${name}`);
      expect([id, status]).to.deep.equal([name, 'active']);
    }
  });

  it('name only codes of ours that exist and codes of others that were verified', () => {
    for (const [name, table] of Object.entries(codeTables))
      for (const { source = '', target = '', element } of table.group ?? [])
        for (const { code = '', target: targets } of element) {
          expect(known(source), `${name}: ${source}`).to.include(code);
          for (const one of targets ?? [])
            if (one.code !== undefined)
              expect(known(target), `${name}: ${target}`).to.include(one.code);
        }
  });

  it('are all that the mappings name, and each is named', () => {
    const named = new Set(mappings.flatMap(({ fields }) => fields.flatMap(({ via }) => via ?? [])));
    expect([...named].sort()).to.deep.equal(Object.keys(codeTables).sort());
  });

  const rows: readonly (readonly [
    CodeTable,
    { system: string; code: string },
    readonly string[],
  ])[] = [
    ['technique-in', { system: snomed, code: '229506003' }, ['scar-massage']],
    ['technique-in', { system: serviceType, code: '29' }, ['reflexology']],
    ['technique-in', { system: snomed, code: '406147003' }, ['other']],
    ['technique-in', ourCoding('massage-technique', 'swedish'), ['swedish']],
    ['technique-in', { system: snomed, code: '387854002' }, []],
    ['technique-in', { system: 'urn:oid:2.999.4', code: 'swedish' }, []],
    ['technique-out', ourCoding('massage-technique', 'acupressure'), ['231107005']],
    ['technique-out', ourCoding('massage-technique', 'swedish'), ['swedish']],
    ['cancelation-reason', ourCoding('visit-reason', 'discharged'), ['prov-dch']],
    ['cancelation-reason', ourCoding('visit-reason', 'asleep'), ['asleep']],
    ['cancelation-reason', ourCoding('visit-reason', 'no-show'), []],
    ['measure', ourCoding('session-observation', 'pain'), ['72514-3']],
    ['measure', ourCoding('session-observation', 'stress'), ['stress']],
    ['data-absent-reason', ourCoding('missing-reason', 'asleep'), ['not-performed']],
    ['body-site', ourCoding('body-site', 'lower-back'), ['52612000']],
    ['business-status', ourCoding('business-status', 'visit-missed'), ['5.1.2']],
    ['business-status', ourCoding('business-status', 'on-hold'), []],
  ];
  for (const [table, coding, codes] of rows) {
    it(`${table}: ${coding.code} of ${coding.system} gives ${codes.join() || 'nothing'}`, () => {
      expect(codesFor(table, coding).map(({ code }) => code)).to.deep.equal(codes);
    });
  }

  it('give ours behind theirs, and ours alone where there is no other', () => {
    const codes = (code: 'declined' | 'asleep') =>
      withOurs('cancelation-reason', ourCoding('visit-reason', code)).map((one) => one.code);
    expect(codes('declined')).to.deep.equal(['pat', 'declined']);
    expect(codes('asleep')).to.deep.equal(['asleep']);
  });

  it('give the codes of one system where only that one is wanted', () => {
    const codes = (system: string) =>
      withOurs('business-status', ourCoding('business-status', 'visit-scheduled'), system).map(
        ({ code }) => code,
      );
    expect(codes(cow)).to.deep.equal(['visit-scheduled', 'visit-scheduled']);
    expect(codes(bser)).to.deep.equal(['5.1.1', 'visit-scheduled']);
  });

  it('go back only from an equivalent: `pat` may be anything that the patient did', () => {
    const back = (code: string) => codeBehind('cancelation-reason', { system: cancelation, code });
    expect(back('prov-dch')?.code).to.equal('discharged');
    expect(back('pat')).to.equal(undefined);
  });

  it('answer like $translate', () => {
    const { result, match } = translateBy('cancelation-reason', {
      codings: [ourCoding('visit-reason', 'no-show')],
    });
    expect([result, match[0]?.equivalence]).to.deep.equal([false, 'unmatched']);
  });

  function known(system: string): readonly string[] {
    return ours[system] ?? Object.keys(verified[system] ?? {});
  }
});
