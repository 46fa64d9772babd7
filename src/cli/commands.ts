/**
 * The table of commands. Parsing, help, suggestions and docs/commands.md are made from it. A row's file is loaded when the
 * command runs, so that help and mistakes are answered at once; import nothing heavy here.
 */
import type { CommandRow, OptionRow } from './command.ts';

export const globalOptions: readonly OptionRow[] = [
  {
    flags: '--settings <file>',
    says: 'settings file (massage-fhir.yaml in this folder when not given)',
  },
  { flags: '--json', says: 'print the result as JSON, for machines' },
];

/** Summaries of the groups: the first words of two-word commands. */
export const groups: Readonly<Record<string, string>> = {
  settings: 'the settings: are they right, and what is in force',
  migrate: 'the store: its schema and versions',
};

export const commands: readonly CommandRow[] = [
  {
    name: 'settings check',
    summary: 'say everything that is wrong with the settings',
    help:
      'Reads the settings file and the environment variables, and lists every mistake with its line, what was found, ' +
      'what is expected and what was probably meant. Nothing is connected to. Exit code 1 when all is right but ' +
      'something is probably not meant.',
    examples: [
      { line: 'settings check', says: 'check massage-fhir.yaml of this folder' },
      { line: 'settings check --settings /etc/massage-fhir.yaml', says: 'check another file' },
    ],
    load: () => import('./settings-check.ts'),
  },
  {
    name: 'settings show',
    summary: 'print the settings in force and where each comes from',
    help:
      'Prints every setting with its value and its origin: a line of the file, an environment variable, or the default. ' +
      'Secrets are named by their file or variable and never printed.',
    examples: [
      { line: 'settings show', says: 'all settings of this folder' },
      { line: 'settings show --json', says: 'the same for a script' },
    ],
    load: () => import('./settings-show.ts'),
  },
  {
    name: 'migrate status',
    summary: 'say which migrations the store has run',
    help:
      'Lists the migrations of the store: those that it has run and when, and those that the next start runs by itself. ' +
      'Changes nothing. Exit code 1 when store and version are not at the same migration.',
    examples: [{ line: 'migrate status', says: 'before and after an update' }],
    load: () => import('./migrate-status.ts'),
  },
];
