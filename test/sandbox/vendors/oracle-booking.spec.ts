import { expect } from 'chai';
import { closeHospitals, type Hospital, hospital, patient } from '../hospital.ts';

async function withSlots(): Promise<Hospital> {
  const at = await hospital({ vendor: 'oracle-health' });
  at.put(patient({ id: '1' }));
  at.put({ resourceType: 'Location', id: 'massage', name: 'Massage room' } as fhir4.Location);
  at.put({
    resourceType: 'Schedule',
    id: 'sched',
    actor: [{ reference: 'Practitioner/ana' }, { reference: 'Location/massage' }],
  } as fhir4.Schedule);
  for (const hour of [9, 10]) {
    at.put({
      resourceType: 'Slot',
      id: `slot-${hour}`,
      schedule: { reference: 'Schedule/sched' },
      status: 'free',
      serviceType: [{ coding: [{ system: 'urn:types', code: 'massage' }] }],
      start: `2026-03-02T${String(hour).padStart(2, '0')}:00:00Z`,
      end: `2026-03-02T${String(hour).padStart(2, '0')}:45:00Z`,
    } as fhir4.Slot);
  }
  return at;
}

const someone = { actor: { reference: 'Patient/1' }, status: 'accepted' };
const booking = {
  resourceType: 'Appointment',
  status: 'booked',
  slot: [{ reference: 'Slot/slot-9' }],
  participant: [someone],
  reasonCode: [{ text: 'Massage' }],
};
const wish = {
  resourceType: 'Appointment',
  status: 'proposed',
  serviceType: [{ text: 'Massage' }],
  requestedPeriod: [{ start: '2026-03-02T08:00:00Z', end: '2026-03-03T08:00:00Z' }],
  participant: [
    { ...someone, status: 'needs-action' },
    { actor: { reference: 'Location/massage' }, status: 'needs-action' },
  ],
};

async function made(at: Hospital, body: object): Promise<string> {
  const reply = await at.ask('POST', '/Appointment', body);
  expect(reply.status, reply.text).to.equal(201);
  return reply.headers.get('location')?.split('/').at(-1) ?? '';
}

const statusOf = async (at: Hospital, path: string) => (await at.ask('GET', path)).status;
const day = 'date=ge2026-03-02T00:00:00Z&date=lt2026-03-03T00:00:00Z';

const patchType = 'application/json-patch+json';

/** Patches under the current version. */
async function patched(at: Hospital, id: string, operations: object[]): Promise<number> {
  const { headers } = await at.ask('GET', `/Appointment/${id}`);
  const match = { 'content-type': patchType, 'if-match': headers.get('etag') ?? '' };
  return (await at.ask('PATCH', `/Appointment/${id}`, operations, match)).status;
}

const to = (value: string) => ({ op: 'replace', path: '/status', value });

