import { expect } from 'chai';
import nock from 'nock';
import { rungs, whyNot } from '../../src/hospital/rungs.ts';
import { closeAll, failureOf, wireTo } from './wire.ts';

const origin = 'https://fhir.hospital.example';
const base = `${origin}/r4`;
const statement = (more: object = {}, fhirVersion = '4.0.1') => ({
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: '2026-01-01',
  kind: 'instance',
  fhirVersion,
  format: ['json'],
  ...more,
});
const rest = (...resource: object[]) => ({ rest: [{ mode: 'server', resource }] });

describe('capabilities', () => {
  afterEach(async () => {
    nock.cleanAll();
    await closeAll();
  });

  async function declaredBy(body: object) {
    nock(origin).get('/r4/metadata').reply(200, body);
    const capabilities = await wireTo(base).capabilities();
    if (!capabilities.declared) throw new Error('Nothing is declared.');
    return capabilities;
  }

  for (const [value, expected] of [
    [true, true],
    [false, false],
    [undefined, false],
    ['true', false],
  ] as const) {
    it(`takes conditionalCreate ${JSON.stringify(value)} for ${expected}`, async () => {
      const { types } = await declaredBy(
        statement(rest({ type: 'Task', conditionalCreate: value })),
      );
      expect(types.get('Task')?.conditionalCreate).to.equal(expected);
    });
  }

  it('unites entries that are given twice, in any server part', async () => {
    const { types, transaction } = await declaredBy(
      statement({
        rest: [
          {
            mode: 'server',
            resource: [
              { type: 'Task', interaction: [{ code: 'read' }], searchParam: [{ name: 'owner' }] },
              {
                type: 'Task',
                interaction: [{ code: 'update' }],
                searchParam: [{ name: 'status' }],
              },
            ],
          },
          { mode: 'client', resource: [{ type: 'Slot' }] },
          {
            mode: 'server',
            resource: [{ type: 'Task', conditionalCreate: true }],
            interaction: [{ code: 'transaction' }],
          },
        ],
      }),
    );
    expect([...types.keys()]).to.deep.equal(['Task']);
    expect([...(types.get('Task')?.interactions ?? [])]).to.deep.equal(['read', 'update']);
    expect([...(types.get('Task')?.searchParams ?? [])]).to.deep.equal(['owner', 'status']);
    expect(types.get('Task')?.conditionalCreate).to.equal(true);
    expect(transaction).to.equal(true);
  });

  it('accepts R4 as 4.0.0 and 4.0.1 only', async () => {
    for (const version of ['4.0.0', '4.0.1', '4.0']) await declaredBy(statement({}, version));
    for (const version of ['4.3.0', '5.0.0', '3.0.2', '', '4.01']) {
      nock(origin).get('/r4/metadata').reply(200, statement({}, version));
      expect((await failureOf(wireTo(base).capabilities())).code).to.equal('not-fhir-r4');
    }
  });

  it('says that an address with a web page is no FHIR server', async () => {
    nock(origin).get('/r4/metadata').reply(200, '<html></html>', { 'content-type': 'text/html' });
    expect((await failureOf(wireTo(base).capabilities())).code).to.equal('not-fhir-r4');
  });

  for (const status of [400, 404, 501]) {
    it(`takes ${status} for a server without a statement`, async () => {
      nock(origin).get('/r4/metadata').reply(status);
      expect(await wireTo(base).capabilities()).to.deep.equal({ declared: false });
    });
  }

  it('does not take a server that is down for one without a statement', async () => {
    nock(origin).get('/r4/metadata').thrice().reply(502);
    expect((await failureOf(wireTo(base).capabilities())).code).to.equal('hospital-fault');
  });

  it('asks once, and again only after a failure', async () => {
    const hospital = wireTo(base);
    nock(origin).get('/r4/metadata').reply(401).get('/r4/metadata').reply(200, statement());
    await failureOf(hospital.capabilities());
    const [one, two] = await Promise.all([hospital.capabilities(), hospital.capabilities()]);
    expect(one).to.equal(two);
    expect(hospital.exchanges).to.have.length(2);
  });

  it('names what a rung lacks', async () => {
    const capabilities = await declaredBy(
      statement(
        rest(
          {
            type: 'ServiceRequest',
            interaction: [{ code: 'read' }, { code: 'search-type' }],
            searchParam: [{ name: 'patient' }],
          },
          { type: 'Appointment', interaction: [{ code: 'create' }, { code: 'update' }] },
        ),
      ),
    );
    const lacks = Object.fromEntries(rungs.map((rung) => [rung.rung, whyNot(rung, capabilities)]));
    expect(lacks.A1).to.deep.equal(['ServiceRequest cannot be searched by _lastUpdated']);
    expect(lacks.A3).to.deep.equal(['Task is not declared']);
    expect(lacks.B3).to.deep.equal([]);
    expect(lacks.D1).to.include('Appointment has no conditional create');
    expect(whyNot(rungs[0], { declared: false })).to.deep.equal([]);
  });
});
