import { expect } from 'chai';
import { byFhirpath } from '../../../src/fhir/invariants/by-fhirpath.ts';
import type { Node, Surroundings } from '../../../src/fhir/invariants/predicate.ts';

const patient: Node = Object.freeze({ resourceType: 'Patient', id: 'p', active: true });
const nowhere: Surroundings = { resource: patient, root: patient };

describe('invariants by FHIRPath', () => {
  it('fail only by false: nothing satisfies, and so does any one item', () => {
    expect(byFhirpath('active', 'Patient')(patient, nowhere)).to.equal(true);
    expect(byFhirpath('active.not()', 'Patient')(patient, nowhere)).to.equal(false);
    expect(byFhirpath('name.family', 'Patient')(patient, nowhere)).to.equal(true);
    expect(byFhirpath('id', 'Patient')(patient, nowhere)).to.equal(true);
    expect(byFhirpath("'a' | 'b'", 'Patient')(patient, nowhere)).to.equal(undefined);
  });

  it('know the types of parts and of choices', () => {
    const component = { valueQuantity: { value: 1 } };
    const at = 'Observation.component';
    expect(byFhirpath('value is Quantity', at)(component, nowhere)).to.equal(true);
    expect(byFhirpath('value.ofType(Quantity).value = 1', at)(component, nowhere)).to.equal(true);
    expect(byFhirpath('(value as string).empty()', at)(component, nowhere)).to.equal(true);
  });

  it('take bare values', () => {
    expect(byFhirpath('$this > 5', 'decimal')(5.5, nowhere)).to.equal(true);
    expect(byFhirpath('$this > 5', 'integer')(5, nowhere)).to.equal(false);
    expect(byFhirpath("$this.matches('^a$')", 'string')('a', nowhere)).to.equal(true);
    expect(byFhirpath('($this as dateTime) > @2020', 'dateTime')('2021-01-01', nowhere)).to.equal(
      true,
    );
  });

  it('see the resource, the outermost resource and the named systems', () => {
    const root = { resourceType: 'Task', status: 'ready' };
    const around = { resource: patient, root };
    for (const expression of [
      "%resource.id = 'p'",
      "%rootResource.status = 'ready'",
      '%context.family.exists()',
      "%ucum = 'http://unitsofmeasure.org'",
      "%sct = 'http://snomed.info/sct'",
      "%loinc = 'http://loinc.org'",
      "%`vs-example` = 'http://hl7.org/fhir/ValueSet/example'",
      "%`ext-example` = 'http://hl7.org/fhir/StructureDefinition/example'",
    ])
      expect(byFhirpath(expression, 'HumanName')({ family: 'x' }, around), expression).to.equal(
        true,
      );
  });

  it('resolve what is here, and have no answer where something elsewhere may be the answer', () => {
    const node = { resourceType: 'Observation', subject: { reference: '#p' } };
    const here = { ...nowhere, resolve: (to: string) => (to === '#p' ? patient : undefined) };
    const exists = byFhirpath('subject.resolve().exists()', 'Observation');
    expect(exists(node, here)).to.equal(true);
    expect(exists(node, nowhere)).to.equal(undefined);
    expect(byFhirpath('subject.resolve() is Patient', 'Observation')(node, here)).to.equal(true);
    expect(byFhirpath('subject.resolve() is Device', 'Observation')(node, here)).to.equal(false);
    expect(byFhirpath('subject.resolve().empty()', 'Observation')(node, nowhere)).to.equal(true);
  });

  it('read the patterns of Java', () => {
    const name = byFhirpath("$this.matches('^[a-z\\\\@\\\\_]+$')", 'string');
    expect(name('a@b_c', nowhere)).to.equal(true);
    expect(name('A', nowhere)).to.equal(false);
  });

  it('have no answer where terminology, profiles or unknown functions are asked', () => {
    for (const expression of [
      "gender.memberOf('http://x')",
      "conformsTo('http://x')",
      'elementDefinition().exists()',
      '%unknown.exists()',
      'name[',
      "matches('[')",
    ])
      expect(
        byFhirpath(expression, 'Patient')({ ...patient, gender: 'other' }, nowhere),
        expression,
      ).to.equal(undefined);
    expect(byFhirpath("gender.memberOf('http://x')", 'Patient')(patient, nowhere)).to.equal(true);
  });

  it('never throw, write into the resource or print', () => {
    const lines: unknown[] = [];
    const { log } = console;
    console.log = (...line: unknown[]) => lines.push(line);
    try {
      const node = { name: [{ family: 'Invented' }], contact: {} };
      const text = JSON.stringify(node);
      expect(byFhirpath("name.trace('n')", 'Patient')(node, nowhere)).to.equal(true);
      expect(byFhirpath('contact', 'Patient')(node, nowhere)).to.equal(true);
      expect(JSON.stringify(node)).to.equal(text);
      expect(Object.getOwnPropertyNames(node.contact)).to.deep.equal([]);
      for (const broken of [null, undefined, [], 'x', { name: 5 }, { __path__: { ctx: 1 } }])
        byFhirpath('name.given.first() <= name.family', 'Patient')(broken, nowhere);
    } finally {
      console.log = log;
    }
    expect(lines).to.deep.equal([]);
  });
});
