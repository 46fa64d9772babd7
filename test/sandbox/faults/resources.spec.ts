import { expect } from 'chai';
import type { Fault } from '../../../src/sandbox/sandbox.ts';
import {
  closeHospitals,
  type Hospital,
  hospital,
  order,
  patient,
  stoppedClock,
} from '../hospital.ts';

async function withFault(fault: Fault): Promise<Hospital> {
  const at = await hospital(stoppedClock());
  at.put(patient({ id: 'p1', identifier: [{ system: 'urn:mrn', value: '70001' }] }));
  at.put(patient({ id: 'p1', identifier: [{ system: 'urn:mrn', value: '70001' }] }));
  const subject = { reference: 'Patient/p1', display: 'Tilda Testerly' };
  at.put({ ...order({ subject }), id: 'o1' });
  at.put({ ...order({ status: 'entered-in-error', note: [{ text: 'x' }] }), id: 'wrong' });
  at.faults.add({ always: true, ...fault });
  return at;
}

const masked = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';

describe('sandbox: faults of resources', () => {
  afterEach(closeHospitals);

  it('no-meta: no meta, no ETag, no time of a change, also of writes', async () => {
    const at = await withFault({ do: 'no-meta' });
    const { body, headers } = await at.ask('GET', '/Patient/p1');
    expect(body).to.not.have.property('meta');
    expect([headers.get('etag'), headers.get('last-modified')]).to.deep.equal([null, null]);
    const made = await at.ask('POST', '/ServiceRequest', order());
    expect(made.body).to.not.have.property('meta');
    expect(made.headers.get('location')).to.equal(`${at.base}/ServiceRequest/${made.body.id}`);
    expect(made.headers.get('content-location')).to.equal(null);
  });

  it('long-ids: in bodies, references and addresses, and taken back from all of them', async () => {
    const at = await withFault({ do: 'long-ids' });
    const [found] = await at.find<fhir4.ServiceRequest>('/ServiceRequest?status=active');
    expect(found?.id).to.match(/^o1_/);
    expect(found?.id?.length).to.be.greaterThan(64);
    const subject = found?.subject.reference ?? '';
    expect(subject).to.match(/^Patient\/p1_0+$/);
    const read = await at.ask('GET', `/${subject}`);
    expect(subject).to.equal(`Patient/${read.body.id}`);
    expect(await at.ids(`/ServiceRequest?status=active&subject=${subject}`)).to.deep.equal([
      found?.id,
    ]);
    const made = await at.ask<fhir4.ServiceRequest>(
      'POST',
      '/ServiceRequest',
      order({ subject: { reference: subject } }),
    );
    expect(made.headers.get('location')).to.equal(
      `${at.base}/ServiceRequest/${made.body.id}/_history/1`,
    );
    const [, short = ''] = /^(.*?)_/.exec(made.body.id ?? '') ?? [];
    expect(at.get('ServiceRequest', short)?.subject.reference).to.equal('Patient/p1');
    const again = await at.ask('PUT', `/ServiceRequest/${made.body.id}`, made.body);
    expect(again.status).to.equal(200);
    const { entry } = (await at.ask<fhir4.Bundle>('GET', '/Patient')).body;
    expect(entry?.[0]?.fullUrl).to.equal(`${at.base}/${subject}`);
  });

  it('clock-drift: every second version seems older than the one before', async () => {
    const at = await withFault({ do: 'clock-drift', ms: 2000 });
    const at1 = (await at.ask('GET', '/Patient/p1/_history/1')).body.meta?.lastUpdated ?? '';
    const at2 = (await at.ask('GET', '/Patient/p1')).body.meta?.lastUpdated ?? '';
    expect(Date.parse(at2)).to.equal(Date.parse(at1) - 1999);
  });

  it('masked: the status, the content, or every code', async () => {
    const read = async (as: 'status' | 'content' | 'unknown', id = 'wrong') => {
      const at = await withFault({ do: 'masked', as });
      return (await at.ask<fhir4.ServiceRequest>('GET', `/ServiceRequest/${id}`)).body;
    };
    const noStatus = await read('status');
    expect(noStatus.status).to.equal(undefined);
    expect(noStatus._status?.extension).to.deep.equal([{ url: masked, valueCode: 'masked' }]);
    const content = await read('content');
    expect(content.status).to.equal('entered-in-error');
    expect(content.code).to.deep.equal({ extension: [{ url: masked, valueCode: 'masked' }] });
    expect(content.note?.[0]).to.deep.equal({ extension: [{ url: masked, valueCode: 'masked' }] });
    expect((await read('content', 'o1')).code?.coding?.[0]?.code).to.equal('387854002');
    expect((await read('unknown', 'o1')).code?.coding?.[0]?.code).to.equal('unknown');
  });

  it('references: absolute, foreign, versioned, as a display, as an identifier', async () => {
    const spelt: unknown[] = [];
    for (const as of [
      'absolute',
      'foreign',
      'versioned',
      'display-only',
      'identifier-only',
    ] as const) {
      const at = await withFault({ do: 'references', as });
      const [found] = await at.find<fhir4.ServiceRequest>('/ServiceRequest?_id=o1');
      const text = JSON.stringify(found?.subject).replace(at.base, 'BASE');
      spelt.push(JSON.parse(text));
    }
    const display = 'Tilda Testerly';
    expect(spelt).to.deep.equal([
      { display, reference: 'BASE/Patient/p1' },
      { display, reference: 'http://other.example/fhir/Patient/p1' },
      { display, reference: 'Patient/p1/_history/2' },
      { display },
      { display, type: 'Patient', identifier: { system: 'urn:mrn', value: '70001' } },
    ]);
  });

  it('gone: 410 and no body; merged: 4107 and a redirect to the survivor', async () => {
    const at = await withFault({ do: 'gone', always: false });
    const gone = await at.ask('GET', '/Patient/p1');
    expect([gone.status, gone.text]).to.deep.equal([410, '']);
    at.put(patient({ id: 'p2' }));
    at.faults.add({ do: 'merged', to: 'Patient/p2', on: { path: '/Patient/p1' }, times: 2 });
    const url = `${at.base}/Patient/p1`;
    const merged = await fetch(url, { redirect: 'manual' });
    expect(merged.status).to.equal(301);
    expect(merged.headers.get('location')).to.equal(`${at.base}/Patient/p2`);
    expect(await merged.text()).to.include('"4107"');
    expect((await at.ask('GET', '/Patient/p1')).body.id).to.equal('p2');
  });
});
