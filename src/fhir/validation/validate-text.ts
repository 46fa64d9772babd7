/**
 * The verdict on a resource as text: what only the text shows (broken JSON, keys that occur twice, halves of characters)
 * together with what the validator says of the value.
 */
import { type JsonLimits, type JsonRead, readJson } from '../json/read-json.ts';
import { inStableOrder } from './issue-order.ts';
import type { Issue, IssueCode, Verdict } from './outcome.ts';
import type { ValidateOptions, Validator } from './validator.ts';
import { jsonType } from './wording.ts';

export interface TextVerdict extends Verdict {
  readonly resourceType?: string;
  readonly id?: string;
}

export type TextOptions = Omit<ValidateOptions, 'digits'> & { readonly limits?: JsonLimits };

/** Judges JSON text. Never throws on what it holds. */
export function validateText(
  validator: Pick<Validator, 'validate'>,
  text: string,
  { limits, ...options }: TextOptions = {},
): TextVerdict {
  const result = readJson(text, limits);
  if (!result.ok) {
    const { because, message, line, column } = result.fault;
    return refusal(
      because === 'limit' ? 'too-long' : 'structure',
      `Line ${line}, column ${column}: ${message}`,
    );
  }
  const { read } = result;
  const type = typeOf(read.value);
  if ('says' in type) return withIssues(refusal('structure', type.says), issuesOf(read));
  const verdict = validator.validate(read.value, { ...options, digits: read.digits });
  const { resourceType, id } = type;
  return {
    resourceType,
    ...(id !== undefined && { id }),
    ...withIssues(verdict, issuesOf(read)),
  };
}

/** The verdict on what is not read at all. */
export function refusal(code: IssueCode, message: string): TextVerdict {
  return {
    valid: false,
    issues: [{ severity: 'fatal', code, expression: '', message }],
    notChecked: [],
  };
}

function withIssues(verdict: Verdict, more: readonly Issue[]): Verdict {
  if (more.length === 0) return verdict;
  return {
    ...verdict,
    valid: verdict.valid && !more.some(({ severity }) => severity === 'error'),
    issues: inStableOrder([...verdict.issues, ...more]),
  };
}

function issuesOf({ duplicates, notes }: JsonRead): Issue[] {
  return [
    ...duplicates.map(({ path, key, line, column }): Issue => {
      const named = key.length <= 64 ? `‘${key.toWellFormed()}’` : 'This key';
      return {
        severity: 'error',
        code: 'structure',
        expression: path,
        message: `${named} occurs twice in this object, the second time in line ${line}, column ${column}; names have to be unique.`,
      };
    }),
    ...notes.map(
      ({ message, path, line, column, severity }): Issue => ({
        severity,
        code: 'value',
        expression: path,
        message: `${message} (line ${line}, column ${column})`,
      }),
    ),
  ];
}

/** What a text says it is; names longer than any of FHIR are not repeated. */
function typeOf(
  value: unknown,
): { readonly resourceType: string; readonly id: string | undefined } | { readonly says: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { says: `A resource is an object; this is ${jsonType(value)}.` };
  const { resourceType, id } = value as { resourceType?: unknown; id?: unknown };
  if (resourceType === undefined)
    return { says: 'There is no resourceType, so that nothing is known of this object.' };
  if (typeof resourceType !== 'string' || !/^[A-Za-z]{1,64}$/.test(resourceType))
    return { says: 'The resourceType is not the name of a type.' };
  return { resourceType, id: typeof id === 'string' && id.length <= 64 ? id : undefined };
}
