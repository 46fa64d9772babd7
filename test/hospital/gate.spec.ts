import { expect } from 'chai';
import { AdapterError } from '../../src/core/errors.ts';
import type { Asked } from '../../src/hospital/faults.ts';
import {
  type CircuitChange,
  type GateDeps,
  type GateLimits,
  openGate,
} from '../../src/hospital/gate.ts';
import type { IssueMeaning } from '../../src/hospital/vendors/vendor.ts';
import {
  closeAll,
  failureOf,
  listening,
  order,
  searchset,
  sendJson,
  wireTo,
  withRealSockets,
} from './wire.ts';

const patient = { resourceType: 'Patient', id: 'p1' };
const procedure: fhir4.Procedure = {
  resourceType: 'Procedure',
  status: 'completed',
  subject: { reference: 'Patient/p1' },
};

const aRead: Asked = { method: 'GET', path: 'Patient/p1' };
const aWrite: Asked = { method: 'POST', path: 'Procedure' };

/** A gate whose clock moves when somebody waits, or is told to. */
function gateWith(limits: GateLimits, more: Partial<GateDeps> = {}) {
  let now = Date.parse('2026-03-02T20:00:00.000Z');
  const waits: number[] = [];
  const changes: CircuitChange[] = [];
  const gate = openGate('general', limits, {
    clock: () => new Date(now).toISOString(),
    sleep: async (ms) => {
      waits.push(ms);
      now += ms;
    },
    onCircuit: (change) => changes.push(change),
    ...more,
  });
  return {
    waits,
    changes,
    later: (ms: number) => {
      now += ms;
    },
    async pass(error?: AdapterError, asked: Asked = aRead) {
      (await gate.enter(asked)).left(error);
    },
    enter: () => gate.enter(aRead),
  };
}

const fault = () => new AdapterError('hospital-fault', 'It failed.', { status: 502 });

describe('gate: budgets', () => {
  it('waits where the minute is spent', async () => {
    const { pass, waits } = gateWith({ perMinute: 4 });
    for (let at = 0; at < 4; at += 1) await pass();
    expect(waits).to.deep.equal([15_000, 15_000, 15_000]);
  });

  it('refuses where the day is spent, with figures and the time of the next', async () => {
    const asked: string[] = [];
    const { pass, later } = gateWith(
      { perDay: 10, timezone: 'America/Chicago' },
      {
        spentSince: async (hospital, since) => {
          asked.push(`${hospital} ${since}`);
          return 9;
        },
      },
    );
    await pass(undefined, aWrite);
    const error = await failureOf(pass());
    expect(error).to.include({ code: 'hospital-busy', kind: 'transient' });
    expect(error.message).to.contain('10 requests a day is spent (10 today)');
    expect(error.fix).to.contain('2026-03-03T06:00:00').and.contain('limits.perDay');
    expect(error.details.retryAfterMs).to.equal(10 * 3_600_000);
    expect(asked).to.deep.equal(['general 2026-03-02T06:00:00.000Z']);
    later(10 * 3_600_000);
    expect(
      await failureOf(
        pass(undefined, aWrite).then(() => Promise.reject(new AdapterError('internal', 'In.'))),
      ),
    ).to.include({ message: 'In.' });
  });

  it('keeps the last of the day for writes, and says so', async () => {
    const { pass } = gateWith({ perDay: 10 }, { spentSince: async () => 9 });
    const error = await failureOf(pass());
    expect(error).to.include({ code: 'hospital-busy', kind: 'transient' });
    expect(error.message).to.equal(
      'Nothing was sent. The budget of 10 requests a day is spent for reading (9 today); what is left (1) is kept for writing.',
    );
    expect(error.fix).to.contain('2026-03-03T00:00:00');
    await pass(undefined, aWrite);
    expect((await failureOf(pass(undefined, aWrite))).message).to.contain('is spent (10 today).');
  });

  it('lets a look that belongs to a write go with it', async () => {
    const { pass } = gateWith({ perDay: 10 }, { spentSince: async () => 9 });
    await pass(undefined, { ...aRead, forWrite: true });
  });

  it('gives back what was not sent after all', async () => {
    const { enter, pass } = gateWith({ perDay: 1 });
    (await enter()).unused();
    await pass();
    expect((await failureOf(pass())).code).to.equal('hospital-busy');
  });

  it('lets nothing out any more once we were asked to stop', async () => {
    const stopping = new AbortController();
    const { pass } = gateWith(
      { perMinute: 1 },
      { stop: stopping.signal, sleep: async () => stopping.abort() },
    );
    await pass();
    expect((await failureOf(pass())).message).to.contain('asked to stop');
    expect((await failureOf(pass())).message).to.contain('asked to stop');
  });
});

