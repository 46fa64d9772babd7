/** Read and vread, with the conditional forms: If-None-Match and If-Modified-Since answer 304. */
import {
  type Answer,
  type Call,
  type FhirServer,
  idIn,
  typeIn,
  versionAnswer,
  versionNamed,
} from './exchange.ts';
import { refuse } from './outcome.ts';
import { isLive, type LiveVersion, type Version } from './repository.ts';

export function read(server: FhirServer, call: Call): Answer {
  const version = liveOrRefuse(server, typeIn(call), idIn(call));
  const answer = versionAnswer(200, version);
  return unchanged(call, version) ? { status: 304, headers: answer.headers } : answer;
}

export function vread(server: FhirServer, call: Call): Answer {
  const type = typeIn(call);
  const id = idIn(call);
  const named = call.path[3] ?? '';
  const number = /^[1-9]\d{0,8}$/.test(named) ? Number(named) : 0;
  const version = server.repository.version(type, id, number);
  if (version === undefined) throw refuse(404, 'not-found', `${type}/${id} has no such version.`);
  if (!isLive(version)) throw gone(version);
  return versionAnswer(200, version);
}

/** The current version; 404 if there never was one, 410 if it was deleted. */
export function liveOrRefuse(server: FhirServer, type: string, id: string): LiveVersion {
  const version = server.repository.newest(type, id);
  if (version === undefined) throw refuse(404, 'not-found', `There is no ${type}/${id}.`);
  if (!isLive(version)) throw gone(version);
  return version;
}

function gone({ type, id }: Version) {
  return refuse(410, 'deleted', `${type}/${id} was deleted.`);
}

function unchanged(call: Call, version: Version): boolean {
  const tags = call.header('if-none-match');
  if (tags !== undefined) {
    return tags
      .split(',')
      .some((tag) => tag.trim() === '*' || versionNamed(tag) === String(version.number));
  }
  const since = Date.parse(call.header('if-modified-since') ?? '');
  return !Number.isNaN(since) && Math.floor(version.at / 1000) * 1000 <= since;
}
