/** A file of the site: read, noticed when it changes, replaced whole or not at all. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { siteFile } from '../../src/settings/site-file.ts';

describe('a file of the site', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'site-file-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const path = (name = 'codes.csv') => join(folder, name);
  const bytes = (text: string) => Buffer.from(text);

  it('is made where there was none, and only then', () => {
    const file = siteFile(folder, 'codes.csv');
    expect([file.read(), file.stamp()]).to.deep.equal([undefined, undefined]);
    expect(file.replace(undefined, 'one')).to.equal(true);
    expect(file.replace(undefined, 'two')).to.equal(false);
    expect(readFileSync(path(), 'utf8')).to.equal('one');
  });

  it('is not replaced when somebody else has written to it meanwhile', () => {
    writeFileSync(path(), 'mine');
    const file = siteFile(folder, 'codes.csv');
    const before = file.read();
    writeFileSync(path(), 'theirs');
    expect(file.replace(before, 'mine and more')).to.equal(false);
    expect(readFileSync(path(), 'utf8')).to.equal('theirs');
    expect(readdirSync(folder)).to.deep.equal(['codes.csv']);
  });

  it('gets another stamp whenever it was written, also by a replacement of the same length', () => {
    const file = siteFile(folder, 'codes.csv');
    file.replace(undefined, 'one');
    const first = file.stamp();
    expect(file.stamp()).to.equal(first);
    file.replace(bytes('one'), 'two');
    expect(file.stamp()).not.to.equal(first);
  });

  it('keeps its permissions, and stays a link where it is one', () => {
    mkdirSync(path('kept'));
    writeFileSync(path('kept/codes.csv'), 'one', { mode: 0o600 });
    symlinkSync('kept/codes.csv', path());
    expect(siteFile(folder, 'codes.csv').replace(bytes('one'), 'two')).to.equal(true);
    expect(readFileSync(path('kept/codes.csv'), 'utf8')).to.equal('two');
    expect(statSync(path('kept/codes.csv')).mode & 0o777).to.equal(0o600);
  });

  it('that cannot be read or written is said so, by its name', () => {
    mkdirSync(path());
    const file = siteFile(folder, 'codes.csv');
    expect(() => file.read()).to.throw('codes.csv cannot be used (EISDIR).');
    const nowhere = siteFile(folder, 'no/such/codes.csv');
    expect(() => nowhere.replace(undefined, 'x')).to.throw(
      'no/such/codes.csv cannot be used (ENOENT).',
    );
  });
});
