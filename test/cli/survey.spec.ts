/** `massage-fhir survey`: will this server work, and how. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { ioOf } from './io.ts';

describe('survey', () => {
  let cwd: string;
  let sandbox: Sandbox;

  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'survey-'));
  });
  afterEach(async () => {
    await sandbox.stop();
    rmSync(cwd, { recursive: true });
  });

  async function surveyed(vendor: 'generic' | 'epic', discover: string, ...args: string[]) {
    sandbox = await startSandbox({ vendor });
    writeFileSync(
      join(cwd, 'massage-fhir.yaml'),
      `store: store.sqlite
hospitals:
  - id: general
    base: ${sandbox.base}
    timezone: America/Chicago
    organization: Organization/massage
    ${discover}`.replaceAll('store.sqlite', JSON.stringify(join(cwd, 'store.sqlite'))),
    );
    const io = ioOf({ cwd });
    const code = await runCommandLine(['survey', ...args], io);
    return { code, out: io.out(), err: io.err() };
  }

  it('says of each function which way is used and on whose word, and why not the others', async () => {
    const { code, out, err } = await surveyed('epic', 'discover: { group: Group/massage }');
    expect([code, err]).to.deep.equal([0, '']);
    expect(out).to.match(/^general: Epic\n {2}Recognised by the address\.\n\ndiscovery\n {2}A6 /);
    expect(out).to.match(/A1 {3}not used: .*\n.*must carry patient/);
    expect(out).to.contain('\nworth knowing\n');
    expect(sandbox.requests.every(({ method }) => method === 'GET')).to.equal(true);
  });

  it('ends with 1 where nobody new is found by itself', async () => {
    const { code, out } = await surveyed('epic', 'write: off');
    expect(code).to.equal(1);
    expect(out).to.contain('No new patient is found by itself');
  });

  it('is data for machines', async () => {
    const { code, out } = await surveyed('generic', 'write: off', '--json');
    const survey = JSON.parse(out);
    expect(code).to.equal(0);
    expect(survey.hospital).to.equal('general');
    expect(survey.discovery[0]).to.deep.include({ rung: 'A1', by: 'probe' });
  });
});
