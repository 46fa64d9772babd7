/**
 * Settings: one YAML file, every setting also by environment variable, secrets by name only. Everything that is wrong is
 * said at once. Nothing else in the product reads environment variables; they are passed in here.
 */
import { dirname } from 'node:path';
import { AdapterError } from './core/errors.ts';
import type { Environment } from './hospital/connection.ts';
import { type Problem, problemSentence } from './mapping/problems.ts';
import { cautions } from './settings/cautions.ts';
import { type EffectiveSetting, effectiveSettings } from './settings/effective.ts';
import { layEnvironment } from './settings/environment.ts';
import type { Settings } from './settings/schema.ts';
import { checkSettings } from './settings/validation.ts';
import { readYaml } from './settings/yaml-file.ts';

export { type Duration, milliseconds } from './settings/duration.ts';
export type { EffectiveSetting } from './settings/effective.ts';
export type { HospitalSettings, Settings } from './settings/schema.ts';

export interface SettingsSources {
  /** Path of the YAML file; none means environment variables and defaults alone. */
  readonly file?: string | undefined;
  readonly env: Environment;
  /** Reads a text file; throws when it cannot. */
  readonly readFile: (path: string) => string;
}

export interface LoadedSettings {
  readonly settings: Settings;
  /** Allowed and probably not meant, a sentence each. */
  readonly warnings: readonly string[];
  /** Each setting in force and where it came from, in the order of the schema. */
  readonly effective: readonly EffectiveSetting[];
  /** Folder of the settings file, `.` without one: what the site has beside it is found from there. */
  readonly folder: string;
  /** Where a setting came from: `origin('hospitals[0].select.codes')` is `massage-fhir.yaml:12`, a variable, or `default`. */
  readonly origin: (path: string) => string;
}

/** The settings in force, or `settings-wrong` with every mistake in `details.problems`. */
export function loadSettings(from: SettingsSources): LoadedSettings {
  const file = from.file;
  const read =
    file === undefined
      ? { value: {}, sources: new Map([['', 'settings']]), problems: [] }
      : readYaml(textOf(file, from.readFile), file);
  const laid = layEnvironment(read.value, read.sources, from.env);
  // A file that could not be parsed says nothing about what is in it: its own problems are enough.
  const checked =
    read.problems.length > 0 ? { problems: [] } : checkSettings(laid.value, laid.sources);
  const problems = [...read.problems, ...laid.problems, ...checked.problems];
  if (problems.length > 0 || !('settings' in checked) || checked.settings === undefined)
    throw wrong(problems, file);
  const { settings } = checked;
  const effective = effectiveSettings(settings, laid.sources);
  const origins = new Map(effective.map((one) => [one.path, one.origin]));
  return {
    settings,
    warnings: cautions(settings, from),
    effective,
    folder: file === undefined ? '.' : dirname(file),
    origin: (path) => origins.get(path) ?? 'default',
  };
}

/** Whether the environment alone asks for the debug log, for faults before any settings are read. */
export function debugAsked(env: Environment): boolean {
  return env.MASSAGE_FHIR_LOG_LEVEL === 'debug';
}

function textOf(file: string, readFile: SettingsSources['readFile']): string {
  try {
    return readFile(file);
  } catch (cause) {
    throw new AdapterError('file-unreadable', `The settings file ${file} cannot be read.`, {
      cause,
    });
  }
}

/** Everything that is wrong as one error. */
export function wrongSettings(problems: readonly Problem[]): AdapterError {
  const sentences = sentencesOf(problems);
  return new AdapterError('settings-wrong', `The settings have ${manyOf(sentences)}.`, {
    problems: sentences,
  });
}

function manyOf(sentences: readonly string[]): string {
  return sentences.length === 1 ? 'one mistake' : `${sentences.length} mistakes`;
}

function sentencesOf(problems: readonly Problem[]): string[] {
  return [...new Set(problems.map(problemSentence))].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
}

function wrong(problems: readonly Problem[], file: string | undefined): AdapterError {
  if (file !== undefined) return wrongSettings(problems);
  const sentences = sentencesOf(problems);
  return new AdapterError(
    'settings-wrong',
    `There is no settings file here, and the variables have ${manyOf(sentences)}.`,
    {
      problems: sentences,
      fix: 'Name a settings file (massage-fhir.yaml is looked for here; docs/massage-fhir.example.yaml is a start) or set the variables, then run massage-fhir settings check.',
    },
  );
}
