import { expect } from 'chai';
import nock from 'nock';
import {
  closeAll,
  failureOf,
  listening,
  order,
  searchset,
  sendJson,
  type Wire,
  wireTo,
} from './wire.ts';

const origin = 'https://fhir.hospital.example';
const base = `${origin}/r4`;
const procedure: fhir4.Procedure = {
  resourceType: 'Procedure',
  status: 'completed',
  subject: { reference: 'Patient/p1' },
};
const stored: fhir4.Procedure = { ...procedure, id: '9', meta: { versionId: '1' } };

describe('hospital client', () => {
  let hospital: Wire;
  beforeEach(() => {
    hospital = wireTo(base);
  });
  afterEach(async () => {
    nock.cleanAll();
    await closeAll();
  });

  describe('reading', () => {
    it('gives the resource with its version, ETag and times as the server named them', async () => {
      nock(origin)
        .get('/r4/Task/t-1')
        .reply(
          200,
          {
            resourceType: 'Task',
            id: 't-1',
            status: 'requested',
            intent: 'order',
            meta: { versionId: '0' },
          },
          {
            etag: 'W/"0"',
            date: 'Mon, 02 Mar 2026 09:29:58 GMT',
            'last-modified': 'Mon, 02 Mar 2026 09:00:00 GMT',
          },
        );
      const answer = await hospital.client.read('Task/t-1');
      expect(answer).to.deep.include({
        etag: 'W/"0"',
        versionId: '0',
        lastModified: '2026-03-02T09:00:00.000Z',
        serverTime: '2026-03-02T09:29:58.000Z',
        status: 200,
        requestId: 'request-1',
      });
      expect(answer.resource.id).to.equal('t-1');
    });

    it('sends Accept, no-cache and a request id of its own each time', async () => {
      const server = await listening((_, response) =>
        sendJson(response, 200, { resourceType: 'Patient', id: 'p1' }),
      );
      const { client } = wireTo(server.origin);
      await client.read('Patient/p1');
      await client.read('Patient/p1');
      const [first, second] = server.requests.map(({ headers }) => headers);
      expect(first).to.include({
        accept: 'application/fhir+json',
        'cache-control': 'no-cache',
        'x-request-id': 'request-1',
      });
      expect(second).to.include({ 'x-request-id': 'request-2' });
      expect(first).to.not.have.property('authorization');
    });

    it('reads an absolute reference into its own server, with hyphens and underscores', async () => {
      const odd = wireTo('https://fhir-ehr.some-site.example/tenant_1/r4-api');
      nock('https://fhir-ehr.some-site.example')
        .get('/tenant_1/r4-api/Practitioner/e_A-b.3')
        .reply(200, { resourceType: 'Practitioner', id: 'e_A-b.3' });
      const { resource } = await odd.client.read(
        'https://fhir-ehr.some-site.example/tenant_1/r4-api/Practitioner/e_A-b.3',
      );
      expect(resource.id).to.equal('e_A-b.3');
    });

    it('asks nobody about a urn, a contained or a foreign reference', async () => {
      const urn = await failureOf(hospital.client.read('urn:uuid:3f1c'));
      const contained = await failureOf(hospital.client.read('#dr'));
      const foreign = await failureOf(hospital.client.read('https://other.example/r4/Patient/p1'));
      expect([urn.code, contained.code, foreign.code]).to.deep.equal([
        'not-found',
        'not-found',
        'foreign-origin',
      ]);
      expect(hospital.exchanges).to.deep.equal([]);
    });

    it('hands on a plain copy: no request, and so no token, hides in the resource', async () => {
      nock(origin).get('/r4/Patient/p1').reply(200, { resourceType: 'Patient', id: 'p1' });
      const { resource } = await hospital.client.read('Patient/p1');
      expect(Object.getOwnPropertyNames(resource)).to.deep.equal(['resourceType', 'id']);
    });

    it('does not take an OperationOutcome with status 200 for the resource', async () => {
      nock(origin)
        .get('/r4/Patient/p1')
        .reply(200, {
          resourceType: 'OperationOutcome',
          issue: [{ severity: 'error', code: 'not-found' }],
        });
      const error = await failureOf(hospital.client.read('Patient/p1'));
      expect(error.code).to.equal('not-found');
    });

    for (const [what, body] of [
      ['HTML', '<html>Maintenance</html>'],
      ['JSON null', 'null'],
      ['half a resource', '{"resourceType":"Pati'],
      ['nothing', ''],
      ['another type', '{"resourceType":"Group","id":"p1"}'],
      ['a list', '[{"resourceType":"Patient"}]'],
    ] as const) {
      it(`calls a 200 with ${what} a broken answer`, async () => {
        nock(origin).get('/r4/Patient/p1').thrice().reply(200, body);
        const error = await failureOf(hospital.client.read('Patient/p1'));
        expect(error.code).to.equal('answer-broken');
      });
    }
  });

  describe('searching', () => {
    it('leaves out parameters without a value instead of sending the word undefined', async () => {
      nock(origin)
        .get('/r4/ServiceRequest')
        .query((query) => {
          expect(query).to.deep.equal({ status: 'active' });
          return true;
        })
        .reply(200, searchset([]));
      await hospital.client.search('ServiceRequest', [
        ['subject', undefined],
        ['status', 'active'],
      ]);
    });

    it('repeats a parameter that is given twice', async () => {
      nock(origin)
        .get(
          '/r4/ServiceRequest?_lastUpdated=ge2026-01-01T00%3A00%3A00Z&_lastUpdated=lt2026-01-02T00%3A00%3A00Z',
        )
        .reply(200, searchset([order('1')]));
      const { resource } = await hospital.client.search('ServiceRequest', [
        ['_lastUpdated', 'ge2026-01-01T00:00:00Z'],
        ['_lastUpdated', 'lt2026-01-02T00:00:00Z'],
      ]);
      expect(resource.entry).to.have.length(1);
    });

    it('says how unknown parameters shall be handled only when told to', async () => {
      const server = await listening((_, response) => sendJson(response, 200, searchset([])));
      const { client } = wireTo(server.origin);
      await client.search('Task', [], { handling: 'strict' });
      await client.search('Task', [], { handling: 'lenient' });
      await client.search('Task', []);
      expect(server.requests.map(({ headers }) => headers.prefer)).to.deep.equal([
        'handling=strict',
        'handling=lenient',
        undefined,
      ]);
    });
  });

  describe('writing', () => {
    it('asks for the stored resource back and sends If-None-Exist as given', async () => {
      nock(origin, {
        reqheaders: {
          prefer: 'return=representation',
          'content-type': 'application/fhir+json',
          'if-none-exist': 'identifier=urn%3As%7Cv',
        },
      })
        .post('/r4/Procedure', JSON.stringify(procedure))
        .reply(201, stored, { etag: 'W/"1"' });
      const answer = await hospital.client.create(procedure, {
        ifNoneExist: 'identifier=urn%3As%7Cv',
      });
      expect(answer).to.deep.include({ status: 201, etag: 'W/"1"', versionId: '1' });
      expect(answer.resource.id).to.equal('9');
    });

    it('echoes an ETag exactly as it was received', async () => {
      for (const etag of ['W/"10-1"', '"3"', '7']) {
        nock(origin, { reqheaders: { 'if-match': etag } })
          .put('/r4/Procedure/9')
          .reply(200, stored);
        const answer = await hospital.client.update(stored, { ifMatch: etag });
        expect(answer.status).to.equal(200);
      }
    });

    it('finds its new id in Location when a create is answered with empty HTML, and reads it', async () => {
      nock(origin).post('/r4/Procedure').reply(201, '', {
        'content-type': 'text/html',
        location: 'http://inner-host:8080/fhir/Procedure/9/_history/1',
      });
      nock(origin).get('/r4/Procedure/9').reply(200, stored, { etag: 'W/"1"' });
      const answer = await hospital.client.create(procedure);
      expect(answer).to.deep.include({
        status: 201,
        etag: 'W/"1"',
        versionId: '1',
        requestId: 'request-1',
      });
      expect(answer.resource).to.deep.equal(stored);
    });

    it('reads the resource after a create that is answered with an OperationOutcome of success', async () => {
      nock(origin)
        .post('/r4/Procedure')
        .reply(
          201,
          {
            resourceType: 'OperationOutcome',
            issue: [{ severity: 'information', code: 'informational' }],
          },
          { location: 'Procedure/9/_history/1' },
        );
      nock(origin).get('/r4/Procedure/9').reply(200, stored);
      expect((await hospital.client.create(procedure)).resource.id).to.equal('9');
    });

    it('reads the resource after an update with an empty body, which needs no Location', async () => {
      nock(origin).put('/r4/Procedure/9').reply(200, '', { etag: 'W/"2"' });
      nock(origin)
        .get('/r4/Procedure/9')
        .reply(200, { ...stored, meta: { versionId: '2' } }, { etag: 'W/"2"' });
      expect((await hospital.client.update(stored)).versionId).to.equal('2');
    });

    it('keeps a proven write as done, though unseen, when the reading after it fails', async () => {
      nock(origin)
        .post('/r4/Procedure')
        .reply(201, '', { location: `${base}/Procedure/9/_history/4`, etag: 'W/"4"' });
      nock(origin).get('/r4/Procedure/9').reply(403);
      const answer = await hospital.client.create({ ...procedure, meta: { versionId: 'old' } });
      expect(answer).to.deep.include({ unseen: true, versionId: '4', etag: 'W/"4"', status: 201 });
      expect(answer.resource.id).to.equal('9');
      expect(answer.resource.meta).to.deep.equal({});
    });

    it('calls a success that neither shows nor names the resource unclear', async () => {
      nock(origin).post('/r4/Procedure').reply(201, '');
      expect((await failureOf(hospital.client.create(procedure))).code).to.equal('write-unclear');
    });

    it('calls a success that carries an error unclear', async () => {
      nock(origin)
        .post('/r4/Procedure')
        .reply(
          200,
          { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] },
          { location: 'Procedure/9' },
        );
      expect((await failureOf(hospital.client.create(procedure))).code).to.equal('write-unclear');
    });

    it('never writes a ServiceRequest, alone or in a transaction', async () => {
      const transaction: fhir4.Bundle<fhir4.FhirResource> = {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [{ resource: order('1'), request: { method: 'PUT', url: 'ServiceRequest/1' } }],
      };
      const patch: fhir4.Bundle<fhir4.FhirResource> = {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [{ request: { method: 'DELETE', url: 'ServiceRequest/1' } }],
      };
      for (const write of [
        () => hospital.client.create(order('1')),
        () => hospital.client.update(order('1')),
        () => hospital.client.transaction(transaction),
        () => hospital.client.transaction(patch),
      ]) {
        expect((await failureOf(write())).message).to.contain('never written');
      }
      expect(hospital.exchanges).to.deep.equal([]);
    });

    it('posts a transaction to the base itself, without a slash at its end', async () => {
      nock(origin).post('/r4').reply(200, { resourceType: 'Bundle', type: 'transaction-response' });
      const answer = await hospital.client.transaction({
        resourceType: 'Bundle',
        type: 'transaction',
      });
      expect(answer.resource.type).to.equal('transaction-response');
    });

    it('calls a transaction answered with 200 and no Bundle unclear', async () => {
      nock(origin).post('/r4').reply(200, 'OK');
      const sent = hospital.client.transaction({ resourceType: 'Bundle', type: 'transaction' });
      expect((await failureOf(sent)).code).to.equal('write-unclear');
    });

    it('sends a body that is larger than what browsers allow to a kept connection', async () => {
      const note = 'x'.repeat(200_000);
      nock(origin)
        .post('/r4/Procedure', (body) => body.note[0].text.length === note.length)
        .reply(201, stored);
      await hospital.client.create({ ...procedure, note: [{ text: note }] });
    });
  });

  describe('reporting each exchange', () => {
    it('names type, id and parameter names, never a query value', async () => {
      nock(origin).get('/r4/Patient/p1').reply(200, { resourceType: 'Patient', id: 'p1' });
      nock(origin).get('/r4/Patient').query(true).reply(200, searchset([]));
      nock(origin).get('/r4').query(true).reply(200, searchset([]));
      nock(origin)
        .post('/r4/Procedure')
        .reply(422, { resourceType: 'OperationOutcome', issue: [] });
      await hospital.client.read('Patient/p1');
      await hospital.client.search('Patient', [
        ['family', 'Zzyzx'],
        ['_count', 10],
      ]);
      await hospital.client.nextPage(`${base}?_getpages=secret-page&_count=10`);
      await failureOf(hospital.client.create(procedure));
      const shown = hospital.exchanges.map(({ bytes: _, ...exchange }) => exchange);
      expect(shown).to.deep.equal([
        {
          hospital: 'general',
          requestId: 'request-1',
          method: 'GET',
          path: 'Patient/p1',
          status: 200,
          ms: 0,
        },
        {
          hospital: 'general',
          requestId: 'request-2',
          method: 'GET',
          path: 'Patient?family&_count',
          status: 200,
          ms: 0,
        },
        {
          hospital: 'general',
          requestId: 'request-3',
          method: 'GET',
          path: '?_getpages&_count',
          status: 200,
          ms: 0,
        },
        {
          hospital: 'general',
          requestId: 'request-4',
          method: 'POST',
          path: 'Procedure',
          status: 422,
          ms: 0,
          errorCode: 'hospital-refused',
        },
      ]);
    });
  });
});
