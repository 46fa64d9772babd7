import { expect } from 'chai';
import type { HospitalConnection } from '../../src/hospital/connection.ts';
import {
  closeAll,
  failureOf,
  listening,
  searchset,
  sendJson,
  type Wire,
  wireTo,
  withRealSockets,
} from './wire.ts';

const procedure: fhir4.Procedure = {
  resourceType: 'Procedure',
  status: 'completed',
  subject: { reference: 'Patient/p1' },
};

describe('hospital transport: the token stays home', () => {
  withRealSockets();
  afterEach(closeAll);
  const signedIn = {
    signIn: { type: 'bearer', token: { env: 'TOKEN' } },
  } as const;
  const deps = { env: { TOKEN: 'sesame' } };

  async function homeAndAway(
    link: (away: string, home: string) => string,
    connection: Partial<HospitalConnection> = {},
  ) {
    const away = await listening((_, response) => sendJson(response, 200, searchset([])));
    const home = await listening((request, response) => {
      const self = `http://${request.headers.host}`;
      const next = { relation: 'next', url: link(away.origin, self) };
      if (request.url?.startsWith('/fhir/Patient')) {
        response.writeHead(302, { location: next.url }).end();
      } else sendJson(response, 200, searchset([], { link: [next] }));
    });
    return {
      away,
      home,
      hospital: wireTo(`${home.origin}/fhir`, { ...signedIn, ...connection }, deps),
    };
  }

  const links: readonly [string, (away: string, home: string) => string][] = [
    ['another port', (away) => `${away}/fhir?page=2`],
    ['a port that only begins like ours', (_, home) => `${home}0/fhir?page=2`],
    ['a host that only begins like ours', (_, home) => `${home}.evil.example/fhir?page=2`],
    [
      'ours as user name of another',
      (away, home) => `http://${home.slice(7)}@${away.slice(7)}/fhir`,
    ],
    ['no scheme', (away) => `${away.slice(5)}/fhir?page=2`],
    ['our origin, but outside the base path', (_, home) => `${home}/other?page=2`],
    ['our origin, climbing out of the base path', (_, home) => `${home}/fhir/../other?page=2`],
    ['a path that only begins like ours', (_, home) => `${home}/fhirbook?page=2`],
  ];
  /** The path of these fits our base, so that they may be laid onto it. */
  const fitting = [
    'another port',
    'a port that only begins like ours',
    'a host that only begins like ours',
    'no scheme',
  ];

  async function followNext({ client }: Wire): Promise<void> {
    const { resource } = await client.search('Task', []);
    await client.nextPage(resource.link?.[0]?.url ?? '');
  }

  for (const [name, link] of links) {
    it(`follows no next link to ${name}`, async () => {
      const { away, home, hospital } = await homeAndAway(link, { pagingHost: 'strict' });
      expect((await failureOf(followNext(hospital))).code).to.equal('foreign-origin');
      expect(away.requests).to.deep.equal([]);
      expect(home.requests).to.have.length(1);
      expect(home.requests[0]?.headers.authorization).to.equal('Bearer sesame');
    });

    const fits = fitting.includes(name);
    it(`${fits ? 'asks at home instead of' : 'asks nobody for'} ${name} where links are rebased`, async () => {
      const { away, home, hospital } = await homeAndAway(link);
      if (fits) await followNext(hospital);
      else expect((await failureOf(followNext(hospital))).code).to.equal('foreign-origin');
      expect(away.requests).to.deep.equal([]);
      expect(home.requests.map(({ url }) => url)).to.deep.equal([
        '/fhir/Task',
        ...(fits ? ['/fhir?page=2'] : []),
      ]);
    });

    it(`follows no redirect to ${name}`, async () => {
      const { away, home, hospital } = await homeAndAway(link);
      const error = await failureOf(hospital.client.read('Patient/p1'));
      expect(error.code).to.equal('foreign-origin');
      expect(away.requests).to.deep.equal([]);
      expect(home.requests).to.have.length(1);
      expect(error.message).to.not.contain('sesame');
    });
  }

  it('follows a redirect within the base, as an exchange of its own', async () => {
    const server = await listening((request, response) => {
      if (request.url === '/fhir/Patient/old')
        response.writeHead(301, { location: '/fhir/Patient/new' }).end();
      else sendJson(response, 200, { resourceType: 'Patient', id: 'new' });
    });
    const { client, exchanges } = wireTo(`${server.origin}/fhir`);
    expect((await client.read('Patient/old')).resource.id).to.equal('new');
    expect(exchanges.map(({ path, status }) => `${status} ${path}`)).to.deep.equal([
      '301 Patient/old',
      '200 Patient/new',
    ]);
  });

  it('ends a circle of redirects', async () => {
    const server = await listening((_, response) => {
      response.writeHead(302, { location: '/fhir/Patient/p1' }).end();
    });
    const { client } = wireTo(`${server.origin}/fhir`);
    expect((await failureOf(client.read('Patient/p1'))).code).to.equal('hospital-refused');
    expect(server.requests).to.have.length(4);
  });

  it('sends no write after a redirect', async () => {
    const server = await listening((_, response) => {
      response.writeHead(307, { location: '/fhir/other/Procedure' }).end();
    });
    const { client } = wireTo(`${server.origin}/fhir`);
    const error = await failureOf(client.create(procedure));
    expect(error.code).to.equal('hospital-refused');
    expect(error.fix).to.contain('base');
    expect(server.requests).to.have.length(1);
  });

  it('repeats the token in no error and in no exchange', async () => {
    const server = await listening((request, response) => {
      sendJson(response, 401, {
        resourceType: 'OperationOutcome',
        issue: [{ severity: 'error', code: 'login', diagnostics: request.headers.authorization }],
      });
    });
    const hospital = wireTo(server.origin, signedIn, deps);
    const error = await failureOf(hospital.client.read('Patient/p1'));
    expect(error.code).to.equal('sign-in-refused');
    const told = JSON.stringify([
      error,
      error.message,
      error.stack,
      error.cause,
      error.details,
      hospital.exchanges,
    ]);
    expect(told).to.not.contain('sesame');
  });
});
