/**
 * The official examples of R4 and its own definitions: almost all are valid, and those that are not break a rule that
 * R4 states, each looked up in the specification. An entry that is no longer needed fails too.
 */
import { expect } from 'chai';
import { openDefinitions } from '../../../../src/fhir/definitions/definitions.ts';
import type { Issue } from '../../../../src/fhir/validation/outcome.ts';
import { openValidator } from '../../../../src/fhir/validation/validator.ts';
import { exampleFiles, exampleOf, handledTypes } from '../../../support/official-examples.ts';

const relativeCanonical =
  'names a definition by a relative URL, though a canonical is absolute (references.html#canonical)';
const otherId =
  'has entries whose fullUrl ends in another id than the resource (Bundle.entry.fullUrl)';

/** Of the types that this product handles. */
const invalidExamples: Readonly<Record<string, string>> = {
  'Bundle-10bb101f-a121-4264-a920-67be9cb82c74.json': otherId,
  'Bundle-3a0707d3-549e-4467-b8b8-5a2ab3800efe.json': otherId,
  'Bundle-lri-example.json': otherId,
  'Bundle-dataelements.json': 'has three entries of one fullUrl without versions (bdl-7)',
  'Bundle-hla-1.json': 'has the part uri in an extension whose definition calls it url',
  'Bundle-resources.json': 'has a value that is no URI under urn:ietf:rfc:3986 (Identifier.value)',
  'Bundle-v2-valuesets.json': 'has codes with white space at their ends (datatypes.html#code)',
  'Bundle-valueset-expansions.json':
    'has the extension translation, which belongs on texts, on the entries of an expansion',
  'Bundle-valuesets.json':
    'has the extension valueset-concept-comments of value sets on the concepts of a code system',
  'CapabilityStatement-example.json': `has a UUID in capitals (datatypes.html#uri) and ${relativeCanonical}`,
  'CapabilityStatement-knowledge-repository.json': relativeCanonical,
  'CapabilityStatement-measure-processor.json': relativeCanonical,
  'CapabilityStatement-messagedefinition.json': relativeCanonical,
  'CapabilityStatement-terminology-server.json': relativeCanonical,
  'DeviceUseStatement-example.json':
    'gives a Procedure as reason, which is no target of reasonReference',
  'MedicationRequest-medrx0301.json':
    'lets a Practitioner dispense, though dispenseRequest.performer is an Organization',
  'Observation-clinical-gender.json':
    'names an Encounter as performer, which is none of its targets',
  'Observation-f202.json':
    'is a body temperature without a time, which vital signs need (effective[x] 1..1)',
  'Organization-2.16.840.1.113883.19.5.json':
    'has a value that is no URI under urn:ietf:rfc:3986 (Identifier.value)',
  'Procedure-f201.json': relativeCanonical,
  'QuestionnaireResponse-gcs.json': relativeCanonical,
  'QuestionnaireResponse-ussg-fht-answers.json': relativeCanonical,
};

/** Of all other types: what R4 publishes against its own rules, by constraint or message. */
const brokenElsewhere: Readonly<Record<string, RegExp>> = {
  'relative canonicals': /is not canonical: the URL has to be absolute/,
  'narratives without text (txt-2)': /^txt-2/,
  'comments of value sets on concepts of a code system': /valueset-concept-comments may stand on/,
  'codes with white space': /is not a code: codes have no white space/,
  'an instance that points to a DeviceDefinition': /points to DeviceDefinition/,
  'references that are prose': /is no reference/,
  'elements that are required and missing': /(name|status|linkId|base) is missing/,
  'an OID that is none': /is not an OID/,
  'an id that is too long': /is not an id/,
  'an identifier that is no URI': /is no absolute URI, as the system urn:ietf:rfc:3986/,
  'definitions of types without a base (sdf-4)': /^sdf-4/,
  'a UUID in capitals': /is not a UUID in small letters/,
  'a value set of a relative system': /is no absolute URI\.$/,
};

describe('validation: official examples', function () {
  this.timeout(120_000);
  const errors = new Map<string, readonly Issue[]>();
  let files = 0;

  before(() => {
    const validator = openValidator(openDefinitions());
    for (const file of exampleFiles()) {
      files += 1;
      const { valid, issues } = validator.validate(JSON.parse(exampleOf(file).text));
      if (!valid) errors.set(file, issues.filter(isError));
    }
  });

  it('reads all of them', () => {
    expect(files).to.equal(5306);
    console.log(`      ${files} files, ${errors.size} invalid`);
  });

  it('finds those of the handled types valid, but for a list with reasons', () => {
    const found = [...errors.keys()].filter(isHandled).sort();
    expect(found).to.deep.equal(Object.keys(invalidExamples).sort());
  });

  it('says why each invalid one is', () => {
    for (const [file, issues] of errors) expect(issues, file).not.to.be.empty;
  });

  it('finds nothing else wrong with the others than what R4 itself got wrong', () => {
    const unknown = new Set<string>();
    const used = new Map(Object.keys(brokenElsewhere).map((rule) => [rule, new Set<string>()]));
    for (const [file, issues] of errors) {
      if (isHandled(file)) continue;
      for (const { constraint, message } of issues) {
        const text = constraint ?? message;
        const rule = Object.keys(brokenElsewhere).find((one) => brokenElsewhere[one]?.test(text));
        if (rule) used.get(rule)?.add(file);
        else unknown.add(`${file}: ${text}`);
      }
    }
    for (const [rule, where] of used)
      console.log(`      ${String(where.size).padStart(4)} files: ${rule}`);
    expect([...unknown]).to.deep.equal([]);
    expect([...used].filter(([, where]) => where.size === 0).map(([rule]) => rule)).to.deep.equal(
      [],
    );
  });
});

function isError({ severity }: Issue): boolean {
  return severity === 'error' || severity === 'fatal';
}

function isHandled(file: string): boolean {
  return handledTypes.has(file.slice(0, file.indexOf('-')));
}
