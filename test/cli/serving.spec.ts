/** The adapter behind its address, as `serve` puts it together: what it tells those who have no key. */
import { expect } from 'chai';
import { type Serving, serve } from '../../src/cli/serving.ts';
import { expectPromised } from '../api/promised.ts';
import { withRealSockets } from '../hospital/wire.ts';
import { closeHospitals, hospital, stoppedClock } from '../sandbox/hospital.ts';
import { adapterOn, type TestAdapter } from '../sync/adapter.ts';

describe('serving: whether it is ready', () => {
  withRealSockets();
  let adapter: TestAdapter;
  let serving: Serving;
  const now = stoppedClock();
  afterEach(async () => {
    await serving.stop();
    await adapter.close();
    await closeHospitals();
  });

  async function served(base: string) {
    adapter = await adapterOn({ base, clock: now.clock });
    serving = await serve(adapter, { ...adapter.settings, listen: '127.0.0.1:0' }, () => '');
  }

  async function ready() {
    const answer = await fetch(`${serving.address}/readyz`);
    const json: unknown = await answer.json();
    expectPromised('GET', '/readyz', answer.status, json);
    return { status: answer.status, json };
  }

  it('is told as states and times, and no sentence of why it is not', async () => {
    // The port of discard: nobody listens there
    await served('http://127.0.0.1:9/fhir');
    expect(await ready()).to.deep.equal({
      status: 503,
      json: { ready: false, hospitals: [{ hospital: 'general', reachable: false }] },
    });
    const at = now.clock().toISOString();
    const report = await adapter.poll();
    expect(report.problems[0]?.says).to.be.a('string');
    expect(await ready()).to.deep.equal({
      status: 503,
      json: {
        ready: false,
        hospitals: [{ hospital: 'general', reachable: false, lastRun: 'failed', lastRunAt: at }],
      },
    });
  });

  it('is told of a hospital that was reached, with the age of its last complete run', async () => {
    const { base } = await hospital();
    await served(base);
    const at = now.clock().toISOString();
    await adapter.full();
    now.forward(90_000);
    expect(await ready()).to.deep.equal({
      status: 200,
      json: {
        ready: true,
        hospitals: [
          {
            hospital: 'general',
            reachable: true,
            lastRun: 'complete',
            lastRunAt: at,
            lastCompleteRun: at,
            ageSeconds: 90,
          },
        ],
      },
    });
  });
});
