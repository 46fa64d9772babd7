/** settings check and settings show. */

import { chmodSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openOurKeys } from '../../src/access/our-keys.ts';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { ioOf } from './io.ts';
import { folder, massageFhir } from './processes.ts';

const right = `hospitals:
  - id: general
    base: https://fhir.hospital.example/r4
    timezone: America/Chicago
    organization: Organization/massage
`;

describe('settings check', () => {
  const cwd = folder();
  writeFileSync(join(cwd, 'massage-fhir.yaml'), right);
  writeFileSync(join(cwd, 'careless.yaml'), right.replace('https:', 'http:'));
  writeFileSync(join(cwd, 'wrong.yaml'), `${right}    dialect: cwo\n    poll: 5\n`);

  it('takes massage-fhir.yaml of the folder', async () => {
    const { code, stdout, stderr } = await massageFhir(['settings', 'check'], { cwd });
    expect(stderr).to.equal('');
    expect(stdout).to.contain('The settings are right: one hospital');
    expect(code).to.equal(0);
  });

  it('ends with 1 where something is probably not meant', async () => {
    const io = ioOf({ cwd });
    expect(await runCommandLine(['settings', 'check', '--settings', 'careless.yaml'], io)).to.equal(
      1,
    );
    expect(io.out()).to.contain('Probably not meant: hospital general: base is http');
  });

  it('ends with 2 and lists every mistake with what to do', async () => {
    const { code, stdout, stderr } = await massageFhir(
      ['settings', 'check', '--settings', 'wrong.yaml'],
      { cwd },
    );
    expect(code).to.equal(2);
    expect(stdout).to.equal('');
    expect(stderr)
      .to.contain('settings-wrong: The settings have 2 mistakes.')
      .and.to.contain('  wrong.yaml:6: hospitals[0].dialect is "cwo"')
      .and.to.contain('  wrong.yaml:7: hospitals[0].poll is 5')
      .and.to.contain('Correct the settings as listed');
  });

  it('answers machines in JSON, right or wrong', async () => {
    const good = ioOf({ cwd });
    await runCommandLine(['settings', 'check', '--json'], good);
    expect(JSON.parse(good.out())).to.deep.equal({ ok: true, warnings: [] });
    const bad = ioOf({ cwd });
    await runCommandLine(['settings', 'check', '--json', '--settings', 'wrong.yaml'], bad);
    expect(JSON.parse(bad.out()).error)
      .to.include({ code: 'settings-wrong' })
      .and.to.have.property('problems')
      .with.length(2);
    expect(bad.err()).to.equal('');
  });
});

describe('settings check: what cannot work yet', () => {
  const cwd = folder();
  mkdirSync(join(cwd, 'site'));
  writeFileSync(
    join(cwd, 'site', 'massage-fhir.yaml'),
    `keys: ./our-keys
${right}    signIn: { type: smart-backend, clientId: us }
    discover: { folder: ./orders }
`,
  );
  const check = async (...more: string[]) => {
    const io = ioOf({ cwd });
    const args = ['settings', 'check', '--settings', 'site/massage-fhir.yaml', ...more];
    return { code: await runCommandLine(args, io), out: io.out() };
  };
  const orders = join(cwd, 'site', 'orders');
  const keys = openOurKeys(join(cwd, 'our-keys'));

  it('names a sign-in without a live key of ours, a folder of orders that is not there, and what to do', async () => {
    const { code, out } = await check();
    expect(code).to.equal(1);
    expect(out)
      .to.contain('hospital general: signIn cannot work yet: We have no live key')
      .and.to.contain('massage-fhir keys new')
      .and.to.contain(`hospital general: discover.folder: ${orders} does not exist`)
      .and.to.contain('Make this folder');
    const { warnings } = JSON.parse((await check('--json')).out);
    expect(warnings).to.have.length(2);
  });

  it('is silent once the key and the folder are there', async () => {
    const { kid } = await keys.make('ES384', '2026-03-01T08:00:00.000Z');
    mkdirSync(orders);
    const { code, out } = await check();
    expect([code, out]).to.deep.equal([
      0,
      'The settings are right: one hospital, store ./data/massage-fhir.sqlite.\n',
    ]);
    await keys.retire(kid, '2026-03-01T09:00:00.000Z', true);
    expect((await check()).out)
      .to.contain('keys new')
      .and.not.to.contain('discover.folder');
  });

  it('says what is wrong with keys that cannot be used, beside the rest', async () => {
    const { kid } = await keys.make('ES384', '2026-03-01T10:00:00.000Z');
    chmodSync(join(cwd, 'our-keys', `${kid}.json`), 0o644);
    rmdirSync(orders);
    writeFileSync(orders, '');
    const { code, out } = await check();
    expect(code).to.equal(1);
    expect(out).to.contain('chmod 600').and.to.contain(`discover.folder: ${orders} is no folder`);
  });
});

describe('settings show', () => {
  const cwd = folder();
  writeFileSync(
    join(cwd, 'massage-fhir.yaml'),
    `${right}    signIn: { type: bearer, token: { env: TOKEN } }\n`,
  );
  const env = { TOKEN: 'open-sesame', MASSAGE_FHIR_STORE: '/var/lib/store.sqlite' };

  it('says of each setting its value and where it comes from, and of a secret its place', async () => {
    const io = ioOf({ cwd, env });
    expect(await runCommandLine(['settings', 'show'], io)).to.equal(0);
    expect(io.out()).to.match(/^store +\/var\/lib\/store\.sqlite +# MASSAGE_FHIR_STORE$/m);
    expect(io.out()).to.match(/^hospitals\[0\]\.id +general +# massage-fhir\.yaml:2$/m);
    expect(io.out()).to.match(/^hospitals\[0\]\.poll +5m +# default$/m);
    expect(io.out()).to.match(/signIn\.token +\{"env":"TOKEN"\} +# massage-fhir\.yaml:6$/m);
    expect(io.out()).not.to.contain('open-sesame');
  });

  it('answers machines in JSON', async () => {
    const io = ioOf({ cwd, env });
    await runCommandLine(['settings', 'show', '--json'], io);
    expect(JSON.parse(io.out()).settings).to.deep.include({
      path: 'hospitals[0].timezone',
      value: 'America/Chicago',
      origin: 'massage-fhir.yaml:4',
    });
    expect(io.out()).not.to.contain('open-sesame');
  });
});
