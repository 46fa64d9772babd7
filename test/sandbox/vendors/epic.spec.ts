import { expect } from 'chai';
import { withParents } from '../../../src/sandbox/vendors/epic-orders.ts';
import { closeHospitals, type Hospital, hospital, order, patient } from '../hospital.ts';

type Found = fhir4.Bundle<fhir4.FhirResource>;

function codesIn(body: fhir4.OperationOutcome): string[] {
  return body.issue.map(({ details }) => details?.coding?.[0]?.code ?? 'none');
}

function warnings(bundle: Found): string[] {
  return (bundle.entry ?? []).flatMap(({ resource, search }) =>
    search?.mode === 'outcome' && resource?.resourceType === 'OperationOutcome'
      ? codesIn(resource)
      : [],
  );
}

async function withOrder(): Promise<Hospital> {
  const epic = await hospital({ vendor: 'epic' });
  epic.put(patient({ id: 'p1' }));
  epic.put({ ...order(), id: 'o1' });
  return epic;
}

const refusal = async (epic: Hospital, path: string) => {
  const { status, body } = await epic.ask<fhir4.OperationOutcome>('GET', path);
  return [status, ...codesIn(body)];
};

describe('sandbox: like Epic', () => {
  afterEach(closeHospitals);

  it('has a base with hyphens, and a door for the staff beside it', async () => {
    const epic = await withOrder();
    expect(epic.base).to.match(/\/interconnect-fhir-oauth\/api\/FHIR\/R4$/);
    expect(epic.staff).to.equal(`${epic.origin}/staff/fhir`);
    expect((await epic.ask('GET', `${epic.origin}/fhir/Patient/p1`)).status).to.equal(404);
  });

  it('searches orders by patient only, and says so with its codes', async () => {
    const epic = await withOrder();
    expect(await refusal(epic, '/ServiceRequest')).to.deep.equal([400, '4110']);
    for (const query of ['status=active', 'performer=Organization/m', 'authored=ge2026-01-01']) {
      expect(await refusal(epic, `/ServiceRequest?${query}`)).to.deep.equal([400, '4111', '59159']);
    }
    expect(await refusal(epic, '/ServiceRequest?_lastUpdated=ge2020-01-01')).to.deep.equal([
      400,
      '4110',
    ]);
    expect(await epic.ids('/ServiceRequest?patient=p1&status=active')).to.deep.equal(['o1']);
    expect(await epic.ids('/ServiceRequest?_id=o1')).to.deep.equal(['o1']);
  });

  it('names its codes in a system of its own', async () => {
    const epic = await withOrder();
    const { body } = await epic.ask<fhir4.OperationOutcome>('GET', '/ServiceRequest');
    expect(body.issue[0]?.details?.coding?.[0]?.system).to.match(/^urn:oid:1\.2\.840\.114350\./);
    expect(body.issue[0]).to.include({ severity: 'fatal', code: 'required' });
  });

  it('lets undocumented parameters filter what the patient has', async () => {
    const epic = await withOrder();
    epic.put({ ...order(), id: 'o2', performer: [{ reference: 'Organization/m' }] });
    const found = await epic.ids('/ServiceRequest?patient=p1&performer=Organization/m');
    expect(found).to.deep.equal(['o2']);
  });

  it('leaves unknown parameters out, with a warning among the results', async () => {
    const epic = await withOrder();
    const path = '/ServiceRequest?patient=p1&_lastUpdated=ge2999-01-01&_sort=-authored';
    const { status, body } = await epic.ask<Found>('GET', path);
    expect(status).to.equal(200);
    expect(warnings(body)).to.deep.equal(['4122', '59100']);
    expect(body.link?.find(({ relation }) => relation === 'self')?.url).to.match(/\?patient=p1$/);
  });

  it('counts only matches in total, and says 4101 where there are none', async () => {
    const epic = await withOrder();
    epic.put({ ...order(), id: 'o2' });
    const two = await epic.ask<Found>('GET', '/ServiceRequest?patient=p1&nonsense=1');
    expect([two.body.total, two.body.entry?.length]).to.deep.equal([2, 3]);
    const none = await epic.ask<Found>('GET', '/ServiceRequest?patient=p2');
    expect([none.status, none.body.total]).to.deep.equal([200, 0]);
    expect(warnings(none.body)).to.deep.equal(['4101']);
    expect(none.body.entry?.[0]?.fullUrl).to.match(/^urn:uuid:/);
  });

  it('leaves out an optional parameter with an invalid value (59109)', async () => {
    const epic = await withOrder();
    const { body } = await epic.ask<Found>('GET', '/ServiceRequest?patient=p1&status=sleepy');
    expect(warnings(body)).to.deep.equal(['59109']);
    expect(body.total).to.equal(1);
  });

  it('warns of suppressed results unless the category is appointment', async () => {
    const epic = await withOrder();
    epic.put({
      resourceType: 'Appointment',
      id: 'a1',
      status: 'booked',
      participant: [{ actor: { reference: 'Patient/p1' }, status: 'accepted' }],
    } as fhir4.Appointment);
    const without = await epic.ask<Found>('GET', '/Appointment?patient=p1');
    expect(warnings(without.body)).to.deep.equal(['59204']);
    const withIt = await epic.ask<Found>(
      'GET',
      '/Appointment?patient=p1&service-category=appointment',
    );
    expect([withIt.body.total, warnings(withIt.body)]).to.deep.equal([1, []]);
    expect(await refusal(epic, '/Appointment?location=Location/l1&date=ge2026-01-01')).to.include(
      '4111',
    );
  });

  it('shows at most 100 results, over all pages, and a code that there may be more', async () => {
    const epic = await withOrder();
    for (let n = 0; n < 120; n += 1) epic.put({ ...order(), id: `many-${n}` });
    const ids = new Set<string>();
    let next: string | undefined = '/ServiceRequest?patient=p1&_count=40';
    for (let pages = 0; next !== undefined; pages += 1) {
      expect(pages).to.be.lessThan(4);
      const { body }: { body: Found } = await epic.ask<Found>('GET', next);
      expect(warnings(body)).to.deep.equal(['4127', '59133']);
      for (const { resource } of body.entry ?? []) {
        if (resource?.resourceType === 'ServiceRequest') ids.add(String(resource.id));
      }
      next = body.link?.find(({ relation }) => relation === 'next')?.url;
    }
    expect(ids.size).to.equal(100);
  });

  it('says 4113 of a page that has expired', async () => {
    const epic = await withOrder();
    const path = '/ServiceRequest?_snapshot=long-ago&_offset=40';
    expect(await refusal(epic, path)).to.deep.equal([400, '4113']);
  });

  it('shows no meta, no ETag, no history, and absolute references', async () => {
    const epic = await withOrder();
    const { body, headers } = await epic.ask<fhir4.ServiceRequest>('GET', '/ServiceRequest/o1');
    expect(body.meta).to.equal(undefined);
    expect(body.subject.reference).to.equal(`${epic.base}/Patient/p1`);
    expect([headers.get('etag'), headers.get('last-modified')]).to.deep.equal([null, null]);
    const found = await epic.ask<Found>('GET', '/ServiceRequest?patient=p1');
    expect([found.body.meta, found.body.entry?.[0]?.resource?.meta]).to.deep.equal([
      undefined,
      undefined,
    ]);
    for (const path of ['/ServiceRequest/o1/_history', '/ServiceRequest/o1/_history/1']) {
      expect((await epic.ask('GET', path)).status).to.equal(405);
    }
    const stored = await epic.ask<fhir4.ServiceRequest>('GET', `${epic.staff}/ServiceRequest/o1`);
    expect(stored.body.meta?.versionId).to.equal('1');
    expect(stored.body.subject.reference).to.equal('Patient/p1');
  });

  it('finds by an absolute reference what was stored with a relative one, and the other way', async () => {
    const epic = await withOrder();
    epic.put({ ...order({ subject: { reference: `${epic.base}/Patient/p1` } }), id: 'o2' });
    expect(await epic.ids(`/ServiceRequest?patient=${epic.base}/Patient/p1`)).to.deep.equal([
      'o1',
      'o2',
    ]);
    expect(await epic.ids('/ServiceRequest?patient=p1')).to.deep.equal(['o1', 'o2']);
  });

  it('gives a code to reads of what never was and of what was deleted', async () => {
    const epic = await withOrder();
    epic.remove('ServiceRequest', 'o1');
    expect(await refusal(epic, '/ServiceRequest/o1')).to.deep.equal([410, '4103']);
    expect(await refusal(epic, '/ServiceRequest/never')).to.deep.equal([404, '4102']);
  });

  it('creates orders, procedures and observations under long ids, unconditionally', async () => {
    const epic = await withOrder();
    const procedure = {
      resourceType: 'Procedure',
      status: 'completed',
      identifier: [{ system: 'urn:x', value: '1' }],
      subject: { reference: `${epic.base}/Patient/p1` },
    };
    const once = { 'if-none-exist': 'identifier=urn:x|1' };
    for (let n = 1; n <= 2; n += 1) {
      const reply = await epic.ask<fhir4.Procedure>('POST', '/Procedure', procedure, once);
      expect(reply.status).to.equal(201);
      expect(reply.body.id).to.match(/^e[A-Za-z0-9.-]{47}$/);
      expect(reply.headers.get('location')).to.equal(`${epic.base}/Procedure/${reply.body.id}`);
      expect(epic.count('Procedure')).to.equal(n);
    }
    expect((await epic.ask('POST', '/ServiceRequest', order())).status).to.equal(201);
    const observation = {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '72514-3' }] },
      subject: { reference: 'Patient/p1' },
    };
    expect((await epic.ask('POST', '/Observation', observation)).status).to.equal(201);
  });

  it('updates without looking at If-Match, but creates nothing by update', async () => {
    const epic = await withOrder();
    const changed = { ...order({ status: 'completed' }), id: 'o1' };
    const stale = { 'if-match': 'W/"77"' };
    expect((await epic.ask('PUT', '/ServiceRequest/o1', changed, stale)).status).to.equal(200);
    expect(epic.get('ServiceRequest', 'o1')?.status).to.equal('completed');
    const fresh = await epic.ask('PUT', '/ServiceRequest/o9', { ...changed, id: 'o9' });
    expect(fresh.status).to.equal(404);
  });

  it('updates and searches tasks, but creates none', async () => {
    const epic = await withOrder();
    const task = { resourceType: 'Task', status: 'requested', intent: 'order' };
    epic.put({ ...task, id: 't1', for: { reference: 'Patient/p1' } } as fhir4.Task);
    expect((await epic.ask('POST', '/Task', task)).status).to.equal(405);
    expect(await refusal(epic, '/Task?owner=Organization/m')).to.include('4111');
    expect(await epic.ids('/Task?patient=p1')).to.deep.equal(['t1']);
    const accepted = { ...task, id: 't1', status: 'accepted', for: { reference: 'Patient/p1' } };
    expect((await epic.ask('PUT', '/Task/t1', accepted)).status).to.equal(200);
    expect(epic.get('Task', 't1')?.status).to.equal('accepted');
  });

  it('takes no appointment, no patch, no deletion, no bundle', async () => {
    const epic = await withOrder();
    const appointment = { resourceType: 'Appointment', status: 'proposed', participant: [] };
    const bundle = { resourceType: 'Bundle', type: 'batch', entry: [] };
    expect((await epic.ask('POST', '/Appointment', appointment)).status).to.equal(405);
    const patch = { 'content-type': 'application/json-patch+json' };
    expect((await epic.ask('PATCH', '/ServiceRequest/o1', [], patch)).status).to.equal(405);
    expect((await epic.ask('DELETE', '/ServiceRequest/o1')).status).to.equal(405);
    expect((await epic.ask('POST', '', bundle)).status).to.equal(405);
    expect((await epic.ask('GET', '/Slot?_id=1')).status).to.equal(404);
  });

  it('reads of a POST _search the form only', async () => {
    const epic = await withOrder();
    epic.put({ ...order({ status: 'completed' }), id: 'o2' });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const { body } = await epic.ask<Found>(
      'POST',
      '/ServiceRequest/_search?status=completed',
      'patient=p1',
      form,
    );
    expect(body.total).to.equal(2);
  });

  it('holds each order twice where parents are asked for: original-order and order', async () => {
    const lone = { ...order(), id: 'o1' };
    const based = { ...order({ basedOn: [{ reference: 'ServiceRequest/o1' }] }), id: 'o2' };
    const all = withParents([lone, based, patient({ id: 'p1' })]) as fhir4.ServiceRequest[];
    expect(all.map(({ id, intent }) => [id, intent])).to.deep.equal([
      ['o1-parent', 'original-order'],
      ['o1', 'order'],
      ['o2', 'order'],
      ['p1', undefined],
    ]);
    expect(all[1]?.basedOn).to.deep.equal([{ reference: 'ServiceRequest/o1-parent' }]);
  });
});