describe('sandbox: booking like Oracle Health', () => {
  afterEach(closeHospitals);

  it('searches appointments by date and exactly one of patient, practitioner, location', async () => {
    const at = await withSlots();
    const id = await made(at, booking);
    for (const who of ['patient=1', 'practitioner=ana', 'location=massage,other']) {
      expect(await at.ids(`/Appointment?${who}&${day}`), who).to.deep.equal([id]);
    }
    for (const query of [
      day,
      'patient=1',
      `patient=1&location=massage&${day}`,
      `patient=1&patient=2&${day}`,
      `patient=1&${day}&_lastUpdated=ge2026-01-01T00:00:00Z`,
      `patient=1&${day}&-date-or-req-period=ge2026-01-01T00:00:00Z`,
      'patient=1&date=ge2026-03-02',
      'patient=1&date=2026-03-02T00:00:00Z',
    ]) {
      expect(await statusOf(at, `/Appointment?${query}`), query).to.equal(400);
    }
    expect(await statusOf(at, '/Appointment?patient=1&date=ge2026-03-02T00:00:00Z')).to.equal(200);
  });

  it('shows a proposed appointment only to -date-or-req-period', async () => {
    const at = await withSlots();
    const id = await made(at, wish);
    expect(await at.ids(`/Appointment?patient=1&${day}`)).to.deep.equal([]);
    const wide = day.replaceAll('date=', '-date-or-req-period=');
    expect(await at.ids(`/Appointment?patient=1&${wide}`)).to.deep.equal([id]);
  });

  it('searches free slots in a closed range', async () => {
    const at = await withSlots();
    const range = 'start=ge2026-03-02T00:00:00Z&start=lt2026-03-03T00:00:00Z';
    const type = 'service-type=urn:types|massage';
    expect(await at.ids(`/Slot?${type}&${range}`)).to.deep.equal(['slot-10', 'slot-9']);
    await made(at, booking);
    expect(await at.ids(`/Slot?${type}&${range}`)).to.deep.equal(['slot-10']);
    expect(await statusOf(at, `/Slot?${range}`)).to.equal(400);
    expect(await statusOf(at, `/Slot?${type}&start=ge2026-03-02T00:00:00Z`)).to.equal(400);
  });

  it('books one free slot for one patient, and takes time, place and person from it', async () => {
    const at = await withSlots();
    const reply = await at.ask('POST', '/Appointment', booking);
    expect([reply.status, reply.text]).to.deep.equal([201, '']);
    const id = reply.headers.get('location')?.split('/').at(-1) ?? '';
    const appointment = at.get('Appointment', id);
    expect(appointment?.start).to.equal('2026-03-02T09:00:00Z');
    expect(appointment?.participant.map(({ actor }) => actor?.reference)).to.deep.equal([
      'Patient/1',
      'Practitioner/ana',
      'Location/massage',
    ]);
    expect(at.get('Slot', 'slot-9')?.status).to.equal('busy');
    expect((await at.ask('POST', '/Appointment', booking)).status).to.equal(422);
    expect(at.count('Appointment')).to.equal(1);
  });

  it('refuses bookings that say more than it takes, or less', async () => {
    const at = await withSlots();
    const wrong = {
      'a start': { ...booking, start: '2026-03-02T09:00:00Z' },
      'an end': { ...booking, end: '2026-03-02T10:00:00Z' },
      'a participant type': { ...booking, participant: [{ ...someone, type: [{ text: 'x' }] }] },
      'no slot': { ...booking, slot: undefined },
      'two slots': { ...booking, slot: [...booking.slot, { reference: 'Slot/slot-10' }] },
      'an unknown slot': { ...booking, slot: [{ reference: 'Slot/none' }] },
      'two reasons': { ...booking, reasonCode: [{ text: 'a' }, { text: 'b' }] },
      'a reason without text': { ...booking, reasonCode: [{ coding: [{ code: 'a' }] }] },
      'a place': {
        ...booking,
        participant: [someone, { actor: { reference: 'Location/massage' }, status: 'accepted' }],
      },
      'a participant not accepted': {
        ...booking,
        participant: [{ ...someone, status: 'needs-action' }],
      },
      'another status': { ...booking, status: 'pending' },
      'a wish without a place': { ...wish, participant: [wish.participant[0]] },
      'a wish without a period': { ...wish, requestedPeriod: undefined },
      'a wish without a type': { ...wish, serviceType: undefined },
      'a wish that is accepted': {
        ...wish,
        participant: wish.participant.map((one) => ({ ...one, status: 'accepted' })),
      },
    };
    for (const [what, body] of Object.entries(wrong)) {
      expect((await at.ask('POST', '/Appointment', body)).status, what).to.equal(422);
    }
    expect(at.count('Appointment')).to.equal(0);
  });

  it('patches under the odd name of the version: 412 without, 409 for another', async () => {
    const at = await withSlots();
    const id = await made(at, booking);
    const { headers, body } = await at.ask('GET', `/Appointment/${id}`);
    expect(headers.get('etag')).to.equal(`W/"${body.meta?.versionId}"`);
    expect(body.meta?.versionId).to.match(/^\d+v\d+$/);
    const patch = (match: Record<string, string>) =>
      at.ask('PATCH', `/Appointment/${id}`, [to('arrived')], {
        'content-type': patchType,
        ...match,
      });
    expect((await patch({})).status).to.equal(412);
    expect((await patch({ 'if-match': 'W/"3423957v1"' })).status).to.equal(409);
    const done = await patch({ 'if-match': headers.get('etag') ?? '' });
    expect([done.status, done.text]).to.deep.equal([200, '']);
    expect(done.headers.get('content-type')).to.equal('text/html');
    expect((await patch({ 'if-match': headers.get('etag') ?? '' })).status).to.equal(409);
  });

  it('walks the status its few ways', async () => {
    const at = await withSlots();
    const id = await made(at, booking);
    for (const status of ['fulfilled', 'noshow', 'proposed', 'pending']) {
      expect(await patched(at, id, [to(status)]), status).to.equal(422);
    }
    for (const status of ['arrived', 'checked-in', 'fulfilled']) {
      expect(await patched(at, id, [to(status)]), status).to.equal(200);
      expect(at.get('Appointment', id)?.status).to.equal(status);
    }
    expect(await patched(at, id, [to('cancelled')])).to.equal(422);
  });

  it('cancels with a reason, and the slot is free again', async () => {
    const at = await withSlots();
    const id = await made(at, booking);
    const reason = { op: 'add', path: '/cancelationReason', value: { text: 'Discharged' } };
    expect(await patched(at, id, [reason])).to.equal(422);
    expect(await patched(at, id, [to('cancelled'), reason])).to.equal(200);
    expect(at.get('Appointment', id)?.cancelationReason?.text).to.equal('Discharged');
    expect(at.get('Slot', 'slot-9')?.status).to.equal('free');
  });

  it('books what was proposed only together with a slot', async () => {
    const at = await withSlots();
    const id = await made(at, wish);
    const slot = { op: 'add', path: '/slot', value: [{ reference: 'Slot/slot-10' }] };
    expect(await patched(at, id, [to('booked')])).to.equal(422);
    expect(await patched(at, id, [slot])).to.equal(422);
    expect(await patched(at, id, [to('booked'), slot])).to.equal(200);
    const booked = at.get('Appointment', id);
    expect([booked?.status, booked?.start]).to.deep.equal(['booked', '2026-03-02T10:00:00Z']);
    expect(at.get('Slot', 'slot-10')?.status).to.equal('busy');
  });

  it('refuses other operations, other participant states, mixed video links', async () => {
    const at = await withSlots();
    const id = await made(at, booking);
    const link = (op: string, n: number) => ({
      op,
      path: `/contained/${n}/telecom/0/value`,
      value: 'https://x.example',
    });
    for (const operations of [
      [{ op: 'replace', path: '/start', value: '2026-03-02T11:00:00Z' }],
      [{ op: 'remove', path: '/slot' }],
      [{ op: 'replace', path: '/participant/0/status', value: 'declined' }],
      [link('add', 0), link('replace', 1)],
    ]) {
      expect(await patched(at, id, operations), JSON.stringify(operations)).to.equal(422);
    }
    const accepted = { op: 'replace', path: '/participant/0/status', value: 'accepted' };
    expect(await patched(at, id, [accepted])).to.equal(200);
  });
});
