/**
 * Letters for the browser: the Chromium from npm brings a font, and a font configuration that looks for it in places of
 * its own. Without any font every text is blank and a text field brings the browser down.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Points browsers that are started from now on to the fonts of the system and to the one that npm brought. */
export function giveLetters(): () => void {
  const manifest = join(root, 'node_modules/@sparticuz/chromium/package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const folder = mkdtempSync(join(tmpdir(), 'letters-'));
  const file = join(folder, 'fonts.conf');
  const places = ['/usr/share/fonts', join(root, 'build', `chromium-${version}`, 'fonts')];
  writeFileSync(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${places.map((place) => `<dir>${place}</dir>`).join('\n')}
<cachedir>${folder}</cachedir>
<alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
<alias><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`,
  );
  const before = process.env.FONTCONFIG_FILE;
  process.env.FONTCONFIG_FILE = file;
  return () => {
    if (before === undefined) delete process.env.FONTCONFIG_FILE;
    else process.env.FONTCONFIG_FILE = before;
    rmSync(folder, { recursive: true });
  };
}
