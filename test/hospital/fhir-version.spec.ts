import { expect } from 'chai';
import nock from 'nock';
import { closeAll, failureOf, listening, sendJson, wireTo, withRealSockets } from './wire.ts';

const origin = 'https://fhir.hospital.example';
const statement = (fhirVersion?: string) => ({
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: '2026-01-01',
  kind: 'instance',
  ...(fhirVersion !== undefined && { fhirVersion }),
  format: ['json'],
});

describe('FHIR version of a server', () => {
  afterEach(async () => {
    nock.cleanAll();
    await closeAll();
  });

  const others: readonly [string, string][] = [
    ['0.5.0', 'DSTU2'],
    ['1.0.2', 'DSTU2'],
    ['1.8.0', 'STU3'],
    ['3.0.2', 'STU3'],
    ['3.5.0', 'a ballot of R4'],
    ['4.1.0', 'R4B'],
    ['4.3.0', 'R4B'],
    ['4.6.0', 'R5'],
    ['5.0.0', 'R5'],
    ['6.0.0-ballot3', 'R6'],
  ];
  for (const [version, release] of others) {
    it(`${version} is named as ${release} and refused`, async () => {
      nock(origin).get('/r4/metadata').reply(200, statement(version));
      const error = await failureOf(wireTo(`${origin}/r4`).client.capabilities());
      expect(error.code).to.equal('not-fhir-r4');
      expect(error.message).to.equal(`The server speaks FHIR ${release} (${version}).`);
      expect(error.fix).to.contain('R4 endpoint');
    });
  }

  it('DSTU2 is recognised by its Conformance statement', async () => {
    nock(origin)
      .get('/r4/metadata')
      .reply(200, { ...statement('1.0.2'), resourceType: 'Conformance' });
    const error = await failureOf(wireTo(`${origin}/r4`).client.capabilities());
    expect(error.message).to.equal('The server speaks FHIR DSTU2 (1.0.2).');
  });

  for (const version of ['4.0.0', '4.0.1', '4.0', undefined]) {
    it(`${version ?? 'none at all'} is taken`, async () => {
      nock(origin).get('/r4/metadata').reply(200, statement(version));
      expect((await wireTo(`${origin}/r4`).client.capabilities()).declared).to.equal(true);
    });
  }

  it('repeats nothing of a version that is none', async () => {
    nock(origin).get('/r4/metadata').reply(200, statement('Zzyzx <Nobody> and more of it'));
    const error = await failureOf(wireTo(`${origin}/r4`).client.capabilities());
    expect(error.message).to.equal('The server declares FHIR of an unreadable version.');
  });
});

describe('statement of a server', () => {
  withRealSockets();
  afterEach(closeAll);

  it('may be larger and slower than what else we ask for', async () => {
    const large = { ...statement('4.0.1'), description: 'x'.repeat(5 * 1024 * 1024) };
    const server = await listening((request, response) => {
      const isStatement = request.url === '/metadata';
      const answer = () =>
        sendJson(response, 200, isStatement ? large : { resourceType: 'Patient' });
      setTimeout(answer, 300).unref();
    });
    const { client } = wireTo(
      server.origin,
      { timeouts: { connectMs: 100, headersMs: 100, bodyMs: 100 } },
      { limits: { maxBytes: 1024 } },
    );
    expect((await client.capabilities()).declared).to.equal(true);
    expect((await failureOf(client.read('Patient/p1'))).code).to.equal('hospital-unreachable');
  });
});
