import { expect } from 'chai';
import { closeHospitals, hospital, order, patient } from './hospital.ts';

const system = 'http://orders.example';
const numbered = (value: string, more: Partial<fhir4.ServiceRequest> = {}) =>
  order({ identifier: [{ system, value }], ...more });

describe('sandbox: conditional requests', () => {
  afterEach(closeHospitals);

  it('creates if nothing meets If-None-Exist, and answers 200 with what does', async () => {
    const general = await hospital();
    const create = (condition: string) =>
      general.ask('POST', '/ServiceRequest', numbered('1'), { 'if-none-exist': condition });
    const first = await create(`identifier=${system}|1`);
    const again = await create(`identifier=${system}|1`);
    const encoded = await create(`identifier=${encodeURIComponent(`${system}|1`)}`);
    const withType = await create(`ServiceRequest?identifier=${system}|1`);
    expect([first, again, encoded, withType].map(({ status }) => status)).to.deep.equal([
      201, 200, 200, 200,
    ]);
    expect(again.body).to.deep.equal(first.body);
    expect(again.headers.get('location')).to.equal(first.headers.get('location'));
    expect(general.count('ServiceRequest')).to.equal(1);
    expect(general.history('ServiceRequest', first.body.id ?? '')).to.have.length(1);
  });

  it('refuses a conditional create with 412 when several match', async () => {
    const general = await hospital();
    general.post(numbered('1'));
    general.post(numbered('1'));
    const reply = await general.ask('POST', '/ServiceRequest', numbered('1'), {
      'if-none-exist': `identifier=${system}|1`,
    });
    expect(reply.status).to.equal(412);
    expect(general.count('ServiceRequest')).to.equal(2);
  });

  it('refuses a condition that is empty or that it does not understand', async () => {
    const general = await hospital();
    for (const condition of ['', 'colour=blue', '_count=1']) {
      const reply = await general.ask('POST', '/ServiceRequest', numbered('1'), {
        'if-none-exist': condition,
      });
      expect(reply.status, condition).to.equal(400);
    }
    expect(general.count('ServiceRequest')).to.equal(0);
  });

  it('stores one resource for eight equal conditional creates at once', async () => {
    const general = await hospital();
    const replies = await Promise.all(
      Array.from({ length: 8 }, () =>
        general.ask('POST', '/ServiceRequest', numbered('1'), {
          'if-none-exist': `identifier=${system}|1`,
        }),
      ),
    );
    expect(replies.filter(({ status }) => status === 201)).to.have.length(1);
    expect(general.count('ServiceRequest')).to.equal(1);
  });

  it('forgets deleted resources in conditions', async () => {
    const general = await hospital();
    const { id = '' } = general.post(numbered('1'));
    general.remove('ServiceRequest', id);
    const reply = await general.ask('POST', '/ServiceRequest', numbered('1'), {
      'if-none-exist': `identifier=${system}|1`,
    });
    expect(reply.status).to.equal(201);
  });

  it('updates by condition: none creates, one updates, another id or several are refused', async () => {
    const general = await hospital();
    const path = `/ServiceRequest?identifier=${system}|1`;
    const put = (more: Partial<fhir4.ServiceRequest> = {}) =>
      general.ask('PUT', path, numbered('1', more)).then(({ status }) => status);
    expect(await put({ id: 'mine' })).to.equal(201);
    expect(await put({ priority: 'asap' })).to.equal(200);
    expect(await put({ id: 'other' })).to.equal(400);
    expect(general.get('ServiceRequest', 'mine')?.priority).to.equal('asap');
    general.post(numbered('1'));
    expect(await put()).to.equal(412);
    general.put(numbered('3', { id: 'third' }));
    const clash = await general.ask(
      'PUT',
      `/ServiceRequest?identifier=${system}|9`,
      numbered('9', { id: 'third' }),
    );
    expect(clash.status).to.equal(409);
  });

  it('patches and deletes by condition', async () => {
    const general = await hospital();
    general.put(numbered('1', { id: 'o1' }));
    const path = `/ServiceRequest?identifier=${system}|1`;
    const patch = await general.ask(
      'PATCH',
      path,
      [{ op: 'replace', path: '/status', value: 'revoked' }],
      { 'content-type': 'application/json-patch+json' },
    );
    expect(patch.status).to.equal(200);
    expect((await general.ask('DELETE', path)).status).to.equal(204);
    expect((await general.ask('DELETE', path)).status).to.equal(204);
    expect((await general.ask('GET', '/ServiceRequest/o1')).status).to.equal(410);
    general.post(numbered('1'));
    general.post(numbered('1'));
    expect((await general.ask('DELETE', path)).status).to.equal(412);
  });
});

describe('sandbox: referential integrity, when switched on', () => {
  afterEach(closeHospitals);

  it('refuses a dangling reference and the deletion of what is referred to', async () => {
    const general = await hospital({ referentialIntegrity: true });
    const create = () => general.ask('POST', '/ServiceRequest', order());
    expect((await create()).status).to.equal(422);
    general.put(patient({ id: 'p1' }));
    const { body } = await create();
    expect((await general.ask('DELETE', '/Patient/p1')).status).to.equal(409);
    expect((await general.ask('DELETE', `/ServiceRequest/${body.id}`)).status).to.equal(204);
    expect((await general.ask('DELETE', '/Patient/p1')).status).to.equal(204);
  });

  it('judges a transaction by its end', async () => {
    const general = await hospital({ referentialIntegrity: true });
    const send = (entry: fhir4.BundleEntry[]) =>
      general.ask('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
    const newOrder = (reference: string): fhir4.BundleEntry => ({
      resource: order({ subject: { reference } }),
      request: { method: 'POST', url: 'ServiceRequest' },
    });
    const newPatient = {
      resource: patient({ id: 'p9' }),
      request: { method: 'PUT', url: 'Patient/p9' },
    } as const;
    expect((await send([newOrder('Patient/p9'), newPatient])).status).to.equal(200);
    expect((await send([newOrder('Patient/p8')])).status).to.equal(422);
    expect(general.count('ServiceRequest')).to.equal(1);
  });
});
