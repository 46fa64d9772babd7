/** A fault as somebody posted it, checked, because a misspelt fault would look like a server without faults. */
import { isObject, type Json } from '../json.ts';
import { refuse } from '../outcome.ts';
import type { Fault, FaultName } from './kinds.ts';
import { faultTable } from './table.ts';

type Shape = Readonly<Record<string, string | readonly string[]>>;

const common: Shape = {
  do: 'string',
  on: 'object?',
  times: 'number?',
  after: 'number?',
  always: 'boolean?',
};

const target: Shape = {
  method: 'string?',
  type: 'string?',
  path: 'string?',
  page: ['?', 'first', 'later'],
};

export function faultFrom(json: Json | undefined): Fault {
  if (!isObject(json)) throw refuse(400, 'structure', 'A fault is one JSON object.');
  const name = typeof json.do === 'string' ? json.do : '';
  if (!Object.hasOwn(faultTable, name)) {
    throw refuse(400, 'value', `"do" is one of: ${Object.keys(faultTable).join(', ')}.`);
  }
  check(json, { ...common, ...faultTable[name as FaultName].members }, 'A fault');
  if (isObject(json.on)) check(json.on, target, 'on');
  if (typeof json.status === 'number' && !(json.status >= 200 && json.status <= 599)) {
    throw refuse(400, 'value', '"status" is an HTTP status from 200 to 599.');
  }
  return json as Fault;
}

function check(json: Json & object, shape: Shape, what: string): void {
  const given = json as Readonly<Record<string, Json>>;
  for (const [name, value] of Object.entries(given)) {
    const wanted = shape[name];
    if (wanted !== undefined && fits(value, wanted)) continue;
    throw refuse(400, 'value', `${what}: "${name}" is not known, or of the wrong type.`);
  }
  for (const [name, wanted] of Object.entries(shape)) {
    if (!wanted.includes('?') && given[name] === undefined) {
      throw refuse(400, 'required', `${what} of this kind needs "${name}".`);
    }
  }
}

function fits(value: Json, wanted: string | readonly string[]): boolean {
  if (typeof wanted !== 'string') return wanted.includes(String(value)) && value !== '?';
  return wanted
    .replaceAll('?', '')
    .split(' ')
    .includes(typeof value);
}
