/** The frame of the command line: help, suggestions, exit codes. `GOLDEN=1` records the help anew. */

import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { commands } from '../../src/cli/commands.ts';
import { ioOf } from './io.ts';
import { massageFhir } from './processes.ts';

describe('massage-fhir: help', () => {
  const golden = new URL('./help.txt', import.meta.url);

  it('is what was agreed', async () => {
    const { code, stdout, stderr } = await massageFhir(['--help']);
    expect(stderr).to.equal('');
    expect(code).to.equal(0);
    if (process.env.GOLDEN !== undefined) writeFileSync(golden, stdout);
    expect(stdout).to.equal(readFileSync(golden, 'utf8'));
  });

  it('is shown with exit code 2 where no command is given', async () => {
    const io = ioOf();
    expect(await runCommandLine([], io)).to.equal(2);
    expect(io.out()).to.contain('Commands:');
  });

  for (const row of commands) {
    const words = row.name.split(' ');
    it(`of ${row.name} has its summary, options and examples`, async () => {
      const io = ioOf();
      expect(await runCommandLine([...words, '--help'], io)).to.equal(0);
      expect(io.out()).to.contain(`Usage: massage-fhir ${row.name}`);
      expect(io.out().toLowerCase()).to.contain(row.summary.toLowerCase());
      expect(io.out()).to.contain('--settings <file>');
      for (const { flags } of row.options ?? []) expect(io.out()).to.contain(flags);
      for (const { line } of row.examples) expect(io.out()).to.contain(`massage-fhir ${line}`);
    });
    it(`${row.name} has a file that can be loaded`, async () => {
      expect(await row.load())
        .to.have.property('run')
        .that.is.a('function');
    });
  }

  it('loads nothing that a command needs', async () => {
    const { stderr } = await massageFhir(['--help'], { env: { NODE_DEBUG: 'esm' } });
    expect(stderr).to.contain('/node_modules/commander/');
    for (const heavy of ['winston', 'ajv', 'kysely', 'undici/', 'fhirpath', 'yaml/'])
      expect(stderr).not.to.contain(`/node_modules/${heavy}`);
  });
});

describe('massage-fhir: mistakes', () => {
  it('suggests a command', async () => {
    const { code, stdout, stderr } = await massageFhir(['setings']);
    expect(code).to.equal(2);
    expect(stdout).to.equal('');
    expect(stderr).to.contain("unknown command 'setings'").and.to.contain('Did you mean settings?');
  });

  const rows: readonly (readonly [string[], string])[] = [
    [['settings', 'chek'], 'Did you mean check?'],
    [['settings', 'check', '--jso'], 'Did you mean --json?'],
    [['settings', 'check', 'extra'], 'too many arguments'],
    [['--settings'], 'argument missing'],
  ];
  for (const [argv, says] of rows)
    it(`refuses ${argv.join(' ')}`, async () => {
      const io = ioOf();
      expect(await runCommandLine(argv, io)).to.equal(2);
      expect(io.err()).to.contain(says);
    });

  it('takes the options of every command before it and behind it', async () => {
    for (const argv of [
      ['--settings', 'gone.yaml', 'settings', 'check'],
      ['settings', 'check', '--settings', 'gone.yaml'],
    ]) {
      const io = ioOf();
      expect(await runCommandLine(argv, io)).to.equal(2);
      expect(io.err()).to.contain('file-unreadable: The settings file gone.yaml');
    }
  });

  it('shows where a failure came from only when the debug log is asked for', async () => {
    const argv = ['settings', 'check', '--settings', 'gone.yaml'];
    const quiet = ioOf();
    await runCommandLine(argv, quiet);
    expect(quiet.err()).not.to.contain('    at ');
    const loud = ioOf({ env: { MASSAGE_FHIR_LOG_LEVEL: 'debug' } });
    await runCommandLine(argv, loud);
    expect(loud.err()).to.contain('    at ').and.to.contain('caused by');
  });

  it('prints the version', async () => {
    const io = ioOf();
    expect(await runCommandLine(['--version'], io)).to.equal(0);
    expect(io.out()).to.match(/^\d+\.\d+\.\d+\n$/);
  });
});
