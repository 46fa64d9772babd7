/** validate: files of every form, one verdict a resource, exit codes, and input that is built to hurt. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { type Output, valuesOf } from '../../src/cli/command.ts';
import { runCommandLine } from '../../src/cli/command-line.ts';
import type { Bytes } from '../../src/cli/input-bytes.ts';
import { type Validation, validateAll } from '../../src/cli/validate.ts';
import { refusal, validateText } from '../../src/fhir/validation/validate-text.ts';
import { ioOf, type TestIo } from './io.ts';
import { entry, folder, massageFhir } from './processes.ts';

const order = {
  resourceType: 'ServiceRequest',
  id: 'o1',
  status: 'active',
  intent: 'order',
  subject: { display: 'Ottoline Quillfeather' },
};
const json = JSON.stringify(order);
const faulty = JSON.stringify({ ...order, id: 'o2', status: 'activ' });

/** Calls what has a status other than active invalid. */
const strict = {
  validate: (resource: unknown) => {
    const valid = (resource as typeof order).status !== 'activ';
    const issue = {
      severity: 'error',
      code: 'code-invalid',
      expression: 'ServiceRequest.status',
      message: 'No such\u001b[2J status',
      constraint: 'x-1',
    } as const;
    const open = {
      expression: 'ServiceRequest.subject',
      kind: 'reference',
      why: 'Not here.',
    } as const;
    return { valid, issues: valid ? [] : [issue], notChecked: valid ? [] : [open] };
  },
};

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('validate: files', () => {
  const cwd = folder();
  const put = (name: string, content: string | Buffer) => writeFileSync(join(cwd, name), content);

  async function validated(paths: readonly string[], more: Partial<Validation> = {}): Promise<Run> {
    const io = ioOf({ cwd });
    const code = await validateAll({ ...validation(io), paths, ...more });
    return { code, out: io.out(), err: io.err() };
  }

  function validation(io: TestIo): Validation {
    return {
      paths: [],
      verdictOn: ({ content }) =>
        'text' in content
          ? validateText(strict, content.text)
          : refusal(content.code, content.says),
      io,
      json: false,
      standardInput: () => bytes([]),
    };
  }

  const objects = ({ out }: Run) =>
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('prints one line a resource, its issues below, and a sum', async () => {
    put('one.json', json);
    put('two.json', faulty);
    const { code, out } = await validated(['one.json', 'two.json']);
    expect(out.split('\n')).to.deep.equal([
      'one.json: ServiceRequest/o1 valid',
      'two.json: ServiceRequest/o2 not valid',
      '  error        ServiceRequest.status: No such\ufffd[2J status [x-1]',
      '  not checked  ServiceRequest.subject: Not here.',
      '',
      '2 resources, 1 not valid, 1 × not checked (see above)',
      '',
    ]);
    expect(code).to.equal(1);
  });

  it('prints one object a line for machines, and nothing else', async () => {
    put('mixed.ndjson', `${json}\n\n${faulty}\r\nnone\n`);
    const run = await validated(['one.json', 'mixed.ndjson'], { json: true });
    const place = (file: string, line?: number) => (line === undefined ? { file } : { file, line });
    expect(
      objects(run).map(({ issues, notChecked, ...rest }) => ({
        ...rest,
        issues: issues.length,
        notChecked: notChecked.length,
      })),
    ).to.deep.equal([
      {
        ...place('one.json'),
        resourceType: 'ServiceRequest',
        id: 'o1',
        valid: true,
        issues: 0,
        notChecked: 0,
      },
      {
        ...place('mixed.ndjson', 1),
        resourceType: 'ServiceRequest',
        id: 'o1',
        valid: true,
        issues: 0,
        notChecked: 0,
      },
      {
        ...place('mixed.ndjson', 3),
        resourceType: 'ServiceRequest',
        id: 'o2',
        valid: false,
        issues: 1,
        notChecked: 1,
      },
      {
        ...place('mixed.ndjson', 4),
        resourceType: null,
        id: null,
        valid: false,
        issues: 1,
        notChecked: 0,
      },
    ]);
    expect(run.code).to.equal(1);
  });

  it('tells NDJSON and gzip by what is in them, whatever the name', async () => {
    put('export.json', `${json}\n${json}\n`);
    put('export', gzipSync(`${json}\n${json}`));
    put('order.ndjson', json);
    put('pretty.gz', gzipSync(JSON.stringify(order, undefined, 2)));
    const run = await validated(['export.json', 'export', 'order.ndjson', 'pretty.gz'], {
      json: true,
    });
    expect(objects(run).map(({ file, line }) => `${file}:${line}`)).to.deep.equal([
      'export.json:1',
      'export.json:2',
      'export:1',
      'export:2',
      'order.ndjson:1',
      'pretty.gz:undefined',
    ]);
    expect(run.code).to.equal(0);
  });

  it('takes a Bundle as one resource', async () => {
    put(
      'bundle.json',
      JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: [{ resource: order }] }),
    );
    expect((await validated(['bundle.json'])).out).to.match(
      /^bundle\.json: Bundle valid\n\n1 resource,/,
    );
  });

  it('reads standard input, in whatever pieces it comes', async () => {
    const pieces = [...`${json}\n${faulty}\n`].map((letter) => Buffer.from(letter));
    const run = await validated(['-'], { json: true, standardInput: () => bytes(pieces) });
    expect(objects(run).map(({ file, line, valid }) => ({ file, line, valid }))).to.deep.equal([
      { file: '-', line: 1, valid: true },
      { file: '-', line: 2, valid: false },
    ]);
  });

  it('reads long lines across chunks', async () => {
    const long = JSON.stringify({ ...order, note: [{ text: 'x'.repeat(3_000_000) }] });
    put('long.ndjson', `${long}\n${json}\n${long}`);
    const run = await validated(['long.ndjson'], { json: true });
    expect(objects(run).map(({ line, valid }) => ({ line, valid }))).to.deep.equal(
      [1, 2, 3].map((line) => ({ line, valid: true })),
    );
  });

  it('gives a fatal issue for what is not UTF-8, damaged gzip, and an empty file', async () => {
    put('latin1.json', Buffer.from('{"resourceType":"Patient","id":"\u00fc"}', 'latin1'));
    put('cut.gz', gzipSync(json).subarray(0, 60));
    put('empty.json', '');
    const run = await validated(['latin1.json', 'cut.gz', 'empty.json'], { json: true });
    expect(
      objects(run).map(({ issues }) => `${issues[0].severity} ${issues[0].message}`),
    ).to.deep.equal([
      'fatal The text is not UTF-8, which FHIR JSON has to be.',
      'fatal This is no whole gzip file: it is damaged or cut off.',
      'fatal Line 1, column 1: There is no text.',
    ]);
    expect(run.code).to.equal(1);
  });

  it('says on the way how far it is', async () => {
    put('many.ndjson', `${json}\n`.repeat(30_000));
    let seconds = 0;
    const clock = () => {
      seconds += 2;
      return new Date(seconds * 1000).toISOString();
    };
    const io = { ...ioOf({ cwd }), clock };
    await validateAll({ ...validation(io), paths: ['many.ndjson'] });
    expect(io.err()).to.match(/^massage-fhir: [\d,]+ resources, 0 not valid so far, \d+ MB read\n/);
  });

  it('waits for a reader that is slower', async () => {
    put('many.ndjson', `${json}\n`.repeat(20_000));
    const pending: (() => void)[] = [];
    let most = 0;
    const io = ioOf({ cwd });
    const slow = Object.assign(io.stdout, {
      write: (text: string) => {
        most = Math.max(most, pending.length + 1);
        pending.push(() => (io.stdout as Output & NodeJS.EventEmitter).emit('drain'));
        return text.length === 0;
      },
    });
    const done = validateAll({ ...validation({ ...io, stdout: slow }), paths: ['many.ndjson'] });
    let ended = false;
    const watched = done.then(() => {
      ended = true;
    });
    while (!ended) {
      pending.pop()?.();
      await setImmediate();
    }
    await watched;
    expect(most).to.equal(1);
  });

  it('ends soon and says so when it is stopped', async () => {
    const stop = new AbortController();
    const io = ioOf({ cwd, signal: stop.signal });
    const endless = async function* () {
      for (let count = 0; ; count += 1) {
        if (count === 3) stop.abort();
        await setImmediate();
        yield Buffer.from(`${json}\n`);
      }
    };
    expect(await validateAll({ ...validation(io), paths: ['-'], standardInput: endless })).to.equal(
      1,
    );
    expect(io.err()).to.match(/^massage-fhir: stopped; \d resources?, 0 not valid until then\n$/);
  });
});

