/** Changes of Bundles: entries, their fullUrls, requests and answers, and what the type of a Bundle asks for. */
import { type Kind, onType } from './change.ts';
import { isJson, type Json } from './element-places.ts';
import type { Random } from './random.ts';

/** A change of one entry. */
function entry(
  name: string,
  makes: Kind['makes'],
  change: (entry: Json, bundle: Json, random: Random) => boolean | undefined,
): Kind {
  return onType(name, makes, 'Bundle', (bundle, random) => {
    const one = random.pick(entriesOf(bundle));
    return one ? change(one, bundle, random) : false;
  });
}

function entriesOf({ entry: list }: Json): readonly Json[] {
  return Array.isArray(list) ? list.filter(isJson) : [];
}

/** A small Bundle of our own, since the official ones are of few types. */
function made(name: string, makes: Kind['makes'], bundle: Json): Kind {
  return onType(name, makes, 'Bundle', (resource) => {
    for (const key of Object.keys(resource)) delete resource[key];
    Object.assign(resource, { resourceType: 'Bundle' }, structuredClone(bundle));
  });
}

const base = 'https://changes.example/fhir';
const patient: Json = { resourceType: 'Patient', id: 'p', active: true };
const atPatient = { fullUrl: `${base}/Patient/p`, resource: patient };
const uuid = 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520';
const composition: Json = {
  resourceType: 'Composition',
  id: 'c',
  status: 'final',
  type: { text: 'report' },
  date: '2024-03-05',
  author: [{ reference: 'Patient/p' }],
  title: 'Report',
};
const document = {
  type: 'document',
  identifier: { system: 'urn:ietf:rfc:3986', value: uuid },
  timestamp: '2024-03-05T10:00:00Z',
};
const atComposition = { fullUrl: `${base}/Composition/c`, resource: composition };
const observation: Json = {
  resourceType: 'Observation',
  id: 'o',
  status: 'final',
  code: { text: 'pain' },
  subject: { reference: uuid },
};

