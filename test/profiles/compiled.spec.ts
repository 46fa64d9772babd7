/** The committed definitions are what `profiles/` compiles to, and they are sound, dated and named as published ones are. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { canonical } from '../../src/core/concept.ts';
import { openDefinitions } from '../../src/fhir/definitions/definitions.ts';
import { openValidator } from '../../src/fhir/validation/validator.ts';
import { compiledFolder, compileProfiles, differences } from '../../tools/profiles.ts';
import { compiled, profiles, snapshotOf } from './compiled.ts';

describe('profiles: compiling', function () {
  this.timeout(60_000);
  let fresh: ReadonlyMap<string, string>;

  before(async () => {
    fresh = await compileProfiles();
  });

  it('gives what is committed (else: npm run profiles)', () => {
    expect(differences(fresh)).to.deep.equal([]);
  });

  it('names a file that is missing, is another, or comes from nothing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'profiles-'));
    try {
      const texts = new Map([
        ['ValueSet-a.json', 'a'],
        ['ValueSet-b.json', 'b'],
      ]);
      writeFileSync(join(folder, 'ValueSet-b.json'), 'old');
      writeFileSync(join(folder, 'ValueSet-c.json'), 'c');
      expect(differences(texts, folder)).to.deep.equal([
        { file: 'ValueSet-a.json', says: 'is missing' },
        { file: 'ValueSet-b.json', says: 'is not what the project compiles to' },
        { file: 'ValueSet-c.json', says: 'comes from nothing' },
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('profiles: what is published', () => {
  it('has one version, one date and one publisher, and lives under our canonical', () => {
    const versions = new Set(compiled.map(({ version }) => version));
    const dates = new Set(compiled.map(({ date }) => date));
    expect([versions.size, dates.size]).to.deep.equal([1, 1]);
    for (const one of compiled) {
      expect(one.url).to.equal(`${canonical}/${one.resourceType}/${one.id}`);
      expect(one, one.url).to.include({
        status: 'active',
        experimental: false,
        publisher: 'massage-fhir',
      });
      expect(one.title, one.url).to.match(/\w/);
      expect(one.description, one.url).to.match(/\.$/);
    }
  });

  it('is kept in files that are named after type and id', () => {
    const names = compiled.map(({ resourceType, id }) => `${resourceType}-${id}.json`);
    expect(readdirSync(compiledFolder).toSorted()).to.deep.equal(names.toSorted());
  });

  it('is valid R4, as far as R4’s own definitions are', () => {
    const validator = openValidator(openDefinitions());
    for (const one of compiled) {
      // The snapshots repeat what R4's own definitions have, prose and all: what we say stands in the differential
      const { snapshot: _theirs, ...said } = one as fhir4.StructureDefinition;
      const { issues } = validator.validate(
        one.resourceType === 'StructureDefinition' ? said : one,
      );
      expect(issues, one.url).to.deep.equal([]);
    }
  });

  it('has constraints with a name of ours, a sentence and an expression', () => {
    for (const profile of profiles) {
      const ours = (profile.differential?.element ?? []).flatMap(
        ({ constraint = [] }) => constraint,
      );
      for (const { key, human, expression } of ours) {
        expect(key).to.match(/^massage-[a-z-]+$/);
        expect(human, key).to.match(/^[A-Z].*\.$/);
        expect(expression, key).to.match(/\w/);
      }
    }
  });

  it('names every rule of each profile by an invalid example', () => {
    const examples = readFileSync(join(compiledFolder, '../../examples/expected.json'), 'utf8');
    const keys = new Set(
      profiles.flatMap((profile) =>
        snapshotOf(profile).flatMap(({ constraint = [] }) =>
          constraint.flatMap(({ key, severity }) =>
            key.startsWith('massage-') && severity === 'error' ? [key] : [],
          ),
        ),
      ),
    );
    expect(keys.size).to.be.greaterThan(10);
    for (const key of keys) expect(examples, key).to.include(`"constraint": "${key}"`);
  });
});
