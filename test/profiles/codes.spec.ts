/** Codes have one truth: what is published is what the code of the adapter means, and codes of others were verified. */
import { expect } from 'chai';
import { codeSystems } from '../../mappings/code-systems.ts';
import { codeTables } from '../../mappings/code-tables.ts';
import { profileUrl } from '../../mappings/profiles.ts';
import { canonical, loinc, snomed } from '../../src/core/concept.ts';
import { lookAlikes, massageServices } from '../../src/core/selection.ts';
import { elementOf, ofType, profiles, published, snapshotOf } from './compiled.ts';
import { verified } from './verified-codes.ts';

const ours = `${canonical}/CodeSystem/`;

interface Named {
  readonly system: string;
  readonly code: string;
  readonly display?: string | undefined;
  readonly where: string;
}

/** Every code of others that is published: in value sets, concept maps, patterns and fixed values. */
const ofOthers: readonly Named[] = [
  ...ofType('ValueSet').flatMap(({ id, compose }) =>
    [...(compose?.include ?? []), ...(compose?.exclude ?? [])].flatMap(({ system = '', concept }) =>
      (concept ?? []).map(({ code, display }) => ({ system, code, display, where: `${id}` })),
    ),
  ),
  ...ofType('ConceptMap').flatMap(({ id, group }) =>
    (group ?? []).flatMap(({ source = '', target = '', element }) =>
      element.flatMap(({ code = '', display, target: targets = [] }) => [
        { system: source, code, display, where: `${id}` },
        ...targets.flatMap((one) =>
          one.code === undefined
            ? []
            : [{ system: target, code: one.code, display: one.display, where: `${id}` }],
        ),
      ]),
    ),
  ),
  ...profiles.flatMap((profile) =>
    (profile.differential?.element ?? []).flatMap(({ id, patternCodeableConcept, patternCoding }) =>
      [patternCoding, ...(patternCodeableConcept?.coding ?? [])].flatMap((coding) =>
        coding?.code === undefined
          ? []
          : [{ system: coding.system ?? '', code: coding.code, where: `${profile.id} ${id}` }],
      ),
    ),
  ),
].filter(({ system }) => !system.startsWith(ours));

describe('published codes of ours', () => {
  it('are those of the adapter, code by code and word by word', () => {
    const known = Object.fromEntries(
      ofType('CodeSystem').map(({ id, concept }) => [
        id,
        (concept ?? []).map(({ code, display }) => [code, display]),
      ]),
    );
    const meant = Object.fromEntries(
      Object.entries(codeSystems).map(([name, codes]) => [name, Object.entries(codes)]),
    );
    expect(known).to.deep.equal(meant);
  });

  it('are complete, tell capital letters apart, and are counted', () => {
    for (const { id, content, caseSensitive, count, concept } of ofType('CodeSystem'))
      expect([content, caseSensitive, count], id).to.deep.equal([
        'complete',
        true,
        concept?.length,
      ]);
  });

  it('have the same words wherever they are named', () => {
    const words = new Map(
      ofType('CodeSystem').flatMap(({ url, concept }) =>
        (concept ?? []).map(({ code, display }) => [`${url}|${code}`, display]),
      ),
    );
    for (const { id, group } of ofType('ConceptMap'))
      for (const { source, target, element } of group ?? [])
        for (const { code, display, target: targets = [] } of element)
          for (const [system, named, says] of [
            [source, code, display],
            ...targets.map((one) => [target, one.code, one.display]),
          ])
            if (system?.startsWith(ours) && named !== undefined)
              expect(says, `${id}: ${named}`).to.equal(words.get(`${system}|${named}`));
  });
});

describe('published codes of others', () => {
  it('were verified, and have the words of the source in which they were seen', () => {
    expect(ofOthers.length).to.be.greaterThan(50);
    for (const { system, code, display, where } of ofOthers) {
      const codes = verified[system];
      expect(codes, `${where}: ${system}`).not.to.equal(undefined);
      expect(Object.keys(codes ?? {}), where).to.include(code);
      if (display !== undefined) expect(display, `${where}: ${code}`).to.equal(codes?.[code]);
    }
  });

  it('come with the notice of their owner', () => {
    const owners: readonly (readonly [string, RegExp])[] = [
      [snomed, /SNOMED International/],
      [loinc, /Regenstrief/],
      ['http://www.ama-assn.org/go/cpt', /American Medical Association/],
    ];
    for (const one of [...ofType('ValueSet'), ...ofType('ConceptMap')])
      for (const [system, notice] of owners) {
        const uses = ofOthers.some(
          ({ where, ...code }) => where === one.id && code.system === system,
        );
        if (uses) expect(one.copyright, one.url).to.match(notice);
      }
  });
});

describe('massage services', () => {
  const { compose } = published('ValueSet', 'massage-services');
  const tokens = (parts: readonly fhir4.ValueSetComposeInclude[] | undefined) =>
    (parts ?? []).flatMap(({ system, concept }) =>
      (concept ?? []).map(({ code }) => `${system}|${code}`),
    );

  it('are those that selection takes', () => {
    expect(tokens(compose?.include)).to.have.members([...massageServices]);
  });

  it('exclude by name what only looks like massage, and so does the profile of an order', () => {
    expect(tokens(compose?.exclude)).to.have.members(Object.keys(lookAlikes));
    const rule = elementOf('massage-referral-request', 'ServiceRequest').constraint?.find(
      ({ key }) => key === 'massage-order-not-look-alike',
    );
    const named = [...(rule?.expression ?? '').matchAll(/'(\d+)'/g)].map(([, code]) => code);
    expect(named).to.have.members(Object.keys(lookAlikes).map((one) => one.split('|')[1]));
  });

  it('have no words for codes of CPT', () => {
    const cpt = compose?.include.find(({ system }) => system?.includes('ama-assn'));
    expect(cpt?.concept).to.deep.equal([{ code: '97124' }]);
  });
});

describe('bindings of the profiles', () => {
  it('lead to value sets that are published, or to those of R4', () => {
    const urls = new Set(ofType('ValueSet').map(({ url }) => url));
    for (const profile of profiles)
      for (const { id, binding } of snapshotOf(profile))
        if (binding?.valueSet?.startsWith(canonical))
          expect([...urls], `${profile.id} ${id}`).to.include(binding.valueSet.split('|')[0]);
  });

  it('are required only where our own code stands alone or each code is from the set', () => {
    // Servers that want every coding of a concept to be in a required set would refuse a hospital's code beside ours
    const required = profiles.flatMap((profile) =>
      snapshotOf(profile).flatMap(({ id, type, binding }) =>
        binding?.strength === 'required' &&
        binding.valueSet?.startsWith(canonical) &&
        type?.some(({ code }) => code === 'CodeableConcept')
          ? [`${profile.id} ${id}`]
          : [],
      ),
    );
    expect(required).to.have.members([
      ...['pain', 'anxiety', 'stress'].flatMap((one) => [
        `massage-${one} Observation.category:moment`,
        `massage-${one} Observation.dataAbsentReason`,
      ]),
      'massage-pause Observation.value[x]',
    ]);
  });
});

it('the code tables of the mappings are the published concept maps', () => {
  const maps = Object.fromEntries(ofType('ConceptMap').map((map) => [map.id, map]));
  expect(codeTables).to.deep.equal(maps);
  expect(profileUrl('x')).to.equal(`${canonical}/StructureDefinition/x`);
});
