import { expect } from 'chai';
import { closeHospitals, hospital, order, patient } from '../hospital.ts';

type Found = fhir4.Bundle<fhir4.FhirResource>;
const next = ({ link }: Found) => link?.find(({ relation }) => relation === 'next')?.url;

describe('sandbox: like MEDITECH', () => {
  afterEach(closeHospitals);

  it('pages by one continue parameter', async () => {
    const at = await hospital({ vendor: 'meditech' });
    for (const n of [1, 2, 3]) at.put({ ...order(), id: `o${n}` });
    const ids: (string | undefined)[] = [];
    let url: string | undefined = '/ServiceRequest?patient=p1&_count=1';
    for (let pages = 0; url !== undefined && pages < 5; pages += 1) {
      const { body }: { body: Found } = await at.ask<Found>('GET', url);
      ids.push(...(body.entry ?? []).map(({ resource }) => resource?.id));
      url = next(body);
      if (url !== undefined) expect(url).to.match(/\/ServiceRequest\?continue=[\w-]+$/);
    }
    expect(ids).to.deep.equal(['o1', 'o2', 'o3']);
    expect((await at.ask('GET', '/ServiceRequest?continue=abc')).status).to.equal(410);
  });

  it('reads tasks by id only', async () => {
    const at = await hospital({ vendor: 'meditech' });
    at.put({ resourceType: 'Task', id: 't1', status: 'requested', intent: 'order' } as fhir4.Task);
    expect((await at.ask('GET', '/Task/t1')).status).to.equal(200);
    expect((await at.ask('GET', '/Task?owner=Organization/m')).status).to.equal(405);
    expect((await at.ask('PUT', '/Task/t1', {})).status).to.equal(405);
  });

  it('searches appointments by date, location, practitioner or status, without a patient', async () => {
    const at = await hospital({ vendor: 'meditech' });
    at.put({
      resourceType: 'Appointment',
      id: 'a1',
      status: 'booked',
      start: '2026-03-02T09:00:00Z',
      end: '2026-03-02T10:00:00Z',
      participant: [{ actor: { reference: 'Location/massage' }, status: 'accepted' }],
    } as fhir4.Appointment);
    const day = 'date=ge2026-03-02&date=lt2026-03-03';
    expect(await at.ids(`/Appointment?location=massage&${day}`)).to.deep.equal(['a1']);
    expect(await at.ids(`/Appointment?practitioner=ana&${day}`)).to.deep.equal([]);
    expect((await at.ask('GET', '/Appointment')).status).to.equal(400);
  });

  it('needs a patient for orders, knows no _lastUpdated, and writes Communication only', async () => {
    const at = await hospital({ vendor: 'meditech' });
    at.put({ ...order(), id: 'o1' });
    expect((await at.ask('GET', '/ServiceRequest?status=active')).status).to.equal(400);
    const window = '_lastUpdated=ge2999-01-01';
    const { body } = await at.ask<Found>('GET', `/ServiceRequest?patient=p1&${window}`);
    expect(body.total).to.equal(1);
    expect(body.link?.find(({ relation }) => relation === 'self')?.url).to.not.include('_last');
    for (const type of ['ServiceRequest', 'Procedure', 'Observation', 'Appointment']) {
      expect((await at.ask('POST', `/${type}`, { resourceType: type })).status, type).to.equal(405);
    }
    const message = { resourceType: 'Communication', status: 'completed' };
    expect((await at.ask('POST', '/Communication', message)).status).to.equal(201);
    expect(at.count('Communication')).to.equal(1);
  });
});

describe('sandbox: a server to read only', () => {
  afterEach(closeHospitals);

  it('answers every search and read, and 403 to every write', async () => {
    const at = await hospital({ vendor: 'read-only' });
    at.put(patient({ id: 'p1' }));
    at.put({ ...order(), id: 'o1' });
    const window = '_lastUpdated=ge2020-01-01T00:00:00Z&_sort=_lastUpdated';
    expect(await at.ids(`/ServiceRequest?${window}`)).to.deep.equal(['o1']);
    expect((await at.ask('GET', '/Patient/p1')).status).to.equal(200);
    const patch = { 'content-type': 'application/json-patch+json' };
    const writes = [
      await at.ask('POST', '/Task', { resourceType: 'Task' }),
      await at.ask('PUT', '/Patient/p1', patient({ id: 'p1' })),
      await at.ask('PATCH', '/Patient/p1', [], patch),
      await at.ask('DELETE', '/Patient/p1'),
    ];
    expect(writes.map(({ status }) => status)).to.deep.equal([403, 403, 403, 403]);
    const bundle = { resourceType: 'Bundle', type: 'transaction', entry: [] };
    expect((await at.ask('POST', '', bundle)).status).to.equal(403);
    expect(at.history('Patient', 'p1')).to.have.length(1);
  });
});
