/** Faults of the resources themselves: what they leave out, and how they point at each other. */
import type { Answer, Call } from '../exchange.ts';
import { isObject, type Json, type JsonObject, type JsonResource } from '../json.ts';
import { type Target, targetOf } from '../references.ts';
import type { Repository } from '../repository.ts';
import { withEntries, withReferences, withResources } from '../resource-rewriting.ts';
import { unversioned } from '../unversioned.ts';
import type { Behaviours, Stage } from './behaviour.ts';
import type { FaultOf } from './kinds.ts';

export const resourceFaults = {
  'no-meta': {
    answer: (_fault, answer) => unversioned(answer),
  },
  'clock-drift': {
    answer: ({ ms }, answer) => withResources(answer, (resource) => drifted(resource, ms)),
  },
  'long-ids': {
    ask: (_fault, stage) => ({ ...stage, call: shortened(stage.call) }),
    answer: (_fault, answer) => lengthened(answer),
  },
  masked: {
    answer: ({ as }, answer) => withResources(answer, (resource) => masked(as, resource)),
  },
  references: {
    answer: (fault, answer, stage) =>
      withResources(answer, (resource) =>
        withReferences(resource, (reference) => spelt(fault, reference, stage)),
      ),
  },
} satisfies Behaviours;

function drifted(resource: JsonResource, ms: number): JsonObject {
  const { meta } = resource;
  if (!isObject(meta) || Number(meta.versionId) % 2 === 1) return resource;
  const at = Date.parse(String(meta.lastUpdated));
  return { ...resource, meta: { ...meta, lastUpdated: new Date(at - ms).toISOString() } };
}

/** What makes an id long: outside it follows every id, inside none. */
const tail = `_${'0'.repeat(64)}`;

function shortened(call: Call): Call {
  const short = (text: string) => text.replaceAll(tail, '');
  const { body } = call;
  return {
    ...call,
    path: call.path.map(short),
    query: call.query.map(([name, value]) => [name, short(value)] as const),
    ...(body === undefined ? {} : { body: JSON.parse(short(JSON.stringify(body))) as Json }),
  };
}

function lengthened(answer: Answer): Answer {
  const long = (text: string) => text.replace(literal, `$1${tail}`);
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [name, long(value)]),
  );
  const named = withResources({ ...answer, headers }, (resource) => ({
    ...withReferences(resource, (reference) => ({
      ...reference,
      reference: long(String(reference.reference)),
    })),
    id: `${String(resource.id)}${tail}`,
  }));
  return withEntries(named, (entries) =>
    entries.map((entry) =>
      typeof entry.fullUrl === 'string' ? { ...entry, fullUrl: long(entry.fullUrl) } : entry,
    ),
  );
}

/** `Type/id` at the end of an address, or before its version. */
const literal = /((?:^|\/)[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]+)(?=$|\/_history\/)/;

const absentSystem = 'http://terminology.hl7.org/CodeSystem/data-absent-reason';
const absent = (valueCode: string): JsonObject => ({
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode }],
});

const shown = new Set(['resourceType', 'id', 'meta', 'status', 'intent', 'subject', 'patient']);

function masked(as: FaultOf<'masked'>['as'], resource: JsonResource): JsonObject {
  if (as === 'unknown') {
    if (!isObject(resource.code)) return resource;
    return { ...resource, code: { coding: [{ system: absentSystem, code: 'unknown' }] } };
  }
  if (resource.status !== 'entered-in-error') return resource;
  if (as === 'status') {
    const { status: _status, ...rest } = resource;
    return { ...rest, _status: absent('masked') };
  }
  return Object.fromEntries(
    Object.entries(resource).map(([name, value]) =>
      shown.has(name) ? [name, value] : maskedElement(name, value),
    ),
  );
}

/** A complex element carries the extension itself, a primitive one in the sister of its name. */
function maskedElement(name: string, value: Json | undefined): [string, Json | undefined] {
  const sister = name.startsWith('_') ? name : `_${name}`;
  if (Array.isArray(value)) {
    return value.some(isObject) ? [name, [absent('masked')]] : [sister, [absent('masked')]];
  }
  return isObject(value) ? [name, absent('masked')] : [sister, absent('masked')];
}

function spelt(
  { as, base = 'http://other.example/fhir' }: FaultOf<'references'>,
  reference: JsonObject,
  { server, call }: Stage,
): JsonObject {
  const target = targetOf(String(reference.reference));
  if (target === undefined) return reference;
  const { reference: _literal, ...rest } = reference;
  const place = `${target.type}/${target.id}`;
  switch (as) {
    case 'absolute':
      return { ...rest, reference: `${call.base}/${place}` };
    case 'foreign':
      return { ...rest, reference: `${base}/${place}` };
    case 'versioned': {
      const number = server.repository.newest(target.type, target.id)?.number ?? 1;
      return { ...rest, reference: `${place}/_history/${number}` };
    }
    case 'display-only':
      return { display: rest.display ?? target.type };
    case 'identifier-only':
      return { ...rest, type: target.type, identifier: identifierOf(server.repository, target) };
  }
}

function identifierOf(repository: Repository, { type, id }: Target): Json {
  const identifiers = repository.newest(type, id)?.resource?.identifier;
  const [first] = Array.isArray(identifiers) ? identifiers : [];
  return first ?? { system: `http://hospital.example/${type}`, value: id };
}
