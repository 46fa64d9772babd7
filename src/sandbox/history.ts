/**
 * History of one resource, of a type or of the server: newest first, deletions included, each entry with the request
 * that made it and the answer that it got.
 */
import { type Answer, type Call, etag, type FhirServer, idIn, typeIn, urlOf } from './exchange.ts';
import type { JsonObject } from './json.ts';
import { refuse } from './outcome.ts';
import type { Version } from './repository.ts';
import { linkTo } from './search.ts';
import { dateRange } from './search-dates.ts';
import type { HistoryResult } from './snapshots.ts';

export function systemHistory(server: FhirServer, call: Call): Answer {
  return history(server, call, '_history', server.repository.history());
}

export function typeHistory(server: FhirServer, call: Call): Answer {
  const type = typeIn(call);
  return history(server, call, `${type}/_history`, server.repository.history(type));
}

export function instanceHistory(server: FhirServer, call: Call): Answer {
  const type = typeIn(call);
  const id = idIn(call);
  const versions = server.repository.history(type, id);
  if (versions.length === 0) throw refuse(404, 'not-found', `There is no ${type}/${id}.`);
  return history(server, call, `${type}/${id}/_history`, versions);
}

function history(
  server: FhirServer,
  call: Call,
  path: string,
  versions: readonly Version[],
): Answer {
  const parameters = new Map(call.query);
  const following = parameters.get('_snapshot');
  const offset = wholeNumber('_offset', parameters.get('_offset') ?? '0');
  if (following !== undefined) {
    const result = server.histories.find(following, path);
    return page(server, call, result, offset, following, call.query);
  }
  const since = parameters.get('_since');
  const from = since === undefined ? undefined : dateRange(since.replace(' ', '+'))?.from;
  if (since !== undefined && from === undefined)
    throw refuse(400, 'value', '_since is an instant.');
  const asked = wholeNumber('_count', parameters.get('_count') ?? String(server.defaultCount));
  const rows = from === undefined ? versions : versions.filter((version) => version.at >= from);
  const result: HistoryResult = {
    path,
    rows,
    total: rows.length,
    pageSize: Math.max(1, Math.min(asked, server.maxCount)),
  };
  const kept = rows.length > result.pageSize ? server.histories.keep(result) : undefined;
  const applied = call.query.filter(([name]) => name === '_since' || name === '_count');
  return page(server, call, result, 0, kept, applied);
}

function page(
  server: FhirServer,
  call: Call,
  { path, rows, pageSize, total }: HistoryResult,
  offset: number,
  snapshot: string | undefined,
  self: Call['query'],
): Answer {
  const entry = rows.slice(offset, offset + pageSize).map((row) => entryOf(call.base, row));
  const link = [{ relation: 'self', url: linkTo(call.base, path, self) }];
  if (snapshot !== undefined && offset + pageSize < rows.length) {
    const next: Call['query'] = [
      ['_snapshot', snapshot],
      ['_offset', String(offset + pageSize)],
    ];
    link.push({ relation: 'next', url: linkTo(call.base, path, next) });
  }
  const body: JsonObject = {
    resourceType: 'Bundle',
    meta: { lastUpdated: new Date(server.repository.now()).toISOString() },
    type: 'history',
    ...(total === undefined ? {} : { total }),
    link,
    ...(entry.length === 0 ? {} : { entry }),
  };
  return { status: 200, headers: {}, body };
}

function entryOf(base: string, version: Version): JsonObject {
  const { type, id, method, number, resource } = version;
  const created = method !== 'DELETE' && number === 1;
  const status = method === 'DELETE' ? '204 No Content' : created ? '201 Created' : '200 OK';
  return {
    fullUrl: urlOf(base, version),
    ...(resource === undefined ? {} : { resource }),
    request: { method, url: method === 'POST' ? type : `${type}/${id}` },
    response: {
      status,
      etag: etag(version),
      lastModified: new Date(version.at).toISOString(),
      location: `${urlOf(base, version)}/_history/${number}`,
    },
  };
}

function wholeNumber(name: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw refuse(400, 'value', `${name} is a whole number.`);
  return Number(value);
}
