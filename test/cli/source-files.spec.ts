import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { sourceFiles } from '../../src/cli/source-files.ts';
import { AdapterError } from '../../src/core/errors.ts';
import { type SourceFile, smallSource } from '../../src/sync/folder.ts';

async function textOf({ chunks }: SourceFile): Promise<string> {
  const held: Buffer[] = [];
  for await (const chunk of chunks()) held.push(Buffer.from(chunk));
  return Buffer.concat(held).toString('utf8');
}

async function failure(work: Promise<unknown>): Promise<AdapterError> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof AdapterError) return thrown;
    throw thrown;
  }
  throw new Error('nothing failed');
}

describe('the files of a source', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'massage-fhir-source-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('are those below a folder that may hold resources, in the order of their names', async () => {
    mkdirSync(join(folder, 'more'));
    for (const name of ['b.ndjson', 'a.json', 'c.txt', 'more/d.jsonl', 'e.json.gz', 'f.NDJSON.GZ'])
      writeFileSync(join(folder, name), '{}');
    const files = await sourceFiles(folder);
    expect(files.map(({ name }) => name)).to.deep.equal([
      'a.json',
      'b.ndjson',
      'e.json.gz',
      'f.NDJSON.GZ',
      join('more', 'd.jsonl'),
    ]);
  });

  it('are read to their end in chunks, zipped or not, and as often as asked', async () => {
    const text = Array.from({ length: 120_000 }, (_, line) => `{"line":${line},"é":"ü"}`).join(
      '\n',
    );
    writeFileSync(join(folder, 'plain.ndjson'), text);
    writeFileSync(join(folder, 'zipped.ndjson.gz'), gzipSync(text));
    const [plain, zipped] = await sourceFiles(folder);
    if (plain === undefined || zipped === undefined) throw new Error('there are two files');
    expect(Buffer.byteLength(text)).to.be.greaterThan(2 << 20);
    expect(plain.size).to.equal(Buffer.byteLength(text));
    for (const file of [plain, zipped, plain]) expect(await textOf(file)).to.equal(text);
  });

  it('are as large as what they unzip to, whatever they are named, and small zipped ones stay small', async () => {
    const line = `{"resourceType":"Basic","note":"${'x'.repeat(1_000)}"}\n`;
    const bomb = gzipSync(line.repeat(60_000), { level: 9 });
    const small = gzipSync(line.repeat(3_000), { level: 9 });
    expect(bomb.length * 10).to.be.lessThan(smallSource);
    expect(line.length * 60_000).to.be.greaterThan(10 * smallSource);
    writeFileSync(join(folder, 'bomb.ndjson.gz'), bomb);
    writeFileSync(join(folder, 'disguised.ndjson'), bomb);
    // Two members, the last of which says that it is small (RFC 1952 section 2.2)
    writeFileSync(join(folder, 'joined.jsonl.gz'), Buffer.concat([bomb, gzipSync('{}\n')]));
    writeFileSync(join(folder, 'small.ndjson.gz'), small);
    const files = await sourceFiles(folder);
    const [one] = await sourceFiles(join(folder, 'bomb.ndjson.gz'));
    const sizes = new Map(
      [...files, { name: 'one', size: one?.size ?? 0 }].map((file) => [file.name, file.size]),
    );
    // Larger than a small source, and no more of it was unzipped than tells
    for (const name of ['bomb.ndjson.gz', 'disguised.ndjson', 'joined.jsonl.gz', 'one'])
      expect(sizes.get(name), name).to.be.within(smallSource + 1, smallSource + (1 << 20));
    expect(sizes.get('small.ndjson.gz')).to.equal(line.length * 3_000);
  });

  it('are counted anew when they are written again, also with the time and the length of before', async () => {
    const line = '{"resourceType":"Basic"}\n';
    const bomb = gzipSync(line.repeat(400_000), { level: 9 });
    const harmless = gzipSync(line);
    const path = join(folder, 'a.ndjson.gz');
    const time = new Date('2026-03-01T08:00:00.000Z');
    const sizeAfter = async (bytes: Buffer) => {
      writeFileSync(path, bytes);
      utimesSync(path, time, time);
      const [file] = await sourceFiles(folder);
      return file?.size;
    };
    const padded = Buffer.concat([harmless, Buffer.alloc(bomb.length - harmless.length)]);
    expect(await sizeAfter(padded)).to.be.at.most(bomb.length);
    expect(await sizeAfter(bomb)).to.be.greaterThan(smallSource);
  });

  it('may be one file, which is closed also when nobody reads on', async () => {
    const path = join(folder, 'one.json');
    writeFileSync(path, 'x'.repeat(5 << 20));
    const [file] = await sourceFiles(path);
    if (file === undefined) throw new Error('there is one file');
    for await (const chunk of file.chunks()) {
      expect(chunk.length).to.equal(1 << 20);
      break;
    }
    expect((await textOf(file)).length).to.equal(5 << 20);
  });

  it('are named so that a name moves no cursor and begins no line of its own', async () => {
    writeFileSync(join(folder, 'a\u001b[2J\nb.json'), '{"a":1}');
    const [file] = await sourceFiles(folder);
    expect(file?.name).to.equal('a\\u{1b}[2J\\u{a}b.json');
    if (file === undefined) throw new Error('there is one file');
    expect(await textOf(file)).to.equal('{"a":1}');
  });

  it('are none that is taken away while the folder is looked at', async () => {
    const names = Array.from({ length: 2_000 }, (_, at) => `${10_000 + at}.json`);
    for (const name of names) writeFileSync(join(folder, name), '{}');
    let isLooking = true;
    const looking = sourceFiles(folder).finally(() => {
      isLooking = false;
    });
    // From the end, which is looked at last: some go after the folder was read and before it is their turn.
    const left = [...names];
    while (isLooking && left.length > 0) {
      rmSync(join(folder, left.pop() ?? ''));
      await setImmediate();
    }
    const files = await looking;
    expect(files.length).to.be.within(left.length, names.length - 1);
    expect(files.slice(0, left.length).map(({ name }) => name)).to.deep.equal(left);
  });

  it('are named when they are not there, or no whole gzip file', async () => {
    expect((await failure(sourceFiles(join(folder, 'none')))).code).to.equal('file-unreadable');
    const zipped = gzipSync('{"a":1}\n'.repeat(10_000));
    writeFileSync(join(folder, 'cut.ndjson.gz'), zipped.subarray(0, zipped.length - 20));
    const [cut] = await sourceFiles(folder);
    if (cut === undefined) throw new Error('there is one file');
    const { code, message } = await failure(textOf(cut));
    expect([code, message]).to.deep.equal([
      'file-unreadable',
      'The file cut.ndjson.gz is no whole gzip file.',
    ]);
    rmSync(join(folder, 'cut.ndjson.gz'));
    expect((await failure(textOf(cut))).code).to.equal('file-unreadable');
  });
});
