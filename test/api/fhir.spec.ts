/** Pushed resources: into the same inbox, under the same rules, answered with what became of each. */
import { expect } from 'chai';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { inboxCounts } from '../../src/store/inbox.ts';
import { mustNotLeak } from '../support/leak-watch.ts';
import { type Served, serveApi } from './served.ts';

const name = 'Ingrid Farquharson';
mustNotLeak('Farquharson', 'a patient’s name');

const patient: fhir4.Patient = { resourceType: 'Patient', id: 'ingrid', name: [{ text: name }] };
const order = (id: string, more: Partial<fhir4.ServiceRequest> = {}): fhir4.ServiceRequest => ({
  resourceType: 'ServiceRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/ingrid' },
  code: { coding: [{ system: 'http://snomed.info/sct', code: '387854002' }] },
  ...more,
});
const bundle = (type: string, ...resources: object[]) => ({
  resourceType: 'Bundle',
  type,
  entry: resources.map((resource) => ({
    resource,
    request: { method: 'POST', url: 'ServiceRequest' },
  })),
});

describe('api: push', () => {
  let hospital: Sandbox;
  let served: Served;
  beforeEach(async () => {
    hospital = await startSandbox({ resources: [patient] });
    served = await serveApi({ base: hospital.base });
  });
  afterEach(async () => {
    await served.stop();
    await hospital.stop();
  });

  const push = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    served.post(path, body, {
      as: 'operator',
      headers: { 'Content-Type': 'application/fhir+json', ...headers },
    });
  const states = async () =>
    (await served.get('/api/referrals')).json.items.map(
      (one: { order: { reference: string } }) => one.order.reference,
    );

  it('makes a referral of an order before it answers', async () => {
    const { status, headers, json } = await push('/fhir/ServiceRequest', order('o-1'));
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.match(/^application\/fhir\+json/);
    expect(json.resourceType).to.equal('OperationOutcome');
    expect(json.issue[0].severity).to.equal('information');
    expect(json.issue[0].details.text).to.match(/^ServiceRequest\/o-1: applied/);
    expect(await states()).to.deep.equal(['ServiceRequest/o-1']);
  });

  it('says by which rule an order is not ours', async () => {
    const cardiac = { coding: [{ system: 'http://snomed.info/sct', code: '83099006' }] };
    const { json } = await push('/fhir/ServiceRequest', order('o-1', { code: cardiac }));
    const [state, rule] = json.issue[0].details.coding.map((one: { code: string }) => one.code);
    expect(state).to.equal('refused');
    expect(rule).to.be.a('string');
    expect(await states()).to.deep.equal([]);
  });

  it('answers a transaction entry by entry', async () => {
    const { json } = await push(
      '/fhir',
      bundle('transaction', order('o-1'), order('o-2', { status: 'draft' }), patient),
    );
    expect(json.type).to.equal('transaction-response');
    const entries = json.entry as {
      response: { status: string; outcome: fhir4.OperationOutcome };
    }[];
    expect(entries.map(({ response }) => response.status)).to.deep.equal(
      Array(3).fill('201 Created'),
    );
    const ends = entries.map(
      ({ response }) => response.outcome.issue[0]?.details?.coding?.[0]?.code,
    );
    expect(ends.slice(0, 2)).to.deep.equal(['applied', 'refused']);
  });

  it('knows what was pushed before, and changes nothing', async () => {
    await push('/fhir', bundle('batch', order('o-1')));
    const { json } = await push('/fhir', bundle('batch', order('o-1')));
    expect(json.type).to.equal('batch-response');
    expect(json.entry[0].response.status).to.equal('200 OK');
    expect(json.entry[0].response.outcome.issue[0].details.text).to.include('known before');
    expect(await states()).to.have.lengthOf(1);
  });

  it('answers a collection with one outcome', async () => {
    const { json } = await push('/fhir', { ...bundle('collection', order('o-1'), order('o-2')) });
    expect(json.resourceType).to.equal('OperationOutcome');
    expect(json.issue).to.have.lengthOf(2);
  });

  it('takes a Bundle of two megabytes', async () => {
    const note = [{ text: 'x'.repeat(2_000_000) }];
    const { status } = await push('/fhir', bundle('collection', order('o-1', { note })));
    expect(status).to.equal(200);
  });

  const mistakes: readonly (readonly [string, string, unknown])[] = [
    ['a resource of another type than the address', '/fhir/Task', order('o-1')],
    ['no resource', '/fhir/Task', {}],
    ['a Bundle of another kind', '/fhir', { resourceType: 'Bundle', type: 'searchset', entry: [] }],
    ['an empty Bundle', '/fhir', { resourceType: 'Bundle', type: 'collection', entry: [] }],
    [
      'an entry without resource',
      '/fhir',
      { resourceType: 'Bundle', type: 'collection', entry: [{}] },
    ],
    [
      'a deletion',
      '/fhir',
      {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [
          { resource: order('o-1'), request: { method: 'DELETE', url: 'ServiceRequest/o-1' } },
        ],
      },
    ],
    ['a hospital that is not configured', '/fhir/ServiceRequest?hospital=elsewhere', order('o-1')],
  ];
  for (const [what, path, body] of mistakes)
    it(`refuses ${what} and stores nothing`, async () => {
      const { status, json } = await push(path, body);
      expect(status).to.equal(400);
      expect(json.resourceType).to.equal('OperationOutcome');
      expect(json.issue[0].severity).to.equal('error');
      expect(await inboxCounts(served.adapter.store.read, { hospital: 'general' })).to.deep.equal(
        [],
      );
    });

  it('is closed to a therapist, in the words of FHIR', async () => {
    const { status, json } = await served.post('/fhir/ServiceRequest', order('o-1'));
    expect(status).to.equal(403);
    expect(json.issue[0].code).to.equal('forbidden');
  });

  it('has nothing to read', async () => {
    const { status, json } = await served.get('/fhir/Patient/ingrid', { as: 'operator' });
    expect(status).to.equal(404);
    expect(json.resourceType).to.equal('OperationOutcome');
  });

  it('shows the story of what came in: both sides, and where they disagree', async () => {
    hospital.put(order('o-1'));
    await push('/fhir/ServiceRequest', hospital.get('ServiceRequest', 'o-1'));
    const [{ id }] = (await served.get('/api/referrals')).json.items;
    const agreed = (await served.get(`/api/referrals/${id}/story`)).json;
    expect(agreed.events[0]).to.include({ type: 'requested', by: 'hospital', version: 1 });
    expect(agreed.inbox[0]).to.include({
      state: 'applied',
      via: 'push',
      resource: 'ServiceRequest/o-1',
    });
    expect(agreed.sides[0]).to.include({ what: 'ServiceRequest/o-1', agrees: true });
    expect(agreed.disagreements).to.deep.equal([]);
    expect(JSON.stringify(agreed.inbox)).to.not.include('body');
    hospital.put(order('o-1', { status: 'revoked' }));
    const { disagreements } = (await served.get(`/api/referrals/${id}/story`)).json;
    expect(disagreements).to.have.lengthOf(1);
  });

  it('tells the story without the hospital too, and says that it could not be read', async () => {
    await push('/fhir/ServiceRequest', order('o-1'));
    const [{ id }] = (await served.get('/api/referrals')).json.items;
    const { status, json } = await served.get(`/api/referrals/${id}/story`);
    expect(status).to.equal(200);
    expect(json.sides[0]).to.have.property('error');
  });
});
