import { expect } from 'chai';
import fc from 'fast-check';
import nock from 'nock';
import { readCapabilities } from '../../src/hospital/capabilities.ts';
import { whyNot } from '../../src/hospital/needs.ts';
import { rungs } from '../../src/hospital/rungs.ts';
import { scopeOf } from '../../src/hospital/statement-scope.ts';
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
    for (const version of ['4.3.0', '5.0.0', '3.0.2', '4.01']) {
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

describe('capabilities: odd statements', () => {
  /** Read without a server: what matters is what a statement may look like. */
  const read = (body: unknown) => {
    const capabilities = readCapabilities(body as fhir4.CapabilityStatement);
    if (!capabilities.declared) throw new Error('Nothing is declared.');
    return capabilities;
  };

  it('takes FHIR 4.0.0 and names of null, and says so', () => {
    const { odd, fhirVersion, software } = read({
      ...statement({}, '4.0.0'),
      name: null,
      software: null,
      publisher: null,
      ...rest({ type: 'Task' }),
    });
    expect([fhirVersion, software]).to.deep.equal(['4.0.0', undefined]);
    expect(odd).to.include('It names FHIR 4.0.0, which is read as 4.0.1.');
    expect(odd).to.include('It names no software.');
  });

  it('creating by update without update is no update', () => {
    const { types, odd } = read(
      statement(
        rest(
          { type: 'Task', updateCreate: true, interaction: [{ code: 'read' }] },
          { type: 'Slot', updateCreate: true, interaction: [{ code: 'update' }] },
        ),
      ),
    );
    expect([types.get('Task')?.updateCreate, types.get('Slot')?.updateCreate]).to.deep.equal([
      ...[false, true],
    ]);
    expect(odd).to.include('Creating by update is declared without update: Task.');
  });

  it('unites what is declared twice, and says so', () => {
    const twice = [{ code: 'read' }, { code: 'read' }];
    const { types, odd } = read(statement(rest({ type: 'Task', interaction: twice })));
    expect([...(types.get('Task')?.interactions ?? [])]).to.deep.equal(['read']);
    expect(odd).to.include('Declared more than once, and united: Task.');
  });

  for (const [what, operation, wanted] of [
    ['group-export by name', { name: 'group-export' }, 'group-export'],
    ['export of the type Group', { name: 'export' }, 'group-export'],
    [
      'a definition, whatever the name is',
      { name: 'export', definition: 'http://x.example/OperationDefinition/group-export|2.0.0' },
      'group-export',
    ],
    [
      'HAPI’s own address',
      { name: 'x', definition: 'http://h.example/OperationDefinition/Group-i-export' },
      'group-export',
    ],
    ['a name with its dollar', { name: '$docref' }, 'docref'],
  ] as const)
    it(`knows an operation by ${what}`, () => {
      const { types } = read(statement(rest({ type: 'Group', operation: [operation] })));
      expect([...(types.get('Group')?.operations ?? [])]).to.deep.equal([wanted]);
    });

  it('knows the exports of patients and of all', () => {
    const { operations } = read(
      statement({
        rest: [{ mode: 'server', operation: [{ name: 'export' }, { name: 'patient-export' }] }],
      }),
    );
    expect([...operations]).to.deep.equal(['export', 'patient-export']);
  });

  for (const [what, params, scope] of [
    ['nothing is said', { patient: '' }, undefined],
    [
      'one of patient and _id is required',
      { patient: 'Either patient or _id is required.' },
      'patient',
    ],
    [
      'it must be set unless another is',
      { _id: 'Must be set unless patient is given.' },
      'patient',
    ],
    ['only _id is required', { _id: 'This parameter is required.' }, 'id'],
    ['patient is not required', { patient: 'Not required.' }, undefined],
    ['it is optional', { patient: 'Optional, although required elsewhere.' }, undefined],
    [
      'a code needs its system',
      { code: 'The system is required, also for one patient.' },
      undefined,
    ],
    [
      'a location is enough',
      { date: 'Must be set with patient, practitioner or location.' },
      'open',
    ],
    [
      'it goes with a patient only',
      { _lastUpdated: 'The patient must also be provided.' },
      'patient',
    ],
  ] as const)
    it(`reads from the documentation of parameters that ${what}`, () => {
      const searchParam = Object.entries(params).map(([name, documentation]) => ({
        name,
        documentation,
      }));
      const { types } = read(statement(rest({ type: 'Appointment', searchParam })));
      const demands = types.get('Appointment')?.demands;
      expect(demands && scopeOf(demands)).to.equal(scope);
    });

  it('reads which windows must be closed', () => {
    const searchParam = [
      { name: '_lastUpdated', documentation: 'Only a closed range (ge and lt) is supported.' },
      { name: 'date', documentation: 'A range.' },
    ];
    const { types } = read(statement(rest({ type: 'Procedure', searchParam })));
    expect(types.get('Procedure')?.demands).to.deep.equal({ oneOf: [], closed: ['_lastUpdated'] });
  });

  for (const [values, scope] of [
    [['patient', '_id'], 'patient'],
    [['_id', '_query'], 'id'],
    [['patient,status', '_id'], 'patient'],
    [['location,date'], 'open'],
    [[], undefined],
  ] as const)
    it(`reads athenahealth’s extension: ${values.join(' or ') || 'nothing'}`, () => {
      const extension = [
        {
          url: 'https://fhir.athena.io/StructureDefinition/ah-search-parameter-metadata',
          extension: values.map((valueString) => ({ url: 'requiredAnySearchParams', valueString })),
        },
      ];
      const { types } = read(statement(rest({ type: 'Appointment', extension })));
      const demands = types.get('Appointment')?.demands;
      expect(demands && scopeOf(demands)).to.equal(scope);
    });

  it('counts the parameters of all types for each', () => {
    const { types } = read(
      statement({
        rest: [
          {
            mode: 'server',
            resource: [{ type: 'Task', searchParam: [{ name: 'owner' }] }],
            searchParam: [{ name: '_lastUpdated' }],
          },
        ],
      }),
    );
    expect([...(types.get('Task')?.searchParams ?? [])]).to.deep.equal(['owner', '_lastUpdated']);
  });

  it('reads the way to a token from the statement', () => {
    const url = 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris';
    const uris = [
      { url: 'token', valueUri: 'https://auth.example/token' },
      { url: 'authorize', valueUri: 'https://auth.example/authorize' },
    ];
    const security = {
      extension: [{ url, extension: uris }],
      service: [{ coding: [{ code: 'SMART-on-FHIR' }] }],
    };
    expect(read(statement({ rest: [{ mode: 'server', security }] })).security).to.deep.equal({
      tokenUrl: 'https://auth.example/token',
      authorizeUrl: 'https://auth.example/authorize',
      services: ['SMART-on-FHIR'],
    });
  });

  it('reads batch, transaction and the formats of PATCH', () => {
    const got = read(
      statement({
        patchFormat: ['application/json-patch+json'],
        rest: [{ mode: 'server', interaction: [{ code: 'batch' }] }],
      }),
    );
    expect([got.batch, got.transaction, got.patchFormats]).to.deep.equal([
      ...[true, false],
      ['application/json-patch+json'],
    ]);
  });

  it('takes texts for lists and nulls for nothing, and says so', () => {
    const { types, odd, formats } = read(
      statement({
        format: 'json',
        rest: {
          mode: 'server',
          resource: [null, { type: 'Task', interaction: 'read', searchParam: [null] }, { type: 7 }],
        },
      }),
    );
    expect(formats).to.deep.equal(['json']);
    expect([...types.keys()]).to.deep.equal(['Task']);
    for (const says of [
      'rest is no list.',
      'format is no list.',
      'rest.resource has 1 entry without content.',
      'rest.resource has an entry without a type.',
      'Task.interaction is no list but a string.',
    ])
      expect(odd).to.include(says);
  });

  for (const body of [{}, { rest: null }, { rest: [] }, { rest: 'none' }, { rest: [null] }])
    it(`reads ${JSON.stringify(body)} as a statement that declares nothing`, () => {
      const { types, odd } = read({ resourceType: 'CapabilityStatement', ...body });
      expect(types.size).to.equal(0);
      expect(odd).to.include('It has no rest part of a server: nothing is declared.');
      expect(odd).to.include('It names no FHIR version.');
    });

  it('never throws, whatever stands where', () => {
    const wild = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(null, undefined, '', 'read', '4.0.1', 0, true, 'Task'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom(
            ...['rest', 'mode', 'resource', 'type', 'interaction', 'code', 'searchParam', 'name'],
            ...['documentation', 'operation', 'definition', 'security', 'extension', 'url'],
            ...['software', 'implementation', 'format', 'service', 'coding', '__proto__'],
          ),
          tie('value'),
          { maxKeys: 5 },
        ),
      ),
    })).value;
    fc.assert(
      fc.property(wild, wild, (one, other) => {
        const part = typeof one === 'object' && one !== null ? one : {};
        const got = read({ ...part, fhirVersion: '4.0.1', rest: other });
        for (const says of got.odd) expect(says).to.match(/\.$/);
      }),
      { numRuns: 500 },
    );
  });

  it('reads two megabytes in a moment', () => {
    const types = Array.from({ length: 150 }, (_none, at) => ({
      type: `Type${'x'.repeat(at % 20)}${at}`,
      interaction: ['read', 'search-type', 'create'].map((code) => ({ code })),
      searchParam: Array.from({ length: 60 }, (_one, param) => ({
        name: `param-${param}`,
        documentation: `Searches by ${param}. ${'More of it. '.repeat(18)}`,
      })),
    }));
    const body = statement(rest(...types));
    expect(JSON.stringify(body).length).to.be.greaterThan(2_000_000);
    const before = performance.now();
    expect(read(body).types.size).to.equal(150);
    expect(performance.now() - before).to.be.lessThan(1000);
  });
});
