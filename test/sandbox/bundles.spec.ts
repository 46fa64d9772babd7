import { expect } from 'chai';
import { closeHospitals, type Hospital, hospital, order, patient } from './hospital.ts';

type Entry = fhir4.BundleEntry;

function post(resource: fhir4.FhirResource, more: Partial<Entry> = {}): Entry {
  return { resource, request: { method: 'POST', url: resource.resourceType }, ...more };
}

function send(general: Hospital, type: string, entry: Entry[], headers = {}) {
  return general.ask<fhir4.Bundle>('POST', '', { resourceType: 'Bundle', type, entry }, headers);
}

const statuses = ({ entry }: fhir4.Bundle) =>
  entry?.map(({ response }) => response?.status.slice(0, 3));

describe('sandbox: transactions', () => {
  afterEach(closeHospitals);

  it('creates together, rewriting urn:uuid references in both directions', async () => {
    const general = await hospital();
    const patientUrl = 'urn:uuid:0c3c8b8e-3f67-4a3e-9d43-0c6b6c5d7a01';
    const orderUrl = 'urn:uuid:0c3c8b8e-3f67-4a3e-9d43-0c6b6c5d7a02';
    const { status, body } = await send(general, 'transaction', [
      post(order({ subject: { reference: patientUrl } }), { fullUrl: orderUrl }),
      post(patient(), { fullUrl: patientUrl }),
      post({
        resourceType: 'Task',
        status: 'requested',
        intent: 'order',
        focus: { reference: orderUrl },
        input: [{ type: { text: 'patient' }, valueReference: { reference: patientUrl } }],
      }),
    ]);
    expect([status, body.type]).to.deep.equal([200, 'transaction-response']);
    expect(statuses(body)).to.deep.equal(['201', '201', '201']);
    expect(body.entry?.[0]?.response?.location).to.match(/\/ServiceRequest\/.+\/_history\/1$/);
    expect(body.entry?.[0]?.response?.etag).to.equal('W/"1"');
    expect(body.entry?.[0]?.resource).to.equal(undefined);
    const [found] = general.all('Patient');
    const [placed] = general.all('ServiceRequest');
    const [task] = general.all('Task');
    expect(placed?.subject.reference).to.equal(`Patient/${found?.id}`);
    expect(task?.focus?.reference).to.equal(`ServiceRequest/${placed?.id}`);
    expect(task?.input?.[0]?.valueReference?.reference).to.equal(`Patient/${found?.id}`);
  });

  it('shows what it stored on Prefer: return=representation', async () => {
    const general = await hospital();
    const headers = { prefer: 'return=representation' };
    const { body } = await send(general, 'transaction', [post(patient())], headers);
    expect(body.entry?.[0]?.resource?.resourceType).to.equal('Patient');
  });

  it('stores nothing when one entry is refused, and says which', async () => {
    const general = await hospital();
    general.put(patient({ id: 'p1' }));
    const reply = await general.ask<fhir4.OperationOutcome>('POST', '', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { request: { method: 'DELETE', url: 'Patient/p1' } },
        post(order()),
        {
          resource: patient({ id: 'p2' }),
          request: { method: 'PUT', url: 'Patient/p2', ifMatch: 'W/"7"' },
        },
      ],
    });
    expect(reply.status).to.equal(412);
    expect(reply.body.issue[0]?.expression).to.deep.equal(['Bundle.entry[2]']);
    expect(general.count('ServiceRequest')).to.equal(0);
    expect(general.get('Patient', 'p1')).to.not.equal(undefined);
    expect(general.history('Patient', 'p1')).to.have.length(1);
    const history = await general.ask<fhir4.Bundle>('GET', '/_history');
    expect(history.body.total).to.equal(1);
  });

  it('finds by ifNoneExist instead of creating, and points references there', async () => {
    const general = await hospital();
    const identifier = [{ system: 'http://mrn.example', value: '1' }];
    general.put(patient({ id: 'known', identifier }));
    const { body } = await send(general, 'transaction', [
      {
        fullUrl: 'urn:uuid:0c3c8b8e-3f67-4a3e-9d43-0c6b6c5d7a01',
        resource: patient({ identifier }),
        request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=http://mrn.example|1' },
      },
      post(order({ subject: { reference: 'urn:uuid:0c3c8b8e-3f67-4a3e-9d43-0c6b6c5d7a01' } })),
    ]);
    expect(statuses(body)).to.deep.equal(['200', '201']);
    expect(general.count('Patient')).to.equal(1);
    expect(general.all('ServiceRequest')[0]?.subject.reference).to.equal('Patient/known');
  });

  it('refuses the same resource, or the same condition, twice', async () => {
    const general = await hospital();
    const put: Entry = {
      resource: patient({ id: 'p1' }),
      request: { method: 'PUT', url: 'Patient/p1' },
    };
    expect((await send(general, 'transaction', [put, put])).status).to.equal(400);
    const create: Entry = {
      resource: patient({ identifier: [{ system: 'http://mrn.example', value: '1' }] }),
      request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=http://mrn.example|1' },
    };
    expect((await send(general, 'transaction', [create, create])).status).to.equal(400);
    expect(general.count('Patient')).to.equal(0);
  });

  it('refuses to delete and write the same resource, and conditions that meet each other', async () => {
    const general = await hospital();
    general.put(patient({ id: 'p1' }));
    const both: Entry[] = [
      { request: { method: 'DELETE', url: 'Patient/p1' } },
      { resource: patient({ id: 'p1' }), request: { method: 'PUT', url: 'Patient/p1' } },
    ];
    expect((await send(general, 'transaction', both)).status).to.equal(400);
    general.remove('Patient', 'p1');
    const create = (ifNoneExist: string): Entry => ({
      resource: patient(),
      request: { method: 'POST', url: 'Patient', ifNoneExist },
    });
    const twice = [create('family=Testerly'), create('given=Tilda')];
    expect((await send(general, 'transaction', twice)).status).to.equal(412);
    expect(general.count('Patient')).to.equal(0);
  });

  it('creates and updates by condition, and refuses entries without a proper request', async () => {
    const general = await hospital();
    const upsert: Entry = {
      fullUrl: 'urn:uuid:0c3c8b8e-3f67-4a3e-9d43-0c6b6c5d7a01',
      resource: patient({ identifier: [{ system: 'http://mrn.example', value: '1' }] }),
      request: { method: 'PUT', url: 'Patient?identifier=http://mrn.example|1' },
    };
    const about = post(order({ subject: { reference: upsert.fullUrl ?? '' } }));
    const first = await send(general, 'transaction', [about, upsert]);
    expect(statuses(first.body)).to.deep.equal(['201', '201']);
    const second = await send(general, 'transaction', [upsert]);
    expect(statuses(second.body)).to.deep.equal(['200']);
    const [only] = general.all('Patient');
    expect(general.all('ServiceRequest')[0]?.subject.reference).to.equal(`Patient/${only?.id}`);
    for (const entry of [
      { resource: patient() },
      { request: { method: 'LOOK', url: 'Patient' } },
    ]) {
      const reply = await general.ask('POST', '', {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [entry],
      });
      expect(reply.status).to.equal(400);
    }
  });

  it('refuses ifNoneExist with several matches', async () => {
    const general = await hospital();
    general.post(patient());
    general.post(patient());
    const create: Entry = {
      resource: patient(),
      request: { method: 'POST', url: 'Patient', ifNoneExist: 'family=Testerly' },
    };
    expect((await send(general, 'transaction', [post(order()), create])).status).to.equal(412);
    expect(general.count('ServiceRequest')).to.equal(0);
  });

  it('resolves conditional references, and fails when they match nothing', async () => {
    const general = await hospital();
    general.put(patient({ id: 'p1', identifier: [{ system: 'http://mrn.example', value: '1' }] }));
    const to = (value: string) =>
      post(order({ subject: { reference: `Patient?identifier=http://mrn.example|${value}` } }));
    expect((await send(general, 'transaction', [to('1')])).status).to.equal(200);
    expect(general.all('ServiceRequest')[0]?.subject.reference).to.equal('Patient/p1');
    expect((await send(general, 'transaction', [to('2')])).status).to.equal(412);
  });

  it('works through DELETE, POST, PUT, PATCH, GET and answers in the order asked', async () => {
    const general = await hospital();
    general.put(patient({ id: 'gone' }));
    general.put(order({ id: 'o1' }));
    const patch = [{ op: 'replace', path: '/status', value: 'on-hold' }];
    const binary: fhir4.Binary = {
      resourceType: 'Binary',
      contentType: 'application/json-patch+json',
      data: Buffer.from(JSON.stringify(patch)).toString('base64'),
    };
    const { body } = await send(general, 'transaction', [
      { request: { method: 'GET', url: 'ServiceRequest?status=on-hold' } },
      {
        resource: binary,
        request: { method: 'PATCH', url: 'ServiceRequest/o1' },
      },
      { resource: patient({ id: 'p2' }), request: { method: 'PUT', url: 'Patient/p2' } },
      post(patient()),
      { request: { method: 'DELETE', url: 'Patient/gone' } },
    ]);
    expect(statuses(body)).to.deep.equal(['200', '200', '201', '201', '204']);
    const found = body.entry?.[0]?.resource as fhir4.Bundle | undefined;
    expect(found?.total).to.equal(1);
    expect(general.count('Patient')).to.equal(2);
  });
});

describe('sandbox: batches', () => {
  afterEach(closeHospitals);

  it('answers 200 and lets each entry stand alone', async () => {
    const general = await hospital();
    general.put(patient({ id: 'p1' }));
    const { status, body } = await send(general, 'batch', [
      post(patient()),
      { request: { method: 'GET', url: 'Patient/nobody' } },
      { request: { method: 'GET', url: 'Patient/p1' } },
      // a status that R4 does not have, which the types would not let through
      post(order({ status: 'sleepy' as 'active' })),
    ]);
    expect(status).to.equal(200);
    expect(body.type).to.equal('batch-response');
    expect(statuses(body)).to.deep.equal(['201', '404', '200', '400']);
    expect(body.entry?.[1]?.response?.outcome?.resourceType).to.equal('OperationOutcome');
    expect(body.entry?.[2]?.resource?.id).to.equal('p1');
    expect(general.count('Patient')).to.equal(2);
  });

  it('refuses what is neither batch nor transaction', async () => {
    const general = await hospital();
    expect((await send(general, 'collection', [])).status).to.equal(400);
    expect((await general.ask('POST', '', patient())).status).to.equal(400);
  });
});
