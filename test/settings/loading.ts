/** Settings of tests: one hospital that is all right, and what loading a text comes to. */
import { AdapterError } from '../../src/core/errors.ts';
import { type LoadedSettings, loadSettings } from '../../src/settings.ts';

export type Env = Record<string, string | undefined>;

/** Loads a YAML text as `site.yaml`; other files do not exist. */
export function load(text: string, env: Env = {}): LoadedSettings {
  return loadSettings({
    file: 'site.yaml',
    env,
    readFile: (path) => {
      if (path === 'site.yaml') return text;
      throw new Error(`ENOENT: ${path}`);
    },
  });
}

/** Every mistake in a text, or none. */
export function mistakes(text: string, env: Env = {}): readonly string[] {
  try {
    load(text, env);
    return [];
  } catch (thrown) {
    if (thrown instanceof AdapterError && thrown.code === 'settings-wrong')
      return thrown.details.problems ?? [];
    throw thrown;
  }
}

/** A hospital with further lines; the first of them is line 5 of the file. */
export function hospital(...lines: readonly string[]): string {
  return [
    'hospitals:',
    '  - id: general',
    '    base: https://fhir.hospital.example/r4',
    '    timezone: America/Chicago',
    ...lines.map((line) => `    ${line}`),
    '',
  ].join('\n');
}
