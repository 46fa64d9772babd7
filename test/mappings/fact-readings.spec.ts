/** What is referred to by a resource on file, and all resources of one type together. */
import { expect } from 'chai';
import fc from 'fast-check';
import { referredBy } from '../../mappings/fact-entries.ts';
import { readingOf } from '../../mappings/fact-readings.ts';
import { type FactSource, factSources } from '../../src/core/facts.ts';
import { coded, ends, facts, loinc, nowhere, snomed } from './filed.ts';

describe('facts: what is referred to', () => {
  const request = (more: object) => ({
    resourceType: 'MedicationRequest',
    status: 'active',
    ...more,
  });
  const medication: fhir4.Medication = {
    resourceType: 'Medication',
    id: 'm',
    ingredient: [{ itemCodeableConcept: coded(snomed, '84812008') }],
  };

  it('is looked up in the resource itself', () => {
    const contained = request({
      contained: [medication],
      medicationReference: { reference: '#m' },
    });
    expect(ends(contained)).to.deep.equal(['on-file']);
    expect(
      referredBy('MedicationRequest', contained as unknown as fhir4.MedicationRequest),
    ).to.equal(undefined);
  });

  it('is asked for, but not for what is left out anyway', () => {
    const medicationReference = { reference: 'Medication/m' };
    const asked = (more: object) =>
      referredBy('MedicationRequest', request({ medicationReference, ...more }) as never);
    expect(asked({})).to.equal('Medication/m');
    expect(asked({ status: 'completed' })).to.equal(undefined);
    expect(
      facts(request({ medicationReference }), () => ({ resource: medication }))[0]?.topic,
    ).to.equal('clots-and-bleeding');
  });

  it('says why it could not be read', () => {
    const medicationReference = { reference: 'Medication/m', display: 'heparin drip' };
    const [fact] = facts(request({ medicationReference }), () => ({
      unreadable: 'not allowed (403)',
    }));
    expect(fact).to.deep.include({
      what: { text: 'heparin drip' },
      notes: ['medication not readable: not allowed (403)'],
    });
  });
});

describe('facts: a whole type', () => {
  const of = (type: FactSource, resources: readonly object[]) =>
    readingOf({
      type,
      at: '2026-03-02T09:00:00Z',
      gaps: [],
      follow: nowhere,
      resources: resources.map((one, n) => ({
        id: String(n),
        ...one,
        resourceType: type,
      })) as fhir4.FhirResource[],
    });
  const value = (code: string, date: string, quantity?: number) => ({
    status: quantity === undefined ? 'registered' : 'final',
    code: coded(loinc, code),
    effectiveDateTime: date,
    ...(quantity !== undefined && { valueQuantity: { value: quantity } }),
  });

  it('has the newest value of each measurement, and counts the others', () => {
    const { onFile, leftOut } = of('Observation', [
      value('777-3', '2026-03-01', 90),
      value('777-3', '2026-03-02T01:00:00Z', 40),
      value('8310-5', '2026-03-01', 37),
    ]);
    expect(onFile.map(({ value: words }) => words)).to.have.members(['40', '37']);
    expect(leftOut).to.deep.equal({ 'an older value': 1 });
  });

  it('keeps the last value beside a newer one that is not there yet', () => {
    const { onFile } = of('Observation', [
      value('777-3', '2026-03-02'),
      value('777-3', '2026-03-01', 90),
      value('777-3', '2026-02-01', 10),
    ]);
    expect(onFile.map(({ value: words, notes }) => [words, notes])).to.deep.equal([
      [undefined, ['registered']],
      ['90', []],
    ]);
  });

  it('keeps what is of no topic, the newest of each, for the rules of a site', () => {
    const { offTopic, ofNoTopic } = of('Observation', [
      value('8867-4', '2026-03-01', 80),
      value('8867-4', '2026-03-02', 130),
    ]);
    expect(offTopic).to.equal(2);
    expect(ofNoTopic?.map(({ value: words }) => words)).to.deep.equal(['130']);
  });

  it('gathers what is not understood by code, with number and references', () => {
    const glucose = { status: 'final', code: coded(loinc, '2339-0', 'Glucose') };
    const { notUnderstood } = of('Observation', [
      { ...glucose, effectiveDateTime: '2026-03-01' },
      { ...glucose, effectiveDateTime: '2026-03-02' },
      { status: 'final', code: { text: 'Something else' } },
    ]);
    expect(notUnderstood.map(({ count, sources }) => [count, sources])).to.deep.equal([
      [2, ['Observation/1', 'Observation/0']],
      [1, ['Observation/2']],
    ]);
  });

  it('accounts for every resource, whatever JSON it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...factSources),
        fc.array(
          fc.dictionary(
            fc.constantFrom(
              'code',
              'status',
              'clinicalStatus',
              'component',
              'medicationReference',
              'device',
              'bodySite',
              'contained',
              'category',
              'type',
              'reaction',
            ),
            fc.jsonValue({ maxDepth: 3 }),
          ),
          { maxLength: 6 },
        ),
        (type, resources) => {
          const { onFile, notUnderstood, offTopic, leftOut } = of(type, resources);
          const left = Object.values(leftOut).reduce((sum, one) => sum + one, 0);
          const strange = notUnderstood.reduce((sum, { count }) => sum + count, 0);
          expect(onFile.length + strange + offTopic + left).to.be.at.least(resources.length);
        },
      ),
      { numRuns: 400 },
    );
  });
});
