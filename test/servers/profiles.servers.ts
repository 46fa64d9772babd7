/**
 * The profiles on HAPI FHIR, whose validator is the reference engine of HL7: what the package holds is loaded, each valid
 * example is valid there, and each invalid one fails there for the rule that it is named after and for nothing else.
 */
import { expect } from 'chai';
import { readArchive } from '../../src/fhir/definitions/archive.ts';
import { archive, packageFiles } from '../../tools/profiles-package.ts';
import { type Fault, invalidExamples, validExamples } from '../profiles/examples.ts';
import { get, put, validateResource } from '../support/fhir-http.ts';
import { hapiOfThisRun } from '../support/hapi-of-this-run.ts';

/** Definitions before what is built on them, so that a server that looks at once finds them. */
const order = [
  'CodeSystem',
  'ValueSet',
  'StructureDefinition',
  'ConceptMap',
  'CapabilityStatement',
];

describe('profiles: HAPI FHIR', function () {
  this.timeout(600_000);
  let base: string;

  before(async function () {
    const hapi = await hapiOfThisRun();
    if ('missing' in hapi) {
      console.warn(`\n  !!! SKIPPED: the profiles on HAPI FHIR. ${hapi.missing}.\n`);
      return this.skip();
    }
    base = hapi.base;
    for (const resource of resourcesOfPackage()) await put(base, resource);
  });

  it('keeps every resource of the package', async () => {
    for (const { resourceType, id } of resourcesOfPackage())
      expect(await get(base, `${resourceType}/${id}`)).to.include({ resourceType, id });
  });

  for (const { name, url, resource } of validExamples)
    it(`${name} is valid`, async () => {
      expect(wordsOf(await validateResource(base, resource, url))).to.deep.equal([]);
    });

  for (const { name, url, resource, fault } of invalidExamples)
    it(`${name} breaks that rule and no other`, async () => {
      const found = wordsOf(await validateResource(base, resource, url));
      expect(found).not.to.be.empty;
      for (const words of found) expect(isAbout(words, fault), words).to.equal(true);
    });

  it('translates by our code tables as we do', async () => {
    const query = new URLSearchParams({
      url: 'https://massage-fhir.org/fhir/ConceptMap/status-reason',
      system: 'https://massage-fhir.org/fhir/CodeSystem/visit-reason',
      code: 'declined',
    });
    const answer = await fetch(`${base}/ConceptMap/$translate?${query}`);
    const { parameter = [] } = (await answer.json()) as fhir4.Parameters;
    const match = parameter.find(({ name }) => name === 'match')?.part ?? [];
    const concept = match.find(({ name }) => name === 'concept')?.valueCoding;
    expect(concept).to.include({ system: 'http://snomed.info/sct', code: '105480006' });
  });
});

type Kept = fhir4.FhirResource & { id: string };

function resourcesOfPackage(): Kept[] {
  const files = [...readArchive(archive(packageFiles()), 'package.tgz')];
  return files
    .filter(({ name }) => /^package\/[A-Z]\w+-.*\.json$/.test(name))
    .map(({ text }): Kept => JSON.parse(text()))
    .toSorted((one, other) => order.indexOf(one.resourceType) - order.indexOf(other.resourceType));
}

/** Where and what: HAPI says the place in its location, and of a missing element in its words. */
function wordsOf(issues: readonly fhir4.OperationOutcomeIssue[]): string[] {
  return issues.map(({ location, diagnostics }) => `${location?.[0]}: ${diagnostics}`);
}

/** Whether HAPI speaks of the constraint, or of the element and of nothing beside it. */
function isAbout(words: string, fault: Fault | undefined): boolean {
  if (fault?.constraint !== undefined) return words.includes(`failed: ${fault.constraint}:`);
  const place = theirs(fault?.expression ?? '?');
  const [where = ''] = words.split(': ');
  if (where === place || where.startsWith(`${place}.`)) return true;
  // A missing element is reported at its parent, and named without indexes
  const parent = place.slice(0, place.lastIndexOf('.'));
  const element =
    (fault?.expression ?? '?')
      .replace(/\[\d+\]/g, '')
      .split('.')
      .at(-1) ?? '?';
  return where === parent && new RegExp(`\\.${escaped(element)}(:\\w+)?['.:]`).test(words);
}

/** Our place in HAPI's spelling: `Observation.valueQuantity.code` is `Observation.value.ofType(Quantity).code` there. */
function theirs(expression: string): string {
  return expression.replace(
    /\.(value|effective|performed)([A-Z]\w*)/g,
    (_, name: string, type: string) =>
      `.${name}.ofType(${/^(Integer|DateTime)$/.test(type) ? type[0]?.toLowerCase() + type.slice(1) : type})`,
  );
}

function escaped(text: string): string {
  return text.replace(/[[\]]/g, '\\$&');
}
