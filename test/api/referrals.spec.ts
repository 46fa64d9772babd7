/** Referrals over HTTP: what is shown, what is asked for, and what a command comes to. */
import { expect } from 'chai';
import { orla, referralAfter, tilda, wholeCare } from './people.ts';
import { type Served, serveApi } from './served.ts';

const visit = { start: '2026-03-02T10:00:00Z', end: '2026-03-02T10:30:00Z' };
const later = { start: '2026-03-03T10:00:00Z', end: '2026-03-03T10:30:00Z' };

const nothingRead =
  'Nothing was read from the hospital: it was not asked yet, or reading is off (facts.read). This does not mean that there is nothing.';

describe('api: referrals', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serveApi();
    const { store } = served.adapter;
    await referralAfter(store, 'r-1', []);
    await referralAfter(
      store,
      'r-2',
      [{ type: 'accept' }, { type: 'plan', ...visit, therapist: 'ana' }],
      {
        patient: orla,
      },
    );
  });
  afterEach(() => served.stop());

  it('shows one with everything that was ordered', async () => {
    const { status, headers, json } = await served.get('/api/referrals/r-1');
    expect(status).to.equal(200);
    expect(headers.get('etag')).to.equal('"1"');
    expect(json).to.deep.equal({
      id: 'r-1',
      hospital: 'general',
      episode: 1,
      state: 'requested',
      version: 1,
      order: { reference: 'ServiceRequest/r-1', identifier: [] },
      patient: tilda,
      service: wholeCare.service,
      reasons: wholeCare.reasons,
      direction: wholeCare.direction,
      techniques: wholeCare.techniques,
      bodySites: wholeCare.bodySites,
      priority: 'urgent',
      frequency: wholeCare.frequency,
      visits: { planned: 8, done: 0 },
      place: wholeCare.place,
      sessions: [],
      facts: [],
      factsRead: { says: nothingRead, readings: [], advisories: [] },
      possible: ['accept', 'decline', 'hold'],
    });
  });

  it('shows its sessions with it', async () => {
    const { json } = await served.get('/api/referrals/r-2');
    expect(json.sessions).to.have.lengthOf(1);
    expect(json.sessions[0]).to.include({ state: 'planned', therapist: 'ana', referral: 'r-2' });
  });

  it('answers 404 for one that is not here', async () => {
    const { status, json } = await served.get('/api/referrals/r-0');
    expect([status, json.code]).to.deep.equal([404, 'not-ours']);
  });

  it('lists them a page at a time, without losing one', async () => {
    const first = await served.get('/api/referrals?limit=1');
    const second = await served.get(`/api/referrals?limit=1&after=${first.json.next}`);
    const ids = [...first.json.items, ...second.json.items].map((one: { id: string }) => one.id);
    expect(ids.sort()).to.deep.equal(['r-1', 'r-2']);
    expect(second.json).to.not.have.property('next');
  });

  const filters: readonly (readonly [string, readonly string[]])[] = [
    ['state=requested', ['r-1']],
    ['state=scheduled', ['r-2']],
    ['state=declined', []],
    ['hospital=general', ['r-1', 'r-2']],
    ['q=oyelaran', ['r-2']],
    ['q=mrn-77123', ['r-1']],
    ['q=ServiceRequest%2Fr-2', ['r-2']],
  ];
  for (const [query, ids] of filters)
    it(`finds by ${query}`, async () => {
      const { json } = await served.get(`/api/referrals?${query}`);
      expect(json.items.map((one: { id: string }) => one.id).sort()).to.deep.equal(ids);
    });

  const mistakes = [
    'state=open',
    'hospital=elsewhere',
    'limit=0',
    'limit=many',
    'stat=requested',
    'after=x',
    'q=a&q=b',
  ];
  for (const query of mistakes)
    it(`refuses ${query} instead of finding nothing`, async () => {
      const { status, json } = await served.get(`/api/referrals?${query}`);
      expect([status, json.code]).to.deep.equal([400, 'bad-request']);
    });

  it('accepts, and shows what is possible next', async () => {
    const { status, headers, json } = await served.post('/api/referrals/r-1/accept');
    expect(status).to.equal(200);
    expect(json.state).to.equal('accepted');
    expect(json.possible).to.include('plan');
    expect(headers.get('etag')).to.equal(`"${json.version}"`);
    expect((await served.get('/api/referrals/r-1')).json).to.deep.equal(json);
  });

  it('writes down who did it: the name of the key', async () => {
    await served.post('/api/referrals/r-1/accept');
    const changed = served.adapter.signals.findLast(({ name }) => name === 'referral:changed');
    expect(changed?.data).to.include({ by: 'therapist key', state: 'accepted' });
  });

  for (const [command, state] of [
    ['decline', 'declined'],
    ['hold', 'on-hold'],
  ] as const)
    it(`${command} takes a reason and shows it`, async () => {
      const { json } = await served.post(`/api/referrals/r-1/${command}`, {
        reason: '  no therapist ',
      });
      expect(json).to.include({ state, reason: 'no therapist' });
    });

  it('holds, resumes, gives up', async () => {
    await served.post('/api/referrals/r-2/hold', { reason: 'fever' });
    expect((await served.post('/api/referrals/r-2/resume', {})).json.state).to.equal('scheduled');
    const { json } = await served.post('/api/referrals/r-2/give-up', { reason: 'patient left' });
    expect(json.state).to.equal('failed');
    expect(json.sessions[0].state).to.equal('cancelled');
  });

  it('refuses what is not possible now, and says what is', async () => {
    const { status, json } = await served.post('/api/referrals/r-1/complete');
    expect(status).to.equal(409);
    expect(json.code).to.equal('not-possible-now');
    expect(json.possible).to.deep.equal(['accept', 'decline', 'hold']);
  });

  for (const body of [
    {},
    { reason: '' },
    { reason: '   ' },
    { reason: 7 },
    { reason: 'x', because: 'y' },
  ])
    it(`does not decline with ${JSON.stringify(body)}`, async () => {
      const { status, json } = await served.post('/api/referrals/r-1/decline', body);
      expect(status).to.equal(400);
      expect(json.problems).to.have.lengthOf.at.least(1);
    });

  it('plans a session, and says where it is', async () => {
    const body = { ...later, therapist: 'ana', place: 'Room 2' };
    const { status, headers, json } = await served.post('/api/referrals/r-2/sessions', body);
    expect(status).to.equal(201);
    expect(json).to.include({ state: 'planned', place: 'Room 2', bookedBy: 'service', ...later });
    expect(headers.get('location')).to.equal(`/api/sessions/${json.id}`);
    expect((await served.get(`/api/sessions/${json.id}`)).json).to.deep.equal(json);
  });

  it('refuses to plan what overlaps, and names the other', async () => {
    const [other] = (await served.get('/api/referrals/r-2')).json.sessions;
    await served.post('/api/referrals/r-1/accept');
    const body = { start: '2026-03-02T10:15:00Z', end: '2026-03-02T10:45:00Z', therapist: 'ana' };
    const { status, json } = await served.post('/api/referrals/r-1/sessions', body);
    expect([status, json.code]).to.deep.equal([409, 'overlap']);
    expect(json.detail).to.include(other.id);
  });

  it('refuses a therapist that the settings do not know, and names those that they do', async () => {
    const { status, json } = await served.post('/api/referrals/r-2/sessions', {
      ...later,
      therapist: 'bo',
    });
    expect(status).to.equal(400);
    expect(json.fix).to.include('ana');
  });

  const badTimes = [
    { start: '2026-03-03T10:00:00', end: later.end },
    { start: '2026-03-03', end: later.end },
    { start: '2026-02-30T10:00:00Z', end: later.end },
    { start: later.end, end: later.start },
    { start: later.start, end: '2026-03-03T20:00:00Z' },
    { start: later.start },
  ];
  for (const body of badTimes)
    it(`does not plan from ${body.start} to ${body.end}`, async () => {
      const { status, json } = await served.post('/api/referrals/r-2/sessions', body);
      expect([status, json.code]).to.deep.equal([400, 'bad-request']);
    });
});
