/** Holds every answer of the API against what the route table promises, so that each test of a route checks its form too. */
import type { ValidateFunction } from 'ajv';
import type { TSchema } from 'typebox';
import { routes } from '../../src/api/routes.ts';
import { OperationOutcome, Problem } from '../../src/api/shapes.ts';
import { schemaChecker } from '../../src/api/validation.ts';

const ajv = schemaChecker({ coerce: false });
const compiled = new Map<TSchema, ValidateFunction>();

function checkOf(schema: TSchema): ValidateFunction {
  const check = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, check);
  return check;
}

/** Throws when a JSON answer is not of the form that the table gives for its status. */
export function expectPromised(method: string, path: string, status: number, json: unknown): void {
  const [address = ''] = path.split('?');
  const row = routes.find(
    (one) =>
      one.method === method.toLowerCase() &&
      new RegExp(`^${one.path.replace(':id', '[^/]+')}$`).test(address),
  );
  const failed = /^\/fhir(\/|$)/.test(address) ? OperationOutcome : Problem;
  const schema = row?.answers[status] === undefined ? failed : row.answers[status].schema;
  if (schema === undefined) return;
  const check = checkOf(schema);
  if (!check(json))
    throw new Error(
      `${method} ${path} ${status} is not as promised: ${ajv.errorsText(check.errors)}`,
    );
}
