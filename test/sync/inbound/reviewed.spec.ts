/** What hospitals do that is late, odd or taken back: none of it may lose an order, bring back an old state or be silent. */
import { expect } from 'chai';
import { pending, versionsOf } from '../../../src/store/inbox.ts';
import { listWork, settleWork } from '../../../src/store/work.ts';
import {
  connected,
  type OneOrder,
  only,
  openOneOrder,
  order,
  task,
  unknownCode,
  visit,
  withoutVersion,
} from '../one-order.ts';

describe('what the hospital shows late, oddly or anew', () => {
  let world: OneOrder;
  beforeEach(async () => {
    world = await openOneOrder();
  });
  afterEach(() => world.stop());

  const sessions = async () =>
    (await world.adapter.of('ServiceRequest/one')).sessions.map(({ id, state }) => [id, state]);

  describe('a resource that is not as FHIR wants it', () => {
    it('keeps no order of others from us', async () => {
      const odd = { resourceType: 'Patient', id: 'fern', link: [null] };
      world.hospital.put(odd as unknown as fhir4.Patient); // as odd servers send it
      await world.adapter.full();
      world.hospital.put(order('two', { subject: { reference: 'Patient/moss' } }));
      expect((await world.adapter.full()).state).to.equal('complete');
      expect(await world.state('two')).to.equal('requested');
      expect(await pending(world.adapter.store.read, 'general', 10)).to.deep.equal([]);
    });

    it('is taken in as far as it can be read', async () => {
      await world.booked();
      await world.push({
        resourceType: 'Appointment',
        id: 'odd',
        status: 'booked',
        identifier: [null],
        basedOn: [{ reference: 'ServiceRequest/one' }],
        ...visit(400),
        participant: [],
      });
      expect(await sessions()).to.have.length(2);
    });
  });

  describe('an older version that is delivered late', () => {
    it('makes no referral of an order that was revoked since', async () => {
      world.hospital.put(order('late'));
      world.hospital.put(order('late', { status: 'revoked' }));
      await world.adapter.poll();
      await world.push(world.hospital.history('ServiceRequest', 'late')[0]?.resource);
      expect(await world.states()).to.deep.equal(['requested']);
      const rows = await versionsOf(world.adapter.store.read, 'general', 'ServiceRequest', 'late');
      expect(rows.map(({ state }) => state)).to.deep.equal(['refused', 'outdated']);
    });

    it('does not end the waiting of the newer one', async () => {
      world.hospital.put(order('late', { status: 'draft' }));
      world.hospital.put(order('late', unknownCode));
      await world.adapter.poll();
      expect(await world.work()).to.deep.equal(['unknown-code']);
      await world.push(world.hospital.history('ServiceRequest', 'late')[0]?.resource);
      expect(await world.work()).to.deep.equal(['unknown-code']);
    });
  });

  describe('an order that had ended', () => {
    for (const between of ['on-hold', 'draft'] as const)
      it(`is a new episode when it comes back by way of ${between}`, async () => {
        for (const status of ['revoked', between, 'active'] as const) {
          world.hospital.put(order('one', { status }));
          await world.adapter.poll();
        }
        expect(await world.states()).to.deep.equal(['cancelled', 'requested']);
        expect(await world.work()).to.deep.equal(['reopened']);
      });

    it('waits for a person when it comes back with a code that nobody knows', async () => {
      world.hospital.put(order('one', { status: 'revoked' }));
      await world.adapter.poll();
      world.hospital.put(order('one', unknownCode));
      await world.adapter.poll();
      expect(await world.work()).to.deep.equal(['unknown-code']);
      const { select } = connected(world.adapter).site.settings;
      world.set({ select: { ...select, codes: [...select.codes, 'urn:oid:1.2.3|4711'] } });
      await world.adapter.poll();
      expect(await world.states()).to.deep.equal(['cancelled', 'requested']);
      expect(await world.work()).to.deep.equal(['reopened']);
    });

    it('is replaced and joined also where references are whole addresses', async () => {
      const address = (id: string) => ({
        reference: `${world.hospital.base}/ServiceRequest/${id}`,
      });
      world.hospital.put(order('two', { replaces: [address('one')] }));
      await world.adapter.poll();
      expect(await world.states()).to.deep.equal(['requested', 'superseded']);
      await world.push(order('child', { basedOn: [address('parent')] }));
      world.hospital.put(order('parent'));
      await world.adapter.poll();
      expect(await world.states()).to.deep.equal(['requested', 'requested', 'superseded']);
    });

    it('leaves a question where another order of the same request may still stand', async () => {
      world.hospital.put(order('child', { basedOn: [{ reference: 'ServiceRequest/one' }] }));
      await world.adapter.poll();
      world.hospital.put(order('one', { status: 'revoked' }));
      await world.adapter.poll();
      expect(await world.states()).to.deep.equal(['cancelled']);
      expect(await world.work()).to.deep.equal(['conflict']);
    });

    it('that is gone is asked about once: what a person decided is not undone at night', async () => {
      const { id } = await world.booked();
      world.hospital.remove('ServiceRequest', 'one');
      await world.adapter.full();
      expect(await world.state()).to.equal('on-hold');
      await world.adapter.referral(id, { type: 'resume' });
      const { store, clock } = world.adapter;
      const at = clock().toISOString();
      for (const { id: note } of await listWork(store.read))
        await store.transaction((tx) => settleWork(tx, note, { by: 'ana', at }));
      await world.adapter.full();
      expect(await world.state()).to.equal('scheduled');
      expect(await world.work()).to.deep.equal([]);
    });
  });

  describe('a Task', () => {
    for (const status of [
      'entered-in-error',
      'failed',
      'completed',
      'rejected',
      'on-hold',
    ] as const)
      it(`that the hospital set to ${status} while the referral goes on is work`, async () => {
        await world.booked();
        world.hospital.put({ ...only(world.hospital, 'Task'), status });
        await world.adapter.poll();
        expect(await world.work()).to.deep.equal(['conflict']);
      });

    it('cancelled while a visit is under way stays cancelled when the order changes', async () => {
      const { session } = await world.booked();
      await world.adapter.session(session, { type: 'start' });
      await world.adapter.poll();
      const statusReason = { text: 'No longer needed' };
      world.hospital.put({ ...only(world.hospital, 'Task'), status: 'cancelled', statusReason });
      await world.adapter.poll();
      world.hospital.put(order('one', { priority: 'urgent' }));
      await world.adapter.poll();
      expect(await world.state()).to.equal('cancellation-requested');
      await world.adapter.session(session, { type: 'finish', scores: [], techniques: [] });
      expect(await world.state()).to.equal('cancelled');
    });

    it('for an order whose first Task was cancelled is a new episode', async () => {
      world.hospital.put(task('first', 'ServiceRequest/one'));
      await world.adapter.poll();
      const first = only(world.hospital, 'Task');
      world.hospital.put({ ...first, status: 'cancelled' });
      await world.adapter.poll();
      world.hospital.put(task('second', 'ServiceRequest/one'));
      await world.adapter.poll();
      expect(await world.states()).to.deep.equal(['cancelled', 'requested']);
      expect(await world.work()).to.deep.equal(['reopened']);
      expect(world.hospital.get('Task', 'second')?.status).to.equal('received');
      expect(world.hospital.get('Task', 'first')?.status).to.equal('cancelled');
    });

    it('that is requested again after it was cancelled is a new episode', async () => {
      world.hospital.put(task('first', 'ServiceRequest/one'));
      await world.adapter.poll();
      world.hospital.put({ ...only(world.hospital, 'Task'), status: 'cancelled' });
      await world.adapter.poll();
      world.hospital.put({ ...only(world.hospital, 'Task'), status: 'requested' });
      await world.adapter.poll();
      expect(await world.states()).to.deep.equal(['cancelled', 'requested']);
      expect(only(world.hospital, 'Task').status).to.equal('received');
      const { id } = (await world.adapter.referrals())
        .map(({ referral }) => referral)
        .find(({ state }) => state === 'requested') ?? { id: '' };
      await world.adapter.referral(id, { type: 'accept' });
      await world.adapter.poll();
      expect(only(world.hospital, 'Task').status).to.equal('accepted');
    });

    it('that waits with its order is linked when the rules know the order’s code', async () => {
      world.hospital.put(order('late', unknownCode));
      world.hospital.put(task('waiting', 'ServiceRequest/late'));
      await world.adapter.poll();
      const { select } = connected(world.adapter).site.settings;
      world.set({ select: { ...select, codes: [...select.codes, 'urn:oid:1.2.3|4711'] } });
      await world.adapter.poll();
      expect(await world.state('late')).to.equal('requested');
      expect(world.hospital.get('Task', 'waiting')?.status).to.equal('received');
      expect(await world.work()).to.deep.equal([]);
    });
  });

  describe('an Appointment', () => {
    it('whose visit stands under another one by now does not cancel it', async () => {
      const { session } = await world.booked();
      const old = only(world.hospital, 'Appointment');
      const { identifier: _ours, ...copy } = withoutVersion(old);
      world.hospital.put({ ...old, status: 'cancelled' });
      world.hospital.put({ ...copy, id: 'new', ...visit(300) });
      await world.adapter.poll();
      expect(await sessions()).to.deep.equal([[session, 'booked']]);
      world.hospital.put({ ...old, status: 'cancelled', comment: 'A note, later' });
      await world.adapter.poll();
      expect(await sessions()).to.deep.equal([[session, 'booked']]);
      expect(await world.work()).to.deep.equal([]);
    });

    it('that the hospital booked over another visit is work', async () => {
      await world.booked();
      world.hospital.put(order('two', { subject: { reference: 'Patient/moss' } }));
      await world.adapter.poll();
      world.hospital.put({
        resourceType: 'Appointment',
        id: 'theirs',
        status: 'booked',
        ...visit(70),
        basedOn: [{ reference: 'ServiceRequest/two' }],
        participant: [{ actor: { reference: 'Practitioner/ana' }, status: 'accepted' }],
      });
      await world.adapter.poll();
      expect(await world.work()).to.deep.equal(['overlap']);
    });

    it('that goes back to what stood there before our write is a change, also without versions', async () => {
      const { session } = await world.booked();
      const forget = () =>
        world.adapter.store.transaction((tx) =>
          tx
            .updateTable('link')
            .set({ version_id: null, last_updated: null, etag: null })
            .execute(),
        );
      const theirs = withoutVersion({ ...only(world.hospital, 'Appointment'), ...visit(300) });
      const start = async () => (await world.adapter.of('ServiceRequest/one')).sessions[0]?.start;
      await forget();
      await world.push(theirs);
      world.hospital.put(theirs);
      await world.adapter.session(session, { type: 'move', ...visit(500) });
      await world.send();
      expect(await start()).to.not.equal(theirs.start);
      await forget();
      await world.push(theirs);
      expect(await start()).to.equal(theirs.start);
    });
  });

  it('pushed three times while a poll reads it is one referral', async () => {
    const two = world.hospital.put(order('two'));
    await Promise.all([world.push(two), world.push(two), world.adapter.poll(), world.push(two)]);
    expect(await world.states()).to.deep.equal(['requested', 'requested']);
  });
});
