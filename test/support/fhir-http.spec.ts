/** Plain HTTP to a FHIR server: what the proofs rely on when they count and compare. */

import { expect } from 'chai';
import { get, post, put, searchAll, validateResource, versions } from './fhir-http.ts';
import { type Loopback, serveOnLoopback } from './loopback.ts';
import { startMedplum } from './medplum-server.ts';

const organization = (id: string) => ({
  resourceType: 'Organization' as const,
  id,
  name: `Ward ${id}`,
});

describe('fhir-http on a FHIR server', function () {
  this.timeout(20_000);
  let base: string;
  let stop: () => Promise<void>;

  before(async () => {
    ({ base, stop } = await startMedplum());
  });
  after(async () => await stop());

  it('puts, posts and gets', async () => {
    await put(base, organization('a'));
    const { id } = await post(base, { resourceType: 'Organization', name: 'Ward new' });
    expect((await get<fhir4.Organization>(base, 'Organization/a')).name).to.equal('Ward a');
    expect((await get<fhir4.Organization>(base, `Organization/${id}`)).name).to.equal('Ward new');
  });

  it('throws with the status when there is no such resource', async () => {
    const error = await get(base, 'Organization/none').catch((thrown) => thrown);
    expect(error).to.include({ name: 'Error', status: 404 });
  });

  it('sees every page of a search', async () => {
    for (let n = 0; n < 25; n += 1) {
      await put(base, { resourceType: 'Location', id: `l${n}`, status: 'active' });
    }
    expect(await searchAll(base, 'Location?status=active')).to.have.length(25);
    expect(await searchAll(base, 'Location?status=active&_count=7')).to.have.length(25);
  });

  it('counts matches, not what is included beside them', async () => {
    await put(base, organization('owner'));
    await put(base, {
      resourceType: 'Location',
      id: 'owned',
      managingOrganization: { reference: 'Organization/owner' },
    });
    const found = await searchAll(base, 'Location?_id=owned&_include=Location:organization');
    expect(found.map(({ id }) => id)).to.deep.equal(['owned']);
  });

  it('shows by versions which resource was written in between', async () => {
    await put(base, { resourceType: 'Device', id: 'd1' });
    await put(base, { resourceType: 'Device', id: 'd2' });
    const before = await versions(base, 'Device');
    await put(base, { resourceType: 'Device', id: 'd2', status: 'inactive' });
    const after = await versions(base, 'Device');
    expect(Object.keys(after)).to.have.members(['Device/d1', 'Device/d2']);
    expect(after['Device/d1']).to.equal(before['Device/d1']);
    expect(after['Device/d2']).to.not.equal(before['Device/d2']);
  });
});

describe('fhir-http on answers that a real server seldom gives', () => {
  let server: Loopback;
  let reply: { status: number; body: string };

  beforeEach(async () => {
    server = await serveOnLoopback((_req, res) => res.writeHead(reply.status).end(reply.body));
  });
  afterEach(async () => await server.stop());

  const outcome = (...severities: string[]) =>
    JSON.stringify({
      resourceType: 'OperationOutcome',
      issue: severities.map((severity) => ({ severity, code: 'invalid' })),
    });
  const severities = async () =>
    (await validateResource(server.origin, organization('x'))).map(({ severity }) => severity);

  it('takes errors and fatals from $validate, not warnings', async () => {
    reply = { status: 200, body: outcome('warning', 'error', 'information', 'fatal') };
    expect(await severities()).to.deep.equal(['error', 'fatal']);
  });

  it('takes a 400 with an outcome as a verdict', async () => {
    reply = { status: 400, body: outcome('error') };
    expect(await severities()).to.deep.equal(['error']);
  });

  for (const [what, status, body] of [
    ['an operation that crashed', 500, outcome('error')],
    ['an answer that is no outcome', 200, '{"resourceType":"Bundle"}'],
    ['a page of HTML', 404, '<html></html>'],
  ] as const) {
    it(`never takes ${what} for "valid"`, async () => {
      reply = { status, body };
      const error = await severities().catch((thrown) => thrown);
      expect(error).to.include({ status });
    });
  }

  it('stops when the pages of a search go in a circle', async () => {
    const body = { resourceType: 'Bundle', link: [{ relation: 'next', url: 'Task?page=1' }] };
    reply = { status: 200, body: JSON.stringify(body) };
    const error = await searchAll(server.origin, 'Task').catch((thrown) => thrown);
    expect(error).to.match(/circle/);
  });
});
