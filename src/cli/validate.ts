/**
 * `massage-fhir validate FILE…`: are these resources valid FHIR R4, and what could not be checked. One verdict a resource as
 * soon as it is there; files of any size, since only one resource at a time is held.
 */
import { EventEmitter, once } from 'node:events';
import { extname } from 'node:path';
import { AdapterError } from '../core/errors.ts';
import { DefinitionsUnreadable } from '../fhir/definitions/archive.ts';
import { type Definitions, openDefinitions } from '../fhir/definitions/definitions.ts';
import { DefinitionsMissing } from '../fhir/definitions/r4.ts';
import { usualLength } from '../fhir/json/read-json.ts';
import { refusal, validateText } from '../fhir/validation/validate-text.ts';
import { openValidator, type Validator } from '../fhir/validation/validator.ts';
import { type ExitCode, type Io, type Options, valuesOf } from './command.ts';
import { type Bytes, fileBytes } from './input-bytes.ts';
import { inputPaths, standardInput } from './input-paths.ts';
import { type PlacedText, resourceTexts } from './resource-texts.ts';
import { asJson, asLines, type PlacedVerdict } from './verdict-lines.ts';

export async function run(args: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  const paths = inputPaths(args, io.cwd);
  const profiles = valuesOf(options.profile);
  const validator = validatorFor(profiles, valuesOf(options.definitions), io);
  return await validateAll({
    paths,
    verdictOn: ({ content }) =>
      'text' in content
        ? validateText(validator, content.text, { profiles })
        : refusal(content.code, content.says),
    io,
    json: options.json === true,
    standardInput: () => process.stdin,
  });
}

/** Throws `arguments-wrong` for definitions that cannot be read and for a profile that is not here. */
function validatorFor(
  profiles: readonly string[],
  added: readonly string[],
  io: Io,
): Pick<Validator, 'validate'> {
  const definitions = opened(added);
  for (const { file, says } of definitions.problems)
    io.stderr.write(`massage-fhir: ${file}: ${says}\n`);
  const validator = openValidator(definitions);
  const unknown = profiles.filter((profile) => !validator.knows(profile));
  if (unknown.length > 0)
    throw new AdapterError(
      'arguments-wrong',
      `There is no profile ${unknown.join(' and no ')} here.`,
      {
        fix: 'Check the URL, or add the folder or package that defines it with --definitions.',
      },
    );
  return validator;
}

function opened(added: readonly string[]): Definitions {
  try {
    return openDefinitions({ added });
  } catch (cause) {
    if (cause instanceof DefinitionsUnreadable)
      throw new AdapterError('arguments-wrong', `--definitions: ${cause.message}`, { cause });
    if (cause instanceof DefinitionsMissing)
      throw new AdapterError('definitions-missing', cause.message, { cause });
    throw cause;
  }
}

export interface Validation {
  readonly paths: readonly string[];
  readonly verdictOn: (placed: PlacedText) => PlacedVerdict['verdict'];
  readonly io: Io;
  /** One JSON object a line. */
  readonly json: boolean;
  readonly standardInput: () => Bytes;
}

/** Milliseconds between two lines of progress. */
const progressEvery = 5000;

/** Exit code 1 when something is not valid or the run was stopped; throws `arguments-wrong` when there is no resource. */
export async function validateAll(validation: Validation): Promise<ExitCode> {
  const { paths, verdictOn, io, json } = validation;
  const now = () => Date.parse(io.clock());
  const seen = { resources: 0, invalid: 0, notChecked: 0, bytes: 0 };
  let told = now();
  let out = '';
  const flush = async () => {
    const text = out;
    out = '';
    await written(io, text);
  };
  const chunk = async (bytes: number) => {
    seen.bytes += bytes;
    await flush();
    if (now() - told < progressEvery) return;
    told = now();
    io.stderr.write(`massage-fhir: ${counted(seen)} so far, ${megabytes(seen.bytes)} read\n`);
  };
  for (const file of paths) {
    const bytes = file === standardInput ? validation.standardInput() : fileBytes(file, io.cwd);
    const texts = resourceTexts(bytes, { isLines: isNdjson(file), limit: usualLength }, { chunk });
    for await (const placed of texts) {
      if (io.signal.aborted) break;
      const verdict = verdictOn(placed);
      seen.resources += 1;
      if (!verdict.valid) seen.invalid += 1;
      seen.notChecked += verdict.notChecked.length;
      const one: PlacedVerdict = { file, line: placed.line, verdict };
      out += json ? asJson(one) : asLines(one, io.color);
    }
    await flush();
    if (io.signal.aborted) {
      io.stderr.write(`massage-fhir: stopped; ${counted(seen)} until then\n`);
      return 1;
    }
  }
  if (seen.resources === 0)
    throw new AdapterError('arguments-wrong', 'There is no resource in these files.', {
      fix: 'Name files with at least one resource.',
    });
  if (!json) await written(io, `\n${summary(seen)}\n`);
  return seen.invalid === 0 ? 0 : 1;
}

/** Waits where the reader is slower than we are, so that a long run stays small. */
async function written({ stdout }: Io, text: string): Promise<void> {
  if (text === '' || stdout.write(text) !== false) return;
  if (stdout instanceof EventEmitter) await once(stdout, 'drain');
}

/** Exports are named so; any other name is told by what is in the file. */
function isNdjson(file: string): boolean {
  const name = file.toLowerCase().replace(/\.gz$/, '');
  return ['.ndjson', '.jsonl'].includes(extname(name));
}

interface Seen {
  readonly resources: number;
  readonly invalid: number;
  readonly notChecked: number;
}

function counted({ resources, invalid }: Seen): string {
  const number = resources.toLocaleString('en');
  return `${number} ${resources === 1 ? 'resource' : 'resources'}, ${invalid.toLocaleString('en')} not valid`;
}

function summary(seen: Seen): string {
  const open =
    seen.notChecked === 0
      ? ''
      : `, ${seen.notChecked.toLocaleString('en')} × not checked (see above)`;
  return `${counted(seen)}${open}`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
}
