/** What a FHIRPath expression reads, held against the definitions of R4. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import fhirpath from 'fhirpath';
import { mappings } from '../../mappings/mappings.ts';
import { checkPath, type PathNode } from '../../src/mapping/path-types.ts';
import { definitionsOfR4 } from './r4.ts';

const check = (expression: string, root = 'ServiceRequest') =>
  checkPath(fhirpath.parse(expression) as PathNode, root, definitionsOfR4);

describe('a path over the definitions', () => {
  for (const [expression, gives] of [
    ['ServiceRequest.priority', ['code']],
    ['priority', ['code']],
    ['Resource.id', ['System.String']],
    ['ServiceRequest.code.coding.display', ['string']],
    ['occurrence.ofType(Timing).repeat.count', ['positiveInt']],
    ['(occurrence as Timing).repeat.bounds.ofType(Period).start', ['dateTime']],
    ['occurrence', ['dateTime', 'Period', 'Timing']],
    ["extension('http://x').value.ofType(CodeableConcept).text", ['string']],
    [
      "note.where(author.exists() and $this.text.matches('x')).text | orderDetail.text",
      ['markdown', 'string'],
    ],
    ["iif(quantity.exists(), 'a', note.first().text)", ['System.String', 'markdown']],
    ['orderDetail[0].coding.select(display)', ['string']],
    ['performer.reference & 1.toString()', ['System.String']],
    ['bodySite.exists() or asNeeded is boolean', ['System.Boolean']],
    ['orderDetail.count()', ['System.Integer']],
    ['%resource.subject.reference', ['string']],
    ['`code`.text', ['string']],
    ['contained.code.whatever', undefined],
    ['descendants().anything', undefined],
    ['{}', []],
    ['2 + 1', undefined],
  ] as const)
    it(`gives ${gives?.join(', ') ?? 'what nobody can tell'} for ${expression}`, () => {
      const report = check(expression);
      expect(report.problems).to.deep.equal([]);
      if (gives === undefined) expect(report.gives).to.equal(undefined);
      else expect(report.gives).to.have.members([...gives]);
    });

  for (const [expression, found, meant] of [
    [
      'ServiceRequest.prioritty',
      'reading prioritty, which ServiceRequest does not have',
      'priority',
    ],
    ['code.coding.dispaly', 'reading dispaly, which Coding does not have', 'display'],
    [
      'occurrenceTiming.repeat',
      'reading occurrenceTiming, which ServiceRequest does not have',
      'occurrence.ofType(Timing)',
    ],
    [
      'occurrence.ofType(Timing).repeat.cuont',
      'reading cuont, which Timing.repeat does not have',
      'count',
    ],
    ['code.where(txt = 1)', 'reading txt, which CodeableConcept does not have', 'text'],
    ['Patient.name', 'reading Patient', undefined],
    ['note.frist().text', 'calling frist(), which FHIRPath does not have', 'first'],
    ['note.trace()', 'calling trace()', undefined],
    ['note.where().text', 'calling where() with 0 arguments', undefined],
    ["note.text.replace('a')", 'calling replace() with 1 argument', undefined],
    ['note.first(1).text', 'calling first() with 1 argument', undefined],
    ['iif(true)', 'calling iif() with 1 argument', undefined],
    ['subject.resolve().name', 'calling resolve()', undefined],
    ['%patient.name', 'reading %patient', undefined],
    ['occurrence.ofType(Timming)', 'naming Timming, which is no type of R4', undefined],
  ] as const)
    it(`names what is wrong with ${expression}`, () => {
      const [problem, ...others] = check(expression).problems;
      expect(others).to.deep.equal([]);
      expect([problem?.found, problem?.meant]).to.deep.equal([found, meant]);
    });

  it('follows the elements of every resource and back into itself', () => {
    expect(check('item.item.item.linkId', 'Questionnaire').problems).to.deep.equal([]);
    expect(check('item.item.itm', 'Questionnaire').problems[0]?.meant).to.equal('item');
    expect(check('entry.resource.anything', 'Bundle').problems).to.deep.equal([]);
  });

  it('finds nothing wrong with the paths of our own mappings', () => {
    for (const { source, fields, name } of mappings.filter((one) => /^[A-Z]\w+$/.test(one.source)))
      for (const { from, field } of fields) {
        if (from.includes('%')) continue;
        expect(check(from, source).problems, `${name} ${field}: ${from}`).to.deep.equal([]);
      }
  });

  it('finds nothing wrong with the paths of R4’s own search parameters', () => {
    const require = createRequire(import.meta.url);
    const folder = dirname(require.resolve('hl7.fhir.r4.examples/package.json'));
    const file = join(folder, 'Bundle-searchParams.json');
    const bundle = JSON.parse(readFileSync(file, 'utf8')) as fhir4.Bundle<fhir4.SearchParameter>;
    let checked = 0;
    for (const { resource } of bundle.entry ?? [])
      for (const root of resource?.base ?? []) {
        const own = (resource?.expression ?? '')
          .split(' | ')
          .filter(
            (one) => one.replace(/^\(/, '').startsWith(`${root}.`) && !one.includes('resolve('),
          );
        for (const expression of own) {
          checked += 1;
          expect(check(expression, root).problems, expression).to.deep.equal([]);
        }
      }
    expect(checked).to.be.above(1_000);
  });
});