export const bundles: readonly Kind[] = [
  entry('bundle-fullurl-other-id', 'invalid', (one) => {
    if (!isJson(one.resource) || typeof one.resource.id !== 'string') return false;
    one.fullUrl = `${base}/${String(one.resource.resourceType)}/another`;
    return true;
  }),
  entry('bundle-fullurl-relative', 'invalid', (one) => {
    if (!isJson(one.resource)) return false;
    one.fullUrl = `${String(one.resource.resourceType)}/${String(one.resource.id ?? 'x')}`;
    return true;
  }),
  entry('bundle-fullurl-versioned', 'invalid', (one) => {
    if (!isJson(one.resource) || typeof one.resource.id !== 'string') return false;
    one.fullUrl = `${base}/${String(one.resource.resourceType)}/${one.resource.id}/_history/2`;
    return true;
  }),
  entry('bundle-fullurl-removed', 'either', (one) => {
    if (one.fullUrl === undefined) return false;
    delete one.fullUrl;
    return true;
  }),
  entry('bundle-entry-doubled', 'either', (one, bundle) => {
    (bundle.entry as unknown[]).push(structuredClone(one));
    return true;
  }),
  entry('bundle-entry-empty', 'invalid', (_, bundle) => {
    (bundle.entry as unknown[]).push({});
    return true;
  }),
  entry('bundle-request-removed', 'either', (one) => {
    if (one.request === undefined) return false;
    delete one.request;
    return true;
  }),
  entry('bundle-request-added', 'either', (one) => {
    if (one.request !== undefined) return false;
    one.request = { method: 'PUT', url: 'Patient/p' };
    return true;
  }),
  entry('bundle-response-added', 'either', (one) => {
    if (one.response !== undefined) return false;
    one.response = { status: '200' };
    return true;
  }),
  entry('bundle-search-added', 'either', (one) => {
    if (one.search !== undefined) return false;
    one.search = { mode: 'match' };
    return true;
  }),
  entry('bundle-inner-broken', 'invalid', (one) => {
    if (!isJson(one.resource)) return false;
    one.resource.colour = 'unknown';
    return true;
  }),
  onType('bundle-total-added', 'either', 'Bundle', (bundle) => {
    if (bundle.total !== undefined) return false;
    bundle.total = 3;
    return true;
  }),
  onType('bundle-link-doubled', 'either', 'Bundle', (bundle) => {
    bundle.link = [
      { relation: 'self', url: `${base}/Patient` },
      { relation: 'self', url: `${base}/Patient?_page=2` },
    ];
  }),
  onType('bundle-type-changed', 'either', 'Bundle', (bundle, random) => {
    bundle.type = random.pick([
      'document',
      'message',
      'history',
      'collection',
      'batch',
      'searchset',
    ]);
  }),
  made('bundle-sound-collection', 'valid', { type: 'collection', entry: [atPatient] }),
  made('bundle-sound-document', 'valid', { ...document, entry: [atComposition, atPatient] }),
  made('bdl-9', 'invalid', {
    ...document,
    identifier: undefined,
    entry: [atComposition, atPatient],
  }),
  made('bdl-10', 'invalid', {
    ...document,
    timestamp: undefined,
    entry: [atComposition, atPatient],
  }),
  made('bdl-11', 'invalid', { ...document, entry: [atPatient, atComposition] }),
  made('bdl-12', 'invalid', { type: 'message', entry: [atPatient] }),
  made('bdl-1', 'invalid', { type: 'collection', total: 1, entry: [atPatient] }),
  made('bdl-2', 'invalid', {
    type: 'collection',
    entry: [{ ...atPatient, search: { mode: 'match' } }],
  }),
  made('bdl-3', 'invalid', { type: 'transaction', entry: [atPatient] }),
  made('bdl-4', 'invalid', { type: 'batch-response', entry: [atPatient] }),
  made('bdl-5', 'invalid', {
    type: 'batch',
    entry: [{ fullUrl: uuid, request: { method: 'GET', url: 'x' } }, {}],
  }),
  made('bdl-7', 'invalid', { type: 'collection', entry: [atPatient, atPatient] }),
  made('bdl-7-history', 'valid', {
    type: 'history',
    entry: [1, 2].map((version) => ({
      fullUrl: `${base}/Patient/p`,
      resource: { ...patient, meta: { versionId: String(version) } },
      request: { method: 'PUT', url: 'Patient/p' },
      response: { status: '200' },
    })),
  }),
  made('bdl-8', 'invalid', {
    type: 'collection',
    entry: [{ ...atPatient, fullUrl: `${base}/Patient/p/_history/1` }],
  }),
  made('bundle-document-lacks-author', 'invalid', { ...document, entry: [atComposition] }),
  made('bundle-document-lacks-entry', 'invalid', {
    ...document,
    entry: [
      {
        ...atComposition,
        resource: {
          ...composition,
          section: [{ title: 's', entry: [{ reference: 'Observation/none' }] }],
        },
      },
      atPatient,
    ],
  }),
  made('bundle-urn-resolves', 'valid', {
    type: 'collection',
    entry: [
      { fullUrl: uuid, resource: { resourceType: 'Patient', active: true } },
      {
        fullUrl: 'urn:uuid:0c757873-ec9a-4326-a141-556f43239520',
        resource: { ...observation, id: undefined },
      },
    ],
  }),
  made('bundle-urn-to-wrong-type', 'invalid', {
    type: 'collection',
    entry: [
      {
        fullUrl: uuid,
        resource: {
          resourceType: 'Slot',
          schedule: { display: 's' },
          status: 'free',
          start: '2024-03-05T10:00:00Z',
          end: '2024-03-05T10:30:00Z',
        },
      },
      {
        fullUrl: 'urn:uuid:0c757873-ec9a-4326-a141-556f43239520',
        resource: { ...observation, id: undefined },
      },
    ],
  }),
  made('bundle-urn-to-nothing', 'either', {
    type: 'collection',
    entry: [
      {
        fullUrl: 'urn:uuid:0c757873-ec9a-4326-a141-556f43239520',
        resource: { ...observation, id: undefined },
      },
    ],
  }),
  made('bundle-outcome-entry', 'valid', {
    type: 'searchset',
    total: 0,
    entry: [
      {
        fullUrl: uuid,
        search: { mode: 'outcome' },
        resource: {
          resourceType: 'OperationOutcome',
          issue: [{ severity: 'warning', code: 'not-found' }],
        },
      },
    ],
  }),
  made('bundle-outcome-entry-is-none', 'invalid', {
    type: 'searchset',
    total: 1,
    entry: [{ ...atPatient, search: { mode: 'outcome' } }],
  }),
];
