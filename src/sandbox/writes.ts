/**
 * Create, update, patch and delete, with their conditional forms. Identical content still makes a new version: a
 * client that writes more often than it must should be seen doing so.
 */
import {
  type Answer,
  type Call,
  type FhirServer,
  idIn,
  placeOf,
  preference,
  resourceIn,
  typeIn,
  urlOf,
  versionAnswer,
  versionNamed,
} from './exchange.ts';
import type { JsonObject, JsonResource } from './json.ts';
import { patched } from './json-patch.ts';
import { outcome, Refusal, refuse } from './outcome.ts';
import { liveOrRefuse } from './reads.ts';
import { eachReference, targetOf } from './references.ts';
import { isLive, type LiveVersion, type Version } from './repository.ts';
import { checkResource } from './resource-checks.ts';
import { subsetted } from './search.ts';
import { conditionalMatches } from './search-query.ts';

/**
 * POST Type, with `If-None-Exist` a conditional create. An id in the body is ignored; `id` is the one that a
 * transaction has given to this entry in advance.
 */
export function create(server: FhirServer, call: Call, id?: string): Answer {
  const type = typeIn(call);
  const resource = resourceIn(call, type);
  const condition = call.header('if-none-exist');
  if (condition !== undefined) {
    const existing = onlyMatch(server, call, type, condition);
    if (existing !== undefined) return written(call, existing, 200);
  }
  checked(server, call, { ...resource, id: 'new' });
  const newId = id ?? server.repository.freeId(type);
  return written(call, server.repository.write(resource, newId, 'POST'), 201);
}

/** PUT Type/id: update, or create under the client's id. */
export function update(server: FhirServer, call: Call): Answer {
  const type = typeIn(call);
  const id = idIn(call);
  const resource = resourceIn(call, type);
  if (resource.id === undefined) throw refuse(400, 'required', 'The body has no id.');
  if (resource.id !== id)
    throw refuse(400, 'value', 'The id in the body is not that of the address.');
  const before = server.repository.newest(type, id);
  precondition(call, before);
  checked(server, call, resource);
  const status = isLive(before) ? 200 : 201;
  return written(call, server.repository.write(resource, id, 'PUT'), status);
}

/** PUT Type?…: update the only match, or create, under `freshId` if the caller has given one away already. */
export function conditionalUpdate(server: FhirServer, call: Call, freshId?: string): Answer {
  const type = typeIn(call);
  const resource = resourceIn(call, type);
  const match = onlyMatch(server, call, type, queryText(call));
  const sent = typeof resource.id === 'string' ? resource.id : undefined;
  if (match !== undefined && sent !== undefined && sent !== match.id) {
    throw refuse(400, 'value', 'The id in the body is not that of the match.');
  }
  if (match === undefined && sent !== undefined && isLive(server.repository.newest(type, sent))) {
    throw refuse(409, 'conflict', `${type}/${sent} exists but does not meet the condition.`);
  }
  const id = match?.id ?? sent ?? freshId ?? server.repository.freeId(type);
  return update(server, { ...call, path: [type, id], body: { ...resource, id } });
}

/** PATCH Type/id with a JSON Patch. */
export function patch(server: FhirServer, call: Call): Answer {
  const type = typeIn(call);
  const before = liveOrRefuse(server, type, idIn(call));
  precondition(call, before);
  const resource = patched(before.resource, call.body);
  if (resource.id !== before.id || resource.resourceType !== type) {
    throw refuse(422, 'business-rule', 'A patch changes neither id nor resourceType.');
  }
  checked(server, call, resource);
  return written(call, server.repository.write(resource, before.id, 'PATCH'), 200);
}

export function conditionalPatch(server: FhirServer, call: Call): Answer {
  const type = typeIn(call);
  const match = onlyMatch(server, call, type, queryText(call));
  if (match === undefined) throw refuse(404, 'not-found', 'Nothing meets the condition.');
  return patch(server, { ...call, path: [type, match.id] });
}

/** DELETE Type/id. Deleting what is gone, or never was, is done already: 204. */
export function remove(server: FhirServer, call: Call): Answer {
  const type = typeIn(call);
  const id = idIn(call);
  const before = server.repository.newest(type, id);
  precondition(call, before);
  if (!isLive(before)) return { status: 204, headers: {} };
  if (server.referentialIntegrity) refuseIfReferenced(server, call, before);
  return versionAnswer(204, server.repository.remove(type, id));
}

