/** What a command is: a row of the table in commands.ts, and a function in a file that is loaded when it is used. */
import type { Instant } from '../core/concept.ts';
import type { Environment } from '../hospital/connection.ts';

export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Everything that a command has of the world around it. */
export interface Io {
  /** Results. */
  readonly stdout: Output;
  /** Log, progress, errors. */
  readonly stderr: NodeJS.WritableStream & Output;
  readonly env: Environment;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** Whether standard output is a terminal. */
  readonly isTTY: boolean;
  /** Whether results may be coloured. */
  readonly color: boolean;
  readonly clock: () => Instant;
  /** Aborted when somebody asks to stop (Ctrl-C, SIGTERM); a command then ends cleanly and soon. */
  readonly signal: AbortSignal;
}

/** The options of every command. */
export interface GlobalOptions {
  /** Path of the settings file, when one was named. */
  readonly settings?: string;
  readonly json?: boolean;
}

/** Options as they were given: `--dry-run` is `dryRun`. */
export type Options = GlobalOptions & Readonly<Record<string, string | boolean | undefined>>;

/** The values of an option that may be given several times. */
export function valuesOf(option: Options[string]): readonly string[] {
  return typeof option === 'string' ? option.split('\n') : [];
}

/** 0: done. 1: done, but not all is well, and it said what. 2: could not, and it said why. */
export type ExitCode = 0 | 1 | 2;

/** `args` are the words after the command's name; a failure is thrown as AdapterError. */
export type Run = (args: readonly string[], options: Options, io: Io) => Promise<ExitCode>;

export interface ArgumentRow {
  /** `<id>`, or `[id]` where it may be missing, or `<file...>` for several. */
  readonly form: string;
  readonly says: string;
}

export interface OptionRow {
  /** `--full`, `--from <dir>` */
  readonly flags: string;
  readonly says: string;
  readonly choices?: readonly string[];
  /** May be given several times: the values come in one text, one a line (`valuesOf`). */
  readonly repeatable?: true;
}

export interface CommandRow {
  /** One word, or two for a group: `settings check`. */
  readonly name: string;
  readonly arguments?: readonly ArgumentRow[];
  readonly options?: readonly OptionRow[];
  /** One line of the list of commands. */
  readonly summary: string;
  /** What its own help says beyond that. */
  readonly help: string;
  readonly examples: readonly { readonly line: string; readonly says: string }[];
  readonly load: () => Promise<{ readonly run: Run }>;
}
