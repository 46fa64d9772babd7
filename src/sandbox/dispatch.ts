/** Which handler answers which call: method and shape of the path, nothing else. */
import { processBundle } from './bundles.ts';
import { type Answer, type Call, type FhirServer, type Handler, typeIn } from './exchange.ts';
import { instanceHistory, systemHistory, typeHistory } from './history.ts';
import { isObject, type Json } from './json.ts';
import { type Issue, outcome, refuse } from './outcome.ts';
import { read, vread } from './reads.ts';
import { checkResource } from './resource-checks.ts';
import { search } from './search.ts';
import {
  conditionalPatch,
  conditionalRemove,
  conditionalUpdate,
  create,
  patch,
  remove,
  update,
} from './writes.ts';

type Row = readonly [method: string, path: RegExp, handler: (s: FhirServer, c: Call) => Answer];

/** Paths are matched with `Type` and `id` as placeholders for one segment that is no operation. */
const rows: readonly Row[] = [
  ['GET', /^_history$/, systemHistory],
  ['GET', /^Type$/, search],
  ['POST', /^Type\/_search$/, search],
  ['GET', /^Type\/_history$/, typeHistory],
  ['POST', /^Type$/, create],
  ['PUT', /^Type$/, conditionalUpdate],
  ['PATCH', /^Type$/, conditionalPatch],
  ['DELETE', /^Type$/, conditionalRemove],
  ['POST', /^Type\/(id\/)?\$validate$/, validate],
  ['GET', /^Type\/id$/, read],
  ['PUT', /^Type\/id$/, update],
  ['PATCH', /^Type\/id$/, patch],
  ['DELETE', /^Type\/id$/, remove],
  ['GET', /^Type\/id\/_history$/, instanceHistory],
  ['GET', /^Type\/id\/_history\/id$/, vread],
];

/** `each` answers the entries of a Bundle: another handler where a server has rules of its own. */
export function perform(server: FhirServer, call: Call, each: Handler = perform): Answer {
  const method = call.method === 'HEAD' ? 'GET' : call.method;
  if (call.path.length === 0 && method === 'POST') return processBundle(server, call, each);
  const shape = call.path
    .map((segment, n) => (/^[_$]/.test(segment) ? segment : n === 0 ? 'Type' : 'id'))
    .join('/');
  const fitting = rows.filter(([, path]) => path.test(shape));
  const row = fitting.find(([allowed]) => allowed === method);
  if (row !== undefined) return row[2](server, call);
  if (fitting.length > 0) {
    const allow = fitting.map(([allowed]) => allowed).join(', ');
    throw refuse(405, 'not-supported', `${call.method} is not possible here.`, { Allow: allow });
  }
  throw refuse(404, 'not-supported', 'This server has no such interaction or operation.');
}

/** $validate: a resource, or Parameters that hold one. Says also what it did not look at. */
function validate(_server: FhirServer, call: Call): Answer {
  const type = typeIn(call);
  const resource = validated(call.body);
  if (!isObject(resource)) throw refuse(400, 'required', 'There is no resource to validate.');
  const wrongType: Issue[] =
    resource.resourceType === type
      ? []
      : [{ severity: 'error', code: 'structure', diagnostics: `The resource is no ${type}.` }];
  const unchecked: Issue = {
    severity: 'information',
    code: 'informational',
    diagnostics:
      'Checked: form, elements, required codes. Not checked: profiles, value sets, invariants.',
  };
  const issues = [...wrongType, ...checkResource(resource), unchecked];
  return { status: 200, headers: {}, body: outcome(issues) };
}

function validated(body: Json | undefined): Json | undefined {
  if (!isObject(body) || body.resourceType !== 'Parameters') return body;
  const parameters = Array.isArray(body.parameter) ? body.parameter : [];
  const named = parameters.find((one) => isObject(one) && one.name === 'resource');
  return isObject(named) ? named.resource : undefined;
}