describe('validate: arguments', () => {
  const cwd = folder();
  mkdirSync(join(cwd, 'nothing'));
  mkdirSync(join(cwd, 'package/deep'), { recursive: true });
  const put = (name: string, text: string) => writeFileSync(join(cwd, name), text);
  put('order.json', json);
  put('empty.ndjson', '\n');
  put('package/package.json', '{"name":"x"}');
  put('package/.index.json', '{}');
  put('package/readme.txt', 'x');
  put('package/b.json', json);
  put('package/deep/a.NDJSON', json);
  put('words.json', 'words');
  put('definition.json', JSON.stringify({ resourceType: 'StructureDefinition', url: 'urn:x' }));

  const command = async (...args: string[]): Promise<Run> => {
    const io = ioOf({ cwd });
    const code = await runCommandLine(['validate', ...args], io);
    return { code, out: io.out(), err: io.err() };
  };

  const refused: readonly (readonly [args: string[], says: string])[] = [
    [[], "missing required argument 'file'"],
    [['gone.json'], 'file-unreadable: gone.json is not there'],
    [['order.json', 'gone.json'], 'file-unreadable: gone.json is not there'],
    [['nothing'], 'arguments-wrong: The folder nothing holds no file to read.'],
    [['empty.ndjson'], 'arguments-wrong: There is no resource in these files.'],
    [
      ['--profile', 'http://x.example/a', '--profile', 'http://x.example/b', 'order.json'],
      'arguments-wrong: There is no profile http://x.example/a and no http://x.example/b here.',
    ],
    [['--definitions', join(cwd, 'gone'), 'order.json'], 'arguments-wrong: --definitions: '],
  ];
  for (const [args, says] of refused)
    it(`are refused with exit code 2: ${args.map((arg) => arg.replace(cwd, '')).join(' ')}`, async () => {
      const { code, out, err } = await command(...args);
      expect(err).to.contain(says);
      expect(out).to.equal('');
      expect(code).to.equal(2);
    });

  it('may be a folder, of which all that is FHIR is read', async () => {
    const { out } = await command('package');
    expect(out.match(/^\S+: /gm)).to.deep.equal(['package/b.json: ', 'package/deep/a.NDJSON:1: ']);
  });

  it('may name profiles that R4 has, and the resource is held to them', async () => {
    const profile = 'http://hl7.org/fhir/StructureDefinition/vitalsigns';
    const { code, out } = await command('--profile', profile, 'order.json');
    expect(out).to.contain('order.json: ServiceRequest/o1 not valid\n');
    expect(code).to.equal(1);
  });

  it('of an option that is given several times are kept apart', () => {
    expect(valuesOf('a\nb')).to.deep.equal(['a', 'b']);
    expect(valuesOf(undefined)).to.deep.equal([]);
  });
});

