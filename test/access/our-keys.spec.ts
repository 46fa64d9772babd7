/** Our keys in their folder: what is kept, what is shown, and who may read it. */
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  type JSONWebKeySet,
  jwtVerify,
  SignJWT,
} from 'jose';
import { keyAlgorithms, type OurKeys, openOurKeys } from '../../src/access/our-keys.ts';
import { AdapterError } from '../../src/core/errors.ts';

const day = (number: number) => `2026-03-0${number}T09:30:00.000Z`;

async function failureOf(work: Promise<unknown>): Promise<AdapterError> {
  const thrown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(thrown).to.be.instanceOf(AdapterError);
  return thrown as AdapterError;
}

describe('our keys', () => {
  let home: string;
  let folder: string;
  let keys: OurKeys;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'keys-'));
    folder = join(home, 'data', 'keys');
    keys = openOurKeys(folder);
  });
  afterEach(() => rm(home, { recursive: true }));

  it('are none before the first is made', async () => {
    expect(await keys.list()).to.deep.equal([]);
    expect(await keys.live()).to.deep.equal([]);
    expect(await keys.publicSet()).to.deep.equal({ keys: [] });
  });

  for (const algorithm of keyAlgorithms)
    it(`of ${algorithm} are named by their thumbprint, sign, and are checked with the public set`, async () => {
      const made = await keys.make(algorithm, day(1));
      expect(made).to.deep.equal({ kid: made.kid, algorithm, createdAt: day(1) });
      const [live] = await keys.live();
      const set = (await keys.publicSet()) as JSONWebKeySet;
      expect(await calculateJwkThumbprint(set.keys[0] ?? {})).to.equal(made.kid);
      const signed = await new SignJWT({ sub: 'us' })
        .setProtectedHeader({ alg: algorithm, kid: made.kid })
        .sign(live?.privateKey ?? new Uint8Array());
      expect((await jwtVerify(signed, createLocalJWKSet(set))).payload.sub).to.equal('us');
    });

  it('show nothing private in the public set', async () => {
    await keys.make('ES384', day(1));
    await keys.make('RS384', day(2));
    const [rsa, ec] = (await keys.publicSet()).keys;
    expect(ec).to.have.all.keys('kty', 'kid', 'use', 'alg', 'crv', 'x', 'y');
    expect(rsa).to.have.all.keys('kty', 'kid', 'use', 'alg', 'n', 'e');
    expect(ec).to.include({ kty: 'EC', use: 'sig', alg: 'ES384', crv: 'P-384' });
  });

  it('show nothing private when they are printed', async () => {
    await keys.make('ES384', day(1));
    const [live] = await keys.live();
    const [name = ''] = await readdir(folder);
    const { d } = JSON.parse(await readFile(join(folder, name), 'utf8'));
    expect(d).to.be.a('string').with.length.greaterThan(40);
    expect(JSON.stringify(live)).to.not.contain(d);
  });

  it('are two at most: a third is refused with the one to retire', async () => {
    const first = await keys.make('ES384', day(1));
    await keys.make('ES384', day(2));
    const error = await failureOf(keys.make('ES384', day(3)));
    expect(error.code).to.equal('arguments-wrong');
    expect(error.fix).to.contain(`massage-fhir keys retire ${first.kid}`);
    expect(await readdir(folder)).to.have.length(2);
    await keys.retire(first.kid, day(3), false);
    await keys.make('ES384', day(4));
    expect((await keys.live()).map(({ createdAt }) => createdAt)).to.deep.equal([day(4), day(2)]);
  });

  it('vanish from the set when they are retired, and their private part from the disk', async () => {
    const first = await keys.make('ES384', day(1));
    const second = await keys.make('ES384', day(2));
    expect(await keys.retire(first.kid, day(3), false)).to.deep.equal({
      ...first,
      retiredAt: day(3),
    });
    expect((await keys.publicSet()).keys.map(({ kid }) => kid)).to.deep.equal([second.kid]);
    expect((await keys.list()).map(({ kid }) => kid)).to.deep.equal([second.kid, first.kid]);
    const kept = await readFile(join(folder, `${first.kid}.json`), 'utf8');
    expect(JSON.parse(kept)).to.have.all.keys(
      'kty',
      'kid',
      'use',
      'alg',
      'crv',
      'x',
      'y',
      'createdAt',
      'retiredAt',
    );
    expect((await failureOf(keys.retire(first.kid, day(4), false))).code).to.equal('not-ours');
    expect((await failureOf(keys.retire('../../etc/passwd', day(4), true))).code).to.equal(
      'not-ours',
    );
  });

  it('are changed by one call at a time: never more than two are live, and never none by mistake', async () => {
    const first = await keys.make('ES384', day(1));
    const making = Array.from({ length: 8 }, () => openOurKeys(folder).make('ES384', day(2)));
    const made = await Promise.allSettled(making);
    expect(made.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    for (const one of made)
      if (one.status === 'rejected')
        expect(one.reason.code).to.be.oneOf(['arguments-wrong', 'file-unreadable']);
    const live = await keys.live();
    expect(live).to.have.length(2);
    expect(live.map(({ kid }) => kid)).to.include(first.kid);
    const retiring = live.map(({ kid }) => openOurKeys(folder).retire(kid, day(3), false));
    const retired = await Promise.allSettled(retiring);
    expect(retired.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect(await keys.live()).to.have.length(1);
    expect((await readdir(folder)).sort()).to.deep.equal(
      (await keys.list()).map(({ kid }) => `${kid}.json`).sort(),
    );
  });

  it('wait for a person where a change of them was cut off, and can be used meanwhile', async () => {
    const { kid } = await keys.make('ES384', day(1));
    const lock = join(folder, '.changing');
    await writeFile(lock, '');
    const changes = [() => keys.make('ES384', day(2)), () => keys.retire(kid, day(2), true)];
    for (const change of changes) {
      const error = await failureOf(change());
      expect(error.code).to.equal('file-unreadable');
      expect(error.message).to.contain(lock);
      expect(error.fix).to.contain('remove this file');
    }
    expect(await keys.live()).to.have.length(1);
    await rm(lock);
    await keys.make('ES384', day(2));
    expect(await keys.live()).to.have.length(2);
  });

  it('do not all go by mistake', async () => {
    const { kid } = await keys.make('ES384', day(1));
    const error = await failureOf(keys.retire(kid, day(2), false));
    expect(error.fix).to.contain('--last');
    await keys.retire(kid, day(2), true);
    expect(await keys.live()).to.deep.equal([]);
  });

  it('lie in a folder and in files that only we can read', async () => {
    const { kid } = await keys.make('ES384', day(1));
    const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    expect(await modeOf(folder)).to.equal('700');
    expect(await modeOf(join(folder, `${kid}.json`))).to.equal('600');
    expect(await readdir(folder)).to.deep.equal([`${kid}.json`]);
  });

  it('that others can read are refused, with the command that helps', async () => {
    const { kid } = await keys.make('ES384', day(1));
    const path = join(folder, `${kid}.json`);
    await chmod(path, 0o644);
    const error = await failureOf(keys.live());
    expect(error.code).to.equal('file-unreadable');
    expect(error.message).to.contain('mode 644');
    expect(error.fix).to.contain(`chmod 600 ${path}`);
  });

  it('in a folder that everybody can write into are refused', async () => {
    await keys.make('ES384', day(1));
    await chmod(folder, 0o777);
    expect((await failureOf(keys.publicSet())).message).to.contain('mode 777');
    expect((await failureOf(keys.make('ES384', day(2)))).code).to.equal('file-unreadable');
  });

  it('that are no keys of ours are refused by name, without what is in them', async () => {
    const { kid } = await keys.make('ES384', day(1));
    const path = join(folder, `${kid}.json`);
    const text = await readFile(path, 'utf8');
    const { y } = JSON.parse(text);
    for (const broken of [
      '',
      '{',
      '[]',
      'null',
      '{"kty":"EC"}',
      text.replace(kid, 'x'.repeat(43)),
      text.replace(y, y.toLowerCase()),
    ]) {
      await writeFile(path, broken);
      const error = await failureOf(keys.list());
      expect(error.code, broken.slice(0, 20)).to.equal('file-unreadable');
      expect(error.message).to.contain(path);
      expect(JSON.stringify([error.message, error.details])).to.not.contain(y);
    }
  });

  it('stand beside other files, which are left alone', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'README.txt'), 'keys');
    await keys.make('ES384', day(1));
    expect(await keys.list()).to.have.length(1);
  });
});
