/** `massage-fhir keys`: made, listed and retired as a person does it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { hospital } from '../settings/loading.ts';
import { ioOf } from './io.ts';

describe('cli: keys', () => {
  let cwd: string;
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'keys-'));
    await writeFile(join(cwd, 'massage-fhir.yaml'), `keys: ./own/keys\n${hospital()}`);
  });
  afterEach(() => rm(cwd, { recursive: true }));

  async function cli(...args: readonly string[]) {
    const io = ioOf({ cwd });
    const code = await runCommandLine(['keys', ...args], io);
    return { code, out: io.out(), err: io.err() };
  }

  it('says how to make the first', async () => {
    expect(await cli('list')).to.deep.include({
      code: 0,
      out: 'There is no key yet: massage-fhir keys new\n',
    });
  });

  it('makes a key, prints its id, and says where hospitals find it', async () => {
    const { code, out, err } = await cli('new', '--alg', 'RS384');
    expect(code).to.equal(0);
    expect(out).to.match(/^[\w-]{43}\n$/);
    expect(err).to.contain('/.well-known/jwks.json');
    const { out: listed } = await cli('list');
    expect(listed).to.equal(`${out.trim()}  RS384  made 2026-03-02T09:30:00.000Z  live\n`);
  });

  it('rotates: the second says when the first may go, a third is refused, the first is retired', async () => {
    const first = (await cli('new')).out.trim();
    const second = await cli('new');
    expect(second.err).to.contain(`massage-fhir keys retire ${first}`);
    const third = await cli('new');
    expect(third.code).to.equal(2);
    expect(third.err).to.contain('massage-fhir keys retire ');
    expect((await cli('retire', first)).out).to.equal(`Retired ${first}.\n`);
    expect((await cli('list')).out)
      .to.contain(`${first}  ES384`)
      .and.to.contain('retired 2026');
    const last = await cli('retire', second.out.trim());
    expect(last.code).to.equal(2);
    expect(last.err).to.contain('--last');
    expect((await cli('retire', second.out.trim(), '--last')).code).to.equal(0);
  });

  it('prints JSON for machines: the keys, and the set for a hospital, without anything private', async () => {
    const made = JSON.parse((await cli('new', '--json')).out);
    expect(made).to.have.all.keys('kid', 'algorithm', 'createdAt');
    const { out } = await cli('list', '--json');
    const { keys, jwks } = JSON.parse(out);
    expect(keys).to.deep.equal([{ ...made, state: 'live' }]);
    expect(jwks.keys).to.have.length(1);
    expect(jwks.keys[0]).to.have.all.keys('kty', 'kid', 'use', 'alg', 'crv', 'x', 'y');
    expect(JSON.parse((await cli('retire', made.kid, '--last', '--json')).out)).to.have.property(
      'retiredAt',
    );
  });

  it('refuses an algorithm that it does not know, and a key that is not there', async () => {
    const { code, err } = await cli('new', '--alg', 'HS256');
    expect(code).to.equal(2);
    expect(err).to.contain('ES384, RS384');
    expect((await cli('retire', 'nothing')).err).to.contain('keys list');
  });
});
