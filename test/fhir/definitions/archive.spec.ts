/** Packages come from outside: what is cut off, too large or made to do harm is refused with a sentence. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { DefinitionsUnreadable, readArchive } from '../../../src/fhir/definitions/archive.ts';
import { tar, tgz } from './tar.ts';

function read(bytes: Buffer, most?: number): [name: string, text: string][] {
  return [...readArchive(bytes, 'a.tgz', most)].map(({ name, text }) => [name, text()]);
}

describe('reading a package', () => {
  it('gives files in their order and leaves out folders and links', () => {
    const entries = [
      { name: 'package/', type: '5' },
      { name: 'package/b.json', content: '{"b":"é"}' },
      { name: 'package/link.json', type: '2' },
      { name: 'package/a.json', content: 'x'.repeat(1200) },
      { name: 'package/empty.json' },
    ];
    expect(read(tgz(entries))).to.deep.equal([
      ['package/b.json', '{"b":"é"}'],
      ['package/a.json', 'x'.repeat(1200)],
      ['package/empty.json', ''],
    ]);
  });

  it('reads long names in each of the three ways in which archives write them', () => {
    const long = `package/${'n'.repeat(150)}.json`;
    const field = ` path=${long}\n`;
    const pax = `${field.length + 3}${field}`;
    expect(
      read(
        tgz([
          { name: 'deep.json', prefix: `package/${'p'.repeat(100)}`, content: '1' },
          { name: 'pax', type: 'x', content: pax },
          { name: 'package/nnn', content: '2' },
          { name: '././@LongLink', type: 'L', content: `${long}\0` },
          { name: 'package/nnn', content: '3' },
          { name: 'package/last.json', content: '4' },
        ]),
      ),
    ).to.deep.equal([
      [`package/${'p'.repeat(100)}/deep.json`, '1'],
      [long, '2'],
      [long, '3'],
      ['package/last.json', '4'],
    ]);
  });

  it('reads what the tar of the machine writes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'package-'));
    try {
      const name = `package/${'long'.repeat(40)}.json`;
      mkdirSync(join(folder, 'package'));
      writeFileSync(join(folder, name), '{"a":1}');
      for (const format of ['gnu', 'pax']) {
        execFileSync('tar', [`--format=${format}`, '-czf', 'made.tgz', 'package'], { cwd: folder });
        expect(read(readFileSync(join(folder, 'made.tgz'))), format).to.deep.equal([
          [name, '{"a":1}'],
        ]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses names that lead out of the archive', () => {
    for (const name of [
      '../etc/a.json',
      'package/../../a.json',
      '/etc/a.json',
      'C:\\a.json',
      'a\\..\\b.json',
    ])
      expect(() => read(tgz([{ name, content: '{}' }])), name).to.throw(
        DefinitionsUnreadable,
        'a.tgz is refused: it names a file outside of itself.',
      );
  });

  it('says that an archive is cut off, in the gzip and in the tar', () => {
    const entries = [{ name: 'package/a.json', content: 'x'.repeat(5000) }];
    const whole = tgz(entries);
    for (const bytes of [
      whole.subarray(0, whole.length - 12),
      gzipSync(tar(entries).subarray(0, 3000)),
      gzipSync(tar(entries).subarray(0, 300)),
      tgz([{ name: 'package/a.json', content: 'x', size: 8 ** 11 - 1 }]),
      tgz([{ name: 'pax', type: 'x', content: '13 size=-512\n' }, { name: 'package/a.json' }]),
    ])
      expect(() => read(bytes)).to.throw(
        DefinitionsUnreadable,
        'a.tgz is cut off: fetch it again.',
      );
  });

  it('stops unpacking at a limit', () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    expect(bomb.length).to.be.lessThan(100_000);
    expect(() => read(bomb, 10 * 1024 * 1024)).to.throw(
      DefinitionsUnreadable,
      'a.tgz unpacks to more than 10 MB.',
    );
  });

  it('says what is no archive', () => {
    expect(() => read(Buffer.from('{"resourceType":"Bundle"}'))).to.throw(
      DefinitionsUnreadable,
      'is no gzip archive',
    );
    expect(() => read(gzipSync('{"resourceType":"Bundle"}'.repeat(100)))).to.throw(
      DefinitionsUnreadable,
      'is no tar archive',
    );
  });

  it('answers any damage with a sentence or with files, and never crashes', () => {
    const sound = tar([
      { name: 'pax', type: 'x', content: '22 path=package/a.json\n' },
      { name: 'a', content: '{"a":1}' },
      { name: 'package/b.json', content: '{"b":1}' },
    ]);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (damage) => {
          const bytes = Buffer.from(sound);
          for (const [at, byte] of damage) bytes[at] = byte;
          try {
            read(gzipSync(bytes));
          } catch (error) {
            expect(error).to.be.instanceOf(DefinitionsUnreadable);
          }
        },
      ),
    );
  });
});
