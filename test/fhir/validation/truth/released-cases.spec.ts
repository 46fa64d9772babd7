/**
 * The verdicts of the HL7 reference validator on published cases. `needs` of a case says what its verdict rests on beside
 * the base rules of R4; where we do not have that, the case is in the table below with the reason.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { openDefinitions } from '../../../../src/fhir/definitions/definitions.ts';
import { openValidator } from '../../../../src/fhir/validation/validator.ts';

/** Examples that others published; they live beside the repository, never in it. */
const folder = join(
  process.env.MASSAGE_FHIR_FIXTURES ??
    fileURLToPath(new URL('../../../../../shared/fixtures', import.meta.url)),
  'fhir-test-cases',
);

interface Case {
  readonly file: string;
  readonly valid: boolean;
  readonly needs: readonly string[];
}

/** Invalid by the record, valid here: what would take more than the text of R4 and its definitions. */
const accepted: Readonly<Record<string, string>> = {
  'AuditEvent-slice23-second.json':
    'refuses an extension whose definition it does not have; here such extensions are not checked',
  'cs-narrative-status-pub.json': 'asks what HL7 asks of its own publications',
  'nested-questionnaire-nested-valueset.json': 'refuses an extension of a guide that is not here',
  'obs-temp-bad.json':
    'knows that a SNOMED CT code means body temperature; R4 lists LOINC codes only',
  'obs-vs-1.json':
    'refuses an extension of a guide that is not here, and knows further LOINC codes',
  'parameters-reference-bad.json': 'was told to look up the targets of references',
  'pat-example-extensions.json': 'was told to refuse the URLs of examples',
  'sdoh-type-slice.json': 'compares displays with LOINC, which is not here',
  'sp-diff-base.json':
    'knows the search parameter that this one is derived from, and evaluates both',
  'target-ref-profile-empty.json': 'refuses extensions of a guide that is not here',
  'vs-bad-ecl.json': 'reads the expression language of SNOMED CT',
  'vs-bad-props.json': 'knows the properties of SNOMED CT',
  'vs-params-3.json': 'evaluates the FHIRPath inside an extension',
  'vs-params-4.json': 'knows which language the expression inside an extension may have',
};

describe('validation: cases with the verdict of the reference validator', () => {
  const validator = openValidator(openDefinitions());
  let cases: readonly Case[];

  before(function () {
    if (!existsSync(folder)) {
      console.warn(`      SKIPPED: NO FIXTURES at ${folder} (set MASSAGE_FHIR_FIXTURES)`);
      return this.skip();
    }
    cases = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  });

  /** Whether we accept a case. One of them is no JSON at all, on purpose. */
  function isAccepted({ file }: Case): boolean {
    try {
      return validator.validate(JSON.parse(readFileSync(join(folder, file), 'utf8'))).valid;
    } catch (error) {
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  }

  it('agrees wherever the base rules are enough', () => {
    const enough = cases.filter(({ needs }) => needs.length === 0);
    expect(enough).to.have.length.greaterThan(50);
    const different = enough.filter((one) => isAccepted(one) !== one.valid);
    expect(different.map(({ file }) => file)).to.deep.equal([]);
  });

  it('calls no valid case invalid', () => {
    const refused = cases.filter((one) => one.valid && !isAccepted(one));
    expect(refused.map(({ file }) => file)).to.deep.equal([]);
  });

  it('accepts only those invalid ones that are in the table, for its reasons', () => {
    const found = cases.filter((one) => !one.valid && isAccepted(one));
    console.log(`      ${cases.length - found.length} of ${cases.length} verdicts agree`);
    expect(found.map(({ file }) => file).sort()).to.deep.equal(Object.keys(accepted).sort());
  });
});
