/** Which Node runs the product, and what happens under one that cannot. */

import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { massageFhir } from './processes.ts';

type Choice = { run: string; installed?: string; says?: string };
// Plain JavaScript without types of its own, so that any Node can read it.
const {
  canRun,
  chooseNode,
}: {
  canRun: (version: string) => boolean;
  chooseNode: (version: string, running: string, installed?: string) => Choice;
} = await import(pathToFileURL(resolve('src/cli/node-version.mjs')).href);

describe('the Node that runs', () => {
  for (const version of ['v24.3.0', 'v24.10.1', 'v26.10.0', 'v25.0.0-nightly'])
    it(`may be ${version}`, () => expect(canRun(version)).to.equal(true));
  for (const version of ['v24.2.9', 'v22.21.0', 'v20.20.2', 'v8.0.0'])
    it(`may not be ${version}`, () => expect(canRun(version)).to.equal(false));

  it('is the one that is running where that will do', () => {
    expect(chooseNode('v26.0.0', '/usr/bin/node', '/x/node').run).to.equal('here');
  });

  it('is the installed one where it will not', () => {
    expect(chooseNode('v20.0.0', '/usr/bin/node', '/x/node')).to.deep.equal({
      run: 'installed',
      installed: '/x/node',
    });
  });

  it('is none where nothing is installed, or the installed one is asking; then it says what to do', () => {
    expect(chooseNode('v20.0.0', '/usr/bin/node').says).to.contain('npm ci');
    expect(chooseNode('v20.0.0', '/x/node', '/x/node').run).to.equal('nowhere');
  });
});

describe('the Node of this machine', () => {
  const host = hostNode();

  it('hands over when it is too old, and the exit code comes back', async function () {
    if (host === undefined || canRun(host.version)) return this.skip();
    const { code, stderr } = await massageFhir(['settings', 'chek'], { node: host.path });
    expect(code).to.equal(2);
    expect(stderr).to.contain('Did you mean check?');
  });
});

/** The first Node on the PATH that is not the one of the checkout. */
function hostNode(): { path: string; version: string } | undefined {
  const own = realpathSync(process.execPath);
  for (const folder of (process.env.PATH ?? '').split(':')) {
    const path = resolve(folder, 'node');
    try {
      if (folder === '' || realpathSync(path) === own) continue;
      return { path, version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim() };
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
    }
  }
  return undefined;
}
