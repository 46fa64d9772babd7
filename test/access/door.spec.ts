/** The door: bearer before cookie, cookies only as long as the key behind them is good, changes only from our own pages. */
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { signedInCookie, signedOutCookie, tokenInCookie } from '../../src/access/cookie.ts';
import { type Door, openDoor } from '../../src/access/door.ts';
import { issueKey, revokeKey } from '../../src/access/keys.ts';
import { fromOwnPage } from '../../src/access/same-origin.ts';
import { signedInSeconds } from '../../src/access/sign-ins.ts';
import type { Store } from '../../src/store/store.ts';
import { instant } from '../core/episodes.ts';
import { engines } from '../store/engines.ts';

const host = 'adapter.example:8300';

for (const engine of engines) {
  describe(`access: the door (${engine.name})`, () => {
    let store: Store;
    let door: Door;
    let minutes: number;
    let id: string;
    let key: string;
    let cookie: string;

    beforeEach(async () => {
      store = await engine.open();
      minutes = 0;
      door = openDoor({ store, clock: () => new Date(instant(minutes)), random: randomBytes });
      ({ id, key } = await issueKey(
        store,
        { name: 'ana', role: 'therapist' },
        { random: randomBytes, newId: () => 'key-1', now: instant(0) },
      ));
      const signedIn = await door.signIn(key);
      if ('refused' in signedIn) throw new Error(signedIn.refused);
      cookie = `other=1; mf_session=${signedIn.token}`;
    });
    afterEach(() => store.close());

    const asks = (headers: object, method = 'GET') => door.whoAsks({ method, headers });
    const principal = { id: 'key-1', name: 'ana', role: 'therapist' };

    it('knows a bearer key, whatever the case of the scheme', async () => {
      expect(await asks({ authorization: `bearer ${key}` })).to.deep.equal({ principal });
    });

    it('takes no other scheme, and does not fall back on the cookie', async () => {
      expect(await asks({ authorization: `Basic ${key}`, cookie })).to.deep.equal({
        refused: 'unknown',
      });
    });

    it('knows the cookie of somebody who signed in', async () => {
      expect(await asks({ cookie })).to.deep.equal({ principal });
    });

    it('finds nobody without either', async () => {
      expect(await asks({})).to.deep.equal({ refused: 'missing' });
      expect(await asks({ cookie: 'mf_session=' })).to.deep.equal({ refused: 'missing' });
    });

    it('does not take a key for a cookie, nor a cookie for a key', async () => {
      expect(await asks({ cookie: `mf_session=${key}` })).to.deep.equal({ refused: 'signed-out' });
      const token = tokenInCookie(cookie);
      expect(await asks({ authorization: `Bearer ${token}` })).to.deep.equal({
        refused: 'unknown',
      });
    });

    it('signs nobody in with a wrong key', async () => {
      expect(await door.signIn('mf_wrong')).to.deep.equal({ refused: 'unknown' });
    });

    it('ends a sign-in after a shift, at once when signed out, and with the key behind it', async () => {
      minutes = signedInSeconds / 60;
      expect(await asks({ cookie })).to.deep.equal({ refused: 'signed-out' });
      minutes = 0;
      await revokeKey(store, id, instant(0));
      expect(await asks({ cookie })).to.deep.equal({ refused: 'signed-out' });
    });

    it('knows a token no more after it was signed out', async () => {
      door.signOut(tokenInCookie(cookie) ?? '');
      expect(await asks({ cookie })).to.deep.equal({ refused: 'signed-out' });
    });

    it('takes a change by cookie from our own pages only', async () => {
      const change = (headers: object) => asks({ cookie, host, ...headers }, 'POST');
      expect(await change({ origin: `https://${host}` })).to.deep.equal({ principal });
      expect(await change({ 'sec-fetch-site': 'same-origin' })).to.deep.equal({ principal });
      expect(await change({})).to.deep.equal({ refused: 'foreign' });
      expect(await change({ origin: 'https://evil.example' })).to.deep.equal({
        refused: 'foreign',
      });
    });

    it('asks no origin of a bearer key', async () => {
      expect(await asks({ authorization: `Bearer ${key}` }, 'POST')).to.deep.equal({ principal });
    });
  });
}

describe('access: from our own page', () => {
  const verdicts: readonly (readonly [string, object, boolean])[] = [
    ['the browser says so', { 'sec-fetch-site': 'same-origin', host }, true],
    [
      'the browser says cross-site, whatever Origin says',
      { 'sec-fetch-site': 'cross-site', origin: `http://${host}`, host },
      false,
    ],
    ['another port of the same machine', { 'sec-fetch-site': 'same-site', host }, false],
    ['typed into the address bar', { 'sec-fetch-site': 'none', host }, false],
    ['Origin is ours', { origin: `http://${host}`, host }, true],
    ['Origin is ours in capitals', { origin: `http://${host}`, host: host.toUpperCase() }, true],
    ['Origin is another port', { origin: 'http://adapter.example:9', host }, false],
    ['Origin only begins like ours', { origin: `http://${host}.evil.example`, host }, false],
    ['Origin is hidden', { origin: 'null', host }, false],
    ['nothing is said', { host }, false],
  ];
  for (const [what, headers, verdict] of verdicts)
    it(`${verdict ? 'yes' : 'no'}: ${what}`, () => expect(fromOwnPage(headers)).to.equal(verdict));
});

describe('access: the cookie', () => {
  it('is out of reach for script and for other sites, and ends by itself', () => {
    expect(signedInCookie('t', false)).to.equal(
      'mf_session=t; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200',
    );
  });
  it('stays on https where it was set there', () => {
    expect(signedInCookie('t', true)).to.match(/; Secure$/);
  });
  it('is taken away by one that has ended', () => {
    expect(signedOutCookie(false)).to.match(/^mf_session=;.*Max-Age=0/);
  });
});
