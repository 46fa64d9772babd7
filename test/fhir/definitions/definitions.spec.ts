import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { openDefinitions } from '../../../src/fhir/definitions/definitions.ts';
import { installedPackages } from '../../../src/fhir/definitions/packages.ts';

const examples = dirname(fileURLToPath(import.meta.resolve('hl7.fhir.r4.examples/package.json')));
const base = 'http://hl7.org/fhir/StructureDefinition';

function official(name: string): fhir4.StructureDefinition {
  return JSON.parse(readFileSync(join(examples, `StructureDefinition-${name}.json`), 'utf8'));
}

describe('definitions of R4', () => {
  const definitions = openDefinitions();

  it('knows the resource types of R4 of which there can be instances', () => {
    expect(definitions.resourceTypes.size).to.equal(146);
    expect([...definitions.resourceTypes]).to.include.members([
      'ServiceRequest',
      'Bundle',
      'Binary',
    ]);
    for (const none of ['Resource', 'DomainResource', 'HumanName', 'code', 'vitalsigns'])
      expect(definitions.resourceTypes.has(none), none).to.equal(false);
  });

  it('opens every resource type and every type that its elements have', () => {
    const seen = new Set<string>();
    const waiting = ['Resource', 'DomainResource', ...definitions.resourceTypes];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      const type = definitions.type(name);
      expect(type?.type, name).to.equal(name);
      expect(type?.snapshot?.element[0]?.path, name).to.equal(name);
      for (const element of type?.snapshot?.element ?? [])
        for (const { code } of element.type ?? [])
          if (!code.startsWith('http://hl7.org/fhirpath/')) waiting.push(code);
    }
    expect([...seen]).to.include.members(['xhtml', 'Extension', 'Timing', 'base64Binary', 'Money']);
  });

  it('gives a type by its own name only', () => {
    for (const none of [
      'vitalsigns',
      'SimpleQuantity',
      'patient',
      'Event',
      '',
      '__proto__',
      'constructor',
    ])
      expect(definitions.type(none), none).to.equal(undefined);
  });

  it('gives profiles and extensions by canonical, with and without the version', () => {
    expect(definitions.structure(`${base}/vitalsigns`)?.derivation).to.equal('constraint');
    expect(definitions.structure(`${base}/vitalsigns|4.0.1`)?.type).to.equal('Observation');
    expect(definitions.structure(`${base}/SimpleQuantity`)?.type).to.equal('Quantity');
    expect(definitions.structure(`${base}/patient-birthPlace`)?.context).to.have.length(1);
    expect(definitions.structure(`${base}/Patient`)).to.equal(definitions.type('Patient'));
    expect(definitions.structure(`${base}/nothing-of-this-name`)).to.equal(undefined);
    expect(definitions.structure('http://hl7.org/fhir/ValueSet/administrative-gender')).to.equal(
      undefined,
    );
    expect(definitions.problems).to.deep.equal([]);
  });

  it('keeps what makes up the format of a primitive', () => {
    const value = definitions.type('id')?.snapshot?.element.find(({ path }) => path === 'id.value');
    expect(value?.type?.[0]?.code).to.equal('http://hl7.org/fhirpath/System.String');
    expect(value?.type?.[0]?.extension?.map(({ url }) => url)).to.deep.equal([
      `${base}/structuredefinition-fhir-type`,
      `${base}/regex`,
    ]);
  });

  it('keeps constraints that only warn', () => {
    const warning = definitions
      .type('Patient')
      ?.snapshot?.element[0]?.constraint?.find(({ key }) => key === 'dom-6');
    expect(warning).to.deep.equal({
      key: 'dom-6',
      severity: 'warning',
      human: 'A resource should have narrative for robust management',
      expression: 'text.`div`.exists()',
    });
  });
});

describe('slim definitions', () => {
  it('say what the official ones say, of every structure, and leave out nothing that a check needs', () => {
    const definitions = openDefinitions();
    const leftOut = new Set<string>();
    let compared = 0;
    for (const file of installedPackages()?.files() ?? []) {
      if (!file.startsWith('StructureDefinition-')) continue;
      const full = official(file.slice('StructureDefinition-'.length, -'.json'.length));
      const slim = definitions.structure(full.url);
      expectPartOf(full, slim, full.url, leftOut);
      compared += 1;
    }
    expect(compared).to.equal(655);
    expect([...leftOut].sort()).to.deep.equal([
      ...'_baseDefinition contact date description differential experimental extension fhirVersion id mapping meta publisher purpose'.split(
        ' ',
      ),
      ...'alias binding.description binding.extension comment condition constraint.extension constraint.requirements constraint.source constraint.xpath definition example extension isModifierReason isSummary mapping meaningWhenMissing mustSupport orderMeaning representation requirements short'
        .split(' ')
        .map((field) => `snapshot.element.${field}`),
      'text',
    ]);
  });
});

/** That `slim` is `full` with fields left out, which are noted by path. Throws at the first difference. */
function expectPartOf(
  full: unknown,
  slim: unknown,
  where: string,
  leftOut: Set<string>,
  path = '',
): void {
  const differs = (): never => expect.fail(`${where}: ${path} is not what the official one says`);
  if (typeof full !== 'object' || full === null) {
    if (full !== slim) differs();
  } else if (typeof slim !== 'object' || slim === null) differs();
  else if (Array.isArray(full) && Array.isArray(slim)) {
    if (full.length !== slim.length && path !== 'snapshot.element.binding.extension') differs();
    for (const [at, each] of slim.entries()) expectPartOf(full[at], each, where, leftOut, path);
  } else {
    for (const [key, value] of Object.entries(slim as object))
      expectPartOf(
        (full as Record<string, unknown>)[key],
        value,
        where,
        leftOut,
        path === '' ? key : `${path}.${key}`,
      );
    for (const key of Object.keys(full))
      if (!Object.hasOwn(slim as object, key)) leftOut.add(path === '' ? key : `${path}.${key}`);
  }
}