describe('gate: a pause that the hospital asked for', () => {
  const busy = (retryAfterMs: number) =>
    new AdapterError('hospital-busy', 'GET Task was answered with 429.', {
      status: 429,
      retryAfterMs,
    });

  it('is waited for by everybody when it is short', async () => {
    const { pass, waits } = gateWith({});
    await pass(busy(3000));
    await pass();
    await pass();
    expect(waits).to.deep.equal([3000]);
  });

  it('refuses everybody when it is long, until it is over', async () => {
    const { pass, later, waits } = gateWith({});
    await pass(busy(120_000));
    later(60_000);
    const error = await failureOf(pass());
    expect(error.code).to.equal('hospital-busy');
    expect(error.details.retryAfterMs).to.equal(60_000);
    expect(error.message).to.contain('2026-03-02T20:02:00').and.contain('429');
    later(60_000);
    await pass();
    expect(waits).to.deep.equal([]);
  });
});

describe('gate: a hospital that fails', () => {
  it('is left alone after five faults in a row; what was refused says since when and why', async () => {
    const { pass, later, changes } = gateWith({});
    await pass(fault());
    later(60_000);
    for (let at = 0; at < 4; at += 1) await pass(fault());
    const error = await failureOf(pass());
    expect(error.code).to.equal('hospital-unreachable');
    expect(error.message).to.equal(
      'Nothing was sent. The hospital has been failing since 2026-03-02T20:00:00.000Z (5 times in a row, at last hospital-fault 502).',
    );
    expect(error.details.retryAfterMs).to.equal(30_000);
    expect(changes).to.deep.equal([
      {
        hospital: 'general',
        open: true,
        since: '2026-03-02T20:00:00.000Z',
        faults: 5,
        last: 'hospital-fault 502',
      },
    ]);
    later(30_000);
    await pass();
    await pass();
    expect(changes.map(({ open }) => open)).to.deep.equal([true, false]);
  });

  it('is tried by one exchange at a time', async () => {
    const { enter, pass, later } = gateWith({});
    for (let at = 0; at < 5; at += 1) await pass(fault());
    later(30_000);
    const probe = await enter();
    expect((await failureOf(pass())).code).to.equal('hospital-unreachable');
    probe.unused();
    (await enter()).left(fault());
    expect((await failureOf(pass())).details.retryAfterMs).to.equal(60_000);
  });

  const verdicts: readonly [string, AdapterError, boolean][] = [
    ['no connection', new AdapterError('hospital-unreachable', ''), true],
    ['a fault of the server', fault(), true],
    ['a write of unknown fate', new AdapterError('write-unclear', ''), true],
    ['an answer that was cut off', new AdapterError('answer-broken', ''), true],
    ['503 for a write', new AdapterError('hospital-busy', '', { status: 503 }), true],
    ['a whole answer that is none', new AdapterError('answer-broken', '', { status: 200 }), false],
    ['a page that is too large', new AdapterError('answer-broken', '', { status: 200 }), false],
    [
      '503 with Retry-After',
      new AdapterError('hospital-busy', '', { status: 503, retryAfterMs: 0 }),
      false,
    ],
    ['404', new AdapterError('not-found', '', { status: 404 }), false],
    ['a lasting 500', new AdapterError('hospital-refused', '', { status: 500 }), false],
    ['a secret that is missing', new AdapterError('settings-wrong', ''), false],
  ];
  for (const [name, error, speaksAgainst] of verdicts) {
    it(`is ${speaksAgainst ? '' : 'not '}told by ${name}`, async () => {
      const { pass, changes } = gateWith({});
      for (let at = 0; at < 5; at += 1) await pass(error);
      expect(changes).to.have.length(speaksAgainst ? 1 : 0);
    });
  }
});

