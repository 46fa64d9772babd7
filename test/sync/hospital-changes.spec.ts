import { expect } from 'chai';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { inboxCounts, versionsOf } from '../../src/store/inbox.ts';
import { listWork } from '../../src/store/work.ts';
import { receivePush } from '../../src/sync/push.ts';
import { adapterOn, type TestAdapter } from './adapter.ts';

const massage = { coding: [{ system: 'http://snomed.info/sct', code: '387854002' }] };
const never = new AbortController().signal;

function order(id: string, more: Partial<fhir4.ServiceRequest> = {}): fhir4.ServiceRequest {
  return {
    resourceType: 'ServiceRequest',
    id,
    status: 'active',
    intent: 'order',
    code: massage,
    subject: { reference: 'Patient/fern' },
    ...more,
  };
}

const visit = (inMinutes: number) => ({
  start: new Date(Date.now() + inMinutes * 60_000).toISOString(),
  end: new Date(Date.now() + (inMinutes + 30) * 60_000).toISOString(),
});

describe('what the hospital changes later', () => {
  let hospital: Sandbox;
  let adapter: TestAdapter;

  beforeEach(async () => {
    const resources: fhir4.FhirResource[] = [
      {
        resourceType: 'Patient',
        id: 'fern',
        name: [{ family: 'Fernquill', given: ['Odo'] }],
        birthDate: '1950-02-03',
      },
      { resourceType: 'Organization', id: 'massage', name: 'Massage service' },
      { resourceType: 'Practitioner', id: 'ana', name: [{ text: 'Ana Example' }] },
      order('one'),
    ];
    hospital = await startSandbox({ resources });
    adapter = await adapterOn({ base: hospital.base });
    await adapter.poll();
  });
  afterEach(async () => {
    await adapter.close();
    await hospital.stop();
  });

  const booked = async (): Promise<{ id: string; session: string }> => {
    const { id } = (await adapter.of('ServiceRequest/one')).referral;
    await adapter.referral(id, { type: 'accept' });
    const { session } = await adapter.referral(id, {
      type: 'plan',
      ...visit(60),
      therapist: 'ana',
    });
    await adapter.poll();
    return { id, session: session?.id ?? '' };
  };
  const state = async () => (await adapter.of('ServiceRequest/one')).referral.state;
  const work = async () => (await listWork(adapter.store.read)).map((one) => one.kind);

  it('a revoked order cancels referral and visit here and there', async () => {
    await booked();
    hospital.put(order('one', { status: 'revoked' }));
    const report = await adapter.poll();
    expect(report.state).to.equal('complete');
    expect(await state()).to.equal('cancelled');
    expect(hospital.all('Appointment').map((one) => one.status)).to.deep.equal(['cancelled']);
    expect(hospital.all('Task').map((one) => one.status)).to.deep.equal(['cancelled']);
  });

  it('a hold and its end are mirrored on the Task within one poll each', async () => {
    await booked();
    hospital.put(order('one', { status: 'on-hold' }));
    await adapter.poll();
    expect(await state()).to.equal('on-hold');
    expect(
      hospital.all('Task').map((one) => [one.status, one.statusReason?.text !== undefined]),
    ).to.deep.equal([['on-hold', true]]);
    hospital.put(order('one'));
    await adapter.poll();
    expect(await state()).to.equal('scheduled');
    expect(hospital.all('Task').map((one) => [one.status, one.statusReason])).to.deep.equal([
      ['accepted', undefined],
    ]);
  });

  it('an order entered in error ends the referral and asks a person to review', async () => {
    await booked();
    hospital.put(order('one', { status: 'entered-in-error' }));
    await adapter.poll();
    expect(await state()).to.equal('cancelled');
    expect(await work()).to.deep.equal(['order-withdrawn']);
  });

  it('a deceased patient freezes the visits until a person decides', async () => {
    await booked();
    hospital.put({ resourceType: 'Patient', id: 'fern', deceasedBoolean: true });
    await adapter.full();
    expect(await state()).to.equal('on-hold');
    expect(await work()).to.deep.equal(['patient-gone']);
    await adapter.full();
    expect(await work()).to.deep.equal(['patient-gone']);
  });

  it('a patient or an order that is no longer there is not taken for a cancellation', async () => {
    await booked();
    hospital.remove('Patient', 'fern');
    hospital.remove('ServiceRequest', 'one');
    await adapter.full();
    expect(await state()).to.equal('on-hold');
    expect([...(await work())].sort()).to.deep.equal(['order-gone', 'patient-gone']);
  });

  it('an Appointment that was moved moves the visit, one that was cancelled cancels it', async () => {
    const { session } = await booked();
    const [appointment] = hospital.all('Appointment');
    if (appointment === undefined) throw new Error('no Appointment');
    const later = visit(300);
    hospital.put({ ...appointment, ...later });
    await adapter.poll();
    let { sessions } = await adapter.of('ServiceRequest/one');
    expect(sessions.map((one) => [one.id, one.state, one.start])).to.deep.equal([
      [session, 'booked', later.start],
    ]);
    hospital.put({ ...appointment, ...later, status: 'cancelled' });
    await adapter.poll();
    ({ sessions } = await adapter.of('ServiceRequest/one'));
    expect(sessions.map((one) => [one.id, one.state])).to.deep.equal([[session, 'cancelled']]);
    expect(await state()).to.equal('accepted');
  });

  it('a move there is not undone by our next write, also when no poll has seen it yet', async () => {
    const { session } = await booked();
    const [appointment] = hospital.all('Appointment');
    if (appointment === undefined) throw new Error('no Appointment');
    const later = visit(300);
    hospital.put({ ...appointment, ...later });
    await adapter.session(session, { type: 'arrive' });
    await adapter.poll();
    const [now] = hospital.all('Appointment');
    expect(Date.parse(now?.start ?? '')).to.equal(Date.parse(later.start));
  });

  it('a visit that took place here and was cancelled there is a conflict that a person sees', async () => {
    const { session } = await booked();
    await adapter.session(session, { type: 'start' });
    await adapter.poll();
    const [appointment] = hospital.all('Appointment');
    if (appointment === undefined) throw new Error('no Appointment');
    hospital.put({ ...appointment, status: 'cancelled' });
    await adapter.session(session, { type: 'finish', scores: [], techniques: [] });
    await adapter.poll();
    expect(hospital.all('Appointment').map((one) => one.status)).to.deep.equal(['cancelled']);
    expect(hospital.all('Procedure').map((one) => one.status)).to.deep.equal(['completed']);
    expect((await work()).length).to.be.greaterThan(0);
    const { sessions } = await adapter.of('ServiceRequest/one');
    expect(sessions.map((one) => one.state)).to.deep.equal(['finished']);
  });

  it('a visit that the hospital booked itself is a session of the referral', async () => {
    const { id } = (await adapter.of('ServiceRequest/one')).referral;
    await adapter.referral(id, { type: 'accept' });
    hospital.put({
      resourceType: 'Appointment',
      id: 'theirs',
      status: 'booked',
      ...visit(120),
      basedOn: [{ reference: 'ServiceRequest/one' }],
      participant: [{ actor: { reference: 'Practitioner/ana' }, status: 'accepted' }],
    });
    await adapter.poll();
    const { referral, sessions } = await adapter.of('ServiceRequest/one');
    expect(referral.state).to.equal('scheduled');
    expect(sessions.map((one) => [one.state, one.bookedBy, one.therapist])).to.deep.equal([
      ['booked', 'hospital', 'ana'],
    ]);
    expect(hospital.count('Appointment')).to.equal(1);
    expect(hospital.history('Appointment', 'theirs')).to.have.length(1);
  });

  it('an Appointment that came before its order was ours is not forgotten', async () => {
    hospital.put(order('late', { code: { coding: [{ system: 'urn:oid:1.2.3', code: '4711' }] } }));
    const { site, log } = adapter.sites.get('general') ?? {};
    if (site === undefined || log === undefined) throw new Error('no site');
    const appointment = hospital.put({
      resourceType: 'Appointment',
      id: 'early',
      status: 'booked',
      ...visit(120),
      basedOn: [{ reference: 'ServiceRequest/late' }],
      participant: [{ actor: { reference: 'Patient/fern' }, status: 'accepted' }],
    });
    await receivePush(site, log, appointment, never);
    hospital.put(order('late'));
    await adapter.poll();
    expect((await adapter.of('ServiceRequest/late')).sessions).to.have.length(1);
  });

  it('a patient who could not be read with the order is read by the next run', async () => {
    hospital.faults.add({
      do: 'status',
      status: 503,
      on: { method: 'GET', path: '/Patient/' },
      times: 9,
    });
    hospital.put({
      resourceType: 'Patient',
      id: 'moss',
      name: [{ family: 'Mossgate', given: ['Ulla'] }],
    });
    hospital.put(order('for-moss', { subject: { reference: 'Patient/moss' } }));
    await adapter.poll();
    expect((await adapter.of('ServiceRequest/for-moss')).referral.care.patient.name).to.equal(
      undefined,
    );
    hospital.faults.clear();
    await adapter.poll();
    expect((await adapter.of('ServiceRequest/for-moss')).referral.care.patient.name).to.equal(
      'Ulla Mossgate',
    );
  });

  it('an order that was replaced is superseded by the new one', async () => {
    await booked();
    hospital.put(order('two', { replaces: [{ reference: 'ServiceRequest/one' }] }));
    await adapter.poll();
    expect(await state()).to.equal('superseded');
    expect((await adapter.of('ServiceRequest/two')).referral.state).to.equal('requested');
  });

  it('an ended order that becomes active again is a new episode and work for a person', async () => {
    await booked();
    hospital.put(order('one', { status: 'revoked' }));
    await adapter.poll();
    hospital.put(order('one'));
    await adapter.poll();
    const all = (await adapter.referrals()).map(({ referral }) => [
      referral.episode,
      referral.state,
    ]);
    expect(all.sort()).to.deep.equal([
      [1, 'cancelled'],
      [2, 'requested'],
    ]);
    expect(await work()).to.deep.equal(['reopened']);
  });

  it('parent and child orders of one request are one referral, whichever is seen first', async () => {
    hospital.put(order('child-a', { basedOn: [{ reference: 'ServiceRequest/parent-a' }] }));
    hospital.put(order('parent-a'));
    await adapter.poll();
    hospital.put(order('parent-b'));
    await adapter.poll();
    hospital.put(order('child-b', { basedOn: [{ reference: 'ServiceRequest/parent-b' }] }));
    await adapter.poll();
    const orders = (await adapter.referrals())
      .map(({ referral }) => referral.care.order.reference)
      .sort();
    expect(orders).to.have.length(3);
    expect(orders).to.include('ServiceRequest/parent-b');
  });

  it('an older version never overwrites a newer one, however it arrives', async () => {
    const { site, log } = adapter.sites.get('general') ?? {};
    if (site === undefined || log === undefined) throw new Error('no site');
    const first = hospital.get('ServiceRequest', 'one');
    hospital.put(order('one', { status: 'on-hold' }));
    await adapter.poll();
    await receivePush(site, log, { ...first, priority: 'stat' }, never);
    expect(await state()).to.equal('on-hold');
    const versions = await versionsOf(adapter.store.read, 'general', 'ServiceRequest', 'one');
    expect(versions.at(-1)).to.include({ state: 'outdated', body: null });
  });

  it('on a server without versions, active to on-hold to active is two changes', async () => {
    const { site, log } = adapter.sites.get('general') ?? {};
    if (site === undefined || log === undefined) throw new Error('no site');
    const push = (status: 'active' | 'on-hold') =>
      receivePush(site, log, order('bare', { status }), never);
    for (const status of ['active', 'on-hold', 'active'] as const) await push(status);
    expect((await adapter.of('ServiceRequest/bare')).referral.state).to.equal('requested');
    await push('active');
    expect(
      await versionsOf(adapter.store.read, 'general', 'ServiceRequest', 'bare'),
    ).to.have.length(3);
  });

  it('a Task cancelled before the first visit cancels the referral; one given to somebody else is work', async () => {
    await booked();
    const [task] = hospital.all('Task');
    if (task === undefined) throw new Error('no Task');
    hospital.put({ ...task, status: 'cancelled', statusReason: { text: 'No longer needed' } });
    await adapter.poll();
    expect(await state()).to.equal('cancelled');
    expect(hospital.all('Appointment').map((one) => one.status)).to.deep.equal(['cancelled']);
  });

  it('a request to cancel after the first visit is answered by a person', async () => {
    const { id, session } = await booked();
    await adapter.session(session, { type: 'start' });
    await adapter.session(session, { type: 'finish', scores: [], techniques: [] });
    await adapter.poll();
    const [task] = hospital.all('Task');
    hospital.put({
      resourceType: 'Task',
      id: 'abort',
      status: 'requested',
      intent: 'order',
      code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'abort' }] },
      focus: { reference: `Task/${task?.id}` },
      owner: { reference: 'Organization/massage' },
    });
    await adapter.poll();
    expect(await state()).to.equal('cancellation-requested');
    expect(await work()).to.deep.equal(['cancel-asked']);
    await adapter.referral(id, { type: 'give-up', reason: 'agreed' });
    await adapter.poll();
    expect(hospital.get('Task', 'abort')?.status).to.equal('completed');
    expect(hospital.get('Task', task?.id ?? '')?.status).to.equal('failed');
  });

  it('is judged anew when the rules of the selection change', async () => {
    const local = { coding: [{ system: 'urn:oid:1.2.3', code: '4711' }] };
    hospital.put(order('local', { code: local }));
    await adapter.poll();
    expect(
      (await inboxCounts(adapter.store.read, { hospital: 'general' })).some(
        (one) => one.rule === 'service',
      ),
    ).to.equal(true);
    const { site } = adapter.sites.get('general') ?? {};
    if (site === undefined) throw new Error('no site');
    const { codes } = site.settings.select;
    Object.assign(site.settings, {
      select: { ...site.settings.select, codes: [...codes, 'urn:oid:1.2.3|4711'] },
    });
    await adapter.poll();
    expect((await adapter.of('ServiceRequest/local')).referral.state).to.equal('requested');
  });
});
