import { expect } from 'chai';
import type { Fault } from '../../src/sandbox/sandbox.ts';
import {
  closeHospitals,
  type Hospital,
  hospital,
  order,
  patient,
  stoppedClock,
} from './hospital.ts';

/** How a request that gets no proper answer fails. */
async function failure(request: Promise<unknown>): Promise<string> {
  try {
    await request;
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown';
  }
  return 'answered';
}

async function withFault(fault: Fault): Promise<Hospital> {
  const general = await hospital(stoppedClock());
  general.put(patient({ id: 'p1' }));
  general.faults.add(fault);
  return general;
}

const read = (general: Hospital) => general.ask('GET', '/Patient/p1');
const place = (general: Hospital) => general.ask('POST', '/ServiceRequest', order());

describe('sandbox: faults', () => {
  afterEach(closeHospitals);

  it('lose-answer: the write happens, the client hears nothing', async () => {
    const general = await withFault({ do: 'lose-answer', on: { method: 'POST' } });
    expect(await failure(place(general))).to.equal('TypeError');
    expect(general.count('ServiceRequest')).to.equal(1);
    expect(general.requests.at(-1)).to.include({ status: 201, fault: 'lose-answer' });
    expect((await place(general)).status).to.equal(201);
  });

  it('drop-request: nothing happens and the client hears nothing', async () => {
    const general = await withFault({ do: 'drop-request' });
    expect(await failure(place(general))).to.equal('TypeError');
    expect(general.count('ServiceRequest')).to.equal(0);
    expect(general.requests.at(-1)).to.include({ status: 0, fault: 'drop-request' });
  });

  for (const status of [409, 429, 500, 503]) {
    it(`status: ${status} instead of the work`, async () => {
      const general = await withFault({ do: 'status', status, retryAfter: 7 });
      const reply = await place(general);
      expect([reply.status, reply.headers.get('retry-after')]).to.deep.equal([status, '7']);
      expect(reply.body.resourceType).to.equal('OperationOutcome');
      expect(general.count('ServiceRequest')).to.equal(0);
      expect(general.requests.at(-1)?.status).to.equal(status);
    });
  }

  it('status: with a body of one’s own', async () => {
    const general = await withFault({ do: 'status', status: 502, body: 'Bad gateway' });
    const reply = await read(general);
    expect([reply.status, reply.text]).to.deep.equal([502, 'Bad gateway']);
    expect(reply.headers.get('content-type')).to.equal('text/plain');
  });

  for (const chunked of [false, true]) {
    it(`truncate: half a body, ${chunked ? 'chunked' : 'of a promised length'}`, async () => {
      const general = await withFault({ do: 'truncate', chunked });
      const response = await fetch(`${general.base}/Patient/p1`);
      expect(response.status).to.equal(200);
      expect(response.headers.has('content-length')).to.equal(!chunked);
      expect(await failure(response.text())).to.equal('TypeError');
    });
  }

  it('hang: no answer until the client gives up', async () => {
    const general = await withFault({ do: 'hang' });
    const impatient = fetch(`${general.base}/Patient/p1`, { signal: AbortSignal.timeout(60) });
    expect(await failure(impatient)).to.equal('TimeoutError');
    expect((await read(general)).status).to.equal(200);
  });

  it('hang: the server can stop meanwhile', async () => {
    const general = await withFault({ do: 'hang' });
    const waiting = failure(read(general));
    while (general.requests.length === 0) await new Promise(setImmediate);
    await general.stop();
    expect(await waiting).to.equal('TypeError');
  });

  it('html: a page with 200 instead of the work', async () => {
    const general = await withFault({ do: 'html' });
    const reply = await place(general);
    expect(reply.status).to.equal(200);
    expect(reply.headers.get('content-type')).to.match(/^text\/html/);
    expect(general.count('ServiceRequest')).to.equal(0);
  });

  it('outcome-200: 200 with an error inside', async () => {
    const general = await withFault({ do: 'outcome-200' });
    const reply = await general.ask<fhir4.OperationOutcome>('GET', '/Patient');
    expect([reply.status, reply.body.issue[0]?.severity]).to.deep.equal([200, 'error']);
  });

  it('foreign-next: the next link leads to another origin', async () => {
    const general = await withFault({ do: 'foreign-next', origin: 'http://evil.example' });
    const { body } = await general.ask<fhir4.Bundle>('GET', '/Patient?_count=5');
    const next = body.link?.find(({ relation }) => relation === 'next')?.url;
    expect(next).to.equal('http://evil.example/fhir/Patient?_count=5');
  });

  it('loop-next: the next link leads to itself', async () => {
    const general = await withFault({ do: 'loop-next', times: 2 });
    const asked = `${general.base}/Patient?_count=5`;
    const { body } = await general.ask<fhir4.Bundle>('GET', asked);
    expect(body.link?.find(({ relation }) => relation === 'next')?.url).to.equal(asked);
  });

  it('slow: the work is done at once, the answer comes later', async () => {
    const general = await withFault({ do: 'slow', ms: 80 });
    const impatient = fetch(`${general.base}/Patient/p1`, {
      method: 'DELETE',
      signal: AbortSignal.timeout(20),
    });
    expect(await failure(impatient)).to.equal('TimeoutError');
    expect(general.get('Patient', 'p1')).to.equal(undefined);
    general.faults.add({ do: 'slow', ms: 1 });
    expect((await read(general)).status).to.equal(410);
  });

  it('strikes only what it is aimed at, after some, so many times', async () => {
    const general = await withFault({
      do: 'status',
      status: 503,
      on: { method: 'get', type: 'Patient', path: '_sort=' },
      after: 1,
      times: 2,
    });
    const statuses: number[] = [];
    const paths = ['/Patient', '/Task?_sort=_id', ...Array(4).fill('/Patient?_sort=_id')];
    for (const path of paths) statuses.push((await general.ask('GET', path)).status);
    expect(statuses).to.deep.equal([200, 200, 200, 503, 503, 200]);
    expect(general.faults.list()[0]).to.include({ left: 0 });
  });

  it('can be planned, listed and cleared over HTTP', async () => {
    const general = await hospital();
    const door = `${general.origin}/sandbox/faults`;
    const fault = { do: 'status', status: 429, on: { type: 'Patient' } };
    const planned = await general.ask('POST', door, fault, { 'content-type': 'application/json' });
    expect(planned.status).to.equal(201);
    const listed = await general.ask<object[]>('GET', door);
    expect(listed.body).to.deep.equal([{ ...fault, id: 1, left: 1 }]);
    expect((await general.ask('GET', '/Patient')).status).to.equal(429);
    general.faults.add({ do: 'hang' });
    expect((await general.ask('DELETE', door)).status).to.equal(204);
    expect((await general.ask('GET', '/Patient')).status).to.equal(200);
    const log = await general.ask<object[]>('GET', `${general.origin}/sandbox/requests`);
    expect(log.body.length).to.be.at.least(6);
  });

  it('that is misspelt is refused', async () => {
    const general = await hospital();
    const bad = [
      {},
      { do: 'explode' },
      { do: 'status' },
      { do: 'status', status: 42 },
      { do: 'hang', time: 3 },
      { do: 'hang', on: { methd: 'GET' } },
      { do: 'foreign-next' },
      { do: 'slow', ms: 'long' },
    ];
    for (const fault of bad) {
      const reply = await general.ask('POST', `${general.origin}/sandbox/faults`, fault);
      expect(reply.status, JSON.stringify(fault)).to.equal(400);
    }
    expect(general.faults.list()).to.deep.equal([]);
  });
});
