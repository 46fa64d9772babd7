/** The verdict on text: what only the text shows, joined with what the validator says of the value. */
import { expect } from 'chai';
import type { Verdict } from '../../../src/fhir/validation/outcome.ts';
import { validateText } from '../../../src/fhir/validation/validate-text.ts';
import type { ValidateOptions } from '../../../src/fhir/validation/validator.ts';

const fine: Verdict = { valid: true, issues: [], notChecked: [] };

/** Says that everything is valid, and remembers what it was asked. */
function easy(verdict: Verdict = fine) {
  const asked: { resource: unknown; options: ValidateOptions | undefined }[] = [];
  return {
    asked,
    validate(resource: unknown, options?: ValidateOptions) {
      asked.push({ resource, options });
      return verdict;
    },
  };
}

describe('validating text', () => {
  it('hands value, options and the digits of numbers on, and names type and id', () => {
    const validator = easy();
    const verdict = validateText(
      validator,
      '{"resourceType":"Observation","id":"o","valueDecimal":1.10}',
      {
        profiles: ['http://example.org/p'],
      },
    );
    expect(verdict).to.deep.equal({ resourceType: 'Observation', id: 'o', ...fine });
    const [{ resource, options } = {}] = validator.asked;
    expect(options?.profiles).to.deep.equal(['http://example.org/p']);
    expect(options?.digits?.get(resource as object)?.get('valueDecimal')).to.equal('1.10');
  });

  it('calls what is no JSON invalid with one fatal issue that says where', () => {
    const validator = easy();
    const { valid, issues } = validateText(validator, '{\n "a": }');
    expect({ valid, issues }).to.deep.equal({
      valid: false,
      issues: [
        {
          severity: 'fatal',
          code: 'structure',
          expression: '',
          message: 'Line 2, column 7: A value is expected here.',
        },
      ],
    });
    expect(validator.asked).to.deep.equal([]);
  });

  const refused: Readonly<Record<string, [text: string, code: string, says: string]>> = {
    'a list': ['[{}]', 'structure', 'A resource is an object; this is a list.'],
    'a number': ['7', 'structure', 'A resource is an object; this is a number.'],
    null: ['null', 'structure', 'A resource is an object; this is null.'],
    'an object without resourceType': [
      '{"__proto__":{"resourceType":"Patient"}}',
      'structure',
      'There is no resourceType, so that nothing is known of this object.',
    ],
    'a resourceType that is no name': [
      '{"resourceType":7}',
      'structure',
      'The resourceType is not the name of a type.',
    ],
    'an endless resourceType': [
      `{"resourceType":"${'a'.repeat(100_000)}"}`,
      'structure',
      'The resourceType is not the name of a type.',
    ],
    '10,000 levels': [
      `{"a":${'['.repeat(10_000)}`,
      'too-long',
      'Line 1, column 255: Objects and lists are nested deeper than 250 levels.',
    ],
  };
  for (const [name, [text, code, says]] of Object.entries(refused))
    it(`refuses ${name} with a fatal issue`, () => {
      const { valid, issues, resourceType } = validateText(easy(), text);
      expect(valid).to.equal(false);
      expect(resourceType).to.equal(undefined);
      expect(issues).to.deep.equal([{ severity: 'fatal', code, expression: '', message: says }]);
    });

  it('makes an error of a key that occurs twice', () => {
    const { valid, issues } = validateText(
      easy(),
      '{"resourceType":"Patient","contact":[{"gender":"male",\n"gender":"other"}]}',
    );
    expect(valid).to.equal(false);
    expect(issues).to.deep.equal([
      {
        severity: 'error',
        code: 'structure',
        expression: 'Patient.contact[0]',
        message:
          '‘gender’ occurs twice in this object, the second time in line 2, column 1; names have to be unique.',
      },
    ]);
  });

  it('makes an error of half a character, and a warning of a byte order mark', () => {
    const half = validateText(easy(), '{"resourceType":"Patient","id":"\\ud800"}');
    expect(half.valid).to.equal(false);
    expect(half.issues.map(({ expression }) => expression)).to.deep.equal(['Patient.id']);
    const mark = validateText(easy(), '\ufeff{"resourceType":"Patient"}');
    expect(mark.valid).to.equal(true);
    expect(mark.issues.map(({ severity }) => severity)).to.deep.equal(['warning']);
  });

  it('puts its own issues among those of the validator, errors first', () => {
    const warning = {
      severity: 'warning',
      code: 'value',
      expression: 'Patient',
      message: 'w',
    } as const;
    const verdict = validateText(
      easy({
        valid: true,
        issues: [warning],
        notChecked: [{ expression: 'Patient', kind: 'code', why: 'y' }],
      }),
      '{"resourceType":"Patient","id":"a","id":"b"}',
    );
    expect(verdict.issues.map(({ severity }) => severity)).to.deep.equal(['error', 'warning']);
    expect(verdict.notChecked).to.have.length(1);
  });
});
