import { expect } from 'chai';
import { story } from '../../src/check/story.ts';
import { latestOf, versionsOf } from '../../src/store/inbox.ts';
import { connected, order, withoutVersion } from './one-order.ts';
import { openStay, stayIn } from './stay-hospital.ts';

const hour = 60 * 60_000;
const bed3 = 'Ward 5, Room 12, Bed 3';
const bed7 = 'Ward 5, Room 12, Bed 7';
const moved = stayIn('bed-7', {
  location: [
    { location: { reference: 'Location/bed-3' }, status: 'completed' },
    { location: { reference: 'Location/bed-7' }, status: 'active' },
  ],
});
const discharged = stayIn('bed-3', {
  status: 'finished',
  location: [{ location: { reference: 'Location/bed-3' }, status: 'completed' }],
});

describe('before their day', () => {
  let ward: Awaited<ReturnType<typeof openStay>>;
  beforeEach(async () => {
    ward = await openStay();
  });
  afterEach(() => ward.stop());

  const places = async () => (await ward.visits()).map(({ place, location }) => [place, location]);

  it('a visit is planned where the patient is, in the words of the ward', async () => {
    await ward.planned();
    expect(await places()).to.deep.equal([[bed3, 'Location/bed-3']]);
    const { care } = await ward.referral();
    expect([care.place, care.location, care.stay?.status]).to.deep.equal([
      bed3,
      'Location/bed-3',
      'in-progress',
    ]);
  });

  it('a transfer moves the visit here, and on the Appointment that we wrote', async () => {
    await ward.planned();
    ward.hospital.put(moved);
    ward.pass(2 * hour);
    await ward.look();
    expect(await places()).to.deep.equal([[bed7, 'Location/bed-7']]);
    expect((await ward.referral()).care.place).to.equal(bed7);
    await ward.send();
    const [appointment] = ward.hospital.all('Appointment');
    const shown = appointment?.participant.map(({ actor }) => actor?.display);
    expect(shown).to.include(bed7).and.not.include(bed3);
    await ward.adapter.poll();
    expect(await places()).to.deep.equal([[bed7, 'Location/bed-7']]);
    const { events, inbox } = await story(connected(ward.adapter).site, (await ward.referral()).id);
    expect(events.map(({ event }) => event.type)).to.include('place-moved');
    expect(inbox.map(({ type, rule }) => [type, rule])).to.deep.include(['Encounter', 'followed']);
    expect(await ward.work()).to.deep.equal([]);
  });

  it('an Appointment without a place of ours is not touched by a transfer', async () => {
    ward.hospital.put(stayIn('bed-3', { location: [] }));
    ward.hospital.put(
      order('inpatient', { encounter: { reference: 'Encounter/stay' }, priority: 'urgent' }),
    );
    await ward.adapter.poll();
    await ward.planned();
    expect(await places()).to.deep.equal([[undefined, undefined]]);
    const [before] = ward.hospital.all('Appointment');
    ward.hospital.put(moved);
    ward.pass(2 * hour);
    await ward.look();
    await ward.send();
    expect(await places()).to.deep.equal([[bed7, 'Location/bed-7']]);
    expect(ward.hospital.all('Appointment')).to.deep.equal([before]);
  });

  it('a discharge freezes the visits and asks a person, once', async () => {
    await ward.planned();
    ward.hospital.put(discharged);
    ward.pass(2 * hour);
    await ward.look();
    const { state, reason } = await ward.referral();
    expect([state, reason]).to.deep.equal([
      'on-hold',
      'The stay has ended: the hospital has discharged the patient.',
    ]);
    expect(await ward.work()).to.deep.equal(['stay-ended']);
    await ward.adapter.referral((await ward.referral()).id, { type: 'resume' });
    ward.pass(2 * hour);
    await ward.look();
    await ward.adapter.full();
    expect((await ward.referral()).state).to.equal('scheduled');
    expect(await ward.work()).to.deep.equal(['stay-ended']);
  });

  it('an end that passes while nothing else changes is a discharge', async () => {
    const end = new Date(Date.now() + hour).toISOString();
    ward.hospital.put(stayIn('bed-3', { period: { start: '2026-03-01T10:00:00Z', end } }));
    await ward.planned(300);
    await ward.adapter.full();
    expect((await ward.referral()).state).to.equal('scheduled');
    ward.pass(2 * hour);
    await ward.look();
    expect((await ward.referral()).state).to.equal('on-hold');
    expect((await ward.referral()).reason).to.match(/end has passed/);
  });

  it('leave from the stay is a finding and nothing else', async () => {
    await ward.planned();
    ward.hospital.put(stayIn('bed-3', { status: 'onleave' }));
    ward.pass(2 * hour);
    await ward.look();
    expect((await ward.referral()).state).to.equal('scheduled');
    const row = await latestOf(ward.adapter.store.read, 'general', 'Encounter', 'stay');
    expect(row?.findings).to.include('on leave');
  });

  it('a death freezes the visits and asks a person', async () => {
    await ward.planned();
    ward.hospital.put({
      resourceType: 'Patient',
      id: 'fern',
      name: [{ family: 'Fernquill', given: ['Odo'] }],
      deceasedDateTime: '2026-03-09',
    });
    ward.pass(2 * hour);
    await ward.look();
    const { state, care } = await ward.referral();
    expect([state, care.patient.gone, care.patient.name]).to.deep.equal([
      'on-hold',
      'deceased',
      'Odo Fernquill',
    ]);
    // The other order of the same patient too.
    expect(await ward.work()).to.deep.equal(['patient-gone', 'patient-gone']);
  });

  it('a stay that is not shown any more is said, and is no discharge', async () => {
    await ward.planned();
    ward.hospital.remove('Encounter', 'stay');
    ward.pass(2 * hour);
    const { tally } = await ward.look();
    expect((await ward.referral()).state).to.equal('scheduled');
    expect(tally.problems.map(({ says }) => says).join()).to.match(
      /no longer shows Encounter\/stay/,
    );
    expect(await ward.work()).to.deep.equal([]);
  });

  it('a stay that we may not read is said once a run', async () => {
    await ward.planned();
    ward.hospital.faults.add({
      do: 'status',
      status: 403,
      on: { method: 'GET', path: '/Encounter/' },
      times: 9,
    });
    ward.pass(2 * hour);
    const { tally } = await ward.look();
    expect(tally.problems.map(({ code }) => code)).to.deep.equal(['not-allowed']);
    expect((await ward.referral()).state).to.equal('scheduled');
    expect((await ward.adapter.full()).state).to.equal('complete');
  });

  it('reads patient and stay when a visit is near, at most every so often, each once', async () => {
    await ward.planned(30 * 60);
    const near = [
      'Encounter/stay',
      'Location/bed-3',
      'Location/room-12',
      'Location/ward-5',
      'Patient/fern',
    ];
    const asked = async () => (await ward.look()).asked.toSorted();
    ward.pass(2 * hour);
    expect(await asked(), 'more than a day ahead').to.deep.equal([]);
    ward.pass(6 * hour);
    expect(await asked(), 'within a day').to.deep.equal(near);
    expect(await asked(), 'again at once').to.deep.equal([]);
    ward.pass(hour / 2);
    expect(await asked(), 'half an hour later').to.deep.equal([]);
    ward.pass(hour);
    expect(await asked(), 'an hour later').to.deep.equal(near);
    ward.pass(19.4 * hour);
    expect(await asked(), 'most of a day later').to.deep.equal(near);
    ward.pass(0.2 * hour);
    expect(await asked(), 'within the last hour').to.deep.equal(near);
  });

  it('a full sweep reads each of them once, however many orders share it', async () => {
    ward.hospital.put(order('another', { encounter: { reference: 'Encounter/stay/_history/1' } }));
    await ward.adapter.poll();
    ward.pass(2 * hour);
    const before = ward.hospital.requests.length;
    await ward.adapter.full();
    const read = ward.hospital.requests
      .slice(before)
      .filter(({ path }) => /^\/fhir\/(Patient|Encounter|Location)\/[^?]*$/.test(path))
      .map(({ path }) => path);
    expect(read).to.deep.equal([...new Set(read)]);
    expect(read).to.include.members(['/fhir/Patient/fern', '/fhir/Encounter/stay']);
  });

  it('an older version never undoes a newer one, also where the newer came with its order', async () => {
    const [old] = ward.hospital.history('Encounter', 'stay');
    ward.hospital.put(moved);
    ward.hospital.put(
      order('inpatient', { encounter: { reference: 'Encounter/stay' }, priority: 'urgent' }),
    );
    await ward.adapter.poll();
    expect((await ward.referral()).care.place).to.equal(bed7);
    await ward.push(old?.resource);
    expect((await ward.referral()).care.place).to.equal(bed7);
    const rows = await versionsOf(ward.adapter.store.read, 'general', 'Encounter', 'stay');
    expect(rows.map(({ state }) => state)).to.include('outdated');
  });

  it('a discharge that a new version of the order brings along is one all the same', async () => {
    await ward.planned();
    ward.hospital.put(discharged);
    ward.hospital.put(
      order('inpatient', { encounter: { reference: 'Encounter/stay' }, priority: 'urgent' }),
    );
    await ward.adapter.poll();
    const { state, care } = await ward.referral();
    expect([state, care.priority]).to.deep.equal(['on-hold', 'urgent']);
    expect(await ward.work()).to.deep.equal(['stay-ended']);
  });

  it('works by content on a server without versions', async () => {
    await ward.planned();
    await ward.push(withoutVersion(moved));
    expect(await places()).to.deep.equal([[bed7, 'Location/bed-7']]);
    await ward.push(withoutVersion(stayIn('bed-3')));
    expect(await places()).to.deep.equal([[bed3, 'Location/bed-3']]);
    await ward.push(withoutVersion(stayIn('bed-3')));
    await ward.push(withoutVersion(discharged));
    expect((await ward.referral()).state).to.equal('on-hold');
  });
});

describe('a stay that is over when its order arrives', () => {
  const cases: readonly [string, fhir4.Encounter, string, readonly string[]][] = [
    ['freezes an inpatient order', discharged, 'on-hold', ['stay-ended']],
    [
      'leaves an outpatient order alone',
      {
        ...discharged,
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      },
      'requested',
      [],
    ],
    [
      'leaves an order alone whose class only the hospital knows',
      { ...discharged, class: { system: 'urn:oid:1.2.3', code: '13' } },
      'requested',
      [],
    ],
  ];
  for (const [name, encounter, state, work] of cases)
    it(name, async () => {
      const ward = await openStay(encounter);
      try {
        expect((await ward.referral()).state).to.equal(state);
        expect(await ward.work()).to.deep.equal(work);
      } finally {
        await ward.stop();
      }
    });
});