/** DELETE Type?…: the only match, or nothing. */
export function conditionalRemove(server: FhirServer, call: Call): Answer {
  const type = typeIn(call);
  const match = onlyMatch(server, call, type, queryText(call));
  if (match === undefined) return { status: 204, headers: {} };
  return remove(server, { ...call, path: [type, match.id] });
}

/** The one resource that meets the condition, undefined for none, 412 for several. */
export function onlyMatch(
  server: FhirServer,
  call: Call,
  type: string,
  condition: string,
): LiveVersion | undefined {
  const matches = conditionalMatches(placeOf(server, call), type, condition);
  if (matches.length > 1) {
    throw refuse(412, 'multiple-matches', `${matches.length} resources meet the condition.`);
  }
  return matches[0];
}

/** Every literal local reference must lead to something; called for one write, or at the end of a transaction. */
export function refuseIfDangling(server: FhirServer, call: Call, resource: JsonObject): void {
  const { ownBases } = placeOf(server, call);
  eachReference(resource, ({ reference }) => {
    const target = targetOf(reference);
    if (target === undefined) return;
    if (target.base !== undefined && !ownBases.includes(target.base)) return;
    if (isLive(server.repository.newest(target.type, target.id))) return;
    throw refuse(422, 'business-rule', `${target.type}/${target.id} does not exist.`);
  });
}

/** The query of a conditional request as text. */
export function queryText(call: Call): string {
  return new URLSearchParams(call.query.map(([name, value]) => [name, value])).toString();
}

function precondition(call: Call, before: Version | undefined): void {
  const current = isLive(before) ? String(before.number) : undefined;
  const ifMatch = call.header('if-match');
  if (ifMatch !== undefined) {
    const named = ifMatch.trim() === '*' ? current : versionNamed(ifMatch);
    if (current === undefined || named !== current) {
      throw refuse(412, 'conflict', `The current version is ${current ?? 'none'}.`);
    }
  }
  if (call.header('if-none-match')?.trim() === '*' && current !== undefined) {
    throw refuse(412, 'conflict', 'The resource exists already.');
  }
}

function checked(server: FhirServer, call: Call, resource: JsonObject): void {
  if (resource.resourceType === 'Subscription') {
    throw refuse(422, 'not-supported', 'This server has no subscriptions.');
  }
  const issues = checkResource(resource);
  if (issues.length > 0) {
    // incomplete is a broken rule (422); what is not R4 at all could not even be read (400)
    const status = issues.every((issue) => issue.code === 'required') ? 422 : 400;
    throw new Refusal(status, issues);
  }
  if (isSubsetted(resource)) {
    throw refuse(422, 'business-rule', 'A SUBSETTED copy is incomplete and must not be written.');
  }
  if (server.referentialIntegrity && call.within !== 'transaction') {
    refuseIfDangling(server, call, resource);
  }
}

function isSubsetted(resource: JsonObject): boolean {
  const tags = (resource as JsonResource & { meta?: { tag?: unknown } }).meta?.tag;
  return (
    Array.isArray(tags) &&
    tags.some((tag) => tag?.system === subsetted.system && tag?.code === subsetted.code)
  );
}

function refuseIfReferenced(server: FhirServer, call: Call, version: LiveVersion): void {
  const { ownBases } = placeOf(server, call);
  for (const type of server.repository.types()) {
    for (const other of server.repository.live(type)) {
      if (other === version) continue;
      eachReference(other.resource, ({ reference }) => {
        const target = targetOf(reference);
        if (target?.type !== version.type || target.id !== version.id) return;
        if (target.base !== undefined && !ownBases.includes(target.base)) return;
        throw refuse(409, 'conflict', `${other.type}/${other.id} still refers to it.`);
      });
    }
  }
}

/** The answer to a write, with as much body as `Prefer: return=` asks for. */
function written(call: Call, version: Version, status: number): Answer {
  const answer = versionAnswer(status, version);
  const location = `${urlOf(call.base, version)}/_history/${version.number}`;
  const headers = {
    ...answer.headers,
    ...(status === 201 || call.method === 'POST' ? { Location: location } : {}),
    'Content-Location': location,
  };
  const wanted = preference(call, 'return');
  if (wanted === 'minimal') return { status, headers, version };
  if (wanted !== 'OperationOutcome') return { ...answer, headers };
  const text = `${version.type}/${version.id}, version ${version.number}.`;
  const done = { severity: 'information', code: 'informational', diagnostics: text } as const;
  return { status, headers, version, body: outcome([done]) };
}
