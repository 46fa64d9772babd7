/**
 * POST of a Bundle to the base: a batch, whose entries stand alone, or a transaction, which happens as a whole or
 * not at all (http://hl7.org/fhir/R4/http.html#transaction).
 */
import { type Entry, entryOf, methodOrder, refusedResult, resultOf } from './bundle-entries.ts';
import type { Answer, Call, FhirServer, Handler } from './exchange.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { type Issue, Refusal, refuse } from './outcome.ts';
import { isLive } from './repository.ts';
import { type Identity, identitiesOf, rewritten } from './transaction-identities.ts';
import { conditionalUpdate, create, refuseIfDangling } from './writes.ts';

/** `perform` is what answers any single call; it is passed in because it also leads here. */
export function processBundle(server: FhirServer, call: Call, perform: Handler): Answer {
  const bundle = call.body;
  if (!isObject(bundle) || bundle.resourceType !== 'Bundle') {
    throw refuse(400, 'structure', 'The body must be a Bundle of type batch or transaction.');
  }
  const entries = Array.isArray(bundle.entry) ? bundle.entry : [];
  if (bundle.type === 'batch') return batch(server, call, entries, perform);
  if (bundle.type === 'transaction') {
    return server.repository.atomically(() => transaction(server, call, entries, perform));
  }
  throw refuse(400, 'not-supported', 'Only a batch or a transaction can be processed.');
}

function batch(server: FhirServer, call: Call, jsons: readonly Json[], perform: Handler): Answer {
  const results = jsons.map((json, index) => {
    try {
      return resultOf(call, perform(server, entryOf(call, json, index).call));
    } catch (error) {
      if (error instanceof Refusal) return refusedResult(error);
      throw error;
    }
  });
  return respond('batch-response', results);
}

function transaction(
  server: FhirServer,
  call: Call,
  jsons: readonly Json[],
  perform: Handler,
): Answer {
  const results: JsonObject[] = [];
  const entries = jsons
    .map((json, index) => entryOf(call, json, index, 'transaction'))
    .toSorted((one, two) => rank(one) - rank(two));
  // the conditions of the others are judged after the deletions, as R4 orders it, so they are resolved twice
  const deletions = entries.filter((entry) => entry.call.method === 'DELETE');
  const others = entries.filter((entry) => entry.call.method !== 'DELETE');
  const deleted = new Set([...identitiesOf(server, deletions).values()].map(textOf));
  for (const entry of deletions) {
    results[entry.index] = resultOf(
      call,
      located(entry, () => perform(server, entry.call)),
    );
  }
  const identities = identitiesOf(server, others);
  const byUrl = new Map<string, Identity>();
  for (const [entry, identity] of identities) {
    if (entry.fullUrl !== undefined) byUrl.set(entry.fullUrl, identity);
    if (deleted.has(textOf(identity))) {
      throw refuse(
        400,
        'invalid',
        `${textOf(identity)} is deleted and written in one transaction.`,
      );
    }
  }
  for (const entry of others) {
    const work = () => performEntry(server, entry, identities.get(entry), byUrl, perform);
    results[entry.index] = resultOf(call, located(entry, work));
  }
  if (server.referentialIntegrity) {
    for (const { type, id } of identities.values()) {
      const version = server.repository.newest(type, id);
      if (isLive(version)) refuseIfDangling(server, call, version.resource);
    }
  }
  return respond('transaction-response', results);
}

function rank({ call }: Entry): number {
  return methodOrder.indexOf(call.method);
}

function textOf({ type, id }: Identity): string {
  return `${type}/${id}`;
}

function performEntry(
  server: FhirServer,
  entry: Entry,
  identity: Identity | undefined,
  byUrl: ReadonlyMap<string, Identity>,
  perform: Handler,
): Answer {
  const body = rewritten(server, entry, byUrl);
  const call: Call = body === undefined ? entry.call : { ...entry.call, body };
  const toType = call.path.length === 1;
  if (!toType || identity === undefined) return perform(server, call);
  if (call.method === 'PUT') return conditionalUpdate(server, call, identity.id);
  if (call.method !== 'POST') return perform(server, call);
  const answer = create(server, call, identity.id);
  // an earlier entry made what this one's condition looks for, but references already say otherwise
  if (!answer.headers['Content-Location']?.includes(`/${textOf(identity)}/`)) {
    throw refuse(412, 'multiple-matches', 'Another entry already meets the condition.');
  }
  return answer;
}

/** Runs the work of one entry; a refusal then says which entry it was. */
function located(entry: Entry, work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const issues = error.issues.map(
      (issue): Issue => ({ ...issue, expression: `Bundle.entry[${entry.index}]` }),
    );
    throw new Refusal(error.status, issues, error.headers);
  }
}

function respond(type: string, entry: JsonObject[]): Answer {
  const body = { resourceType: 'Bundle', type, ...(entry.length === 0 ? {} : { entry }) };
  return { status: 200, headers: {}, body };
}