describe('validate: as a process', function () {
  this.timeout(60_000);
  const cwd = folder();
  const put = (name: string, content: string | Buffer) => writeFileSync(join(cwd, name), content);

  it('judges by the definitions of R4', async () => {
    put('order.json', json);
    put('faulty.json', faulty);
    const good = await massageFhir(['validate', '--json', 'order.json'], { cwd });
    expect(good.stderr).to.equal('');
    expect(JSON.parse(good.stdout)).to.deep.include({
      file: 'order.json',
      valid: true,
      issues: [],
    });
    expect(good.code).to.equal(0);
    const bad = await massageFhir(['validate', '--json', 'faulty.json'], { cwd });
    expect(JSON.parse(bad.stdout).issues[0]).to.deep.include({
      severity: 'error',
      expression: 'ServiceRequest.status',
    });
    expect(bad.code).to.equal(1);
  });

  it('ends quietly when its reader has had enough', async () => {
    put('many.ndjson', `${json}\n`.repeat(100_000));
    const child = spawn(process.execPath, [entry, 'validate', '--json', 'many.ndjson'], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((done) => child.once('close', done));
    expect(errors).to.equal('');
    expect(code).to.equal(0);
  });
});

async function* bytes(pieces: readonly Buffer[]): Bytes {
  yield* pieces;
}
