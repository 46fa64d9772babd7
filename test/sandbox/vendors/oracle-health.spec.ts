import { expect } from 'chai';
import { closeHospitals, type Hospital, hospital, order, patient } from '../hospital.ts';

type Found = fhir4.Bundle<fhir4.FhirResource>;

async function oracle(): Promise<Hospital> {
  const made = await hospital({ vendor: 'oracle-health' });
  made.put(patient({ id: '1' }));
  made.put({ ...order({ subject: { reference: 'Patient/1' } }), id: '7' });
  return made;
}

const statusOf = async (at: Hospital, path: string) => (await at.ask('GET', path)).status;

const procedure = {
  resourceType: 'Procedure',
  status: 'completed',
  code: { text: 'Massage' },
  subject: { reference: 'Patient/1' },
};

describe('sandbox: like Oracle Health', () => {
  afterEach(closeHospitals);

  it('has the tenant in its base', async () => {
    const { base } = await oracle();
    expect(base).to.match(/\/r4\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('searches orders only by patient, subject or _id, else 400 in plain text', async () => {
    const at = await oracle();
    for (const query of ['', '?_lastUpdated=ge2026-01-01T00:00:00Z', '?status=active']) {
      const reply = await at.ask('GET', `/ServiceRequest${query}`);
      expect([reply.status, reply.text], query).to.deep.equal([
        400,
        'no supported search parameters provided',
      ]);
      expect(reply.headers.get('content-type')).to.equal('text/plain');
    }
    for (const query of ['patient=1', 'subject=Patient/1', 'subject:Patient=1', '_id=7']) {
      expect(await at.ids(`/ServiceRequest?${query}`), query).to.deep.equal(['7']);
    }
  });

  it('takes _lastUpdated of orders with a time and with ge or le only', async () => {
    const at = await oracle();
    const asked = (value: string) =>
      statusOf(at, `/ServiceRequest?patient=1&_lastUpdated=${value}`);
    for (const value of ['ge2026-01-01', 'gt2026-01-01T00:00:00Z', 'lt2026-01-01T00:00:00Z']) {
      expect(await asked(value), value).to.equal(400);
    }
    expect(await asked('ge2026-01-01T00:00:00Z&_lastUpdated=le2999-01-01T00:00:00Z')).to.equal(200);
    const window = '_lastUpdated=ge2999-01-01T00:00:00Z';
    expect(await at.ids(`/ServiceRequest?patient=1&${window}`)).to.deep.equal([]);
  });

  it('lets nothing stand beside _id, and no code without the system of codeSet/200', async () => {
    const at = await oracle();
    expect(await statusOf(at, '/ServiceRequest?_id=7&patient=1')).to.equal(400);
    expect(await statusOf(at, '/ServiceRequest?patient=1&code=55')).to.equal(400);
    expect(await statusOf(at, '/ServiceRequest?patient=1&code=http://snomed.info/sct|1')).to.equal(
      400,
    );
    const own = 'https://fhir.cerner.com/tenant/codeSet/200|55';
    expect(await statusOf(at, `/ServiceRequest?patient=1&code=${own}`)).to.equal(200);
  });

  it('asks for a closed range elsewhere, and not for date beside it on Procedure', async () => {
    const at = await oracle();
    const range = '_lastUpdated=ge2026-01-01T00:00:00Z&_lastUpdated=lt2026-02-01T00:00:00Z';
    for (const type of ['Procedure', 'Observation', 'DocumentReference', 'Encounter']) {
      const base = `/${type}?patient=1`;
      expect(await statusOf(at, `${base}&_lastUpdated=ge2026-01-01T00:00:00Z`), type).to.equal(400);
      expect(await statusOf(at, `${base}&${range}`), type).to.equal(200);
    }
    expect(await statusOf(at, `/Procedure?patient=1&date=ge2026-01-01&${range}`)).to.equal(400);
    expect(await statusOf(at, '/Procedure?date=ge2026-01-01')).to.equal(400);
  });

  it('brings no other resources along, follows no chain, sorts nothing', async () => {
    const at = await oracle();
    const path = '/ServiceRequest?patient=1&_include=*&_include=ServiceRequest:subject';
    const { body } = await at.ask<Found>('GET', `${path}&patient.name=nobody&_sort=-authored`);
    expect(body.entry?.map(({ resource }) => resource?.resourceType)).to.deep.equal([
      'ServiceRequest',
    ]);
    expect(body.link?.[0]?.url).to.match(/ServiceRequest\?patient=1$/);
  });

  it('has no Task, no PUT of appointments, no writing of orders', async () => {
    const at = await oracle();
    for (const path of ['/Task?patient=1', '/Task/1']) {
      const reply = await at.ask('GET', path);
      expect([reply.status, reply.body.resourceType]).to.deep.equal([404, 'OperationOutcome']);
    }
    expect((await at.ask('POST', '/ServiceRequest', order())).status).to.equal(405);
    expect((await at.ask('PUT', '/ServiceRequest/7', { ...order(), id: '7' })).status).to.equal(
      405,
    );
    expect((await at.ask('PUT', '/Appointment/1', {})).status).to.equal(405);
  });

  it('speaks JSON only', async () => {
    const at = await oracle();
    const reply = await at.ask('GET', '/ServiceRequest/7', undefined, {
      accept: 'application/fhir+xml',
    });
    expect(reply.status).to.equal(406);
  });

  it('keeps eight elements of a procedure and answers nothing', async () => {
    const at = await oracle();
    const reply = await at.ask('POST', '/Procedure', {
      ...procedure,
      identifier: [{ system: 'urn:x', value: '1' }],
      basedOn: [{ reference: 'ServiceRequest/7' }],
      performedDateTime: '2026-03-01T08:00:00Z',
      location: { reference: 'Location/1' },
      note: [{ text: 'Done.' }],
      bodySite: [{ text: 'Back' }],
    });
    expect([reply.status, reply.text]).to.deep.equal([201, '']);
    expect(reply.headers.get('content-type')).to.equal('text/html');
    expect(reply.headers.get('etag')).to.equal('W/"0"');
    const [, id = ''] = /\/Procedure\/([^/]+)$/.exec(reply.headers.get('location') ?? '') ?? [];
    const stored = at.get('Procedure', id);
    expect(Object.keys(stored ?? {})).to.have.members([
      'resourceType',
      'id',
      'meta',
      'status',
      'code',
      'subject',
      'performedDateTime',
      'location',
      'note',
    ]);
    expect(await at.ids('/Procedure?patient=1')).to.deep.equal([id]);
  });

  it('refuses procedures that are not completed, and any change of them', async () => {
    const at = await oracle();
    const begun = { ...procedure, status: 'in-progress' };
    expect((await at.ask('POST', '/Procedure', begun)).status).to.equal(422);
    const { code: _code, ...uncoded } = procedure;
    expect((await at.ask('POST', '/Procedure', uncoded)).status).to.equal(422);
    at.put({ ...procedure, id: 'p' } as fhir4.Procedure);
    const same = { ...procedure, id: 'p' };
    const match = { 'if-match': 'W/"0"' };
    expect((await at.ask('PUT', '/Procedure/p', same, match)).status).to.equal(405);
    expect((await at.ask('DELETE', '/Procedure/p')).status).to.equal(405);
  });

  it('numbers versions from 0, and asks for If-Match: 412 without, 409 for a stale one', async () => {
    const at = await oracle();
    const observation = {
      resourceType: 'Observation',
      id: 'o',
      status: 'final',
      code: { text: 'Pain' },
      subject: { reference: 'Patient/1' },
    };
    at.put(observation as fhir4.Observation);
    const read = await at.ask('GET', '/Observation/o');
    expect([read.headers.get('etag'), read.body.meta?.versionId]).to.deep.equal(['W/"0"', '0']);
    const put = (match: Record<string, string>) =>
      at.ask('PUT', '/Observation/o', { ...observation, status: 'amended' }, match);
    expect((await put({})).status).to.equal(412);
    expect((await put({ 'if-match': 'W/"1"' })).status).to.equal(409);
    const done = await put({ 'if-match': 'W/"0"' });
    expect([done.status, done.text, done.headers.get('etag')]).to.deep.equal([200, '', 'W/"1"']);
    expect((await put({ 'if-match': 'W/"0"' })).status).to.equal(409);
    expect((await put({ 'if-match': '1' })).status).to.equal(200);
  });

  it('answers a permanent fault of a document with 500', async () => {
    const at = await oracle();
    const document = { resourceType: 'DocumentReference', status: 'current', content: [] };
    const reply = await at.ask<fhir4.OperationOutcome>('POST', '/DocumentReference', document);
    expect([reply.status, reply.body.issue[0]?.code]).to.deep.equal([500, 'required']);
  });

  it('says no total, and keeps what is conditional unconditional', async () => {
    const at = await oracle();
    const { body } = await at.ask<Found>('GET', '/ServiceRequest?patient=1');
    expect(body).to.not.have.property('total');
    const once = { 'if-none-exist': 'subject=Patient/1' };
    await at.ask('POST', '/Procedure', procedure, once);
    await at.ask('POST', '/Procedure', procedure, once);
    expect(at.count('Procedure')).to.equal(2);
  });

  it('takes a batch whose entries obey the same rules, and no transaction', async () => {
    const at = await oracle();
    const entry = [
      { request: { method: 'GET', url: 'ServiceRequest?patient=1' } },
      { request: { method: 'GET', url: 'ServiceRequest?status=active' } },
      { request: { method: 'POST', url: 'Procedure' }, resource: procedure },
      { request: { method: 'GET', url: 'Task/1' } },
    ];
    const batch = await at.ask<Found>('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
    expect(batch.body.entry?.map(({ response }) => response?.status.slice(0, 3))).to.deep.equal([
      '200',
      '400',
      '201',
      '404',
    ]);
    expect(batch.body.entry?.[2]?.response?.location).to.match(/\/Procedure\/[^/]+$/);
    const whole = { resourceType: 'Bundle', type: 'transaction', entry };
    expect((await at.ask('POST', '', whole)).status).to.equal(405);
  });
});
