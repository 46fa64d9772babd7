/** Sessions over HTTP: the calendar, the bedside, and the record that comes of it. */
import { expect } from 'chai';
import { orla, referralAfter } from './people.ts';
import { type Served, serveApi } from './served.ts';

const at = (time: string) => `2026-03-02T${time}:00Z`;
const visit = { start: at('10:00'), end: at('10:45') };

describe('api: sessions', () => {
  let served: Served;
  let id: string;
  const command = (name: string, body?: unknown) =>
    served.post(`/api/sessions/${id}/${name}`, body);

  beforeEach(async () => {
    served = await serveApi({ clock: () => new Date(at('12:00')) });
    const plan = { type: 'plan', ...visit, therapist: 'ana' } as const;
    await referralAfter(served.adapter.store, 'r-1', [{ type: 'accept' }, plan]);
    id = (await served.get('/api/referrals/r-1')).json.sessions[0].id;
  });
  afterEach(() => served.stop());

  it('goes through a whole visit and leaves its record', async () => {
    expect((await command('arrive')).json.state).to.equal('arrived');
    expect((await command('start', { at: at('10:05') })).json.state).to.equal('in-progress');
    expect((await command('pause', { by: 'care-team', at: at('10:15') })).json.state).to.equal(
      'paused',
    );
    expect((await command('resume', { at: at('10:21') })).json.state).to.equal('in-progress');
    const charted = {
      scores: [
        { measure: 'pain', when: 'before', value: 7 },
        { measure: 'pain', when: 'after', missing: 'asleep' },
      ],
      techniques: [{ technique: 'swedish', site: 'Lumbar region', pressure: 2 }],
      response: 'Relaxed',
      note: 'Asleep at the end',
    };
    const { status, headers, json } = await command('finish', { at: at('10:40'), ...charted });
    expect(status).to.equal(200);
    expect(json.state).to.equal('finished');
    expect(json.record).to.deep.equal({
      startedAt: at('10:05'),
      endedAt: at('10:40'),
      pauses: [{ by: 'care-team', from: at('10:15'), to: at('10:21') }],
      ...charted,
    });
    expect(json.minutes).to.deep.equal({ total: 35, paused: 6, handsOn: 29 });
    expect(headers.get('etag')).to.equal(`"${json.version}"`);
    expect(json.possible).to.deep.equal([]);
    const referral = (await served.get('/api/referrals/r-1')).json;
    expect(referral.visits).to.deep.equal({ planned: 8, done: 1 });
    expect(referral.state).to.equal('in-series');
  });

  it('counts the minutes of a visit under way up to now', async () => {
    const { json } = await command('start', { at: at('11:30') });
    expect(json.minutes).to.deep.equal({ total: 30, paused: 0, handsOn: 30 });
  });

  it('stops early with a reason and a record', async () => {
    await command('start', { at: at('10:05') });
    const body = { reason: 'discomfort', at: at('10:15'), scores: [], techniques: [] };
    const { json } = await command('stop', body);
    expect(json.state).to.equal('stopped');
    expect(json.reason).to.deep.equal({ code: 'discomfort', text: 'Patient discomfort' });
  });

  for (const [name, body, state] of [
    ['move', { start: at('14:00'), end: at('14:30') }, 'planned'],
    ['cancel', { reason: 'therapist-unavailable' }, 'cancelled'],
    ['not-done', { reason: 'asleep' }, 'not-done'],
    ['no-show', undefined, 'no-show'],
  ] as const)
    it(`${name} leaves it ${state}`, async () => {
      const { status, json } = await command(name, body);
      expect([status, json.state]).to.deep.equal([200, state]);
      if (name === 'move') expect(json).to.include(body);
    });

  it('refuses what is not possible now, and says what is', async () => {
    const { status, json } = await command('finish', { scores: [], techniques: [] });
    expect(status).to.equal(409);
    expect(json.possible).to.include('start');
  });

  it('does not move into another visit of the therapist, and names that one', async () => {
    const plan = { type: 'plan', start: at('14:00'), end: at('14:30'), therapist: 'ana' } as const;
    await referralAfter(served.adapter.store, 'r-2', [{ type: 'accept' }, plan], { patient: orla });
    const [other] = (await served.get('/api/referrals/r-2')).json.sessions;
    const { status, json } = await command('move', { start: at('14:10'), end: at('14:40') });
    expect([status, json.code]).to.deep.equal([409, 'overlap']);
    expect(json.detail).to.include(other.id);
  });

  it('names every mistake of a record at once, and never what was typed', async () => {
    await command('start', { at: at('10:05') });
    const { status, json } = await command('finish', {
      scores: [
        { measure: 'pain', when: 'before', value: 11 },
        { measure: 'joy', when: 'before', value: 1 },
        { measure: 'pain', when: 'after' },
        { measure: 'stress', when: 'after', value: 1, missing: 'asleep' },
      ],
      techniques: [{ technique: 'swedish', site: 'Secret place', pressure: 6 }],
      mood: 'Secret mood',
    });
    expect(status).to.equal(400);
    expect(json.problems).to.have.members([
      'body /mood is not known here',
      'body /scores/0/value must be <= 10',
      'body /scores/1/measure must be one of pain, anxiety, stress',
      'body /scores/2: a score has either value or missing',
      'body /scores/3: a score has either value or missing',
      'body /techniques/0/pressure must be <= 5',
    ]);
    expect(JSON.stringify(json)).to.not.match(/Secret/);
  });

  it('does not take the same score twice', async () => {
    await command('start', { at: at('10:05') });
    const score = { measure: 'pain', when: 'before', value: 3 };
    const { status, json } = await command('finish', {
      scores: [score, { ...score, value: 4 }],
      techniques: [],
    });
    expect(status).to.equal(400);
    expect(json.problems).to.deep.equal(['body /scores has pain before twice']);
  });

  it('asks for scores and techniques, also where there are none', async () => {
    await command('start', { at: at('10:05') });
    const { json } = await command('finish', {});
    expect(json.problems).to.have.members([
      'body /scores is missing',
      'body /techniques is missing',
    ]);
  });

  it('does not start in the future', async () => {
    const { status } = await command('start', { at: at('13:00') });
    expect(status).to.equal(400);
  });

  it('lists by time and therapist, and says how to go on', async () => {
    for (const hour of ['14', '15', '16'])
      await served.post('/api/referrals/r-1/sessions', {
        start: at(`${hour}:00`),
        end: at(`${hour}:30`),
      });
    const starts = async (query: string) => {
      const { json } = await served.get(`/api/sessions?${query}`);
      return [
        ...json.items.map((one: { start: string }) => one.start.slice(11, 13)),
        json.next?.slice(11, 13),
      ];
    };
    expect(await starts(`from=${at('14:00')}&to=${at('16:00')}`)).to.deep.equal([
      '14',
      '15',
      undefined,
    ]);
    expect(await starts('therapist=ana')).to.deep.equal(['10', undefined]);
    expect(await starts('limit=2')).to.deep.equal(['10', '14', '15']);
  });

  it('refuses a time without zone instead of guessing one', async () => {
    const { status, json } = await served.get('/api/sessions?from=2026-03-02');
    expect(status).to.equal(400);
    expect(json.detail).to.include('zone');
  });

  it('answers 404 for one that is not here', async () => {
    expect((await served.get('/api/sessions/none')).status).to.equal(404);
    expect((await served.post('/api/sessions/none/arrive')).status).to.equal(404);
  });
});
