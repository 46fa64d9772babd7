/** What the profiles promise beyond R4: must-support, the rules of US Core, and what we need of a hospital, with reasons. */
import { expect } from 'chai';
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import type { Need } from '../../src/hospital/needs.ts';
import { rungs } from '../../src/hospital/rungs.ts';
import { factAsks } from '../../src/sync/facts/fact-asks.ts';
import { elementOf, published } from './compiled.ts';
import { invalidExamples, validExamples } from './examples.ts';

/** Elements that the guides agree on (Clinical Order Workflows, SDOH Clinical Care, BSeR, US Core). */
const mustSupport: Readonly<Record<string, string>> = {
  'massage-referral-task': `Task: identifier status statusReason.text businessStatus intent code focus for authoredOn
    requester owner priority partOf input output output:result restriction.period lastModified`,
  'massage-referral-request': `ServiceRequest: identifier status intent category priority code subject encounter
    occurrence[x] authoredOn requester performer reasonCode reasonReference insurance supportingInfo note basedOn replaces`,
  'massage-procedure': `Procedure: status statusReason basedOn code subject encounter performed[x] reasonReference
    performer bodySite note partOf`,
};

/** The rules of US Core that bear on us, as published: cardinality by element, constraints by expression. */
const usCore = {
  'massage-referral-request': ['status', 'intent', 'code', 'subject'],
  'massage-procedure': ['status', 'code', 'subject'],
} as const;
const usCore7 = fhirpath.compile(
  "(status='completed' or status='in-progress') implies performed.exists()",
  r4,
  { async: false },
);

describe('profiles: must-support', () => {
  for (const [profile, wanted] of Object.entries(mustSupport)) {
    const [type = '', ...names] = wanted.split(/:?\s+/);
    for (const name of names)
      it(`${profile}: ${name}`, () => {
        expect(elementOf(profile, `${type}.${name}`).mustSupport).to.equal(true);
      });
  }
});

describe('profiles: US Core', () => {
  for (const [profile, names] of Object.entries(usCore))
    it(`${profile} requires what US Core requires, of a Patient`, () => {
      const type = published('StructureDefinition', profile).type;
      for (const name of names) expect(elementOf(profile, `${type}.${name}`).min, name).to.equal(1);
      const [subject] = elementOf(profile, `${type}.subject`).type ?? [];
      expect(subject?.targetProfile).to.deep.equal([
        'http://hl7.org/fhir/StructureDefinition/Patient',
      ]);
    });

  it('us-core-7 holds for every valid Procedure, and our own rule refuses one for which it does not', () => {
    const procedures = validExamples.filter(
      ({ resource }) => resource.resourceType === 'Procedure',
    );
    expect(procedures).not.to.be.empty;
    for (const { name, resource } of procedures)
      expect(usCore7(resource), name).to.deep.equal([true]);
    const untimed = invalidExamples.find(({ rule }) => rule === 'massage-procedure-time');
    expect(usCore7(untimed?.resource)).to.deep.equal([false]);
  });
});

describe('requirements of a hospital', () => {
  const statement = published('CapabilityStatement', 'hospital');
  const [rest] = statement.rest ?? [];
  const of = (type: string) => rest?.resource?.find((one) => one.type === type);
  const named = (type: string) => ({
    interactions: of(type)?.interaction?.map(({ code }) => code) ?? [],
    params: of(type)?.searchParam?.map(({ name }) => name) ?? [],
  });

  it('are those of a client, of the version that we speak', () => {
    expect([statement.kind, rest?.mode, statement.fhirVersion]).to.deep.equal([
      ...['requirements', 'client', '4.0.1'],
    ]);
    expect([statement.implementation, statement.software]).to.deep.equal([undefined, undefined]);
  });

  for (const { rung, says, needs } of rungs.filter(({ ships }) => ships))
    it(`name what rung ${rung} needs to ${says}`, () => {
      for (const need of needs as readonly Need[]) {
        const { type, interactions = [], searchParams = [], conditionalCreate } = need;
        const { anySearchParam = [] } = need;
        expect(named(type).interactions, type).to.include.members([...interactions]);
        expect(named(type).params, type).to.include.members([...searchParams, ...anySearchParam]);
        if (conditionalCreate) expect(of(type)?.conditionalCreate, type).to.equal(true);
      }
    });

  it('name how the facts of a patient are asked for', () => {
    for (const { type, newestBy, narrower } of factAsks(undefined)) {
      expect(named(type).interactions, type).to.include('search-type');
      const wanted = [
        'patient',
        ...(newestBy ? [newestBy] : []),
        ...narrower.map((one) => one.param),
      ];
      expect(named(type).params, type).to.include.members(wanted);
    }
  });

  it('say of each thing how much it is needed, and what stops working without it', () => {
    const levels = new Set<string | undefined>();
    for (const { type, documentation, interaction = [], searchParam = [] } of rest?.resource ??
      []) {
      expect(documentation, type).to.match(/\w.*\.$/);
      for (const one of [...interaction, ...searchParam]) {
        const [expectation] = one.extension ?? [];
        expect(expectation?.url, type).to.match(/capabilitystatement-expectation$/);
        levels.add(expectation?.valueCode);
        expect(one.documentation, `${type} ${'code' in one ? one.code : one.name}`).to.match(/\.$/);
      }
    }
    expect([...levels].toSorted()).to.deep.equal(['MAY', 'SHALL', 'SHOULD']);
  });

  it('never ask to write an order, nor to delete anything', () => {
    expect(named('ServiceRequest').interactions).to.have.members(['read', 'search-type']);
    for (const { interaction = [] } of rest?.resource ?? [])
      expect(interaction.map(({ code }) => code)).not.to.include('delete');
  });

  it('name the profiles of what is exchanged', () => {
    const claimed = (rest?.resource ?? []).flatMap((one) => one.supportedProfile ?? []);
    for (const url of claimed)
      published('StructureDefinition', url.slice(url.lastIndexOf('/') + 1));
    expect(claimed).to.have.length(11);
  });
});
