/** References: what they may point to, and what has to be in the document. */
import { expect } from 'chai';
import { errorsOf, theValidator } from './verdicts.ts';

const order = { resourceType: 'ServiceRequest', status: 'active', intent: 'order' };
const patient = { resourceType: 'Patient', id: 'p' };

function about(subject: unknown, more: object = {}): string[] {
  return errorsOf({ ...order, ...more, subject });
}

describe('validation: references', () => {
  it('take every form that R4 has', () => {
    for (const subject of [
      { reference: 'Patient/1' },
      { reference: 'Patient/1/_history/2' },
      { reference: 'https://a.example/fhir/Patient/1' },
      { reference: 'https://a.example/fhir/Patient/1/_history/2' },
      { reference: 'https://a.example/not-fhir?id=1' },
      { reference: 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520' },
      { reference: 'urn:oid:1.2.3' },
      { identifier: { system: 'https://a.example/ids', value: '1' } },
      { display: 'somebody' },
    ])
      expect(about(subject), JSON.stringify(subject)).to.deep.equal([]);
  });

  it('refuse types that the element does not allow', () => {
    for (const reference of [
      'Slot/1',
      'Slot/1/_history/2',
      'https://a.example/fhir/Slot/1',
      'https://a.example/fhir/Slot/1/_history/1',
    ])
      expect(about({ reference }), reference).to.have.length(1);
    expect(about({ type: 'Slot', display: 'x' })).to.have.length(1);
  });

  it('refuse a type that contradicts the reference', () => {
    expect(about({ reference: 'Patient/1', type: 'Patient' })).to.deep.equal([]);
    expect(about({ reference: 'Patient/1', type: 'Group' })).to.have.length(1);
  });

  it('refuse what is no reference', () => {
    for (const reference of ['Patient', 'the patient', 'Ward/12', 'Patient/a b', '/'])
      expect(about({ reference }), reference).to.not.be.empty;
  });

  it('take a search for one in a transaction or batch, and nowhere else', () => {
    const resource = { ...order, subject: { reference: 'Patient?identifier=https://a.example|1' } };
    const entry = [{ resource, request: { method: 'POST', url: 'ServiceRequest' } }];
    for (const type of ['transaction', 'batch'])
      expect(errorsOf({ resourceType: 'Bundle', type, entry })).to.deep.equal([]);
    expect(errorsOf(resource)).to.have.length(1);
  });

  it('say that targets elsewhere were not looked up', () => {
    const { notChecked } = theValidator().validate({
      ...order,
      subject: { reference: 'Patient/1' },
    });
    expect(notChecked.map(({ kind }) => kind)).to.deep.equal(['reference']);
  });

  describe('to what is contained', () => {
    it('find it by its id', () => {
      expect(about({ reference: '#p' }, { contained: [patient] })).to.deep.equal([]);
    });

    it('refuse what is not there', () => {
      expect(about({ reference: '#q' })).to.deep.equal(['ServiceRequest.subject: ref-1']);
    });

    it('look at its type', () => {
      const slot = { resourceType: 'Slot', id: 's', schedule: { display: 'x' }, status: 'free' };
      const contained = [{ ...slot, start: '2024-03-05T10:00:00Z', end: '2024-03-05T10:30:00Z' }];
      expect(about({ reference: '#s' }, { contained }).join()).to.include('points to Slot');
    });

    it('want it to be used', () => {
      expect(about({ display: 'x' }, { contained: [patient] })).to.deep.equal([
        'ServiceRequest: dom-3',
      ]);
    });

    it('want ids, and different ones', () => {
      const twice = about({ reference: '#p' }, { contained: [patient, patient] });
      expect(twice).to.have.length(1);
      expect(twice[0]).to.include('used by another contained resource');
      const nameless = about({ display: 'x' }, { contained: [{ resourceType: 'Patient' }] });
      expect(nameless.join()).to.include('needs an id');
    });

    it('judge what is contained as its type, from its own path', () => {
      const contained = [{ ...patient, gender: 'strange', colour: 'red' }];
      const found = about({ reference: '#p' }, { contained });
      expect(found.map((one) => one.split(':')[0])).to.deep.equal([
        'ServiceRequest.contained[0].colour',
        'ServiceRequest.contained[0].gender',
      ]);
    });

    it('let nothing contain in turn, nor carry versions or security', () => {
      for (const [key, more] of [
        ['dom-2', { contained: [{ resourceType: 'Patient', id: 'q' }] }],
        ['dom-4', { meta: { versionId: '1' } }],
        ['dom-5', { meta: { security: [{ code: 'x' }] } }],
      ] as const)
        expect(
          about({ reference: '#p' }, { contained: [{ ...patient, ...more }] }).join(),
          key,
        ).to.include(key);
    });
  });

  describe('inside a Bundle', () => {
    const uuid = 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520';
    const base = 'https://a.example/fhir';
    const slot = {
      resourceType: 'Slot',
      schedule: { display: 'x' },
      status: 'free',
      start: '2024-03-05T10:00:00Z',
      end: '2024-03-05T10:30:00Z',
    };

    function bundleOf(
      target: object,
      reference: string,
      at = `${base}/ServiceRequest/o`,
    ): string[] {
      const resource = { ...order, id: 'o', subject: { reference } };
      const entry = [target, { fullUrl: at, resource }];
      return errorsOf({ resourceType: 'Bundle', type: 'collection', entry });
    }

    it('find an entry by its fullUrl and look at its type', () => {
      expect(bundleOf({ fullUrl: uuid, resource: patient }, uuid)).to.deep.equal([]);
      expect(bundleOf({ fullUrl: uuid, resource: slot }, uuid)).to.have.length(1);
    });

    it('count relative ones from the base of their own entry', () => {
      const target = { fullUrl: `${base}/Patient/p`, resource: patient };
      expect(bundleOf(target, 'Patient/p')).to.deep.equal([]);
      // Nothing is known of what stands elsewhere under the same name
      expect(
        bundleOf(target, 'Patient/p', 'https://b.example/fhir/ServiceRequest/o'),
      ).to.deep.equal([]);
    });

    it('find the version that is asked for', () => {
      const version = (versionId: string) => ({
        fullUrl: `${base}/Patient/p`,
        resource: { ...patient, meta: { versionId } },
      });
      const resource = { ...order, id: 'o', subject: { reference: 'Patient/p/_history/2' } };
      const entry = [version('1'), version('2'), { fullUrl: `${base}/ServiceRequest/o`, resource }];
      expect(errorsOf({ resourceType: 'Bundle', type: 'collection', entry })).to.deep.equal([]);
    });
  });
});
