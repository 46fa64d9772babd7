/** The machine seen from outside: work, runs, starting one, readiness. */
import { expect } from 'chai';
import type { SyncWanted } from '../../src/api/deps.ts';
import { AdapterError } from '../../src/core/errors.ts';
import { beginRun, endRun } from '../../src/store/runs.ts';
import { openWork, settleWork } from '../../src/store/work.ts';
import { instant } from '../core/episodes.ts';
import { type Served, serveApi } from './served.ts';

describe('api: watching', () => {
  let served: Served;
  const asked: SyncWanted[] = [];
  before(async () => {
    served = await serveApi({
      deps: {
        startSync: async (wanted) => {
          asked.push(wanted);
          return [{ hospital: 'general', started: false, says: 'Run r is under way.' }];
        },
      },
    });
    await served.adapter.store.transaction(async (tx) => {
      for (const id of ['w-1', 'w-2'])
        await openWork(tx, {
          id,
          hospital: 'general',
          kind: 'conflict',
          says: `Look at ${id}.`,
          referral: 'r-1',
          at: instant(0),
        });
      await settleWork(tx, 'w-1', { by: 'ana', at: instant(1) });
      for (const [index, id] of ['run-1', 'run-2'].entries()) {
        const run = {
          id,
          hospital: 'general',
          mode: 'poll',
          owner: 'test',
          startedAt: instant(index * 5),
          leaseUntil: instant(60),
        };
        await beginRun(tx, run);
        if (index === 0)
          await endRun(tx, id, {
            state: 'complete',
            says: 'fine',
            report: '{"read":3}',
            endedAt: instant(1),
          });
      }
    });
  });
  after(() => served.stop());

  it('lists the work that is open', async () => {
    const { json } = await served.get('/api/work');
    expect(json.items).to.deep.equal([
      {
        id: 'w-2',
        hospital: 'general',
        kind: 'conflict',
        says: 'Look at w-2.',
        openedAt: instant(0),
        referral: 'r-1',
      },
    ]);
  });

  it('lists runs with their reports, the newest first', async () => {
    const { json } = await served.get('/api/runs');
    expect(
      json.items.map((one: { id: string; state: string }) => [one.id, one.state]),
    ).to.deep.equal([
      ['run-2', 'running'],
      ['run-1', 'complete'],
    ]);
    expect(json.items[1].report).to.deep.equal({ read: 3 });
    expect((await served.get('/api/runs?limit=1')).json.items).to.have.lengthOf(1);
  });

  it('starts a sync and answers at once, also where one is under way', async () => {
    const { status, json } = await served.post('/api/sync', { hospital: 'general', full: true });
    expect(status).to.equal(202);
    expect(json.hospitals[0]).to.include({ started: false, says: 'Run r is under way.' });
    await served.post('/api/sync');
    expect(asked).to.deep.equal([
      { hospital: 'general', full: true },
      { hospital: undefined, full: false },
    ]);
  });

  it('starts none of a hospital that is not configured', async () => {
    const { status, json } = await served.post('/api/sync', { hospital: 'elsewhere' });
    expect(status).to.equal(400);
    expect(json.fix).to.include('general');
  });

  it('gives Prometheus its text', async () => {
    const { headers, text } = await served.get('/metrics', { as: 'operator' });
    expect(headers.get('content-type')).to.match(/^text\/plain; version=0\.0\.4/);
    expect(text).to.equal('massage_fhir_up 1\n');
  });
});

describe('api: our key set', () => {
  it('tells nobody where our keys are when it cannot be shown', async () => {
    const served = await serveApi({
      deps: {
        publicKeys: async () => {
          throw new AdapterError('file-unreadable', 'The key file /srv/keys/one.json is open.', {
            fix: 'Run: chmod 600 /srv/keys/one.json.',
            problems: ['/srv/keys/one.json'],
          });
        },
      },
    });
    try {
      const answer = await fetch(`${served.origin}/.well-known/jwks.json`);
      expect(answer.status).to.equal(500);
      const text = await answer.text();
      expect(text).to.contain('Our keys cannot be read now').and.to.contain('keys list');
      expect(text).to.not.contain('/srv');
    } finally {
      await served.stop();
    }
  });
});
