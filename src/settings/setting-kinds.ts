/**
 * The kinds of settings that the schema is made of. `check`, `expects`, `secret` and `atLeast` are our own keywords beside
 * those of JSON Schema.
 */
import Type from 'typebox';
import type { Secret } from '../hospital/sign-in/secret.ts';
import type { CheckName } from './checks.ts';
import type { Duration } from './duration.ts';

/** What our keywords add to JSON Schema; `expects` finishes the sentence "expected …". */
interface Rules {
  readonly description: string;
  readonly expects?: string;
  readonly check?: CheckName;
  readonly default?: unknown;
}

export const closed = { additionalProperties: false } as const;

export function choice<const Value extends string>(values: readonly Value[], rules: Rules) {
  return Type.Unsafe<Value>({ type: 'string', enum: values, ...rules });
}

export function duration(standard: Duration, atLeast: Duration, description: string) {
  const expects = `a time span of at least ${atLeast}, such as ${standard === atLeast ? '5m' : standard}`;
  const check: CheckName = 'duration';
  return Type.Unsafe<Duration>({
    type: 'string',
    check,
    atLeast,
    expects,
    default: standard,
    description,
  });
}

export function texts(
  standard: readonly string[],
  item: Omit<Rules, 'description'>,
  description: string,
) {
  return Type.Array(Type.String(item), {
    default: standard,
    uniqueItems: true,
    expects: `a list, each entry ${item.expects}`,
    description,
  });
}

export function count(standard: number, most: number, description: string) {
  return Type.Integer({
    minimum: 1,
    maximum: most,
    default: standard,
    expects: `a whole number from 1 to ${most}`,
    description,
  });
}

export function secret(description: string) {
  return Type.Unsafe<Secret>({
    type: 'object',
    properties: {
      file: Type.String({ minLength: 1, expects: 'the path of a file that holds the secret' }),
      env: Type.String({ minLength: 1, expects: 'the name of an environment variable' }),
    },
    minProperties: 1,
    maxProperties: 1,
    ...closed,
    secret: true,
    expects: '{ file: PATH } or { env: VARIABLE }',
    description,
  });
}
