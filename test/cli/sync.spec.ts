/** `massage-fhir sync`: what it says of a run, and with which exit code. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { ioOf } from './io.ts';

describe('cli: sync', () => {
  let cwd: string;
  let sandbox: Sandbox;
  beforeEach(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'sync-'));
    sandbox = await startSandbox();
  });
  afterEach(async () => {
    await sandbox.stop();
    rmSync(cwd, { recursive: true });
  });

  async function sync(...lines: readonly string[]) {
    const text = [
      `store: ${JSON.stringify(join(cwd, 'store.sqlite'))}`,
      `keys: ${JSON.stringify(join(cwd, 'keys'))}`,
      'hospitals:',
      '  - id: general',
      `    base: ${sandbox.base}`,
      '    timezone: America/Chicago',
      '    organization: Organization/massage',
      ...lines.map((line) => `    ${line}`),
      '',
    ];
    writeFileSync(join(cwd, 'massage-fhir.yaml'), text.join('\n'));
    const io = ioOf({ cwd });
    const code = await runCommandLine(['sync'], io);
    return { code, out: io.out() };
  }

  it('says once what to do about what broke every way alike', async () => {
    const { code, out } = await sync(
      'signIn: { type: smart-backend, clientId: us, tokenUrl: "http://127.0.0.1:9/token" }',
    );
    expect(code).to.equal(2);
    expect(out.split('We have no live').length - 1, out).to.be.above(1);
    expect(out.split('massage-fhir keys new').length - 1, out).to.equal(1);
  });

  it('is not all well when a file in the folder of orders cannot be used', async () => {
    mkdirSync(join(cwd, 'drop'));
    const folder = 'discover: { folder: drop }';
    writeFileSync(join(cwd, 'drop', 'one.json'), 'no JSON');
    const { code, out } = await sync(folder);
    expect(out).to.contain('sync complete').and.to.contain('unusable by no-json: one.json');
    expect(code).to.equal(1);
    expect((await sync(folder)).code).to.equal(0);
  });
});
