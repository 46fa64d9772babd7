/**
 * The command line: a commander program made from the table of commands, and the one place where errors become words and
 * exit codes. Commands get everything from `io`, so that they can be run by tests and by each other.
 */
import { Command, CommanderError, Option } from 'commander';
import product from '../../package.json' with { type: 'json' };
import { asAdapterError } from '../core/errors.ts';
import type { CommandRow, ExitCode, Io, OptionRow, Options } from './command.ts';
import { commands, globalOptions, groups } from './commands.ts';

/** Runs the command of this process; Ctrl-C and SIGTERM abort it, a second one ends it at once. */
export async function runHere(argv: readonly string[]): Promise<ExitCode> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const { stdout, stderr } = process;
  // Whoever reads us has had enough (`… | head`): that is no fault, and nobody is left to be told more.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  const code = await runCommandLine(argv, {
    stdout,
    stderr,
    env: process.env,
    cwd: process.cwd(),
    isTTY: stdout.isTTY === true,
    // hasColors minds NO_COLOR, FORCE_COLOR and the kind of terminal.
    color: stdout.isTTY === true && stdout.hasColors(),
    clock: () => new Date().toISOString(),
    signal: stopping.signal,
  });
  process.off('SIGINT', stop);
  process.off('SIGTERM', stop);
  return code;
}

/** Parses, runs, and answers with the exit code; never throws. */
export async function runCommandLine(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = 0;
  const done = (ended: ExitCode) => {
    code = ended;
  };
  try {
    const program = makeProgram(io, done);
    if (argv.length === 0) {
      program.outputHelp();
      return 2;
    }
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (thrown) {
    // Commander has printed what it has to say; help and version are no failures.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    await reportFailure(thrown, argv.includes('--json'), io);
    return 2;
  }
}

/** The program with all commands of the table; `done` hears how the one that ran has ended. */
export function makeProgram(io: Io, done: (code: ExitCode) => void): Command {
  const program = prepared(new Command('massage-fhir'), io)
    .description(
      'Connects a hospital’s FHIR server with its massage-therapy service: finds the orders, books and follows the sessions, writes the outcome back.',
    )
    .version(product.version, '--version', 'print the version')
    .helpCommand('help [command]', 'explain a command')
    .addHelpText(
      'after',
      '\nExit codes: 0 done; 1 done, but not all is well; 2 could not.\nThe settings, the commands and the errors are explained in docs/.',
    );
  for (const option of globalOptions) program.addOption(optionOf(option));
  const parents = new Map<string, Command>();
  for (const row of commands) {
    const [first = '', second] = row.name.split(' ');
    const parent = second === undefined ? program : (parents.get(first) ?? group(first));
    const command = prepared(parent.command(second ?? first), io);
    describe(command, row);
    command.action(async () => {
      const { run } = await row.load();
      done(await run(command.args, command.optsWithGlobals<Options>(), io));
    });
  }
  return program;

  function group(name: string): Command {
    const made = prepared(program.command(name), io).description(groups[name] ?? '');
    parents.set(name, made);
    return made;
  }
}

function describe(command: Command, row: CommandRow): void {
  command.summary(row.summary).description(`${capital(row.summary)}.\n\n${row.help}`);
  for (const { form, says } of row.arguments ?? []) command.argument(form, says);
  for (const option of row.options ?? []) command.addOption(optionOf(option));
  const examples = row.examples.map(({ line, says }) => `  massage-fhir ${line}\n      ${says}`);
  if (examples.length > 0) command.addHelpText('after', `\nExamples:\n${examples.join('\n')}`);
}

function optionOf({ flags, says, choices, repeatable }: OptionRow): Option {
  const option = new Option(flags, says);
  if (repeatable)
    option.argParser((value: string, before: string | undefined) =>
      before === undefined ? value : `${before}\n${value}`,
    );
  return choices === undefined ? option : option.choices([...choices]);
}

/** Settings that commander does not hand down to commands by itself. */
function prepared(command: Command, io: Io): Command {
  return command
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(--help explains)')
    .configureHelp({ showGlobalOptions: true, helpWidth: helpWidth(io) })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHasColors: () => io.color,
      getErrHasColors: () => io.color,
    });
}

/** Off a terminal always the same, so that scripts and golden files see no difference between machines. */
function helpWidth(io: Io): number {
  return io.isTTY ? Math.min(io.stdout.columns ?? 80, 100) : 80;
}

async function reportFailure(thrown: unknown, json: boolean, io: Io): Promise<void> {
  const error = asAdapterError(thrown);
  const { problems } = error.details;
  if (json) {
    const body = { code: error.code, message: error.message, fix: error.fix, problems };
    io.stdout.write(`${JSON.stringify({ error: body }, undefined, 2)}\n`);
  } else {
    const listed = (problems ?? []).map((problem) => `  ${problem}\n`).join('');
    io.stderr.write(`massage-fhir: ${error.code}: ${error.message}\n${listed}${error.fix}\n`);
  }
  // Loaded for a failure only: the settings module is much larger than everything that help needs.
  const { debugAsked } = await import('../settings.ts');
  if (debugAsked(io.env)) io.stderr.write(`${stackOf(thrown)}\n`);
}

function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause === undefined ? '' : `\ncaused by ${stackOf(thrown.cause)}`;
  return `${thrown.stack ?? thrown.message}${cause}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
