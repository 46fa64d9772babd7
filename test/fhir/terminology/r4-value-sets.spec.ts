/** The value sets that R4 itself publishes: what its own expansions show, and which of its bindings can be decided. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { openDefinitions } from '../../../src/fhir/definitions/definitions.ts';
import { installedPackages } from '../../../src/fhir/definitions/packages.ts';

const expansions = dirname(
  fileURLToPath(import.meta.resolve('hl7.fhir.r4.expansions/package.json')),
);
const definitions = openDefinitions();

const v3 = 'http://terminology.hl7.org/CodeSystem/v3';
const v2 = 'http://terminology.hl7.org/CodeSystem/v2';

function has(set: string, system: string | undefined, code: string): string | undefined {
  const base = set.startsWith('v') ? 'http://terminology.hl7.org' : 'http://hl7.org/fhir';
  return definitions.valueSet(`${base}/ValueSet/${set}`)?.has(system, code);
}

describe('value sets of R4', () => {
  it('have in them every code that their official expansions show', () => {
    let [sets, codes] = [0, 0];
    for (const file of readdirSync(expansions)) {
      if (!/^ValueSet-.*\.json$/.test(file)) continue;
      const expanded: fhir4.ValueSet = JSON.parse(readFileSync(join(expansions, file), 'utf8'));
      const list = definitions.valueSet(`${expanded.url}`);
      sets += 1;
      for (const { system, code, abstract } of flat(expanded.expansion?.contains)) {
        if (code === undefined || abstract) continue;
        codes += 1;
        if (list?.has(system, code) !== 'in' || list.has(undefined, code) !== 'in')
          expect.fail(`${system}|${code} is in the expansion of ${expanded.url}`);
      }
    }
    expect([sets, codes]).to.deep.equal([553, 55_342]);
  });

  it('can decide all that the definitions of R4 require but these, each for its reason', () => {
    const undecided = new Map<string, string>();
    let required = 0;
    const seen = new Set<string>();
    for (const file of installedPackages()?.files() ?? []) {
      if (!file.startsWith('StructureDefinition-')) continue;
      const structure = definitions.structure(urlOf(file));
      for (const { binding } of structure?.snapshot?.element ?? []) {
        const set = binding?.valueSet;
        if (binding?.strength !== 'required' || set === undefined || seen.has(set)) continue;
        seen.add(set);
        required += 1;
        const list = definitions.valueSet(set);
        if (!list?.complete)
          undecided.set(set, list ? (list.gap ?? 'no reason') : 'it is not here');
        else expect(list.codes.size, set).to.be.greaterThan(0);
      }
    }
    expect(required).to.equal(257);
    expect(Object.fromEntries([...undecided].sort())).to.deep.equal({
      'http://hl7.org/fhir/ValueSet/currencies|4.0.1': 'ISO 4217 is not here',
      'http://hl7.org/fhir/ValueSet/mimetypes|4.0.1': 'the list of mime types is not here',
      'http://hl7.org/fhir/ValueSet/timezones|4.0.1': 'the list of time zones is not here',
      'http://hl7.org/fhir/ValueSet/ucum-units|4.0.1': 'UCUM is not here',
      'http://loinc.org/vs/LL379-9|4.0.1': 'it is not here',
    });
    expect(definitions.problems).to.deep.equal([]);
  });

  it('answer as their definitions say', () => {
    const cases: [set: string, system: string | undefined, code: string, membership: string][] = [
      ['administrative-gender', undefined, 'male', 'in'],
      ['administrative-gender', undefined, 'Male', 'out'],
      ['administrative-gender', 'http://hl7.org/fhir/administrative-gender', 'other', 'in'],
      ['administrative-gender', `${v3}-AdministrativeGender`, 'M', 'out'],
      ['request-status', undefined, 'in-progress', 'out'],
      ['appointmentstatus', undefined, 'noshow', 'in'],
      ['appointmentstatus', undefined, 'no-show', 'out'],
      // concepts nested below one that is itself a code
      ['issue-type', undefined, 'code-invalid', 'in'],
      [
        'condition-clinical',
        'http://terminology.hl7.org/CodeSystem/condition-clinical',
        'recurrence',
        'in',
      ],
      // by is-a in a system of several parents, with the root taken away
      ['v3-ActEncounterCode', `${v3}-ActCode`, 'AMB', 'in'],
      ['v3-ActEncounterCode', `${v3}-ActCode`, '_ActEncounterCode', 'out'],
      ['v3-ActEncounterCode', `${v3}-ActCode`, 'DOSE', 'out'],
      ['parent-relationship-codes', `${v3}-RoleCode`, 'NMTH', 'in'],
      ['parent-relationship-codes', `${v3}-RoleCode`, 'SIS', 'out'],
      // v2 tables do not say how they treat letters
      ['v2-0203', `${v2}-0203`, 'mr', 'in'],
      ['v2-0203', `${v2}-0203`, 'no such type', 'out'],
      // enumerated codes of systems that are not here
      ['ucum-vitals-common', 'http://unitsofmeasure.org', 'mm[Hg]', 'in'],
      ['ucum-vitals-common', 'http://unitsofmeasure.org', 'mm[hg]', 'out'],
      ['languages', 'urn:ietf:bcp:47', 'de-CH', 'in'],
      ['languages', undefined, 'tlh', 'out'],
      ['all-languages', undefined, 'tlh', 'in'],
      ['all-languages', undefined, 'no language', 'out'],
      // systems that are not here at all
      ['observation-codes', 'http://loinc.org', '0-0', 'unknown'],
      ['observation-codes', 'http://snomed.info/sct', '387854002', 'out'],
      ['procedure-code', 'http://snomed.info/sct', '387854002', 'unknown'],
      // only examples of them are published with R4
      ['service-type', 'http://terminology.hl7.org/CodeSystem/service-type', '124', 'in'],
      ['service-type', 'http://terminology.hl7.org/CodeSystem/service-type', 'of-ours', 'unknown'],
      ['appointment-cancellation-reason', undefined, 'of-ours', 'unknown'],
      // some codes of an open system are known, and what has no such form is no code of it
      ['currencies', undefined, 'CHF', 'in'],
      ['currencies', undefined, 'QQQ', 'unknown'],
      ['currencies', undefined, 'Franken', 'out'],
      ['mimetypes', undefined, 'application/pdf', 'in'],
      ['mimetypes', undefined, 'pdf', 'out'],
      ['iso3166-1-3', undefined, 'CHE', 'unknown'],
      ['iso3166-1-3', undefined, 'CH', 'out'],
      // complete and empty in R4
      ['message-events', 'http://hl7.org/fhir/message-events', 'anything', 'unknown'],
    ];
    for (const [set, system, code, membership] of cases)
      expect(has(set, system, code), `${code} (${system}) in ${set}`).to.equal(membership);
  });

  it('are not here where they are nowhere published with R4', () => {
    for (const url of [
      'http://hl7.org/fhir/ValueSet/of-nobody',
      'http://snomed.info/sct?fhir_vs',
      '',
    ])
      expect(definitions.valueSet(url), url).to.equal(undefined);
  });
});

describe('code systems of R4', () => {
  it('are complete only where all codes are here', () => {
    const gaps = Object.fromEntries(
      [
        'http://hl7.org/fhir/administrative-gender',
        `${v2}-0131`,
        'http://snomed.info/sct',
        'http://loinc.org',
        'http://unitsofmeasure.org',
        'http://terminology.hl7.org/CodeSystem/service-type',
        'http://terminology.hl7.org/CodeSystem/insurance-plan-type',
        'http://hl7.org/fhir/message-events',
        'http://dicom.nema.org/resources/ontology/DCM',
      ].map((url) => [url, definitions.codeSystem(url)?.gap ?? 'complete']),
    );
    expect(gaps).to.deep.equal({
      'http://hl7.org/fhir/administrative-gender': 'complete',
      'http://terminology.hl7.org/CodeSystem/v2-0131': 'complete',
      'http://snomed.info/sct': 'SNOMED CT is not here',
      'http://loinc.org': 'LOINC is not here',
      'http://unitsofmeasure.org': 'UCUM is not here',
      'http://terminology.hl7.org/CodeSystem/service-type':
        'only examples of http://terminology.hl7.org/CodeSystem/service-type are here',
      'http://terminology.hl7.org/CodeSystem/insurance-plan-type':
        'only a part of http://terminology.hl7.org/CodeSystem/insurance-plan-type is here',
      'http://hl7.org/fhir/message-events':
        'http://hl7.org/fhir/message-events is here without its codes',
      'http://dicom.nema.org/resources/ontology/DCM':
        'DICOM adds codes every year, so that what is here is not all of it',
    });
    expect(definitions.codeSystem('https://site.example/codes')).to.equal(undefined);
  });
});

function flat(
  contains: readonly fhir4.ValueSetExpansionContains[] = [],
): fhir4.ValueSetExpansionContains[] {
  return contains.flatMap((each) => [each, ...flat(each.contains)]);
}

function urlOf(file: string): string {
  const { url } = installedPackages()?.read(file) ?? {};
  return url ?? '';
}
