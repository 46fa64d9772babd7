import { expect } from 'chai';
import nock from 'nock';
import { createOnce, findOurs, updateOnce } from '../../../src/hospital/writing/once.ts';
import { closeAll, failureOf, searchset, type Wire, wireTo } from '../wire.ts';

const origin = 'https://fhir.hospital.example';
const ours = { system: 'https://massage-fhir.org/fhir/id', value: '6f9c' };
const query = 'identifier=https%3A%2F%2Fmassage-fhir.org%2Ffhir%2Fid%7C6f9c';
const procedure: fhir4.Procedure = {
  resourceType: 'Procedure',
  status: 'completed',
  subject: { reference: 'Patient/p1' },
  identifier: [ours],
};
const stored: fhir4.Procedure = { ...procedure, id: '9', meta: { versionId: '1' } };

describe('writing once', () => {
  let hospital: Wire;
  beforeEach(() => {
    hospital = wireTo(`${origin}/r4`);
  });
  afterEach(async () => {
    nock.cleanAll();
    await closeAll();
  });

  const looking = (...found: fhir4.FhirResource[]) =>
    nock(origin).get(`/r4/Procedure?${query}&_count=10`).reply(200, searchset(found));
  const reading = () => nock(origin).get('/r4/Procedure/9').reply(200, stored, { etag: 'W/"1"' });
  const creating = (conditional: boolean) =>
    nock(
      origin,
      conditional ? { reqheaders: { 'if-none-exist': query } } : { badheaders: ['if-none-exist'] },
    ).post('/r4/Procedure');
  const methods = () => hospital.exchanges.map(({ method }) => method);

  it('creates with If-None-Exist alone where that is declared', async () => {
    creating(true).reply(201, stored);
    const { existed, answer } = await createOnce(hospital.client, procedure, ours, {
      declared: true,
      lookFirst: false,
    });
    expect(existed).to.equal(false);
    expect(answer.resource.id).to.equal('9');
    expect(methods()).to.deep.equal(['POST']);
  });

  it('looks and creates out of what reading leaves of a day', async () => {
    const limits = { limits: { perDay: 30 } };
    const { client, exchanges } = wireTo(`${origin}/r4`, limits, { spentSince: async () => 27 });
    expect((await failureOf(client.read('Procedure/9'))).message).to.contain('kept for writing');
    nock(origin).get('/r4/metadata').reply(404);
    looking();
    creating(false).reply(201, stored);
    expect(await client.capabilities()).to.include({ declared: false });
    const how = { declared: false, lookFirst: true };
    expect((await createOnce(client, procedure, ours, how)).existed).to.equal(false);
    expect(exchanges.map(({ method }) => method)).to.deep.equal(['GET', 'GET', 'POST']);
  });

  it('knows from a 200 that it had been created before', async () => {
    creating(true).reply(200, stored);
    const { existed } = await createOnce(hospital.client, procedure, ours, {
      declared: true,
      lookFirst: false,
    });
    expect(existed).to.equal(true);
  });

  it('creates at once where nothing could be found again', async () => {
    creating(false).reply(201, stored);
    const { existed } = await createOnce(hospital.client, procedure, ours, {
      ...{ declared: false, lookFirst: false, canLook: false },
    });
    expect(existed).to.equal(false);
    expect(methods()).to.deep.equal(['POST']);
  });

  it('sends nothing after an unclear answer where nothing could be found again: a person looks', async () => {
    const failure = await failureOf(
      createOnce(hospital.client, procedure, ours, {
        ...{ declared: false, lookFirst: true, canLook: false },
      }),
    );
    expect(failure).to.include({ code: 'rung-missing', kind: 'permanent' });
    expect(methods()).to.deep.equal([]);
  });

  it('looks before a plain create where the condition is not declared', async () => {
    looking();
    creating(false).reply(201, stored);
    const { existed } = await createOnce(hospital.client, procedure, ours, {
      declared: false,
      lookFirst: false,
    });
    expect(existed).to.equal(false);
    expect(methods()).to.deep.equal(['GET', 'POST']);
  });

  it('sends nothing when it finds what an unclear attempt had created, and gives its ETag', async () => {
    for (const declared of [true, false]) {
      looking(stored);
      reading();
      const { existed, answer } = await createOnce(hospital.client, procedure, ours, {
        declared,
        lookFirst: true,
      });
      expect(existed).to.equal(true);
      expect(answer.etag).to.equal('W/"1"');
    }
    expect(methods()).to.not.include('POST');
  });

  it('still creates on condition after it looked and found nothing', async () => {
    looking();
    creating(true).reply(201, stored);
    await createOnce(hospital.client, procedure, ours, { declared: true, lookFirst: true });
    expect(methods()).to.deep.equal(['GET', 'POST']);
  });

  it('takes a lost race (409) for done when the winner is found', async () => {
    creating(true).reply(409);
    looking(stored);
    reading();
    const { existed } = await createOnce(hospital.client, procedure, ours, {
      declared: true,
      lookFirst: false,
    });
    expect(existed).to.equal(true);
  });

  it('reports a 409 behind which nothing of ours is found', async () => {
    creating(true).reply(409);
    looking();
    const error = await failureOf(
      createOnce(hospital.client, procedure, ours, { declared: true, lookFirst: false }),
    );
    expect(error.code).to.equal('version-conflict');
  });

  it('gives several matches to a person, found by us or by the server', async () => {
    looking(stored, { ...stored, id: '10' });
    creating(true).reply(412);
    const found = createOnce(hospital.client, procedure, ours, {
      declared: false,
      lookFirst: true,
    });
    expect((await failureOf(found)).code).to.equal('several-matches');
    const told = createOnce(hospital.client, procedure, ours, { declared: true, lookFirst: false });
    expect((await failureOf(told)).code).to.equal('several-matches');
  });

  it('does not create when the look itself failed', async () => {
    nock(origin).get('/r4/Procedure').query(true).thrice().reply(502);
    const error = await failureOf(
      createOnce(hospital.client, procedure, ours, { declared: false, lookFirst: true }),
    );
    expect(error.code).to.equal('hospital-fault');
    expect(methods()).to.deep.equal(['GET', 'GET', 'GET']);
  });

  it('hands an unclear answer on, without a second try', async () => {
    creating(true).reply(504);
    const error = await failureOf(
      createOnce(hospital.client, procedure, ours, { declared: true, lookFirst: false }),
    );
    expect(error.code).to.equal('write-unclear');
    expect(methods()).to.deep.equal(['POST']);
  });

  it('takes nothing for ours that a server returns because it ignores the identifier', async () => {
    looking({ ...stored, identifier: [{ system: ours.system, value: 'another' }] });
    expect((await failureOf(findOurs(hospital.client, 'Procedure', ours))).code).to.equal(
      'search-not-honoured',
    );
    nock(origin)
      .get('/r4/Procedure')
      .query(true)
      .reply(
        200,
        searchset([], { link: [{ relation: 'self', url: `${origin}/r4/Procedure?_count=10` }] }),
      );
    expect((await failureOf(findOurs(hospital.client, 'Procedure', ours))).code).to.equal(
      'search-not-honoured',
    );
  });

  it('proves nothing by a look that the server calls incomplete', async () => {
    looking({
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'warning', code: 'suppressed' }],
    });
    expect((await failureOf(findOurs(hospital.client, 'Procedure', ours))).kind).to.equal(
      'transient',
    );
  });

  it('finds ours also where the type has a single identifier', async () => {
    const response: fhir4.QuestionnaireResponse = {
      resourceType: 'QuestionnaireResponse',
      id: '3',
      status: 'completed',
      identifier: ours,
    };
    nock(origin)
      .get('/r4/QuestionnaireResponse')
      .query(true)
      .reply(200, searchset([response]));
    expect(await findOurs(hospital.client, 'QuestionnaireResponse', ours)).to.deep.equal([
      response,
    ]);
  });

  it('escapes what separates tokens in a search', async () => {
    nock(origin)
      .get('/r4/Procedure')
      .query((sent) => sent.identifier === 'urn:a|x\\,y\\|z\\$')
      .reply(200, searchset([]));
    await findOurs(hospital.client, 'Procedure', { system: 'urn:a', value: 'x,y|z$' });
    expect(nock.isDone()).to.equal(true);
  });

  it('updates with the ETag as received, and says when somebody was faster', async () => {
    nock(origin, { reqheaders: { 'if-match': 'W/"1"' } })
      .put('/r4/Procedure/9')
      .reply(409);
    nock(origin, { reqheaders: { 'if-match': 'W/"1"' } })
      .put('/r4/Procedure/9')
      .reply(412);
    for (let i = 0; i < 2; i += 1) {
      const error = await failureOf(updateOnce(hospital.client, stored, 'W/"1"'));
      expect(error.code).to.equal('version-conflict');
    }
  });

  it('sends no If-Match where the server gave no ETag', async () => {
    nock(origin, { badheaders: ['if-match'] })
      .put('/r4/Procedure/9')
      .reply(200, stored);
    expect((await updateOnce(hospital.client, stored, undefined)).status).to.equal(200);
  });

  const updating = (ifMatch: string) =>
    nock(origin, { reqheaders: { 'if-match': ifMatch } }).put('/r4/Procedure/9');
  const changed = { ...stored, status: 'stopped' } as fhir4.Procedure;

  for (const [status, etag, other] of [
    [412, 'W/"1"', '1'],
    [400, '1', 'W/"1"'],
    [409, '"1"', 'W/"1"'],
  ] as const)
    it(`sends ${other} where a server refuses its own ${etag} with ${status} (Q16)`, async () => {
      updating(etag).reply(status, {});
      nock(origin).get('/r4/Procedure/9').reply(200, stored, { etag });
      updating(other).reply(200, changed);
      const { resource } = await updateOnce(hospital.client, changed, etag);
      expect(resource.status).to.equal('stopped');
      expect(methods()).to.deep.equal(['PUT', 'GET', 'PUT']);
    });

  it('does not send it again where the hospital has another version by now', async () => {
    updating('W/"1"').reply(412, {});
    nock(origin).get('/r4/Procedure/9').reply(200, stored, { etag: 'W/"2"' });
    const failure = await failureOf(updateOnce(hospital.client, changed, 'W/"1"'));
    expect(failure.code).to.equal('version-conflict');
    expect(methods()).to.deep.equal(['PUT', 'GET']);
  });
});
