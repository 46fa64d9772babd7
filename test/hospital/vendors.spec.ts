/** Records of server products: recognised by their signs, and only facts in them. */
import { expect } from 'chai';
import { readCapabilities } from '../../src/hospital/capabilities.ts';
import { rungs } from '../../src/hospital/rungs.ts';
import { vendorNames } from '../../src/hospital/vendors/vendor.ts';
import { vendorOf, vendors } from '../../src/hospital/vendors/vendors.ts';
import { served, statementOf } from './statements.ts';

const recognised = (
  base: string,
  more: object = {},
  named: Parameters<typeof vendorOf>[2] = 'auto',
) => vendorOf(readCapabilities(statementOf({}, more)), base, named);
const nowhere = 'https://fhir.hospital.example/r4';

describe('vendors: the table', () => {
  it('has a record for every name, under that name', () => {
    expect(Object.keys(vendors)).to.have.members([...vendorNames]);
    for (const name of vendorNames) expect(vendors[name].name).to.equal(name);
  });

  it('speaks of rungs that there are', () => {
    const known = rungs.map(({ rung }): string => rung);
    for (const { rungs: own = {}, product } of Object.values(vendors))
      for (const [code, { says }] of Object.entries(own)) {
        expect(known, product).to.include(code);
        // Fragments that finish a sentence, as the others do.
        expect(says, product).to.match(/^[^ ].*[^.]$/);
      }
  });

  it('knows the scope of the products that want a patient, and Epic’s own codes', () => {
    const scopes = vendorNames.filter(
      (name) => vendors[name].searches?.ServiceRequest?.scope === 'patient',
    );
    expect(scopes).to.deep.equal(['epic', 'oracle-health', 'athenahealth']);
    expect(vendors.epic.issueCodes).to.include({
      '4113': 'search-expired',
      '4127': 'capped',
      '4135': 'day-spent',
      '59204': 'suppressed',
    });
  });

  it('knows windows as each product takes them', () => {
    expect(vendors['oracle-health'].searches?.ServiceRequest).to.deep.equal({
      scope: 'patient',
      since: '_lastUpdated',
      window: 'closed',
    });
    expect(vendors.epic.searches?.ServiceRequest?.since).to.equal('authored');
    expect(vendors.athenahealth.searches?.Procedure?.window).to.equal('days');
    expect(vendors.nextgen.countParam).to.equal('_maxresults');
  });
});

describe('vendors: recognition', () => {
  for (const [name, wanted] of [
    ['epic', 'epic'],
    ['oracle', 'oracle-health'],
    ['oracleOpen', 'oracle-health'],
    ['meditech', 'meditech'],
    ['athenahealth', 'athenahealth'],
    ['veradigm', 'veradigm'],
    ['nextgen', 'nextgen'],
    ['aidbox', 'aidbox'],
    ['azureCut', 'azure'],
  ] as const)
    it(`takes ${name} for ${wanted}`, () => {
      const { base, statement } = served[name];
      expect(vendorOf(readCapabilities(statement()), base).vendor.name).to.equal(wanted);
    });

  for (const [software, wanted] of [
    ['HAPI FHIR Server', 'hapi'],
    ['@medplum/fhir-router MemoryRepository', 'medplum'],
    ['Firely Server', 'firely'],
    ['Blaze', 'blaze'],
    ['Blazegraph', 'generic'],
    ['Epicor', 'generic'],
    ['HAPI', 'generic'], // OpenEMR 5.x calls itself so
  ] as const)
    it(`takes the software ${software} for ${wanted}`, () => {
      expect(recognised(nowhere, { software: { name: software } }).vendor.name).to.equal(wanted);
    });

  it('believes the address more than the publisher, and that more than a copied software name', () => {
    const hapi = { software: { name: 'HAPI FHIR Server' } };
    expect(recognised('https://fhir.nextgen.com/r4', hapi).vendor.name).to.equal('nextgen');
    expect(recognised(nowhere, { ...hapi, publisher: 'Cerner' }).vendor.name).to.equal(
      'oracle-health',
    );
  });

  it('reads the address in the statement too', () => {
    const url = 'https://healthlake.us-east-1.amazonaws.com/datastore/1/r4';
    expect(recognised(nowhere, { implementation: { url } }).vendor.name).to.equal('healthlake');
  });

  it('takes two products at once for none, and says so', () => {
    const both = recognised(nowhere, { publisher: 'Cerner and Microsoft' });
    expect(both.vendor.name).to.equal('generic');
    expect(both.why).to.match(/fits Oracle Health Millennium and Azure FHIR service/);
  });

  it('knows none without signs, and each that the operator names', () => {
    expect(recognised(nowhere).vendor.name).to.equal('generic');
    expect(vendorOf({ declared: false }, nowhere).vendor.name).to.equal('generic');
    for (const name of vendorNames)
      expect(recognised(served.epic.base, {}, name)).to.deep.include({
        vendor: vendors[name],
        why: 'The settings name it.',
      });
  });
});