describe('gate: on the wire', () => {
  withRealSockets();
  afterEach(closeAll);

  it('keeps a run from hammering a server that is down, and notices when it is back', async () => {
    let isDown = true;
    const server = await listening((_, response) =>
      isDown ? response.writeHead(502).end() : sendJson(response, 200, patient),
    );
    const hospital = wireTo(server.origin);
    const { client } = hospital;
    for (let at = 0; at < 3; at += 1) await failureOf(client.read('Patient/p1'));
    expect(server.requests).to.have.length(9);
    for (let at = 2; at < 10; at += 1) await failureOf(client.read(`Patient/p${at}`));
    // Three times Patient/p2, p3 and p4 each, and p5 once.
    expect(server.requests).to.have.length(19);
    expect((await failureOf(client.create(procedure))).code).to.equal('hospital-unreachable');
    expect(server.requests).to.have.length(19);
    expect(hospital.exchanges).to.have.length(19);
    const paused = hospital.pauses.length;
    await failureOf(client.read('Patient/p1'));
    expect(hospital.pauses, 'a read that was held back is not tried again').to.have.length(paused);
    isDown = false;
    hospital.pass(30_000);
    await client.read('Patient/p1');
    await client.read('Patient/p1');
    expect(server.requests).to.have.length(21);
  });

  it('does not take a missing secret for the end of a try', async () => {
    const server = await listening((_, response) => response.writeHead(502).end());
    const env: Record<string, string> = { TOKEN: 'sesame' };
    const hospital = wireTo(
      server.origin,
      { signIn: { type: 'bearer', token: { env: 'TOKEN' } } },
      { env },
    );
    for (let at = 0; at < 5; at += 1) await failureOf(hospital.client.create(procedure));
    hospital.pass(30_000);
    delete env.TOKEN;
    expect((await failureOf(hospital.client.create(procedure))).code).to.equal('settings-wrong');
    env.TOKEN = 'sesame';
    expect((await failureOf(hospital.client.create(procedure))).code).to.equal('write-unclear');
    expect(server.requests).to.have.length(6);
  });

  const meanings: Record<string, IssueMeaning> = { '4135': 'day-spent' };
  const spent: fhir4.OperationOutcome = {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'fatal', code: 'processing', details: { coding: [{ code: '4135' }] } }],
  };
  for (const [name, status, body] of [
    ['an error', 400, spent],
    ['an OperationOutcome with 200', 200, spent],
    ['an entry among the results', 200, searchset([order('1'), spent])],
  ] as const) {
    it(`asks nothing more before the next local day after ${name} that says so`, async () => {
      const server = await listening((_, response) => sendJson(response, status, body));
      const hospital = wireTo(server.origin, {
        meaningOf: (code) => meanings[code],
        timezone: 'America/Chicago',
      });
      const error = await failureOf(hospital.client.search('ServiceRequest', []));
      expect(error.code).to.equal('hospital-busy');
      // 09:30 UTC is 03:30 in Chicago: 20 hours and a half are left of the day.
      expect(error.details.retryAfterMs).to.equal(20.5 * 3_600_000);
      expect((await failureOf(hospital.client.read('Patient/p1'))).message).to.contain(
        'stay away until 2026-03-03T06:00:00.000Z',
      );
      expect((await failureOf(hospital.client.create(procedure))).code).to.equal('hospital-busy');
      expect(server.requests).to.have.length(1);
      hospital.pass(20.5 * 3_600_000);
      await failureOf(hospital.client.search('ServiceRequest', []));
      expect(server.requests).to.have.length(2);
    });
  }

  it('still writes where the day is spent for reading', async () => {
    const server = await listening((_, response) =>
      sendJson(response, 201, { ...procedure, id: '1' }),
    );
    const { client } = wireTo(server.origin, { limits: { perDay: 2 } });
    await failureOf(client.read('Patient/p1'));
    expect((await failureOf(client.read('Patient/p1'))).message).to.contain('kept for writing');
    await client.create(procedure);
    expect(server.requests.map(({ method }) => method)).to.deep.equal(['GET', 'POST']);
  });

  it('spaces requests out by the minute, whoever asks', async () => {
    const server = await listening((_, response) => sendJson(response, 200, patient));
    const hospital = wireTo(server.origin, { limits: { perMinute: 4 } });
    for (let at = 0; at < 3; at += 1) await hospital.client.read('Patient/p1');
    expect(hospital.pauses).to.deep.equal([15_000, 15_000]);
  });
});
