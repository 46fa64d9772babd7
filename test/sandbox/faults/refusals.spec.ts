import { expect } from 'chai';
import type { Fault } from '../../../src/sandbox/sandbox.ts';
import { closeHospitals, type Hospital, hospital, patient, stoppedClock } from '../hospital.ts';

async function withFault(fault: Fault): Promise<Hospital> {
  const at = await hospital(stoppedClock('2026-03-01T08:00:00.000Z'));
  at.put(patient({ id: 'p1' }));
  at.faults.add(fault);
  return at;
}

const read = (at: Hospital) => at.ask<fhir4.OperationOutcome>('GET', '/Patient/p1');

describe('sandbox: faults that refuse', () => {
  afterEach(closeHospitals);

  it('throttle: each header that says how long to wait, or none', async () => {
    const cases = [
      ['retry-after', 'retry-after', '30'],
      ['retry-after-date', 'retry-after', 'Sun, 01 Mar 2026 08:00:30 GMT'],
      ['x-ms-retry-after-ms', 'x-ms-retry-after-ms', '30000'],
      ['rate-limit', 'ratelimit', '"requests";r=0;t=30'],
    ] as const;
    for (const [header, name, value] of cases) {
      const at = await withFault({ do: 'throttle', header, seconds: 30 });
      const reply = await read(at);
      expect([reply.status, reply.headers.get(name)], header).to.deep.equal([429, value]);
      expect(reply.body.issue[0]?.code).to.equal('throttled');
      expect((await read(at)).status).to.equal(200);
    }
    const none = await read(
      await withFault({ do: 'throttle', header: 'none', seconds: 30, status: 503 }),
    );
    expect(none.status).to.equal(503);
    for (const name of ['retry-after', 'x-ms-retry-after-ms', 'ratelimit']) {
      expect(none.headers.has(name), name).to.equal(false);
    }
  });

  it('epic-code: the code, its severity and its status, or another', async () => {
    const cases = [
      ['4130', 403, 'fatal'],
      ['4131', 403, 'fatal'],
      ['4134', 403, 'information'],
      ['4135', 400, 'fatal'],
      ['59188', 400, 'fatal'],
    ] as const;
    for (const [code, status, severity] of cases) {
      const reply = await read(await withFault({ do: 'epic-code', code }));
      const [issue] = reply.body.issue;
      expect([reply.status, issue?.severity, issue?.details?.coding?.[0]?.code]).to.deep.equal([
        status,
        severity,
        code,
      ]);
    }
    const other = await read(await withFault({ do: 'epic-code', code: '4135', status: 403 }));
    expect(other.status).to.equal(403);
  });

  it('status: with an issue code and headers of one’s own', async () => {
    const at = await withFault({
      do: 'status',
      status: 500,
      issue: 'required',
      headers: { 'x-ms-retry-after-ms': 250 },
    });
    const reply = await read(at);
    expect([reply.status, reply.body.issue[0]?.code]).to.deep.equal([500, 'required']);
    expect(reply.headers.get('x-ms-retry-after-ms')).to.equal('250');
  });

  it('token-expired: a challenge that names the token', async () => {
    const reply = await read(await withFault({ do: 'token-expired' }));
    expect(reply.status).to.equal(401);
    expect(reply.headers.get('www-authenticate')).to.equal('Bearer error="invalid_token"');
    expect(reply.body.issue[0]?.code).to.equal('login');
  });

  it('gateway: a page of HTML', async () => {
    for (const status of [502, 504]) {
      const reply = await read(await withFault({ do: 'gateway', status }));
      expect([reply.status, reply.headers.get('content-type')]).to.deep.equal([
        status,
        'text/html; charset=utf-8',
      ]);
    }
  });

  it('no-discovery: only of .well-known', async () => {
    const at = await withFault({ do: 'no-discovery', status: 501, always: true });
    expect((await read(at)).status).to.equal(200);
    expect((await at.ask('GET', '/.well-known/smart-configuration')).status).to.equal(501);
    expect((await at.ask('GET', '/.well-known/udap')).status).to.equal(501);
  });
});
