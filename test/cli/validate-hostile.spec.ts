/** `validate` on files that were made to hurt: each gets a clear verdict within a second, and nothing breaks. */
import { createWriteStream, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { aSecond } from '../support/second.ts';
import { ioOf } from './io.ts';
import { folder } from './processes.ts';

describe('validate: hostile files', function () {
  this.timeout(60_000);
  const cwd = folder();
  const put = (name: string, content: string | Buffer) => writeFileSync(join(cwd, name), content);
  const patient = (inner: string) => `{"resourceType":"Patient",${inner}}`;

  before(async () => {
    put('sparse.json', '');
    truncateSync(join(cwd, 'sparse.json'), 200 * 1024 * 1024);
    put('huge.json', '{\n');
    truncateSync(join(cwd, 'huge.json'), 200 * 1024 * 1024);
    // 500 MB of nothing in half a megabyte
    const bomb = createGzip();
    const file = bomb.pipe(createWriteStream(join(cwd, 'bomb.ndjson.gz')));
    for (let count = 0; count < 500; count += 1)
      if (!bomb.write(Buffer.alloc(1 << 20))) await new Promise((done) => bomb.once('drain', done));
    bomb.end();
    await new Promise((done) => file.once('close', done));
    put('deep.json', patient(`"a":${'['.repeat(1_000_000)}`));
    put('proto.json', patient('"__proto__":{"active":true},"constructor":{"prototype":{}}'));
    put('list.json', patient(`"name":[${'{"text":"x"},'.repeat(50_000)}{}]`));
    put('half.json', patient('"name":[{"text":"\\ud83d"}]'));
    put(
      'pattern.json',
      patient(
        `"birthDate":"${'1'.repeat(1_000_000)}","photo":[{"data":"${'A '.repeat(500_000)}!","url":"${'http:'.repeat(200_000)}"}],"language":"${'a-'.repeat(200_000)}"`,
      ),
    );
    put('keys.json', patient(Array.from({ length: 300_000 }, (_, at) => `"k${at}":1`).join(',')));
    // What is measured is the work on a file, not the first loading of definitions
    await runCommandLine(['validate', 'half.json'], ioOf({ cwd }));
  });

  const files: Readonly<Record<string, string>> = {
    'sparse.json': 'larger than 64 MB',
    'huge.json': 'larger than 64 MB',
    'bomb.ndjson.gz': 'larger than 64 MB',
    'deep.json': 'nested deeper than 250 levels',
    'proto.json': '__proto__',
    'list.json': 'Patient.name[50000]',
    'half.json': 'half of a surrogate pair',
    'pattern.json': 'Patient.birthDate',
    'keys.json': 'more different sets of keys',
  };
  for (const [file, says] of Object.entries(files))
    it(`${file}: a clear verdict within a second`, async () => {
      const io = ioOf({ cwd });
      const start = process.cpuUsage();
      const code = await runCommandLine(['validate', file], io);
      const { user } = process.cpuUsage(start);
      expect(io.out()).to.contain('not valid').and.to.contain(says);
      expect(code).to.equal(1);
      expect(user / 1e6).to.be.below(aSecond());
      expect(Reflect.get({}, 'active')).to.equal(undefined);
    });
});
