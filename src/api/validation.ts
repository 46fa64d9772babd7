/**
 * Checks what comes in against its schema and says everything that is wrong at once, in words that name the place and
 * never repeat the value: what somebody typed into a field may be about a patient.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { TSchema } from 'typebox';
import { AdapterError } from '../core/errors.ts';

/** RFC 3339 with a zone; the day has to exist. */
const instant =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

export function isInstant(text: string): boolean {
  const [, year, month, day] = instant.exec(text) ?? [];
  if (year === undefined || Number.isNaN(Date.parse(text))) return false;
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(day) <= lastDay;
}

/** `coerce`: texts become the numbers that the schema asks for, as queries need; a body says what it means. */
export function schemaChecker(options: { readonly coerce: boolean }): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    // a oneOf names properties that its parent defines (scores: value or missing)
    strictRequired: false,
    allErrors: true,
    verbose: true,
    useDefaults: true,
    coerceTypes: options.coerce,
  });
  ajv.addFormat('date-time', isInstant);
  ajv.addFormat('uri-reference', true);
  return ajv;
}

const ofBodies = schemaChecker({ coerce: false });
const ofQueries = schemaChecker({ coerce: true });

export type Check = (value: unknown) => void;

/** Throws `bad-request` with all mistakes. Defaults are filled in. */
export function bodyCheck(schema: TSchema): Check {
  return checkBy(ofBodies.compile(schema), 'body');
}

export function queryCheck(schema: TSchema): Check {
  return checkBy(ofQueries.compile(schema), 'query');
}

function checkBy(validate: ValidateFunction, part: 'body' | 'query'): Check {
  return (value) => {
    if (validate(value)) return;
    const problems = [...new Set((validate.errors ?? []).flatMap((one) => sentence(one, part)))];
    const many = problems.length === 1 ? 'one mistake' : `${problems.length} mistakes`;
    throw new AdapterError('bad-request', `The ${part} has ${many}: ${problems.join('; ')}.`, {
      problems,
    });
  };
}

/** One mistake in words; none for those that another one says better. */
function sentence(error: ErrorObject, part: string): string[] {
  const { keyword, instancePath, params, schemaPath, message, parentSchema } = error;
  const place = (name?: string) =>
    `${part} ${instancePath}${name === undefined ? '' : `/${name}`}`.trimEnd();
  if (schemaPath.includes('/oneOf/')) return [];
  switch (keyword) {
    case 'required':
      return [`${place(params.missingProperty)} is missing`];
    case 'additionalProperties':
      return [`${place(params.additionalProperty)} is not known here`];
    case 'const':
      return [`${place()} must be ${params.allowedValue}`];
    case 'enum':
      return [`${place()} must be one of ${params.allowedValues.join(', ')}`];
    case 'oneOf':
      return [`${place()}: ${parentSchema?.description}`];
    case 'pattern':
      return [`${place()} must not be blank`];
    case 'format':
      return [`${place()} must be an instant with a zone, e.g. 2026-03-02T09:30:00Z`];
    default:
      return [`${place()} ${message}`];
  }
}
