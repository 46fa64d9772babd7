/** The token stays home (invariant I8): a base on one port, somebody else on another, and nothing secret reaches them. */
import { expect } from 'chai';
import {
  closeAll,
  failureOf,
  type Listening,
  listening,
  sendJson,
  wireTo,
  withRealSockets,
} from '../wire.ts';
import {
  aKey,
  clientId,
  type SigningHospital,
  secret,
  signingHospital,
  stopAuthorization,
  withKeys,
} from './signing-hospital.ts';

const bySecret = { type: 'client-secret', clientId, secret: { env: 'SECRET' } } as const;

/** Another server, which would take everything that it is given and give a token for it. */
async function stranger(): Promise<Listening & { readonly heard: string[] }> {
  const heard: string[] = [];
  const server = await listening((request, response) => {
    heard.push(`${request.url} ${JSON.stringify(request.headers)}`);
    request.on('data', (chunk) => heard.push(String(chunk)));
    request.on('end', () =>
      sendJson(response, 200, { access_token: 'a-token-of-theirs', token_type: 'bearer' }),
    );
  });
  return { ...server, heard };
}

describe('hospital sign-in: where a secret may go', () => {
  withRealSockets();
  let hospital: SigningHospital;
  beforeEach(async () => {
    hospital = await signingHospital({ [clientId]: { secret } });
  });
  afterEach(async () => {
    await closeAll();
    await stopAuthorization();
  });

  it('not to a token URL that only the server names: the error prints the line to add', async () => {
    const elsewhere = await stranger();
    hospital.site.smart = { token_endpoint: `${elsewhere.origin}/token?tenant=7` };
    const wire = hospital.wire(bySecret);
    const error = await failureOf(wire.client.read('Patient/p1'));
    expect(error.code).to.equal('settings-wrong');
    expect(error.fix).to.match(new RegExp(`: tokenUrl: ${elsewhere.origin}/token\\?tenant=7$`));
    expect(elsewhere.heard).to.deep.equal([]);
    expect(hospital.reads).to.deep.equal([]);
  });

  it('not to one that the CapabilityStatement names on another server', async () => {
    const elsewhere = await stranger();
    hospital.site.smart = undefined;
    hospital.site.metadata = statementWith(`${elsewhere.origin}/token`);
    const error = await failureOf(hospital.wire(bySecret).client.read('Patient/p1'));
    expect(error.fix).to.contain(`tokenUrl: ${elsewhere.origin}/token`);
    expect(elsewhere.heard).to.deep.equal([]);
  });

  it('not to one that is named by http in a network', async () => {
    const error = await failureOf(
      hospital
        .wire({ ...bySecret, tokenUrl: 'http://auth.hospital.example/token' })
        .client.read('Patient/p1'),
    );
    expect(error.code).to.equal('settings-wrong');
    expect(error.fix).to.contain('https');
  });

  it('to the one that the settings name, whatever the server names', async () => {
    const elsewhere = await stranger();
    hospital.site.smart = { token_endpoint: `${elsewhere.origin}/token` };
    const { client } = hospital.wire({ ...bySecret, tokenUrl: hospital.auth.tokenUrl });
    await client.read('Patient/p1');
    expect(hospital.auth.asked).to.have.length(1);
    expect(elsewhere.heard).to.deep.equal([]);
  });

  it('to the one that the server names on the origin that the settings name', async () => {
    const { client } = hospital.wire({ ...bySecret, tokenUrl: hospital.auth.origin });
    await client.read('Patient/p1');
    expect(hospital.auth.asked[0]?.path).to.equal('/oauth2/token');
  });

  it('not after a redirect of the discovery', async () => {
    const elsewhere = await stranger();
    const home = await listening((_, response) =>
      response.writeHead(302, { location: `${elsewhere.origin}/smart` }).end(),
    );
    const { client } = wireTo(
      `${home.origin}/fhir`,
      { signIn: bySecret },
      { env: { SECRET: secret } },
    );
    const error = await failureOf(client.read('Patient/p1'));
    expect(error.message).to.contain('answered with 302');
    expect(error.fix).to.contain('tokenUrl: https://');
    expect(elsewhere.heard).to.deep.equal([]);
  });

  it('not after a redirect of the token endpoint', async () => {
    const key = await aKey();
    const signed = await signingHospital({ [clientId]: withKeys(() => [key.jwk]) });
    for (const status of [301, 302, 303, 307, 308]) {
      const elsewhere = await stranger();
      signed.auth.behaviour.instead.push((_, response) =>
        response.writeHead(status, { location: `${elsewhere.origin}/token` }).end(),
      );
      const wire = signed.wire(
        { type: 'smart-backend', clientId, tokenUrl: signed.auth.tokenUrl },
        async () => [key.key],
      );
      const error = await failureOf(wire.client.read('Patient/p1'));
      expect(error.code).to.equal('sign-in-refused');
      expect(error.details.problems?.[0]).to.contain('redirect');
      expect(elsewhere.heard).to.deep.equal([]);
    }
  });

  const ways: readonly (readonly [
    string,
    (away: string) => { link?: string; location?: string; reference?: string },
  ])[] = [
    ['a next link', (away) => ({ link: `${away}/elsewhere/ServiceRequest?page=2` })],
    ['a redirect', (away) => ({ location: `${away}/fhir/Patient/p1` })],
    ['an absolute reference', (away) => ({ reference: `${away}/fhir/Patient/p1` })],
  ];
  for (const [name, wayTo] of ways)
    it(`the token does not follow ${name} to another port`, async () => {
      const elsewhere = await stranger();
      const { link, location, reference } = wayTo(elsewhere.origin);
      const home = await listening((request, response) => {
        if (request.url?.includes('.well-known')) return response.writeHead(404).end();
        if (location !== undefined) return response.writeHead(302, { location }).end();
        return sendJson(response, 200, {
          resourceType: 'Bundle',
          type: 'searchset',
          link: [{ relation: 'next', url: link ?? '' }],
        });
      });
      const { client } = wireTo(
        `${home.origin}/fhir`,
        { signIn: { ...bySecret, tokenUrl: hospital.auth.tokenUrl } },
        { env: { SECRET: secret } },
      );
      const followed = (async () => {
        if (reference !== undefined) return client.read(reference);
        if (location !== undefined) return client.read('Patient/p1');
        const { resource } = await client.search('ServiceRequest', []);
        return client.nextPage(resource.link?.[0]?.url ?? '');
      })();
      expect((await failureOf(followed)).code).to.equal('foreign-origin');
      expect(elsewhere.heard).to.deep.equal([]);
      const authorized = home.requests.filter(({ headers }) => headers.authorization !== undefined);
      expect(authorized).to.have.length(reference === undefined ? 1 : 0);
    });

  it('discovery and the statement are asked for without a token or a secret', async () => {
    hospital.site.smart = undefined;
    hospital.site.metadata = statementWith(`${hospital.auth.origin}/oauth2/token`);
    const { client } = hospital.wire({ ...bySecret, tokenUrl: hospital.auth.origin });
    await client.read('Patient/p1');
    const open = hospital.fhir.requests.slice(0, 2);
    expect(open.map(({ url }) => url)).to.deep.equal([
      '/fhir/.well-known/smart-configuration',
      '/fhir/metadata',
    ]);
    for (const { headers } of open) expect(headers).to.not.have.property('authorization');
  });
});

function statementWith(token: string): object {
  return {
    resourceType: 'CapabilityStatement',
    rest: [
      {
        mode: 'server',
        security: {
          extension: [
            {
              url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
              extension: [
                { url: 'authorize', valueUri: 'https://auth.hospital.example/authorize' },
                { url: 'token', valueUri: token },
              ],
            },
          ],
        },
      },
    ],
  };
}
