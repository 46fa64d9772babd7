/** The pages as a browser gets them: signing in and out, what is shown, and what never is. */
import { expect } from 'chai';
import { openWork } from '../../src/store/work.ts';
import { orla, referralAfter, tilda } from '../api/people.ts';
import { type Reply, type Served, serveApi } from '../api/served.ts';
import { instant } from '../core/episodes.ts';

const asBrowser = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const fromHere = { ...asBrowser, 'Sec-Fetch-Site': 'same-origin' };

describe('pages', () => {
  let served: Served;
  let cookie: string;

  const see = (path: string, headers: Record<string, string> = {}) =>
    served.ask('GET', path, { headers: { ...asBrowser, Cookie: cookie, ...headers } });
  const send = (path: string, form: string, headers: Record<string, string> = fromHere) =>
    served.ask('POST', path, {
      body: form,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    });
  const titleOf = ({ text }: Reply) => /<title>(.*?)<\/title>/.exec(text)?.[1];

  beforeEach(async () => {
    cookie = '';
    served = await serveApi({ clock: () => new Date('2026-03-02T15:00:00Z') });
    const { store } = served.adapter;
    await referralAfter(store, 'r-1', [
      { type: 'accept' },
      {
        type: 'plan',
        start: '2026-03-03T16:30:00Z',
        end: '2026-03-03T17:00:00Z',
        therapist: 'ana',
      },
    ]);
    await referralAfter(store, 'r-2', [], {
      patient: orla,
      direction: '<script>alert(1)</script>',
    });
    await referralAfter(store, 'r-3', [{ type: 'decline', reason: 'No capacity' }]);
    const { headers } = await send('/sign-in', `key=${served.keys.viewer}`);
    cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
  });
  afterEach(() => served.stop());

  it('sends somebody who is not signed in to the sign-in page, and back afterwards', async () => {
    const sent = await see('/referrals/r-1', { Cookie: '' });
    expect([sent.status, sent.headers.get('location')]).to.deep.equal([
      303,
      '/sign-in?next=%2Freferrals%2Fr-1',
    ]);
    const back = await send('/sign-in', `key=${served.keys.viewer}&next=%2Freferrals%2Fr-1`);
    expect([back.status, back.headers.get('location')]).to.deep.equal([303, '/referrals/r-1']);
  });

  for (const next of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/referrals/../x',
    'javascript:alert(1)',
  ])
    it(`sends nobody to ${next}`, async () => {
      const form = `key=${served.keys.viewer}&next=${encodeURIComponent(next)}`;
      expect((await send('/sign-in', form)).headers.get('location')).to.equal('/');
    });

  it('sets a cookie that script and other sites cannot reach, over https only where it was set there', async () => {
    const plain = await send('/sign-in', `key=${served.keys.viewer}`);
    expect(plain.headers.get('set-cookie')).to.match(
      /^mf_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    const behindTls = { ...fromHere, 'X-Forwarded-Proto': 'https' };
    const secure = await send('/sign-in', `key=${served.keys.viewer}`, behindTls);
    expect(secure.headers.get('set-cookie')).to.match(/; Secure$/);
  });

  it('says that a key is wrong without repeating it', async () => {
    const { status, text, headers } = await send('/sign-in', 'key=mf_guessed');
    expect(status).to.equal(401);
    expect(text).to.include('role="alert"').and.not.include('guessed');
    expect(headers.has('set-cookie')).to.equal(false);
  });

  it('signs nobody in or out for another site', async () => {
    const foreign = { ...asBrowser, 'Sec-Fetch-Site': 'cross-site', Cookie: cookie };
    expect((await send('/sign-in', `key=${served.keys.viewer}`, foreign)).status).to.equal(403);
    expect((await send('/sign-out', '', foreign)).status).to.equal(403);
    expect((await see('/')).status).to.equal(200);
  });

  it('signs out for good', async () => {
    const { status, headers } = await send('/sign-out', '', { ...fromHere, Cookie: cookie });
    expect([status, headers.get('location')]).to.deep.equal([303, '/sign-in']);
    expect(headers.get('set-cookie')).to.include('Max-Age=0');
    expect((await see('/')).status).to.equal(303);
  });

  it('groups referrals by state, what is open first', async () => {
    const { text } = await see('/');
    const groups = [...text.matchAll(/<h2 id="([\w-]+)">/g)].map(([, id]) => id);
    expect(groups).to.deep.equal(['requested', 'scheduled', 'declined']);
  });

  it('shows name, birth date and identifier together, in list and story', async () => {
    for (const path of ['/?state=scheduled', '/referrals/r-1']) {
      const words = (await see(path)).text.replace(/<[^>]+>|\s+/g, ' ').replace(/ +/g, ' ');
      expect(words, path).to.match(/Tilda Quistgaard Born 12 Apr 1961 \(64 y\) MRN MRN-77123/);
    }
    const { text } = await see('/?state=requested');
    expect(text).to.include(orla.name).and.include('Born 1984').and.include('ward-number WN-4402');
  });

  it('shows times in the hospital’s zone and says which', async () => {
    const { text } = await see('/referrals/r-1');
    expect(text).to.include('Tue 3 Mar 2026, 10:30').and.include('America/Chicago');
  });

  it('shows priority, direction, visits, place and therapist', async () => {
    const { text } = await see('/referrals/r-1');
    for (const words of [
      'Urgent',
      'Gentle work only',
      'Ward 4 West',
      'Ana Example',
      'Visits ordered',
    ])
      expect(text).to.include(words);
  });

  it('shows what the hospital typed as text', async () => {
    const { text } = await see('/referrals/r-2');
    expect(text).to.include('&lt;script>alert(1)').and.not.include('<script');
  });

  it('shows open work, and whom it is about', async () => {
    await served.adapter.store.transaction((tx) =>
      openWork(tx, {
        id: 'w-1',
        hospital: 'general',
        kind: 'conflict',
        says: 'Look at the visit.',
        referral: 'r-1',
        at: instant(0),
      }),
    );
    for (const path of ['/', '/referrals/r-1']) {
      const { text } = await see(path);
      expect(text).to.include('Waiting for a person').and.include('Look at the visit.');
      expect(text).to.include(tilda.name);
    }
  });

  it('keeps patients out of titles and addresses', async () => {
    const shown = [await see('/'), await see('/referrals/r-1'), await see('/?state=scheduled')];
    expect(shown.map(titleOf)).to.deep.equal([
      'Referrals · Massage service',
      'Referral · Massage service',
      'Referrals: Scheduled · Massage service',
    ]);
    for (const { text } of shown)
      for (const [, address = ''] of text.matchAll(/(?:href|action)="([^"]*)"/g))
        expect(address).to.match(/^(#[\w-]+|\/[\w./?=&;-]*)$/);
  });

  it('leafs through a long state', async () => {
    for (let count = 0; count < 60; count += 1)
      await referralAfter(served.adapter.store, `more-${String(count).padStart(2, '0')}`, []);
    const overview = await see('/');
    expect(overview.text).to.include('>61<');
    const first = await see('/?state=requested');
    const next = /href="(\/\?state=requested&amp;after=[^"]+)"/.exec(first.text)?.[1];
    const second = await see((next ?? '').replace('&amp;', '&'));
    const rows = ({ text }: Reply) => text.match(/<h3>/g)?.length;
    expect([rows(first), rows(second)]).to.deep.equal([50, 11]);
  });

  it('answers a page that is not there with a page', async () => {
    for (const path of ['/referrals/none', '/nothing', '/?state=open']) {
      const { status, text } = await see(path);
      expect(status, path).to.be.oneOf([400, 404]);
      expect(text, path)
        .to.match(/^<!doctype html>/)
        .and.include('<h1>');
    }
  });

  it('keeps the style sheet for good, under an address that changes with it', async () => {
    const address = /href="(\/style\.css\?v=[0-9a-f]+)"/.exec((await see('/')).text)?.[1] ?? '';
    const { status, headers } = await see(address);
    expect([status, headers.get('content-type')]).to.deep.equal([200, 'text/css; charset=utf-8']);
    expect(headers.get('cache-control')).to.include('immutable');
  });

  it('says in the log which page was shown, by its pattern', async () => {
    await see('/referrals/r-1');
    const line = served.adapter.signals.findLast(({ name }) => name === 'api:answered');
    expect(line?.data).to.include({ route: '/referrals/:id', status: 200 });
  });
});
