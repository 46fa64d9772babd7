/** When HAPI can be started and when it must be built again; that it starts is the business of the servers suite. */

import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isBuilt, whatHapiLacks } from './hapi.ts';

describe('hapi: what the machine lacks', () => {
  let bin: string;
  let empty: string;

  beforeEach(() => {
    bin = mkdtempSync(join(tmpdir(), 'bin-'));
    empty = mkdtempSync(join(tmpdir(), 'project-'));
  });
  afterEach(() => {
    for (const dir of [bin, empty]) rmSync(dir, { recursive: true });
  });

  const program = (name: string, says: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\necho '${says}' >&2\n`);
    chmodSync(join(bin, name), 0o755);
  };
  const lacks = () => whatHapiLacks({ PATH: bin }, empty);

  it('names Java when there is none', () => {
    expect(lacks()).to.match(/no java on the PATH/);
  });

  it('names the version of a Java that is too old', () => {
    program('java', 'java version "11.0.2" 2019-01-15');
    expect(lacks()).to.match(/Java 17 or newer: this java is 11/);
  });

  it('names Maven when nothing is built yet', () => {
    program('java', 'openjdk version "21" 2023-09-19');
    expect(lacks()).to.match(/no mvn on the PATH/);
  });

  it('needs no Maven once built', () => {
    program('java', 'openjdk version "17.0.15" 2025-04-15');
    mkdirSync(join(empty, 'target'));
    writeFileSync(join(empty, 'target/built'), '');
    expect(lacks()).to.equal(undefined);
  });
});

describe('hapi: whether it is built', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'project-'));
    for (const folder of ['src/main', 'target']) mkdirSync(join(dir, folder), { recursive: true });
    for (const file of ['pom.xml', 'src/main/Server.java', 'target/built']) touch(file, 1000);
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const touch = (file: string, seconds: number) => {
    writeFileSync(join(dir, file), '');
    utimesSync(join(dir, file), seconds, seconds);
  };

  it('is, when nothing changed since', () => expect(isBuilt(dir)).to.equal(true));

  for (const changed of ['pom.xml', 'src/main/Server.java']) {
    it(`is not, when ${changed} is newer`, () => {
      touch(changed, 2000);
      expect(isBuilt(dir)).to.equal(false);
    });
  }

  it('is not, when the last build did not come to its end', () => {
    rmSync(join(dir, 'target/built'));
    expect(isBuilt(dir)).to.equal(false);
  });
});
