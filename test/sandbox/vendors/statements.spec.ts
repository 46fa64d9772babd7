import { expect } from 'chai';
import { commands } from '../../../src/cli/commands.ts';
import { type VendorName, vendorNames } from '../../../src/sandbox/sandbox.ts';
import { closeHospitals, hospital, patient } from '../hospital.ts';

const vendors = vendorNames.filter((name) => name !== 'generic');

async function statement(vendor: VendorName) {
  const at = await hospital({ vendor });
  const { status, body } = await at.ask<fhir4.CapabilityStatement>('GET', '/metadata');
  expect(status).to.equal(200);
  const entry = (type: string) => body.rest?.[0]?.resource?.find((one) => one.type === type);
  const does = (type: string) => entry(type)?.interaction?.map(({ code }) => code);
  const params = (type: string) =>
    new Map(entry(type)?.searchParam?.map(({ name, documentation }) => [name, documentation]));
  return { at, body, entry, does, params };
}

describe('sandbox: the statements of the vendors', () => {
  afterEach(closeHospitals);

  it('are chosen by the names that the command line knows', () => {
    const row = commands.find(({ name }) => name === 'sandbox');
    const option = row?.options?.find(({ flags }) => flags.startsWith('--vendor'));
    expect(option?.choices).to.deep.equal([...vendorNames]);
  });

  for (const vendor of vendors) {
    it(`of ${vendor} declares exactly what it does`, async () => {
      const { at, body, does } = await statement(vendor);
      expect(body).to.include({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1' });
      const calls: Readonly<Record<string, readonly [method: string, path: string]>> = {
        read: ['GET', '/Type/x'],
        'search-type': ['GET', '/Type?_id=x'],
        create: ['POST', '/Type'],
        update: ['PUT', '/Type/x'],
        patch: ['PATCH', '/Type/x'],
        delete: ['DELETE', '/Type/x'],
      };
      for (const type of ['ServiceRequest', 'Task', 'Appointment', 'Procedure', 'Observation']) {
        for (const [code, [method, path]] of Object.entries(calls)) {
          const isPatch = method === 'PATCH';
          const reply = await at.ask(
            method,
            path.replace('Type', type),
            method === 'GET' || method === 'DELETE'
              ? undefined
              : isPatch
                ? []
                : { resourceType: type },
            isPatch ? { 'content-type': 'application/json-patch+json' } : {},
          );
          const lacking = does(type) === undefined ? [404] : [403, 405];
          const declared = does(type)?.some((one) => one === code) ?? false;
          if (declared) expect([403, 405], `${type} ${code}`).to.not.include(reply.status);
          else expect(lacking, `${type} ${code}`).to.include(reply.status);
        }
      }
    });
  }

  it('of epic declares names without documentation, no conditional create, any include', async () => {
    const { body, entry, does, params } = await statement('epic');
    expect(does('ServiceRequest')).to.deep.equal(['read', 'search-type', 'create', 'update']);
    expect(does('Task')).to.deep.equal(['read', 'search-type', 'update']);
    expect(does('Appointment')).to.deep.equal(['read', 'search-type']);
    const orders = params('ServiceRequest');
    expect(orders.get('patient')).to.match(/required/);
    expect(orders.has('performer') && orders.get('performer')).to.equal(undefined);
    expect(orders.has('_lastUpdated')).to.equal(false);
    expect(params('DocumentReference').has('_lastupdated')).to.equal(true);
    expect(entry('Procedure')).to.include({ conditionalCreate: false, versioning: 'no-version' });
    expect(entry('ServiceRequest')?.searchInclude).to.deep.equal(['*']);
    expect(body.name).to.equal(undefined);
    expect(body.rest?.[0]?.interaction).to.equal(undefined);
  });

  it('of oracle-health says in words what a search must have, and lists no Task', async () => {
    const { body, entry, does, params } = await statement('oracle-health');
    expect(entry('Task')).to.equal(undefined);
    expect(does('ServiceRequest')).to.deep.equal(['read', 'search-type']);
    expect(does('Appointment')).to.deep.equal(['read', 'search-type', 'create', 'patch']);
    expect(does('Procedure')).to.deep.equal(['read', 'search-type', 'create']);
    expect(params('ServiceRequest').get('patient')).to.match(/must be set/);
    expect(params('ServiceRequest').get('_lastUpdated')).to.match(/ge or le/);
    expect(params('Procedure').get('_lastUpdated')).to.match(/closed range/);
    expect(entry('Procedure')?.conditionalCreate).to.equal(undefined);
    expect(body.rest?.[0]?.interaction).to.deep.equal([{ code: 'batch' }]);
  });

  it('of meditech is of the product, not of an instance', async () => {
    const { body, does, params } = await statement('meditech');
    expect(body.kind).to.equal('capability');
    expect(body).to.not.have.property('implementation');
    expect(does('Task')).to.deep.equal(['read']);
    expect(does('Communication')).to.deep.equal(['read', 'search-type', 'create']);
    expect([...params('ServiceRequest').keys()]).to.include.members(['continue', 'authored']);
    expect(params('ServiceRequest').has('_lastUpdated')).to.equal(false);
  });

  it('of read-only declares read and search of every type, and nothing else', async () => {
    const { body, params } = await statement('read-only');
    const all = body.rest?.[0]?.resource ?? [];
    expect(all.length).to.be.greaterThan(100);
    for (const { type, interaction } of all) {
      expect(interaction, type).to.deep.equal([{ code: 'read' }, { code: 'search-type' }]);
    }
    expect([...params('ServiceRequest').keys()]).to.include.members(['_lastUpdated', 'code']);
  });

  for (const vendor of vendorNames) {
    it(`of ${vendor}: SMART is a 404 until a token endpoint is given`, async () => {
      const path = '/.well-known/smart-configuration';
      const without = await hospital({ vendor, auth: { token: 'secret' } });
      const secret = { authorization: 'Bearer secret' };
      expect((await without.ask('GET', path, undefined, secret)).status).to.equal(404);
      const tokenEndpoint = 'http://127.0.0.1:1/token';
      const at = await hospital({ vendor, tokenEndpoint, auth: { token: 'secret' } });
      const { status, body } = await at.ask<{ token_endpoint: string } & fhir4.FhirResource>(
        'GET',
        path,
      );
      expect([status, body.token_endpoint]).to.deep.equal([200, tokenEndpoint]);
    });
  }

  it('of none: the staff reads and writes the same resources without the rules', async () => {
    for (const vendor of vendorNames) {
      const at = await hospital({ vendor });
      expect(at.staff === at.base, vendor).to.equal(vendor === 'generic');
      const path = `${at.staff}/Patient/p1`;
      expect((await at.ask('PUT', path, patient({ id: 'p1' }))).status, vendor).to.equal(201);
      expect((await at.ask('GET', '/Patient/p1')).status, vendor).to.equal(200);
      const found = await at.ask<fhir4.Bundle>('GET', `${at.staff}/Patient`);
      expect(found.body.total, vendor).to.equal(1);
      const told = await at.ask<fhir4.CapabilityStatement>('GET', `${at.staff}/metadata`);
      expect(told.body.software?.name).to.equal('Sandbox hospital');
    }
  });
});
