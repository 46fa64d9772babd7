/** Rules of Bundles: identities of entries, and what documents and messages carry with them. */
import { expect } from 'chai';
import { errorsOf } from './verdicts.ts';

const base = 'https://a.example/fhir';
const uuid = 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520';
const patient = { resourceType: 'Patient', id: 'p' };
const atPatient = { fullUrl: `${base}/Patient/p`, resource: patient };
const composition = {
  resourceType: 'Composition',
  id: 'c',
  status: 'final',
  type: { text: 'report' },
  date: '2024-03-05',
  author: [{ reference: 'Patient/p' }],
  title: 'Report',
};
const atComposition = { fullUrl: `${base}/Composition/c`, resource: composition };

function collection(...entry: readonly object[]): string[] {
  return errorsOf({ resourceType: 'Bundle', type: 'collection', entry });
}

function document(...entry: readonly object[]): string[] {
  const identifier = { system: 'urn:ietf:rfc:3986', value: uuid };
  const timestamp = '2024-03-05T10:00:00Z';
  return errorsOf({ resourceType: 'Bundle', type: 'document', identifier, timestamp, entry });
}

describe('validation: Bundles', () => {
  it('take entries by URL and by URN', () => {
    expect(
      collection(atPatient, { fullUrl: uuid, resource: { resourceType: 'Patient' } }),
    ).to.deep.equal([]);
  });

  it('want a fullUrl that is absolute and agrees with the resource', () => {
    for (const fullUrl of ['Patient/p', `${base}/Patient/q`, `${base}/Person/p`])
      expect(collection({ ...atPatient, fullUrl }), fullUrl).to.have.length(1);
  });

  it('take any absolute URL for what is no FHIR server', () => {
    expect(collection({ fullUrl: 'urn:oid:1.2.3', resource: patient })).to.deep.equal([]);
  });

  it('want a fullUrl where a resource is identified and is not just being made', () => {
    expect(collection({ resource: patient })).to.have.length(1);
    expect(collection({ resource: { resourceType: 'Patient' } })).to.deep.equal([]);
    const request = { method: 'POST', url: 'Patient' };
    const transaction = { resourceType: 'Bundle', type: 'transaction' };
    expect(errorsOf({ ...transaction, entry: [{ resource: patient, request }] })).to.deep.equal([]);
  });

  it('refuse a versioned fullUrl and doubled entries', () => {
    expect(collection({ ...atPatient, fullUrl: `${base}/Patient/p/_history/1` }).join()).to.include(
      'bdl-8',
    );
    expect(collection(atPatient, atPatient)).to.deep.equal(['Bundle: bdl-7']);
  });

  it('judge the resource of each entry from its own path', () => {
    const found = collection(atPatient, {
      fullUrl: uuid,
      resource: { resourceType: 'Patient', colour: 'red' },
    });
    expect(found).to.have.length(1);
    expect(found[0]).to.match(/^Bundle\.entry\[1\]\.resource\.colour: /);
  });

  it('want OperationOutcomes in entries of the mode outcome', () => {
    const search = { mode: 'outcome' };
    const issue = [{ severity: 'warning', code: 'not-found' }];
    const outcome = { search, resource: { resourceType: 'OperationOutcome', id: 'w', issue } };
    const bundle = { resourceType: 'Bundle', type: 'searchset' };
    expect(errorsOf({ ...bundle, entry: [outcome] })).to.deep.equal([]);
    expect(errorsOf({ ...bundle, entry: [{ ...atPatient, search }] })).to.have.length(1);
  });

  it('want one link of each paging relation', () => {
    const link = [1, 2].map((page) => ({ relation: 'next', url: `${base}?page=${page}` }));
    expect(
      errorsOf({ resourceType: 'Bundle', type: 'searchset', link, entry: [] }).join(),
    ).to.include('more than one link');
  });

  it('want in a document what its Composition refers to', () => {
    expect(document(atComposition, atPatient)).to.deep.equal([]);
    expect(document(atComposition).join()).to.include('is not in the Bundle');
    const section = [
      { title: 'a', section: [{ title: 'b', entry: [{ reference: 'Observation/none' }] }] },
    ];
    const deep = { ...atComposition, resource: { ...composition, section } };
    expect(document(deep, atPatient).join()).to.include('Observation/none');
  });

  it('want a document to begin with its Composition', () => {
    expect(document(atPatient, atComposition).join()).to.include('bdl-11');
  });

  it('want documents and messages to have entries, and no other type', () => {
    const identifier = { system: 'urn:ietf:rfc:3986', value: uuid };
    const timestamp = '2024-03-05T10:00:00Z';
    const empty = (type: string) =>
      errorsOf({ resourceType: 'Bundle', type, identifier, timestamp });
    for (const type of ['document', 'message']) expect(empty(type), type).to.have.length(1);
    for (const type of ['collection', 'searchset', 'transaction'])
      expect(empty(type), type).to.deep.equal([]);
  });

  it('keep the versions of a history apart', () => {
    const entry = ['1', '2'].map((versionId) => ({
      fullUrl: `${base}/Patient/p`,
      resource: { ...patient, meta: { versionId } },
      request: { method: 'PUT', url: 'Patient/p' },
      response: { status: '200' },
    }));
    expect(errorsOf({ resourceType: 'Bundle', type: 'history', entry })).to.deep.equal([]);
  });
});
