/** What we send, and when it may be sent again or has to stop; and runs that must come to their end whatever is missing there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { startSandbox } from '../../../src/sandbox/sandbox.ts';
import { stuck } from '../../../src/store/outbox.ts';
import { drain } from '../../../src/sync/outbound/worker.ts';
import { emptyTally } from '../../../src/sync/report.ts';
import { startPlainServer } from '../../crash/plain-server.ts';
import { startWithoutType } from '../../support/without-type.ts';
import { adapterOn, type TestAdapter } from '../adapter.ts';
import { connected, type OneOrder, only, openOneOrder, order, task, visit } from '../one-order.ts';

const never = new AbortController().signal;
const day = 24 * 3_600_000;

describe('what goes out', () => {
  let world: OneOrder;
  beforeEach(async () => {
    world = await openOneOrder();
  });
  afterEach(() => world.stop());

  describe('an intention', () => {
    it('stays with its sender while a slow hospital lets it wait longer than the lease', async () => {
      const plain = await startPlainServer(world.hospital.base);
      const folder = mkdtempSync(join(tmpdir(), 'massage-fhir-lease-'));
      const open = () => adapterOn({ base: plain.base, store: join(folder, 'store.sqlite') });
      const [one, other] = [await open(), await open()];
      const send = (adapter: TestAdapter) => {
        const { site, log } = connected(adapter);
        return drain({ ...site, leaseMs: 600 }, log, emptyTally(), never);
      };
      await one.poll();
      const { id } = (await one.of('ServiceRequest/one')).referral;
      await one.referral(id, { type: 'accept' });
      await one.poll();
      await one.referral(id, { type: 'plan', ...visit(60), therapist: 'ana' });
      const on = { method: 'GET', type: 'Appointment', path: 'identifier=' };
      world.hospital.faults.add({ do: 'slow', ms: 2_000, on });
      const slow = send(one);
      await wait(1_000);
      await send(other);
      await slow;
      await Promise.all([one.close(), other.close(), plain.stop()]);
      rmSync(folder, { recursive: true });
      expect(world.hospital.count('Appointment')).to.equal(1);
    });

    it('leaves the identifier of the one that made the resource as the only one of ours', async () => {
      const { session } = await world.booked();
      for (const command of [
        { type: 'arrive' },
        { type: 'start' },
        { type: 'finish', scores: [], techniques: [] },
      ] as const) {
        await world.adapter.session(session, command);
        await world.send();
      }
      const { identifier, status } = only(world.hospital, 'Appointment');
      expect(status).to.equal('fulfilled');
      expect(identifier).to.have.length(1);
    });

    it('that was queued for a week while writing was off has its tries all the same', async () => {
      const { id } = (await world.adapter.of('ServiceRequest/one')).referral;
      world.set({ write: 'off' });
      await world.adapter.referral(id, { type: 'accept' });
      world.pass(7 * day);
      world.set({ write: 'on' });
      const on = { method: 'POST', type: 'Task' };
      world.hospital.faults.add({ do: 'status', status: 503, on });
      await world.adapter.poll();
      expect(await stuck(world.adapter.store.read)).to.deep.equal([]);
      world.pass(day);
      await world.adapter.poll();
      expect(only(world.hospital, 'Task').status).to.equal('accepted');
    });
  });

  describe('the Task', () => {
    it('of an order that came back is a new one: the old one stays as it ended', async () => {
      await world.booked();
      world.hospital.put(order('one', { status: 'revoked' }));
      await world.adapter.poll();
      world.hospital.put(order('one'));
      await world.adapter.poll();
      const again = (await world.adapter.referrals()).find(
        ({ referral }) => referral.state === 'requested',
      );
      await world.adapter.referral(again?.referral.id ?? '', { type: 'accept' });
      await world.adapter.poll();
      const statuses = world.hospital.all('Task').map(({ status }) => status);
      expect(statuses.sort()).to.deep.equal(['accepted', 'cancelled']);
      expect(await world.work()).to.deep.equal(['reopened']);
    });

    it('that nobody showed us learns of the end of its order, and asks for nothing anew', async () => {
      const hospital = await startSandbox({
        resources: [{ resourceType: 'Patient', id: 'fern' }, order('unshown')],
      });
      hospital.put(task('unshown', 'ServiceRequest/unshown'));
      const adapter = await adapterOn({
        base: hospital.base,
        hospital: '    rungs: { discovery: [A1] }\n',
      });
      await adapter.poll();
      const { id } = (await adapter.of('ServiceRequest/unshown')).referral;
      await adapter.referral(id, { type: 'decline', reason: 'No therapist is trained for this.' });
      expect((await adapter.poll()).problems).to.deep.equal([]);
      expect(only(hospital, 'Task').status).to.equal('rejected');
      expect(await adapter.referrals()).to.have.length(1);
      await adapter.close();
      await hospital.stop();
    });

    it('that was put aside before its order was ours is the one that we use', async () => {
      world.hospital.put(order('late', { status: 'draft' }));
      const { owner: _nobody, ...free } = task('free', 'ServiceRequest/late');
      world.hospital.put(free);
      await world.adapter.poll();
      world.hospital.put(order('late'));
      await world.adapter.poll();
      const { id } = (await world.adapter.of('ServiceRequest/late')).referral;
      await world.adapter.referral(id, { type: 'accept' });
      expect((await world.adapter.poll()).problems).to.deep.equal([]);
      const { status, owner } = only(world.hospital, 'Task');
      expect([status, owner?.reference]).to.deep.equal(['accepted', 'Organization/massage']);
    });

    it('names the day of a visit as the hospital’s clock does', async () => {
      const { id } = (await world.adapter.of('ServiceRequest/one')).referral;
      await world.adapter.referral(id, { type: 'accept' });
      const evening = { start: '2031-03-03T02:00:00Z', end: '2031-03-03T02:30:00Z' };
      const { session } = await world.adapter.referral(id, { type: 'plan', ...evening });
      await world.adapter.session(session?.id ?? '', { type: 'start' });
      const finish = { type: 'finish', scores: [], techniques: [] } as const;
      await world.adapter.session(session?.id ?? '', finish);
      await world.adapter.poll();
      const outputs = only(world.hospital, 'Task').output ?? [];
      expect(outputs.map(({ valueReference }) => valueReference?.display)).to.deep.equal([
        'Massage on 2031-03-02',
      ]);
    });
  });

  describe('a request to cancel', () => {
    const asked = async () => {
      const ids = await world.visited();
      const reference = `Task/${only(world.hospital, 'Task').id}`;
      world.hospital.put(task('abort', reference, 'abort'));
      await world.adapter.poll();
      expect(await world.state()).to.equal('cancellation-requested');
      return ids;
    };
    const answer = () => world.hospital.get('Task', 'abort')?.status;

    it('is rejected when the service completes the referral instead', async () => {
      const { id } = await asked();
      await world.adapter.referral(id, { type: 'complete' });
      await world.adapter.poll();
      expect(answer()).to.equal('rejected');
    });

    it('is completed when the hospital revokes the order without waiting for the answer', async () => {
      await asked();
      world.hospital.put(order('one', { status: 'revoked' }));
      await world.adapter.poll();
      expect(answer()).to.equal('completed');
    });

    it('is answered also after the end', async () => {
      const { id } = await world.booked();
      const reference = `Task/${only(world.hospital, 'Task').id}`;
      await world.adapter.referral(id, { type: 'give-up', reason: 'moved away' });
      await world.adapter.poll();
      world.hospital.put(task('abort', reference, 'abort'));
      await world.adapter.poll();
      expect(answer()).to.equal('completed');
    });

    it('during a visit that ends the referral is answered when the visit has ended', async () => {
      const { session } = await world.booked();
      await world.adapter.session(session, { type: 'start' });
      await world.adapter.poll();
      const reference = `Task/${only(world.hospital, 'Task').id}`;
      world.hospital.put(order('one', { status: 'revoked' }));
      world.hospital.put(task('abort', reference, 'abort'));
      await world.adapter.poll();
      expect(answer()).to.equal('requested');
      await world.adapter.session(session, { type: 'finish', scores: [], techniques: [] });
      await world.adapter.poll();
      expect(answer()).to.equal('completed');
    });
  });

  describe('a run', () => {
    for (const type of ['Task', 'Appointment'])
      it(`is complete at a hospital that has no ${type}, and says so`, async () => {
        const server = await startWithoutType(world.hospital.base, type);
        const adapter = await adapterOn({ base: server.base });
        const { state, notes } = await adapter.poll();
        await adapter.close();
        await server.stop();
        expect(state).to.equal('complete');
        expect(notes.join()).to.match(new RegExp(`${type}s? `));
      });

    it('that only shows what it would write comes to its end where something is gone', async () => {
      const { session } = await world.booked();
      world.set({ write: 'dry-run' });
      await world.adapter.session(session, { type: 'arrive' });
      world.hospital.remove('Appointment', only(world.hospital, 'Appointment').id ?? '');
      const { state, problems } = await world.adapter.poll();
      expect([state, problems.map(({ code }) => code)]).to.deep.equal(['complete', ['gone']]);
    });
  });

  it('the minute’s look at what is due does not end the process when the store is closed under it', async () => {
    const adapter = await adapterOn({ base: world.hospital.base });
    const stopRunning = adapter.keepRunning();
    // A rejection that nobody handles fails this suite, as it would end `serve`.
    await Promise.all([stopRunning(), adapter.close()]);
    await wait(100);
    expect(adapter.signals.map(({ name }) => name)).to.not.include('fault');
  });
});
