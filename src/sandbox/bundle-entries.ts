/** The entries of a batch or transaction, turned into calls on the way in and into results on the way out. */
import { type Answer, type Call, etag } from './exchange.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { outcome, type Refusal, refuse } from './outcome.ts';

export type Entry = { readonly index: number; readonly fullUrl?: string; readonly call: Call };

/** The order in which R4 wants the entries of a transaction processed. */
export const methodOrder = ['DELETE', 'POST', 'PUT', 'PATCH', 'GET', 'HEAD'];

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  304: 'Not Modified',
  400: 'Bad Request',
  404: 'Not Found',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  422: 'Unprocessable Entity',
};

/** One entry as a call; its headers are those that `entry.request` can carry, and the Prefer of the whole. */
export function entryOf(call: Call, json: Json, index: number, within?: 'transaction'): Entry {
  const request = isObject(json) ? json.request : undefined;
  if (!isObject(json) || !isObject(request)) {
    throw refuse(400, 'required', `Bundle.entry[${index}] has no request.`);
  }
  const { method, url } = request;
  if (typeof method !== 'string' || !methodOrder.includes(method) || typeof url !== 'string') {
    throw refuse(400, 'value', `Bundle.entry[${index}].request needs a method and a url.`);
  }
  const relative = url.startsWith(`${call.base}/`) ? url.slice(call.base.length + 1) : url;
  const [path = '', query = ''] = relative.replace(/^\//, '').split(/\?(.*)/s, 2);
  const headers: Readonly<Record<string, Json | undefined>> = {
    'if-none-exist': request.ifNoneExist,
    'if-match': request.ifMatch,
    'if-none-match': request.ifNoneMatch,
    'if-modified-since': request.ifModifiedSince,
    prefer: call.header('prefer'),
  };
  const body = method === 'PATCH' ? patchIn(json.resource, index) : json.resource;
  return {
    index,
    ...(typeof json.fullUrl === 'string' ? { fullUrl: json.fullUrl } : {}),
    call: {
      method,
      base: call.base,
      path: path.split('/').filter((segment) => segment !== ''),
      query: [...new URLSearchParams(query)],
      header: (name) => {
        const value = headers[name];
        return typeof value === 'string' ? value : undefined;
      },
      ...(body === undefined ? {} : { body }),
      ...(within === undefined ? {} : { within }),
    },
  };
}

/** A JSON Patch travels in a Bundle as a Binary with base64 data. */
function patchIn(resource: Json | undefined, index: number): Json {
  const data = isObject(resource) && resource.resourceType === 'Binary' ? resource.data : undefined;
  if (typeof data !== 'string') {
    throw refuse(400, 'structure', `Bundle.entry[${index}]: a patch is a Binary with data.`);
  }
  try {
    return JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
  } catch {
    throw refuse(400, 'structure', `Bundle.entry[${index}]: the data is no JSON.`);
  }
}

/** The entry of the answering Bundle. What a write stored is shown only on `Prefer: return=representation`. */
export function resultOf(call: Call, { status, headers, body, version }: Answer): JsonObject {
  const isOutcome = body?.resourceType === 'OperationOutcome';
  const location = headers['Content-Location'] ?? headers.Location;
  const isWrite = location !== undefined;
  const asked = call.header('prefer')?.includes('return=representation') ?? false;
  return {
    ...(body !== undefined && !isOutcome && (asked || !isWrite) ? { resource: body } : {}),
    response: {
      status: statusText(status),
      ...(isWrite ? { location } : {}),
      ...(version === undefined
        ? {}
        : { etag: etag(version), lastModified: new Date(version.at).toISOString() }),
      ...(isOutcome ? { outcome: body } : {}),
    },
  };
}

export function refusedResult(refusal: Refusal): JsonObject {
  return { response: { status: statusText(refusal.status), outcome: outcome(refusal.issues) } };
}

function statusText(status: number): string {
  return `${status} ${reasons[status] ?? ''}`.trim();
}
