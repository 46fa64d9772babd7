/** Unknown codes through the API and on the page: what they may be, who may say so, and what runs again then. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { order, watched } from '../sync/one-order.ts';
import { type Served, serveApi } from './served.ts';

const massage = 'http://snomed.info/sct|387854002';
const local = 'http://hospital.example/orders';

describe('api: teaching an unknown code', () => {
  let served: Served;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'teach-'));
    served = await serveApi({
      folder,
      hospital: `    select: { categories: ['${watched.system}|${watched.code}'] }\n`,
    });
    await push('one', { code: 'MT30', display: 'Massage physiotherapy' });
    await push('two', { code: 'MT60', display: 'Massage, long' });
  });
  afterEach(async () => {
    await served.stop();
    await rm(folder, { recursive: true });
  });

  const push = (id: string, coding: fhir4.Coding) =>
    served.post(
      '/fhir/ServiceRequest',
      order(id, {
        code: { coding: [{ system: local, ...coding }] },
        category: [{ coding: [watched] }],
      }),
      { as: 'operator' },
    );
  const notes = async () => (await served.get('/api/work')).json.items;
  const noteOf = async (code: string) =>
    (await notes()).find((one: { says: string }) => one.says.includes(code))?.id;

  it('suggests what it may be, each with its reason', async () => {
    const [first, second] = await notes();
    expect(first.kind).to.equal('unknown-code');
    expect(first.codes).to.deep.equal([
      { system: local, code: 'MT30', display: 'Massage physiotherapy' },
    ]);
    expect(first.suggestions[0]).to.deep.include({
      because: 'same-display',
      as: { system: 'http://snomed.info/sct', code: '387854002', display: 'Massage physiotherapy' },
    });
    expect(second.suggestions[0].because).to.equal('nearest');
  });

  it('makes a referral of exactly the order that waited on it', async () => {
    const id = await noteOf('MT30');
    const { status, json } = await served.post(`/api/work/${id}/teach`, { as: massage });
    expect(status).to.equal(200);
    expect(json).to.deep.include({
      hospital: 'general',
      code: { system: local, code: 'MT30', display: 'Massage physiotherapy' },
      by: 'therapist key',
      before: false,
      ranAgain: 1,
    });
    const referral = (await served.get(`/api/referrals/${json.referrals[0]}`)).json;
    expect(referral.order.reference).to.equal('ServiceRequest/one');
    expect((await notes()).map((one: { codes: object[] }) => one.codes)).to.deep.equal([
      [{ system: local, code: 'MT60', display: 'Massage, long' }],
    ]);
    expect(await readFile(join(folder, 'massage-fhir.codes.csv'), 'utf8')).to.contain(
      'Massage physiotherapy,therapist key,',
    );
    const again = await served.post(`/api/work/${id}/teach`, { as: massage });
    expect([again.status, again.json.before, again.json.ranAgain]).to.deep.equal([200, true, 0]);
    const changed = await served.post(`/api/work/${id}/teach`, { refuse: true });
    expect([changed.status, changed.json.code]).to.deep.equal([409, 'not-possible-now']);
  });

  it('ends the wait by a refusal', async () => {
    const id = await noteOf('MT60');
    const { json } = await served.post(`/api/work/${id}/teach`, { refuse: true });
    expect([json.as, json.ranAgain, json.referrals]).to.deep.equal([undefined, 1, []]);
    expect(await notes()).to.have.length(1);
  });

  for (const [what, body, status, says] of [
    ['nothing', {}, 400, 'Say what it stands for with `as`'],
    ['both', { as: massage, refuse: true }, 400, 'Say what it stands for with `as`'],
    ['a look-alike', { as: 'http://snomed.info/sct|83099006' }, 400, 'external cardiac massage'],
    ['a technique', { as: 'swedish' }, 400, 'no service'],
    ['another code', { as: massage, code: `${local}|X` }, 400, 'does not have this code'],
  ] as const)
    it(`refuses ${what}`, async () => {
      const answer = await served.post(`/api/work/${await noteOf('MT30')}/teach`, body);
      expect(answer.status).to.equal(status);
      expect(answer.json.detail).to.contain(says);
      expect(await notes()).to.have.length(2);
    });

  it('knows no other work, and lets no viewer teach', async () => {
    expect((await served.post('/api/work/none/teach', { refuse: true })).status).to.equal(404);
    const wish = { as: 'viewer' as const };
    const id = await noteOf('MT30');
    expect((await served.post(`/api/work/${id}/teach`, { refuse: true }, wish)).status).to.equal(
      403,
    );
  });

  it('offers no teaching on the page where the order has no code', async () => {
    const bare = order('bare', { code: { text: 'Massage' }, category: [{ coding: [watched] }] });
    await served.post('/fhir/ServiceRequest', bare, { as: 'operator' });
    const { text } = await served.ask('GET', '/', {
      as: 'viewer',
      headers: { Accept: 'text/html' },
    });
    const note = (await notes()).find((one: { codes: object[] }) => one.codes.length === 0);
    expect(text).to.contain('It has no code that could be taught');
    expect(text).not.to.contain(`/api/work/${note?.id}/teach`);
  });

  it('shows the suggestions on the page too', async () => {
    const { text } = await served.ask('GET', '/', {
      as: 'viewer',
      headers: { Accept: 'text/html' },
    });
    expect(text).to.contain('It may be:').and.to.contain('<strong>Massage physiotherapy</strong>');
    expect(text).to.contain('is the display of http://snomed.info/sct|387854002');
  });
});
