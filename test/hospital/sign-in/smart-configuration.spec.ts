/** What is read of a SMART configuration, and what counts as none. */
import { expect } from 'chai';
import fc from 'fast-check';
import { serviceBase } from '../../../src/hospital/service-base.ts';
import { readOauthUris } from '../../../src/hospital/sign-in/oauth-uris.ts';
import { readSmartConfiguration } from '../../../src/hospital/sign-in/smart-configuration.ts';
import { closeAll, failureOf, listening, wireTo, withRealSockets } from '../wire.ts';

const base = serviceBase('https://fhir.hospital.example/tenant/r4');

describe('SMART configuration', () => {
  it('is read with all that a sign-in and a survey need', () => {
    expect(
      readSmartConfiguration(
        {
          issuer: 'https://auth.hospital.example',
          token_endpoint: 'https://auth.hospital.example/token',
          grant_types_supported: ['client_credentials'],
          token_endpoint_auth_methods_supported: ['private_key_jwt'],
          token_endpoint_auth_signing_alg_values_supported: ['ES384'],
          capabilities: ['permission-v2'],
          scopes_supported: ['system/Patient.rs'],
          something: 'else',
        },
        base,
      ),
    ).to.deep.equal({
      issuer: 'https://auth.hospital.example',
      tokenUrl: 'https://auth.hospital.example/token',
      grants: ['client_credentials'],
      authMethods: ['private_key_jwt'],
      algorithms: ['ES384'],
      capabilities: ['permission-v2'],
      scopes: ['system/Patient.rs'],
      odd: [],
    });
  });

  it('resolves relative addresses against the base', () => {
    const urlOf = (token_endpoint: string) =>
      readSmartConfiguration({ token_endpoint }, base).tokenUrl;
    expect(urlOf('auth/token')).to.equal('https://fhir.hospital.example/tenant/r4/auth/token');
    expect(urlOf('/token')).to.equal('https://fhir.hospital.example/token');
    expect(urlOf('//auth.hospital.example/token')).to.equal('https://auth.hospital.example/token');
  });

  it('leaves an absolute address as it is written, for the audience is compared with it', () => {
    const token_endpoint = 'https://AUTH.hospital.example:443/token';
    expect(readSmartConfiguration({ token_endpoint }, base).tokenUrl).to.equal(token_endpoint);
  });

  it('says what is odd, and reads the rest', () => {
    const read = readSmartConfiguration(
      {
        token_endpoint: 'ftp://auth.hospital.example',
        scopes_supported: 'system/Patient.rs system/Task.rus',
        capabilities: ['permission-v2', 7],
        grant_types_supported: null,
        issuer: 4,
      },
      base,
    );
    expect(read).to.deep.equal({
      scopes: ['system/Patient.rs', 'system/Task.rus'],
      capabilities: ['permission-v2'],
      odd: [
        'issuer is no text',
        'token_endpoint is no address',
        'capabilities is no list of texts',
        'scopes_supported is a text where a list belongs',
      ],
    });
  });

  it('reads anything without failing', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('token_endpoint', 'scopes_supported'),
        (value, name) => {
          expect(readSmartConfiguration(value, base).odd).to.be.an('array');
          expect(readSmartConfiguration({ [name]: value }, base).odd).to.be.an('array');
          expect(readOauthUris({ rest: [{ security: { extension: [value] } }] }, base)).to.equal(
            undefined,
          );
          expect(readOauthUris(value, base)).to.equal(undefined);
        },
      ),
    );
  });
});

describe('SMART configuration: asking for it', () => {
  withRealSockets();
  afterEach(closeAll);

  async function answering(status: number, body: string, headers: Record<string, string> = {}) {
    const server = await listening((_, response) => response.writeHead(status, headers).end(body));
    return { server, client: wireTo(`${server.origin}/tenant/r4`).client };
  }

  it('appends its path to that of the base, and takes JSON of whatever type', async () => {
    const { server, client } = await answering(200, '{"capabilities":["permission-v1"]}', {
      'content-type': 'text/plain',
    });
    expect(await client.smartConfiguration()).to.deep.equal({
      found: true,
      configuration: { capabilities: ['permission-v1'], odd: [] },
    });
    expect(server.requests[0]?.url).to.equal('/tenant/r4/.well-known/smart-configuration');
  });

  for (const [status, what, body] of [
    [404, 'nothing', ''],
    [501, 'an outcome', '{"resourceType":"OperationOutcome"}'],
    [401, 'nothing', ''],
    [302, 'nothing', ''],
    [200, 'a page', '<html>'],
    [200, 'a list', '[]'],
  ] as const)
    it(`is not there when the answer is ${status} with ${what}`, async () => {
      const { client } = await answering(status, body);
      const discovered = await client.smartConfiguration();
      expect(discovered.found).to.equal(false);
    });

  it('is not known while the server is ill', async () => {
    const { server, client } = await answering(503, '');
    expect((await failureOf(client.smartConfiguration())).code).to.equal('hospital-fault');
    expect(server.requests).to.have.length(3);
  });
});
