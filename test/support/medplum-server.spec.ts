/** What suites rely on in the second FHIR server, and the faults that they must know of. */

import { expect } from 'chai';
import { startMedplum } from './medplum-server.ts';

const order = (id: string): fhir4.ServiceRequest => ({
  resourceType: 'ServiceRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/p' },
});

describe('medplum server', function () {
  this.timeout(20_000);
  let base: string;
  let stop: () => Promise<void>;

  before(async () => {
    ({ base, stop } = await startMedplum());
  });
  after(async () => await stop());

  const send = async (method: string, path: string, body?: unknown, headers = {}) => {
    const answer = await fetch(`${base}/${path}`, {
      method,
      headers: { 'Content-Type': 'application/fhir+json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const read = (await answer.json()) as fhir4.FhirResource;
    return { status: answer.status, headers: answer.headers, body: read };
  };
  const ids = async (query: string) => {
    const { body } = await send('GET', query);
    return ((body as fhir4.Bundle).entry ?? []).map(({ resource }) => resource?.id);
  };

  it('creates with Location and ETag', async () => {
    const { status, headers, body } = await send('POST', 'Patient', { resourceType: 'Patient' });
    const version = body.meta?.versionId;
    expect(status).to.equal(201);
    expect(headers.get('etag')).to.equal(`W/"${version}"`);
    expect(headers.get('location')).to.equal(`${base}/Patient/${body.id}/_history/${version}`);
  });

  it('creates once under If-None-Exist', async () => {
    const task = { resourceType: 'Task', identifier: [{ system: 'urn:t', value: '1' }] };
    const once = { 'If-None-Exist': 'identifier=urn:t|1' };
    const first = await send('POST', 'Task', task, once);
    const second = await send('POST', 'Task', task, once);
    expect([first.status, second.status]).to.deep.equal([201, 200]);
    expect(second.headers.get('location')).to.equal(first.headers.get('location'));
    expect(await ids('Task?identifier=urn:t|1')).to.deep.equal([first.body.id]);
  });

  it('updates under a fresh If-Match and refuses a stale one with 412', async () => {
    const created = await send('PUT', 'ServiceRequest/m', order('m'));
    const etag = created.headers.get('etag');
    const fresh = await send('PUT', 'ServiceRequest/m', order('m'), { 'If-Match': etag });
    const stale = await send('PUT', 'ServiceRequest/m', order('m'), { 'If-Match': etag });
    expect([fresh.status, stale.status]).to.deep.equal([200, 412]);
  });

  it('pages by next links until everything was shown once', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      await send('PUT', `Location/${id}`, { resourceType: 'Location', id });
    }
    const shown: string[] = [];
    let next: string | undefined = `${base}/Location?_count=2&_sort=_lastUpdated`;
    while (next) {
      const page = (await (await fetch(next)).json()) as fhir4.Bundle;
      expect(page.link?.[0]).to.deep.equal({ relation: 'self', url: next });
      for (const { fullUrl } of page.entry ?? []) shown.push(fullUrl ?? '');
      next = page.link?.find(({ relation }) => relation === 'next')?.url;
    }
    expect(shown).to.deep.equal(['a', 'b', 'c', 'd', 'e'].map((id) => `${base}/Location/${id}`));
  });

  it('finds tasks by owner, without owner and by focus', async () => {
    const task = { resourceType: 'Task', focus: { reference: 'ServiceRequest/f' } };
    await send('PUT', 'Task/free', { ...task, id: 'free' });
    await send('PUT', 'Task/ours', {
      ...task,
      id: 'ours',
      owner: { reference: 'Organization/massage' },
    });
    expect(await ids('Task?focus=ServiceRequest/f&owner:missing=true')).to.deep.equal(['free']);
    expect(await ids('Task?owner=Organization/massage')).to.deep.equal(['ours']);
    expect(await ids('Task?focus=ServiceRequest/f')).to.have.members(['free', 'ours']);
  });

  it('finds appointments of several orders in one search', async () => {
    for (const id of ['a', 'b', 'c']) {
      const basedOn = [{ reference: `ServiceRequest/${id}` }];
      await send('PUT', `Appointment/${id}`, { resourceType: 'Appointment', id, basedOn });
    }
    const query = 'Appointment?based-on=ServiceRequest/a,ServiceRequest/b';
    expect(await ids(query)).to.have.members(['a', 'b']);
  });

  it('cuts windows of _lastUpdated exactly and sorts them', async () => {
    const times: (string | undefined)[] = [];
    while (times.length < 3) {
      const id = `w${times.length}`;
      const { body } = await send('PUT', `Device/${id}`, { resourceType: 'Device', id });
      if (body.meta?.lastUpdated !== times.at(-1)) times.push(body.meta?.lastUpdated);
    }
    const [, from, to] = times;
    const window = `Device?_sort=_lastUpdated&_lastUpdated=ge${from}&_lastUpdated=lt${to}`;
    expect(await ids(window)).to.deep.equal(['w1']);
    expect(await ids(`Device?_sort=-_lastUpdated&_lastUpdated=le${to}`)).to.deep.equal([
      ...['w2', 'w1', 'w0'],
    ]);
  });

  it('says 410 for what was deleted and 404 for what never was', async () => {
    await send('PUT', 'ServiceRequest/gone', order('gone'));
    await send('DELETE', 'ServiceRequest/gone');
    expect((await send('GET', 'ServiceRequest/gone')).status).to.equal(410);
    expect((await send('GET', 'ServiceRequest/never')).status).to.equal(404);
    await send('PUT', 'ServiceRequest/gone', order('gone'));
    expect((await send('GET', 'ServiceRequest/gone')).status).to.equal(200);
  });

  it('answers unreadable JSON with an OperationOutcome', async () => {
    const { status, body } = await send('POST', 'Patient', '{"resourceType":');
    expect([status, body.resourceType]).to.deep.equal([400, 'OperationOutcome']);
  });

  it('states conditional create, and no transaction since its own are not atomic', async () => {
    const statement = (await send('GET', 'metadata')).body as fhir4.CapabilityStatement;
    const rest = statement.rest?.[0];
    const task = rest?.resource?.find(({ type }) => type === 'Task');
    expect(statement.fhirVersion).to.equal('4.0.1');
    expect(task).to.include({ conditionalCreate: true, versioning: 'versioned-update' });
    expect(task?.searchParam?.map(({ name }) => name)).to.include.members(['owner', 'focus']);
    expect(rest?.interaction?.map(({ code }) => code)).to.deep.equal(['batch']);
  });

  it('keeps its own faults: bare ids and absolute references find nothing, a new id answers 200', async () => {
    await send('PUT', 'Task/fault', {
      resourceType: 'Task',
      id: 'fault',
      owner: { reference: 'Organization/other' },
    });
    expect(await ids('Task?owner=other')).to.deep.equal([]);
    expect(await ids(`Task?owner=${base}/Organization/other`)).to.deep.equal([]);
    expect((await send('PUT', 'ServiceRequest/new', order('new'))).status).to.equal(200);
  });
});
