/** Each valid example is valid, and each invalid one breaks exactly the rule that it is named after, here; HAPI's verdict stands in test/servers. */
import { expect } from 'chai';
import { openDefinitions } from '../../src/fhir/definitions/definitions.ts';
import { openValidator } from '../../src/fhir/validation/validator.ts';
import { profiles } from './compiled.ts';
import { faults, invalidExamples, validExamples } from './examples.ts';

const validator = openValidator(openDefinitions());

describe('examples of the profiles', () => {
  it('stand for each profile that is not abstract, valid ones and invalid ones', () => {
    const ids = profiles.flatMap(({ id, abstract }) => (abstract || !id ? [] : [id])).toSorted();
    expect([...new Set(validExamples.map(({ profile }) => profile))]).to.deep.equal(ids);
    expect([...new Set(invalidExamples.map(({ profile }) => profile))]).to.deep.equal(ids);
  });

  it('are all in the table of faults, and the table has no others', () => {
    const names = invalidExamples.map(({ profile, rule }) => `${profile}/${rule}`);
    expect(Object.keys(faults).toSorted()).to.deep.equal(names.toSorted());
  });

  for (const { name, url, resource } of validExamples)
    it(`${name} is valid`, () => {
      expect(resource.meta?.profile).to.deep.equal([url]);
      const { valid, issues } = validator.validate(resource, { profiles: [url] });
      expect(issues.filter(({ severity }) => severity !== 'warning')).to.deep.equal([]);
      expect(valid).to.equal(true);
    });

  for (const { name, url, resource, fault } of invalidExamples)
    it(`${name} breaks that rule and no other`, () => {
      const { valid, issues } = validator.validate(resource, { profiles: [url] });
      const found = issues
        .filter(({ severity }) => severity === 'error' || severity === 'fatal')
        .map(({ code, constraint, expression }) =>
          constraint === undefined ? { code, expression } : { constraint, expression },
        );
      expect(valid).to.equal(false);
      expect(found).to.deep.equal([fault]);
    });

  it('of invalid ones are sound R4: only the profile holds something against them', () => {
    for (const { name, resource } of invalidExamples) {
      const { meta: _claim, ...plain } = resource;
      const { issues } = validator.validate(plain);
      expect(
        issues.filter(({ severity }) => severity === 'error'),
        name,
      ).to.deep.equal([]);
    }
  });
});
