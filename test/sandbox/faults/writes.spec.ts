import { expect } from 'chai';
import type { Fault } from '../../../src/sandbox/sandbox.ts';
import {
  closeHospitals,
  type Hospital,
  hospital,
  order,
  patient,
  stoppedClock,
} from '../hospital.ts';

async function withFault(fault: Fault): Promise<Hospital> {
  const at = await hospital(stoppedClock());
  at.put(patient({ id: 'p1' }));
  at.faults.add({ always: true, ...fault });
  return at;
}

const body = patient({ id: 'p1', gender: 'female' });

async function statuses(at: Hospital, matches: readonly (string | undefined)[]): Promise<number[]> {
  const all: number[] = [];
  for (const match of matches) {
    const headers: Record<string, string> = match === undefined ? {} : { 'if-match': match };
    all.push((await at.ask('PUT', '/Patient/p1', body, headers)).status);
  }
  return all;
}

describe('sandbox: faults of writes', () => {
  afterEach(closeHospitals);

  it('if-match: bare, weak, mandatory, ignored', async () => {
    const bare = await withFault({ do: 'if-match', wants: 'bare' });
    expect(await statuses(bare, ['W/"1"', '"1"', '1'])).to.deep.equal([412, 412, 200]);
    const weak = await withFault({ do: 'if-match', wants: 'weak' });
    expect(await statuses(weak, ['1', '"1"', 'W/"9"', 'W/"1"'])).to.deep.equal([
      412, 412, 412, 200,
    ]);
    const mandatory = await withFault({ do: 'if-match', wants: 'mandatory' });
    expect(await statuses(mandatory, [undefined, 'W/"1"'])).to.deep.equal([400, 200]);
    const ignored = await withFault({ do: 'if-match', wants: 'ignored' });
    expect(await statuses(ignored, ['W/"77"', 'W/"77"'])).to.deep.equal([200, 200]);
    expect((await mandatory.ask('POST', '/Patient', patient())).status).to.equal(201);
  });

  it('stale-409: in place of 412', async () => {
    const at = await withFault({ do: 'stale-409' });
    expect(await statuses(at, ['W/"9"', 'W/"1"'])).to.deep.equal([409, 200]);
  });

  it('version-names: from zero, in body, ETag, address and If-Match', async () => {
    const at = await withFault({ do: 'version-names', as: 'zero' });
    const first = await at.ask('GET', '/Patient/p1');
    expect([first.headers.get('etag'), first.body.meta?.versionId]).to.deep.equal(['W/"0"', '0']);
    expect(await statuses(at, ['W/"1"', 'W/"0"', '1'])).to.deep.equal([412, 200, 200]);
    expect((await at.ask('GET', '/Patient/p1/_history/2')).body.meta?.versionId).to.equal('2');
    const made = await at.ask('POST', '/Patient', patient());
    expect(made.headers.get('location')).to.match(/\/_history\/0$/);
    const found = await at.find('/Patient?_id=p1');
    expect(found[0]?.meta?.versionId).to.equal('2');
  });

  it('version-names: odd ones, which have to come back as they are', async () => {
    const at = await withFault({ do: 'version-names', as: 'odd' });
    const { headers } = await at.ask('GET', '/Patient/p1');
    const tag = headers.get('etag') ?? '';
    expect(tag).to.match(/^W\/"\d+v\d+"$/);
    expect(await statuses(at, ['W/"1"', 'W/"3423957v1"', tag])).to.deep.equal([412, 412, 200]);
    const not = { 'if-none-match': (await at.ask('GET', '/Patient/p1')).headers.get('etag') ?? '' };
    expect((await at.ask('GET', '/Patient/p1', undefined, not)).status).to.equal(304);
  });

  it('empty-answer: no body, but the address and the version', async () => {
    const at = await withFault({ do: 'empty-answer', type: 'text/html' });
    const reply = await at.ask('POST', '/ServiceRequest', order());
    expect([reply.status, reply.text]).to.deep.equal([201, '']);
    expect(reply.headers.get('content-type')).to.equal('text/html');
    expect(reply.headers.get('location')).to.match(/\/ServiceRequest\/[^/]+\/_history\/1$/);
    expect(at.count('ServiceRequest')).to.equal(1);
    const plain = await withFault({ do: 'empty-answer' });
    const bare = await plain.ask('POST', '/ServiceRequest', order());
    expect([bare.status, bare.text, bare.headers.get('content-type')]).to.deep.equal([
      201,
      '',
      null,
    ]);
    expect((await plain.ask('POST', '/ServiceRequest', {})).text).to.include('OperationOutcome');
  });

  it('drop-elements: left out of what is stored, or refused', async () => {
    const names = ['code', 'note'];
    const at = await withFault({ do: 'drop-elements', names });
    const reply = await at.ask<fhir4.ServiceRequest>('POST', '/ServiceRequest', order());
    expect([reply.status, reply.body.code]).to.deep.equal([201, undefined]);
    expect(reply.body.subject.reference).to.equal('Patient/p1');
    const refusing = await withFault({ do: 'drop-elements', names, refuses: true });
    expect((await refusing.ask('POST', '/ServiceRequest', order())).status).to.equal(422);
    const { code: _code, ...without } = order();
    expect((await refusing.ask('POST', '/ServiceRequest', without)).status).to.equal(201);
  });
});
