/** Keys: random, shown once, stored as a hash, refused when unknown, revoked or expired; their use is noted sparingly. */
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { checkKey, issueKey, listKeys, newKey, revokeKey } from '../../src/access/keys.ts';
import { AdapterError } from '../../src/core/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { instant } from '../core/episodes.ts';
import { engines } from '../store/engines.ts';
import { mustNotLeak } from '../support/leak-watch.ts';

const given = (minutes = 0) => {
  let count = 0;
  return { random: randomBytes, newId: () => `key-${count++}`, now: instant(minutes) };
};
const wanted = { name: 'ana', role: 'therapist' } as const;

describe('access: a new key', () => {
  it('is 256 random bits behind a prefix that a secret scanner can find', () => {
    const { key } = newKey(wanted, {
      ...given(),
      random: (count) => new Uint8Array(count).fill(7),
    });
    expect(key).to.match(/^mf_[\w-]{43}$/);
    expect(Buffer.from(key.slice(3), 'base64url')).to.deep.equal(Buffer.alloc(32, 7));
  });

  it('is not in what is stored of it', () => {
    const { key, row } = newKey(wanted, given());
    expect(JSON.stringify(row)).to.not.include(key.slice(3));
    expect(row.hash).to.match(/^[0-9a-f]{64}$/);
  });

  for (const name of ['', '  ', 'hospital', 'Adapter', 'x'.repeat(61)])
    it(`may not be named ${JSON.stringify(name.slice(0, 12))}`, () =>
      expect(() => newKey({ ...wanted, name }, given())).to.throw(AdapterError, /name/));

  it('may not have expired before it is made', () => {
    const expiresAt = instant(0);
    expect(() => newKey({ ...wanted, expiresAt }, given(1))).to.throw(AdapterError, /future/);
  });
});

for (const engine of engines) {
  describe(`access: checking a key (${engine.name})`, () => {
    let store: Store;
    let key: string;
    let id: string;
    beforeEach(async () => {
      store = await engine.open();
      ({ key, id } = await issueKey(store, { ...wanted, expiresAt: instant(60) }, given()));
      mustNotLeak(key, 'a key');
    });
    afterEach(() => store.close());

    it('says whose it is', async () => {
      expect(await checkKey(store, key, instant(1))).to.deep.equal({
        id,
        name: 'ana',
        role: 'therapist',
      });
    });

    it('refuses one that nobody was given, whatever its form', async () => {
      const other = newKey(wanted, given()).key;
      for (const presented of [
        other,
        '',
        'mf_',
        `${key} `,
        key.slice(0, -1),
        `mf_${'%'.repeat(43)}`,
      ])
        expect(await checkKey(store, presented, instant(1))).to.deep.equal({ refused: 'unknown' });
    });

    it('refuses one from the moment on that it expires', async () => {
      expect(await checkKey(store, key, instant(59))).to.have.property('id');
      expect(await checkKey(store, key, instant(60))).to.deep.equal({ refused: 'expired' });
    });

    it('refuses one that was revoked, and revokes only once', async () => {
      await revokeKey(store, id, instant(1));
      expect(await checkKey(store, key, instant(2))).to.deep.equal({ refused: 'revoked' });
      const again = await revokeKey(store, id, instant(3)).catch((error: unknown) => error);
      expect(again).to.be.instanceOf(AdapterError).with.property('code', 'not-ours');
    });

    it('notes its use at most once a minute', async () => {
      const used = async () => (await listKeys(store))[0]?.last_used_at;
      expect(await used()).to.equal(null);
      await checkKey(store, key, instant(1));
      await checkKey(store, key, instant(1.9));
      expect(await used()).to.equal(instant(1));
      await checkKey(store, key, instant(2));
      expect(await used()).to.equal(instant(2));
    });

    it('lists keys without their hashes', async () => {
      expect((await listKeys(store)).map((one) => Object.keys(one))[0]).to.not.include('hash');
    });
  });
}
